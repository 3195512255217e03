package dev.dllm.golden;

import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.LanguageModel;
import dev.dllm.Session;
import dev.dllm.decode.FinishReason;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Trace;
import dev.dllm.golden.method.DecodeCase;
import dev.dllm.golden.method.GoldenMethods;
import dev.dllm.golden.method.GoldenRun;
import dev.dllm.model.CausalModel;
import dev.dllm.model.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Compares a decoding run: output, number of calls, and what every call changed. Padding before a prompt is left out of the
/// run; positions are compared behind it.
final class DecodeCheck {
    private final String file;
    private final JsonNode golden;
    private final OptionalInt padId;
    private final List<int[]> prompts = new ArrayList<>();
    private final List<Integer> paddings = new ArrayList<>();
    private int verifierCalls;
    private int maskId;

    /// @param padId id of the token that fills prompts up, if the checkpoint names one
    DecodeCheck(String file, JsonNode golden, OptionalInt padId) {
        this.file = file;
        this.golden = golden;
        this.padId = padId;
    }

    /// @param checkpoints the set's models by name
    /// @return where the run differs first, or null if it is equal
    @Nullable String differs(LanguageModel model, Function<String, LanguageModel> checkpoints) {
        readPrompts();
        DecodeCase decode = GoldenMethods.of(new GoldenRun(
                GoldenSet.text(golden, "method", file), new Params(golden.path("params")), golden, prompts.getFirst().length,
                name -> counted(checkpoints.apply(name).verifier())));
        List<GenerationRequest> requests = decode.requests().apply(prompts);
        List<GenerationResult> results;
        try (Session session = model.newSession()) {
            results = session.generate(requests, decode.extras().listener());
        }
        List<Entry> entries = entries(results, decode.order());
        maskId = model.spec().maskId();
        int[] canvas = Arrays.copyOf(prompts.getFirst(), results.getFirst().canvas().length);
        Arrays.fill(canvas, prompts.getFirst().length, canvas.length, maskId);
        String difference = trace(entries, canvas, decode.output() == DecodeCase.Output.JOINED_BLOCKS);
        if (difference == null && entries.size() != golden.path("nfe").asInt()) {
            difference = "calls: expected " + golden.path("nfe").asInt() + ", found " + entries.size();
        }
        if (difference == null && golden.has("verifier_nfe") && verifierCalls != golden.path("verifier_nfe").asInt()) {
            difference = "calls of the verifier: expected " + golden.path("verifier_nfe").asInt() + ", found " + verifierCalls;
        }
        if (difference == null) {
            difference = output(requests, results, decode.output());
        }
        return difference != null ? difference : decode.extras().differs(model, results);
    }

    /// What one entry of a trace is made of.
    ///
    /// @param canvases by row, those that changed their length
    private record Entry(List<Trace.Change> changes, Map<Integer, int[]> canvases) {}

    private static List<Entry> entries(List<GenerationResult> results, DecodeCase.Order order) {
        Trace trace = results.getFirst().trace();
        List<Entry> entries = new ArrayList<>();
        for (int row = 0; row < results.size(); row++) {
            for (int call = 0; call < results.get(row).calls(); call++) {
                int of = row;
                Entry own = new Entry(
                        trace.calls().get(call).stream().filter(change -> change.sequence() == of).toList(),
                        trace.resized(row, call).map(canvas -> Map.of(of, canvas)).orElse(Map.of()));
                if (order == DecodeCase.Order.ONE_AFTER_ANOTHER || entries.size() <= call) {
                    entries.add(own);
                } else {
                    entries.set(call, joined(entries.get(call), own));
                }
            }
        }
        return entries;
    }

    private static Entry joined(Entry first, Entry second) {
        List<Trace.Change> changes = new ArrayList<>(first.changes);
        changes.addAll(second.changes);
        Map<Integer, int[]> canvases = new HashMap<>(first.canvases);
        canvases.putAll(second.canvases);
        return new Entry(changes, canvases);
    }

    private CausalModel counted(CausalModel verifier) {
        Network network = (batch, workspace) -> {
            verifierCalls++;
            return verifier.network().forward(batch, workspace);
        };
        return new CausalModel(network, verifier.config(), verifier.backend());
    }

    private void readPrompts() {
        JsonNode params = golden.path("params");
        boolean padded = params.path("attention_mask").asString("").equals("left_pad");
        for (JsonNode row : GoldenSet.list(golden, "prompt", file)) {
            int[] ids = GoldenSet.ids(row, file);
            int padding = 0;
            while (padded && padding < ids.length && padId.equals(OptionalInt.of(ids[padding]))) {
                padding++;
            }
            prompts.add(Arrays.copyOfRange(ids, padding, ids.length));
            // A reference that fills prompts up to whole blocks itself shows the filled one in its output alone.
            int blockLength = params.path("block_size").asInt(1);
            paddings.add(padding + (params.has("pad_id") ? Math.ceilDiv(ids.length, blockLength) * blockLength - ids.length : 0));
        }
    }

