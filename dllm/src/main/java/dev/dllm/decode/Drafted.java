package dev.dllm.decode;

/// What rules ask of settings that have drafts computed in the place of the canvas.
final class Drafted {

    private Drafted() {}

    /// @throws IllegalArgumentException if something would draw anew for a draft, or knows the canvas alone
    static void requireFits(Unmasking rule, DecodeSettings settings) {
        String problem = settings.sampling().draws() ? "a temperature: drafts would be other samples"
                : settings.confidence() == Confidence.RANDOM ? "random confidence: it draws anew in every call"
                : !settings.hooks().isEmpty() ? "logit hooks: they see the canvas, not its drafts"
                : settings.smoothing().isPresent() ? "smoothing: what it stores belongs to the canvas, not to its drafts"
                : settings.guidanceInterval() > 1 ? "a guidance interval: what the prompt changed belongs to the canvas, not to its drafts"
                : !settings.adjustments().isEmpty() ? "confidence adjustments: they see the canvas, not its drafts"
                : settings.exit().isPresent() ? "an exit rule: it sees the canvas, not its drafts"
                : !settings.cache().allowsDrafts() ? "cache '" + settings.cache()
                        + "': it reads what the calls on a block store, and drafts store nothing"
                : "";
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException("unmasking rule '" + rule + "' does not go with " + problem);
        }
    }
}
