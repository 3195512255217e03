package dev.dllm.cli;

import dev.dllm.GenerationResult;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.decode.Trace;
import dev.dllm.files.FileFailure;
import dev.dllm.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Prints a generation: text as it becomes final, or one JSON object; the trace in the form of the golden sets.
final class ResultWriter {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String INTO_OUTPUT = "-";

    private final OutputFormat format;
    private final @Nullable String trace;
    private final Terminal terminal;

    /// @throws InvalidRequestException if the trace should go into an output that is not JSON, or cannot be written
    ResultWriter(OutputFormat format, @Nullable String trace, Terminal terminal) {
        if (INTO_OUTPUT.equals(trace) && format != OutputFormat.JSON) {
            throw new InvalidRequestException("--trace - puts the trace into the JSON output; needs --format json");
        }
        if (trace != null && !INTO_OUTPUT.equals(trace)) {
            requireWritable("--trace", Path.of(trace));
        }
        this.format = format;
        this.trace = trace;
        this.terminal = terminal;
    }

    /// Prints a piece of final text.
    void piece(String text) {
        if (format == OutputFormat.TEXT) {
            terminal.out().print(text);
            if (terminal.out().checkError()) {
                throw new InvalidRequestException("the output could not be written");
            }
        }
    }

    /// Prints what is left to print.
    ///
    /// @throws InvalidRequestException if the trace cannot be written
    void result(GenerationResult result, LanguageModel model) {
        if (format == OutputFormat.JSON) {
            terminal.out().println(JSON.writeValueAsString(traced(result)));
        } else {
            if (model.tokenizer().isEmpty()) {
                terminal.out().print(ids(result.ids()));
            }
            terminal.out().println();
            summarise(result);
        }
        writeTrace(result);
    }

    /// Prints a text whose holes have been filled, with what was given.
    ///
    /// @throws InvalidRequestException if the trace cannot be written
    void filled(GenerationResult result, Tokenizer tokenizer) {
        String text = tokenizer.decode(result.canvas(), true);
        if (format == OutputFormat.JSON) {
            ObjectNode json = traced(result);
            json.put("text", text);
            json.set("ids", ids(result.canvas()));
            ArrayNode holes = json.putArray("holes");
            for (int[] hole : result.holes()) {
                ObjectNode filled = holes.addObject();
                filled.put("text", tokenizer.decode(hole, true));
                filled.set("ids", ids(hole));
            }
            terminal.out().println(JSON.writeValueAsString(json));
        } else {
            terminal.out().println(text);
            summarise(result);
        }
        writeTrace(result);
    }

    private void summarise(GenerationResult result) {
        if (terminal.reportsToTerminal()) {
            terminal.err().println(summary(result));
        }
    }

    private void writeTrace(GenerationResult result) {
        if (trace != null && !trace.equals(INTO_OUTPUT)) {
            try {
                Files.writeString(Path.of(trace), JSON.writeValueAsString(trace(result.trace())) + "\n");
            } catch (IOException e) {
                throw new InvalidRequestException("--trace " + trace + ": cannot be written: " + FileFailure.reason(e));
            }
        }
    }

    /// Finds out before a long run, without touching what is there.
    ///
    /// @param option that names the file
    /// @throws InvalidRequestException if it cannot be written
    static void requireWritable(String option, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        boolean possible = Files.exists(file)
                ? !Files.isDirectory(file) && Files.isWritable(file)
                : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
        if (!possible) {
            throw new InvalidRequestException(option + " '" + file + "': cannot be written there");
        }
    }

    private ObjectNode traced(GenerationResult result) {
        ObjectNode json = json(result);
        if (trace != null) {
            json.set("trace", trace(result.trace()));
        }
        return json;
    }

    /// A generation without its trace.
    static ObjectNode json(GenerationResult result) {
        ObjectNode json = JSON.createObjectNode();
        json.set("ids", ids(result.ids()));
        json.put("text", result.text());
        json.put("nfe", result.calls());
        json.put("positions_computed", result.positionsComputed());
        json.put("key_value_bytes", result.keyValueBytes());
        json.put("seconds", result.seconds());
        json.put("finish_reason", result.finishReason().name().toLowerCase(Locale.ROOT));
        return json;
    }

    private static ArrayNode ids(int[] values) {
        ArrayNode ids = JSON.createArrayNode();
        for (int value : values) {
            ids.add(value);
        }
        return ids;
    }

    private static ArrayNode trace(Trace trace) {
        ArrayNode entries = JSON.createArrayNode();
        List<List<Trace.Change>> calls = trace.calls();
        for (int call = 0; call < calls.size(); call++) {
            ObjectNode entry = entries.addObject();
            entry.put("forward", call);
            Optional<int[]> resized = trace.resized(0, call);
            if (resized.isPresent()) {
                entry.putArray("resized_to").add(ids(resized.get()));
                continue;
            }
            ArrayNode changes = entry.putArray("changes");
            for (Trace.Change change : calls.get(call)) {
                changes.addArray().add(change.sequence()).add(change.position()).add(change.token());
            }
        }
        return entries;
    }

    /// One line on what a generation took.
    static String summary(GenerationResult result) {
        return String.format(
                Locale.ROOT, "[%s, %s, %d positions computed, %.2f s, %s]", Plural.of(result.ids().length, "token"),
                Plural.of(result.calls(), "network call"), result.positionsComputed(), result.seconds(),
                result.finishReason().name().toLowerCase(Locale.ROOT));
    }
}
