/// Tensors, memory and the op vocabulary.
///
/// Knows: element types, matrix views, lifetimes, what each op computes and how operands must fit together.
/// Must not know: any backend by name, any model, any decoding method. Everything that crosses from here to a backend is
/// in [dev.dllm.runtime.Ops] and [dev.dllm.runtime.Backend].
@NullMarked
package dev.dllm.runtime;

import org.jspecify.annotations.NullMarked;
