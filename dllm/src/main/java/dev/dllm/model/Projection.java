package dev.dllm.model;

import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import org.jspecify.annotations.Nullable;

/// A linear map.
///
/// @param weight `[outputs, inputs]`
/// @param bias   `[1, outputs]` F32; null for none
public record Projection(Weight weight, @Nullable Tensor bias) {}
