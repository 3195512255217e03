package dev.dllm.cli;

import dev.dllm.decode.Confidence;
import dev.dllm.decode.ConfidentDecoding;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.RandomOrder;
import dev.dllm.decode.RandomUnmasking;
import dev.dllm.decode.Unmasking;

/// Whether a generation draws anything, so that a seed makes a difference.
final class Draws {

    private Draws() {}

    static boolean any(DecodeSettings settings) {
        Unmasking rule = settings.unmasking();
        return settings.sampling().temperature() > 0 && !settings.sampling().argMax()
                || settings.confidence() == Confidence.RANDOM
                || rule instanceof RandomOrder || rule instanceof RandomUnmasking || rule instanceof ConfidentDecoding;
    }
}
