package dev.dllm.tokenizer;

/// A piece of text on its way through the pre-tokenizer.
///
/// @param text  not empty, in the form that the stages so far have given it
/// @param first whether it stands at the very start of the input
record Word(String text, boolean first) {}
