package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Chats with the embedded model, without a terminal and with one.
class ChatCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void answersLineByLineUntilTheInputEnds() {
        assertEquals(0, chat(Set.of(), "What is 12 + 30?\n\nSort in ascending order: 61, 5, 58"));
        assertEquals("12 + 30 = 42\n5, 58, 61\n", text(out));
        assertEquals("", text(err));
    }

    @Test
    void commands() {
        assertEquals(0, chat(Set.of(), "/help\n/what\n/reset\n/exit\nWhat is 12 + 30?\n"));
        assertTrue(text(out).contains("/reset"), text(out));
        assertFalse(text(out).contains("42"), "nothing is read after /exit");
        assertTrue(text(err).contains("unknown command '/what'"), text(err));
    }

    @Test
    void anErrorEndsTheTurnButNotTheChat() {
        assertEquals(0, chat(Set.of(), "word ".repeat(600) + "\nWhat is 12 + 30?\n"));
        assertTrue(text(err).contains("the model's context of 512 positions"), text(err));
        assertEquals("12 + 30 = 42\n", text(out));
    }

    @Test
    void longConversationsForgetTheirBeginning() {
        assertEquals(0, chat(Set.of(), ("Sort in ascending order: 61, 5, 58, 7, 12, 90, 33\n").repeat(16)));
        assertEquals(16, text(out).lines().count());
        assertTrue(text(err).contains("its oldest turn is forgotten"), text(err));
    }

    @Test
    void aTerminalGetsPromptsAndACanvas() {
        assertEquals(0, chat(Set.of("in", "out", "err"), "What is 12 + 30?\n"));
        assertTrue(text(out).contains("> "), text(out));
        assertTrue(text(out).contains("░") || text(out).contains("\u001b[1m12"), text(out));
        assertTrue(text(out).endsWith("12 + 30 = 42\u001b[?25h\n> \n"), text(out));
        assertTrue(text(err).contains("network call"), text(err));
    }

    private int chat(Set<String> terminals, String input) {
        Terminal terminal = new Terminal(terminals, Terminal.Screen.DEFAULT, stream(out), stream(err));
        ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return new CommandLine(new ChatCommand(terminal, in)).execute();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
