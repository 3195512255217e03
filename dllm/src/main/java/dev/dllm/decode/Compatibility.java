package dev.dllm.decode;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ModelSpec;

/// Which settings make no sense with each other or with a model, and why.
final class Compatibility {

    private Compatibility() {}

    /// @throws IllegalArgumentException saying what does not go together, and what would
    static void require(DecodeSettings settings, ModelSpec model) {
        requireFixedLength(settings);
        requireWholeRoutingBlocks(settings, model.transformer().routingBlockLength());
        if (settings.cache().needsOrder() && !settings.unmasking().knowsOrder()) {
            throw new IllegalArgumentException("cache '" + settings.cache() + "' needs to know what is decoded next, which rule '"
                    + settings.unmasking() + "' decides by what the model says; accepted here: random-order");
        }
        if (settings.attention() instanceof AttentionPattern.CausalContext && !settings.cache().recomputesFinal()) {
            throw new IllegalArgumentException(("cache '%s' keeps keys and values as they were while a block was decoded; here they are other "
                    + "ones once it is final: attention is %s; accepted here: none, block").formatted(settings.cache(), settings.attention()));
        }
        if (settings.cache().leavesRowsOut() && model.transformer().routingBlockLength() > 0) {
            throw new IllegalArgumentException("cache '" + settings.cache() + "' leaves rows out of layers, but experts of this"
                    + " model admit whole blocks of rows; accepted here: policies whose layers compute every row");
        }
        settings.hooks().forEach(hook -> hook.requireFits(settings, model));
        settings.adjustments().forEach(adjustment -> adjustment.requireFits(model.transformer().vocabulary()));
        if (settings.cache().ranksMasks() && settings.guidance() > 0) {
            throw new IllegalArgumentException("cache '" + settings.cache() + "' with guidance: with and without the prompt it would"
                    + " compute different rows; needs one of them");
        }
        requireSameAnswers(settings);
        if (!model.denoises()) {
            throw new IllegalArgumentException("a " + model.family() + " is a causal language model: it verifies what a diffusion model"
                    + " drafts, and denoises nothing itself; a diffusion model with such files needs its family named");
        }
        if (settings.unmasking().needsVerifier()) {
            throw new IllegalArgumentException("unmasking rule '" + settings.unmasking() + "' needs a causal model that judges drafts; "
                    + "none was given (--verifier, or Unmasking.withVerifier)");
        }
        settings.unmasking().requireFits(settings, Decoding.shifted(settings, model));
    }

    /// A canvas whose length is still open must be seen as a whole.
    private static void requireFixedLength(DecodeSettings settings) {
        boolean grows = settings.unmasking().longest(settings.genLength()) > settings.genLength();
        if (grows && !(settings.attention() instanceof AttentionPattern.Bidirectional)) {
            throw new IllegalArgumentException("rule '%s' finds the length of the text, for which it must see all of it: needs "
                    .formatted(settings.unmasking()) + "bidirectional attention; this one is " + settings.attention());
        }
    }

    /// Logits are reused where asking again would return the same.
    private static void requireSameAnswers(DecodeSettings settings) {
        if (!settings.reuseLogits()) {
            return;
        }
        if (!settings.cache().isExact()) {
            throw new IllegalArgumentException("reuse of logits with cache '" + settings.cache() + "', whose next call may see other keys "
                    + "and values; accepted here: none, block");
        }
        if (settings.smoothing().isPresent() || settings.guidanceInterval() > 1) {
            throw new IllegalArgumentException(
                    "reuse of logits with %s: the same canvas has other logits at the next call; needs one of them"
                            .formatted(settings.smoothing().isPresent() ? "smoothing" : "a guidance interval"));
        }
    }

    private static void requireWholeRoutingBlocks(DecodeSettings settings, int routingBlockLength) {
        if (routingBlockLength > 0 && settings.attention() instanceof AttentionPattern.CausalContext) {
            throw new IllegalArgumentException("attention is %s, but experts of this model admit blocks of %d rows that see each other; "
                    .formatted(settings.attention(), routingBlockLength) + "accepted here: block-causal, bidirectional");
        }
        if (routingBlockLength > 0 && settings.attention() instanceof AttentionPattern.BlockCausal
                && settings.blockLength() % routingBlockLength != 0) {
            throw new IllegalArgumentException("block length %d cuts the routing blocks of %d positions; needs a multiple of %d"
                    .formatted(settings.blockLength(), routingBlockLength, routingBlockLength));
        }
    }
}
