/// The seam between ops and arithmetic: [dev.dllm.kernels.tier.Kernels], and the memory that kernels see.
///
/// Knows: what each kernel computes, to the bit. Must not know: ops, threads, vectors.
@NullMarked
package dev.dllm.kernels.tier;

import org.jspecify.annotations.NullMarked;
