package dev.dllm.decode;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.AttentionShape;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.KvCache;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.Rope;
import dev.dllm.model.TransformerConfig;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Workspace;
import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Runs the denoising loop on a scripted network with a vocabulary of 20: EOS is 18, the mask 19.
final class Scripted {
    static final int VOCABULARY = 20;
    static final int EOS = 18;
    static final int MASK = 19;

    static final ModelSpec SPEC = new ModelSpec(
            "scripted",
            new TransformerConfig(
                    4, new AttentionShape(1, 1, 4, false, false), VOCABULARY, false, 1e-6f, new Rope(10000, 2), List.of(new FeedForwardShape.Dense(4)), 1024),
            new AttentionPattern.BlockCausal(4),
            false,
            MASK,
            new int[] {EOS});

    private Scripted() {}

    /// Blocks of 4, 4 steps each, threshold 0.9, no cache, stop after a block with an EOS.
    static DecodeSettings settings() {
        return DecodeSettings.of(SPEC.pattern(), 8, 4)
                .withUnmasking(new Threshold(0.9f))
                .withStop(StopRule.afterBlock(EOS));
    }

    /// What came out of a run.
    record Run(Decoding decoding, Trace trace, List<String> calls, List<String> visible) {
        int[] output() {
            return decoding.output();
        }

        /// What every call changed, as `position=token`.
        List<String> changes() {
            return trace.calls().stream()
                    .map(call -> String.join(
                            " ", call.stream().map(c -> c.position() + "=" + c.token()).toList()))
                    .toList();
        }
    }

    /// Greedy decoding with bidirectional attention, one block, one token per call.
    static DecodeSettings bidirectional(int genLength) {
        return DecodeSettings.of(new AttentionPattern.Bidirectional(), genLength, DecodeSettings.WHOLE);
    }

    /// What every call of a run changed, as [Run#changes] says; the whole canvas where its length changed.
    static List<String> canvases(Run run) {
        List<String> changes = new ArrayList<>(run.changes());
        for (int call = 0; call < changes.size(); call++) {
            if (run.trace().resized(0, call).isPresent()) {
                changes.set(call, Arrays.toString(run.trace().resized(0, call).get()));
            }
        }
        return changes;
    }

    static Run run(int[] prompt, DecodeSettings settings, ScriptedNetwork.Script script) {
        return run(prompt, Template.hole(settings.genLength()), settings, SPEC, script);
    }

    /// @param listener watches besides the trace
    static Run run(int[] prompt, DecodeSettings settings, ScriptedNetwork.Script script, DecodeListener listener) {
        return run(prompt, Template.hole(settings.genLength()), settings, SPEC, script, listener);
    }

    /// @param template its last hole ends at the settings' generation length
    static Run run(
            int[] prompt, Template template, DecodeSettings settings, ModelSpec spec, ScriptedNetwork.Script script) {
        return run(prompt, template, settings, spec, script, new DecodeListener() {});
    }

    private static Run run(
            int[] prompt, Template template, DecodeSettings settings, ModelSpec spec, ScriptedNetwork.Script script,
            DecodeListener listener) {
        ScriptedNetwork network = new ScriptedNetwork(VOCABULARY, script);
        Trace trace = new Trace();
        try (Backend backend = new ReferenceBackend();
                Workspace workspace = new Workspace(backend);
                KvCache cache = new KvCache(backend, spec.transformer());
                KvCache unconditional = new KvCache(backend, spec.transformer())) {
            List<KvCache> tables = List.of(cache, unconditional).subList(0, Decoding.tables(settings));
            Decoding decoding = new Decoding(prompt, template, settings, spec, tables);
            new Denoiser(network, backend).run(List.of(decoding), workspace, new Both(trace, listener), () -> false);
            return new Run(decoding, trace, network.calls, network.visible);
        }
    }

    /// Two listeners, of whom the second hears what is settled.
    private record Both(Trace trace, DecodeListener listener) implements DecodeListener {
        @Override
        public void called(int sequence, int call, Canvas canvas, Edits edits) {
            trace.called(sequence, call, canvas, edits);
        }

        @Override
        public void filled(int sequence, int call, Canvas canvas, Edits edits) {
            trace.filled(sequence, call, canvas, edits);
        }

        @Override
        public void committed(int sequence, Canvas canvas, int from, int to) {
            listener.committed(sequence, canvas, from, to);
        }
    }
}
