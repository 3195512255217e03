package dev.dllm.eval;

import dev.dllm.InvalidRequestException;
import dev.dllm.files.FileFailure;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Questions from a file of JSON lines.
///
/// ```json
/// {"family": "sub", "prompt": "9-8", "answer": "9 - 8 = 1", "check": "exact"}
/// ```
///
/// Without `check` an answer must be exact, without `family` a question belongs to the family `all`. Other fields mean nothing
/// here.
public final class Questions {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Questions() {}

    /// The questions of a file in its order. Blank lines are skipped.
    ///
    /// @throws InvalidRequestException if the file cannot be read, holds no question, or a line is none; the message names the
    ///                                 line
    public static List<Question> read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException _) {
            throw new InvalidRequestException(file + ": is no UTF-8 text");
        } catch (IOException e) {
            throw new InvalidRequestException(file + ": cannot be read: " + FileFailure.reason(e));
        }
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                questions.add(question(lines.get(i), file + " line " + (i + 1) + ": "));
            }
        }
        if (questions.isEmpty()) {
            throw new InvalidRequestException(file + ": holds no question; needs a JSON object with prompt and answer per line");
        }
        return questions;
    }

    private static Question question(String line, String place) {
        try {
            JsonNode json = JSON.readTree(line);
            return new Question(
                    text(json, "family", "all"), text(json, "prompt", null), text(json, "answer", null),
                    AnswerCheck.parse(text(json, "check", AnswerCheck.EXACT.toString())));
        } catch (JacksonException e) {
            throw new InvalidRequestException(place + "no valid JSON at column " + e.getLocation().getColumnNr());
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(place + e.getMessage());
        }
    }

    private static String text(JsonNode json, String field, @Nullable String otherwise) {
        JsonNode value = json.get(field);
        if (value == null && otherwise != null) {
            return otherwise;
        }
        if (value == null || !value.isString()) {
            throw new IllegalArgumentException(field + " is missing or no string");
        }
        return value.stringValue();
    }
}
