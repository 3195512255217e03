/// Answers that several predictions agree on: of the steps of one generation, or of generations in blocks of several lengths.
///
/// Knows: token ids, answers that the caller reads from them. Must not know: how a generation is decoded.
@NullMarked
package dev.dllm.vote;

import org.jspecify.annotations.NullMarked;
