/// Model families: how their files become a configuration, weights and decoding presets. One file per family and its line in
/// [dev.dllm.model.family.Families].
///
/// Knows: config keys, tensor names, published settings. Must not know: how a forward or a denoising step is computed.
@NullMarked
package dev.dllm.model.family;

import org.jspecify.annotations.NullMarked;
