/// Answers that several predictions agree on: of the steps of one generation, or of generations in blocks of several lengths.
///
/// Knows: requests, their block lengths and steps, what calls propose, answers that the caller reads from it. Must not know:
/// unmasking rules, caches, how an answer is read.
@NullMarked
package dev.dllm.vote;

import org.jspecify.annotations.NullMarked;
