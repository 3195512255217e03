package dev.dllm.cli;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.Session;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.Edits;
import java.util.List;

/// Texts that were denoised together, of which one is printed or none, and what all of them cost.
///
/// @param results at least one
record Batch(List<GenerationResult> results) {
    /// The most texts of a batch.
    static final int MOST = 1000;

    /// Denoises them, while a status says how far they are.
    static Batch generate(Session session, List<GenerationRequest> requests, Terminal terminal) {
        StatusLine status = new StatusLine(terminal);
        List<GenerationResult> results = session.generate(requests, new GenerationListener() {
            @Override
            public void called(int sequence, int call, Canvas canvas, Edits edits) {
                status.show(() -> "denoising " + Plural.of(requests.size(), "text") + ": call " + (call + 1));
            }
        });
        status.clear();
        return new Batch(results);
    }

    /// Network calls, summed over the texts.
    int calls() {
        return results.stream().mapToInt(GenerationResult::calls).sum();
    }

    /// Positions computed, summed over the texts.
    long positions() {
        return results.stream().mapToLong(GenerationResult::positionsComputed).sum();
    }

    /// Bytes of keys and values that they held together.
    long keyValueBytes() {
        return results.stream().mapToLong(GenerationResult::keyValueBytes).sum();
    }

    /// Wall time.
    double seconds() {
        return results.getFirst().seconds();
    }
}