    /// Padding before the prompt of a row; a prompt may have several rows.
    private int padding(int row) {
        return paddings.get(row % paddings.size());
    }

    private @Nullable String output(
            List<GenerationRequest> requests, List<GenerationResult> results, DecodeCase.Output output) {
        JsonNode rows = GoldenSet.list(golden, "output", file);
        if (rows.size() != results.size()) {
            return "rows of output: expected " + rows.size() + ", found " + results.size();
        }
        for (int row = 0; row < results.size(); row++) {
            GenerationResult result = results.get(row);
            StopRule stop = requests.get(row).settings().stop();
            int[] found = switch (output) {
                case CANVAS -> result.canvas();
                case JOINED_BLOCKS -> joined(result.canvas(), rows.get(row).size(), maskId);
                case CANVAS_WITHOUT_EOS -> Arrays.stream(result.canvas())
                        .filter(id -> !stop.isEos(id))
                        .toArray();
                case TEXT -> result.ids();
                case PROMPT_AND_TEXT -> Arrays.copyOf(
                        result.canvas(),
                        result.finishReason() == FinishReason.EOS
                                ? result.promptIds().length + result.ids().length
                                : result.canvas().length);
            };
            int[] expected = GoldenSet.ids(rows.get(row), file);
            String difference = Difference.of(
                    "output row " + row, Arrays.copyOfRange(expected, padding(row), expected.length), found);
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    /// @param canvas before the first call
    /// @param joins  whether the reference's canvas grows by blocks that ours holds from the start
    private @Nullable String trace(List<Entry> calls, int[] canvas, boolean joins) {
        JsonNode entries = GoldenSet.list(golden, "trace", file);
        for (int call = 0; call < Math.min(entries.size(), calls.size()); call++) {
            if (joins) {
                calls.get(call).changes.forEach(change -> canvas[change.position()] = change.token());
            }
            if (joins && entries.get(call).has("resized_to")) {
                int[] expected = GoldenSet.ids(GoldenSet.list(entries.get(call), "resized_to", file).get(0), file);
                String difference = Difference.of("canvas after call " + call, expected, joined(canvas, expected.length, maskId));
                if (difference != null) {
                    return difference;
                }
                continue;
            }
            if (entries.get(call).has("resized_to")) {
                String difference = resized(call, GoldenSet.list(entries.get(call), "resized_to", file), calls.get(call));
                if (difference != null) {
                    return difference;
                }
                continue;
            }
            List<Trace.Change> expected = new ArrayList<>();
            for (JsonNode change : GoldenSet.list(entries.get(call), "changes", file)) {
                int[] triple = GoldenSet.ids(change, file);
                expected.add(new Trace.Change(triple[0], triple[1] - padding(triple[0]), triple[2]));
            }
            if (!expected.equals(calls.get(call).changes) || !calls.get(call).canvases.isEmpty()) {
                return "call %d: expected %s, found %s".formatted(call, shown(expected), shown(calls.get(call)));
            }
        }
        return entries.size() == calls.size()
                ? null
                : "entries of the trace: expected " + entries.size() + ", found " + calls.size();
    }

    private @Nullable String resized(int call, JsonNode rows, Entry found) {
        for (int row = 0; row < rows.size(); row++) {
            int[] canvas = found.canvases.get(row);
            String what = "call %d: row %d of the canvas, which changes its length,".formatted(call, row);
            String difference = canvas == null
                    ? what + " found " + shown(found)
                    : Difference.of(what, GoldenSet.ids(rows.get(row), file), canvas);
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private static String shown(Entry entry) {
        return entry.canvases.isEmpty()
                ? shown(entry.changes)
                : "a canvas of " + entry.canvases.values().iterator().next().length + " positions";
    }

    /// The first blocks of a canvas; all of it if more than masks stand behind them.
    private static int[] joined(int[] canvas, int length, int maskId) {
        boolean open = length <= canvas.length && Arrays.stream(canvas, length, canvas.length).allMatch(id -> id == maskId);
        return open ? Arrays.copyOf(canvas, length) : canvas;
    }

    private static String shown(List<Trace.Change> changes) {
        List<String> texts = changes.stream()
                .map(change -> "[" + change.sequence() + ", " + change.position() + ", " + change.token() + "]")
                .toList();
        return texts.toString();
    }
}
