/// Tokenizers read from Hugging Face `tokenizer.json` files: text to ids and ids to text.
///
/// Behaviour follows the public Rust library `huggingface/tokenizers`: the stages of a file (added tokens, normalizer,
/// pre-tokenizer, byte-pair encoding, post-processor, decoder) are applied in its order and with its corner cases. What
/// a file asks for and is not implemented here is refused when the file is read.
///
/// Knows: the file formats, Unicode, regular expressions. Must not know: any model, any tensor, any decoding method.
@NullMarked
package dev.dllm.tokenizer;

import org.jspecify.annotations.NullMarked;
