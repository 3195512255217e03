package dev.dllm.decode;

import dev.dllm.cache.CachePolicy;
import dev.dllm.model.AttentionPattern;

/// Everything that decides how a canvas is denoised. Independent choices; any may be replaced by a `with` method. Immutable
/// and thread-safe.
///
/// @param genLength    response positions allotted, 1 or more
/// @param blockLength  positions denoised together, 1 or more
/// @param steps        calls allotted to a block, 1 or more
/// @param attention    which positions see each other; block-causal blocks are those that are denoised together
/// @param unmasking    which proposals are committed
/// @param cache        which keys and values are reused
/// @param sampling     how a token is drawn
/// @param seed         of all randomness; without effect at temperature 0
/// @param stop         when a text is over early
/// @param suppressMask whether the mask token can be proposed; false only to compare with references that allow it
public record DecodeSettings(
        int genLength,
        int blockLength,
        int steps,
        AttentionPattern attention,
        Unmasking unmasking,
        CachePolicy cache,
        Sampling sampling,
        long seed,
        StopRule stop,
        boolean suppressMask) {

    /// Longer than any model's context: a typing error.
    private static final int LONGEST = 1 << 24;

    /// @throws IllegalArgumentException if a number is out of range
    public DecodeSettings {
        checkRange("generation length", genLength);
        checkRange("block length", blockLength);
        checkRange("steps", steps);
        attention = attention.withBlockLength(blockLength);
    }

    public DecodeSettings withGenLength(int genLength) {
        return new DecodeSettings(
                genLength, blockLength, steps, attention, unmasking, cache, sampling, seed, stop, suppressMask);
    }

    public DecodeSettings withBlockLength(int blockLength) {
        return new DecodeSettings(
                genLength, blockLength, steps, attention, unmasking, cache, sampling, seed, stop, suppressMask);
    }

    public DecodeSettings withSteps(int steps) {
        return new DecodeSettings(
                genLength, blockLength, steps, attention, unmasking, cache, sampling, seed, stop, suppressMask);
    }

    public DecodeSettings withAttention(AttentionPattern attention) {
        return new DecodeSettings(
                genLength, blockLength, steps, attention, unmasking, cache, sampling, seed, stop, suppressMask);
    }

    public DecodeSettings withUnmasking(Unmasking unmasking) {
        return new DecodeSettings(
                genLength, blockLength, steps, attention, unmasking, cache, sampling, seed, stop, suppressMask);
    }

    public DecodeSettings withCache(CachePolicy cache) {
        return new DecodeSettings(
                genLength, blockLength, steps, attention, unmasking, cache, sampling, seed, stop, suppressMask);
    }

    public DecodeSettings withSampling(Sampling sampling) {
        return new DecodeSettings(
                genLength, blockLength, steps, attention, unmasking, cache, sampling, seed, stop, suppressMask);
    }

    public DecodeSettings withSeed(long seed) {
        return new DecodeSettings(
                genLength, blockLength, steps, attention, unmasking, cache, sampling, seed, stop, suppressMask);
    }

    public DecodeSettings withStop(StopRule stop) {
        return new DecodeSettings(
                genLength, blockLength, steps, attention, unmasking, cache, sampling, seed, stop, suppressMask);
    }

    public DecodeSettings withSuppressMask(boolean suppressMask) {
        return new DecodeSettings(
                genLength, blockLength, steps, attention, unmasking, cache, sampling, seed, stop, suppressMask);
    }

    private static void checkRange(String what, int value) {
        if (value < 1 || value > LONGEST) {
            throw new IllegalArgumentException(what + " " + value + ": needs 1 to " + LONGEST);
        }
    }
}
