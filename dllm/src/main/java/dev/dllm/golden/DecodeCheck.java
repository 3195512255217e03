package dev.dllm.golden;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.FinishReason;
import dev.dllm.decode.Trace;
import dev.dllm.golden.method.DecodeCase;
import dev.dllm.golden.method.GoldenMethods;
import dev.dllm.golden.method.GoldenRun;
import dev.dllm.model.CausalModel;
import dev.dllm.model.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        List<GenerationRequest> requests = prompts.stream()
                .map(prompt -> new GenerationRequest(Prompt.ids(prompt), decode.suffix(), decode.settings()))
                .toList();
        List<GenerationResult> results;
        try (Session session = model.newSession()) {
            results = session.generate(requests, GenerationListener.NONE);
        }
        List<List<Trace.Change>> calls = results.getFirst().trace().calls();
        int[] canvas = Arrays.copyOf(prompts.getFirst(), results.getFirst().canvas().length);
        maskId = model.spec().maskId();
        Arrays.fill(canvas, prompts.getFirst().length, canvas.length, maskId);
        String difference = trace(calls, canvas, decode.output() == DecodeCase.Output.JOINED_BLOCKS);
        if (difference == null && calls.size() != golden.path("nfe").asInt()) {
            difference = "calls: expected " + golden.path("nfe").asInt() + ", found " + calls.size();
        }
        if (difference == null && golden.has("verifier_nfe") && verifierCalls != golden.path("verifier_nfe").asInt()) {
            difference = "calls of the verifier: expected " + golden.path("verifier_nfe").asInt() + ", found " + verifierCalls;
        }
        return difference != null ? difference : output(results, decode);
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

    private @Nullable String output(List<GenerationResult> results, DecodeCase decode) {
        JsonNode rows = GoldenSet.list(golden, "output", file);
        if (rows.size() != results.size()) {
            return "rows of output: expected " + rows.size() + ", found " + results.size();
        }
        for (int row = 0; row < results.size(); row++) {
            GenerationResult result = results.get(row);
            int[] found = switch (decode.output()) {
                case CANVAS -> result.canvas();
                case JOINED_BLOCKS -> joined(result.canvas(), rows.get(row).size(), maskId);
                case CANVAS_WITHOUT_EOS -> Arrays.stream(result.canvas())
                        .filter(id -> !decode.settings().stop().isEos(id))
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
                    "output row " + row, Arrays.copyOfRange(expected, paddings.get(row), expected.length), found);
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    /// @param canvas before the first call
    /// @param joins  whether the reference's canvas grows by blocks that ours holds from the start
    private @Nullable String trace(List<List<Trace.Change>> calls, int[] canvas, boolean joins) {
        JsonNode entries = GoldenSet.list(golden, "trace", file);
        for (int call = 0; call < Math.min(entries.size(), calls.size()); call++) {
            if (joins) {
                calls.get(call).forEach(change -> canvas[change.position()] = change.token());
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
                throw new UnsupportedCaseException("a canvas that changes its length");
            }
            List<Trace.Change> expected = new ArrayList<>();
            for (JsonNode change : GoldenSet.list(entries.get(call), "changes", file)) {
                int[] triple = GoldenSet.ids(change, file);
                expected.add(new Trace.Change(triple[0], triple[1] - paddings.get(triple[0]), triple[2]));
            }
            if (!expected.equals(calls.get(call))) {
                return "call %d: expected %s, found %s".formatted(call, shown(expected), shown(calls.get(call)));
            }
        }
        return entries.size() == calls.size()
                ? null
                : "entries of the trace: expected " + entries.size() + ", found " + calls.size();
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
