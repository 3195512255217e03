/// Chat templates: an interpreter for the part of the Jinja template language that published models use.
///
/// Text comes out as jinja2 3.1 makes it in the environment that `huggingface/transformers` sets up: `trim_blocks`
/// and `lstrip_blocks`, loop controls, no escaping, its own `tojson`. Values are of a closed set with the semantics
/// of Python; no Java object can be reached from a template. Templates come with downloaded models, so that work,
/// output and nesting are limited.
///
/// Knows: templates, Python's values and their text. Must not know: tokens, models, files.
@NullMarked
package dev.dllm.tokenizer.chat;

import org.jspecify.annotations.NullMarked;
