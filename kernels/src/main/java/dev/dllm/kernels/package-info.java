/// The CPU backend: each op of [dev.dllm.runtime.Ops] is cut into work items that a fixed team of threads takes, and a
/// work item is a few calls of [dev.dllm.kernels.tier.Kernels].
///
/// Knows: how an op is tiled, who owns which rows, where scratch memory is. Must not know: vectors, lanes, any
/// arithmetic on bulk data. Operands have been checked when they arrive here; nothing below this package checks again.
@NullMarked
package dev.dllm.kernels;

import org.jspecify.annotations.NullMarked;
