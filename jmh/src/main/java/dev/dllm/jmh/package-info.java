/// Benchmarks of single ops, each named after the op it measures.
///
/// Knows: [dev.dllm.runtime.Ops], backends by the name that a parameter gives, JMH.
/// Must not know: how a backend works, what a model is. What a benchmark computes is compared with the reference in a
/// test, so that no figure is the speed of something else.
@NullMarked
package dev.dllm.jmh;

import org.jspecify.annotations.NullMarked;
