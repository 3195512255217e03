package dev.dllm.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionsTest {
    private static final String GOOD = "{\"prompt\": \"9-8\", \"answer\": \"1\"}\n";

    @TempDir
    private Path folder;

    @Test
    void familyAndCheckMayBeLeftOut() throws IOException {
        List<Question> questions = Questions.read(file(
                GOOD + "\n{\"id\": 3, \"family\": \"tales\", \"prompt\": \"Write a story.\", \"answer\": \"\", \"check\": \"story\"}"));
        assertEquals(
                List.of(
                        new Question("all", "9-8", "1", AnswerCheck.EXACT),
                        new Question("tales", "Write a story.", "", AnswerCheck.STORY)),
                questions);
        assertTrue(questions.getFirst().isAnsweredBy(" 1\n"));
    }

    @Test
    void messagesNameTheLine() throws IOException {
        refused("line 2: no valid JSON", GOOD + "{\"prompt\": \"9-8\", ");
        refused("line 2: no valid JSON", GOOD + "{\"prompt\": \"a\", \"prompt\": \"b\", \"answer\": \"c\"}");
        refused("line 2: no valid JSON", GOOD + GOOD.strip() + " 1");
        refused("line 3: answer is missing or no string", GOOD + "\n{\"prompt\": \"9-8\", \"answer\": 1}");
        refused("line 1: prompt is missing", "[\"9-8\"]");
        refused("line 1: prompt is missing", "null");
        refused("line 1: the prompt is empty", "{\"prompt\": \"\", \"answer\": \"\"}");
        refused("line 1: unknown check 'fuzzy'; known: exact", "{\"prompt\": \"a\", \"answer\": \"\", \"check\": \"fuzzy\"}");
        refused("line 1: the prompt of a countdown holds 0", "{\"prompt\": \"a\", \"answer\": \"\", \"check\": \"countdown\"}");
        refused("line 1: the family is blank", "{\"prompt\": \"a\", \"answer\": \"\", \"family\": \"\\u001b[2J\"}");
    }

    @Test
    void filesWithoutQuestions() throws IOException {
        refused("holds no question", "\n \n");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0});
        assertMessage(binary + ": is no UTF-8 text", binary);
        assertMessage("cannot be read", folder.resolve("absent"));
    }

    private void refused(String message, String text) throws IOException {
        assertMessage(message, file(text));
    }

    private static void assertMessage(String message, Path file) {
        InvalidRequestException e = assertThrows(InvalidRequestException.class, () -> Questions.read(file));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("questions.jsonl"), text);
    }
}
