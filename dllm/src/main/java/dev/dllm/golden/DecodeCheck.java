package dev.dllm.golden;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Trace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Compares a decoding run: output, number of calls, and what every call changed.
final class DecodeCheck {
    private final String file;
    private final JsonNode golden;

    DecodeCheck(String file, JsonNode golden) {
        this.file = file;
        this.golden = golden;
    }

    /// @return where the run differs first, or null if it is equal
    @Nullable String differs(LanguageModel model) {
        DecodeSettings settings = DecodeMethods.settings(
                GoldenSet.text(golden, "method", file), new Params(golden.path("params")));
        List<GenerationRequest> requests = new ArrayList<>();
        for (JsonNode prompt : GoldenSet.list(golden, "prompt", file)) {
            requests.add(new GenerationRequest(Prompt.ids(GoldenSet.ids(prompt, file)), settings));
        }
        List<GenerationResult> results;
        try (Session session = model.newSession()) {
            results = session.generate(requests, GenerationListener.NONE);
        }
        List<List<Trace.Change>> calls = results.getFirst().trace().calls();
        String difference = trace(calls);
        if (difference == null && calls.size() != golden.path("nfe").asInt()) {
            difference = "calls: expected " + golden.path("nfe").asInt() + ", found " + calls.size();
        }
        return difference != null ? difference : output(results);
    }

    private @Nullable String output(List<GenerationResult> results) {
        JsonNode rows = GoldenSet.list(golden, "output", file);
        if (rows.size() != results.size()) {
            return "rows of output: expected " + rows.size() + ", found " + results.size();
        }
        for (int row = 0; row < results.size(); row++) {
            String difference = Difference.of(
                    "output row " + row, GoldenSet.ids(rows.get(row), file), results.get(row).ids());
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private @Nullable String trace(List<List<Trace.Change>> calls) {
        JsonNode entries = GoldenSet.list(golden, "trace", file);
        for (int call = 0; call < Math.min(entries.size(), calls.size()); call++) {
            if (entries.get(call).has("resized_to")) {
                throw new UnsupportedCaseException("a canvas that changes its length");
            }
            List<Trace.Change> expected = new ArrayList<>();
            for (JsonNode change : GoldenSet.list(entries.get(call), "changes", file)) {
                int[] triple = GoldenSet.ids(change, file);
                expected.add(new Trace.Change(triple[0], triple[1], triple[2]));
            }
            if (!expected.equals(calls.get(call))) {
                return "call %d: expected %s, found %s".formatted(call, shown(expected), shown(calls.get(call)));
            }
        }
        return entries.size() == calls.size()
                ? null
                : "entries of the trace: expected " + entries.size() + ", found " + calls.size();
    }

    private static String shown(List<Trace.Change> changes) {
        List<String> texts = changes.stream()
                .map(change -> "[" + change.sequence() + ", " + change.position() + ", " + change.token() + "]")
                .toList();
        return texts.toString();
    }
}
