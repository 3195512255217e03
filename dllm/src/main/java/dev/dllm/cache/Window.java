package dev.dllm.cache;

import java.util.function.IntPredicate;

/// Where decoding stands when a call is planned: positions before `blockStart` are final, `[start, end)` is denoised.
///
/// @param start      of the active span
/// @param end        of the active span
/// @param blockStart of the block that the span is a part of, or the whole of
/// @param blockEnd   of that block
/// @param length     of the canvas
/// @param masked     whether a position of the canvas holds a mask
public record Window(int start, int end, int blockStart, int blockEnd, int length, IntPredicate masked) {}
