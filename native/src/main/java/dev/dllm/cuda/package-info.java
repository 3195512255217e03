/// The CUDA backend. Kernels (`.cu`) and the Java that launches them live in this module together; the CPU backend in
/// `kernels` is its peer behind the same [dev.dllm.runtime.Backend].
///
/// Knows: the CUDA driver and its libraries, through the generated bindings that nobody else may call; devices,
/// streams, how each op is launched. Must not know: any model, any decoding method, the CPU backend. Nothing here ever
/// computes on the CPU: what cannot run on the device is refused when the backend is opened.
@NullMarked
package dev.dllm.cuda;

import org.jspecify.annotations.NullMarked;
