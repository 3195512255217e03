/// The library: load a model, open sessions, generate text.
///
/// Start at [dev.dllm.LanguageModel]. Knows how the parts are put together: files, tokenizer, family, backend, denoiser.
/// Must not know: how any of them works inside, terminals, command lines.
@NullMarked
package dev.dllm;

import org.jspecify.annotations.NullMarked;
