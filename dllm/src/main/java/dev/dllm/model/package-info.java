/// The one transformer forward and how a checkpoint becomes its configuration and weights.
///
/// Knows: configurations, weights, which keys a row may see, the forward pass in terms of [dev.dllm.runtime.Ops]. Must not
/// know: which positions a method computes or commits, cache policies by name, any backend. What a family's files look like
/// is the business of one file each in `dev.dllm.model.family`.
@NullMarked
package dev.dllm.model;

import org.jspecify.annotations.NullMarked;
