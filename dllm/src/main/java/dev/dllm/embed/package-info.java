/// Texts as vectors: hidden states of a model, pooled.
///
/// Start at [dev.dllm.embed.Embedder]. Knows: passages, hidden states behind the final norm, pooling. Must not know: how a
/// forward is computed, logits, command lines.
@NullMarked
package dev.dllm.embed;

import org.jspecify.annotations.NullMarked;
