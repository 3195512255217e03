/// Kernels in plain Java: the fallback, what runs while the vector kernels are still being compiled, and the tails of
/// the vector kernels. Small loops over plain addresses, which the JIT compiles within milliseconds.
///
/// Knows: the seam. Must not know: ops, threads, vectors.
@NullMarked
package dev.dllm.kernels.scalar;

import org.jspecify.annotations.NullMarked;
