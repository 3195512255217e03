package dev.dllm.decode;

import dev.dllm.model.Network;
import dev.dllm.model.SequenceForward;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The denoising loop. Each turn makes one network call for every sequence that is not finished, whatever its length, rules
/// or progress; their rows share the call, and none of them can tell.
public final class Denoiser {
    private final Network network;
    private final Backend backend;

    public Denoiser(Network network, Backend backend) {
        this.network = network;
        this.backend = backend;
    }

    /// Denoises all sequences to their end.
    ///
    /// @param workspace for the activations of each call
    /// @param cancelled asked before every call; once it says true, every unfinished sequence ends as cancelled
    public void run(
            List<Decoding> sequences, Workspace workspace, DecodeListener listener, BooleanSupplier cancelled) {
        List<Integer> active = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            active.add(i);
        }
        while (true) {
            if (cancelled.getAsBoolean()) {
                sequences.forEach(Decoding::cancel);
            }
            active.removeIf(i -> !sequences.get(i).advance(backend, listener, i));
            if (active.isEmpty()) {
                return;
            }
            List<SequenceForward> batch = new ArrayList<>(active.size());
            for (int i : active) {
                batch.addAll(sequences.get(i).forwards());
            }
            Tensor logits = network.forward(batch, workspace);
            int row = 0;
            for (int i : active) {
                Decoding sequence = sequences.get(i);
                int end = row + sequence.logitsRows();
                sequence.apply(logits.rows(row, end), backend, listener, i);
                row = end;
            }
        }
    }
}
