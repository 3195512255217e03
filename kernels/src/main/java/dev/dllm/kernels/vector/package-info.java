/// Kernels on the Vector API. The only package that mentions `jdk.incubator.vector`; nothing in it may be linked where
/// that module is missing.
///
/// Rules that these files follow, each found by measurement on JDK 25 (Zen 3, Zen 4 and Zen 5):
/// - One shape for all element types in a process ([Lanes]): a second one makes every kernel box its vectors.
/// - At most about 40 vector operations per method, each called directly on the JDK's classes. At 18000 nodes C2 stops
///   inlining in order. What it inlines afterwards may leave vectors on the heap, in some runs and then for good. An
///   operation makes about 450 nodes, a scalar load 650, a conversion 550, a broadcast 180; in the output of
///   `-XX:CompileCommand=PrintInlining` no force-inlined method may say "late inline succeeded". Still larger methods
///   exceed what C1 can compile ("out of virtual registers"), and a method that C1 gave up on never reaches C2.
/// - Callers do not inline kernels, for the same reason: [dev.dllm.kernels.tier.OutlinedKernels].
/// - Pointer loops that end at an inequality: a counted loop with several offsets is unrolled and spills.
/// - Absolute addresses in one segment whose bounds are constants, so that checks cost next to nothing.
///
/// Knows: the seam and the scalar kernels. Must not know: ops, threads.
@NullMarked
package dev.dllm.kernels.vector;

import org.jspecify.annotations.NullMarked;
