/// One answer out of several: what the steps of one generation agree on, or generations in blocks of several lengths; or the
/// generation that a score prefers.
///
/// Knows: requests, their block lengths, steps and seeds, what calls propose, answers that the caller reads from it, likelihoods. Must
/// not know: unmasking rules, caches, how an answer is read.
@NullMarked
package dev.dllm.vote;

import org.jspecify.annotations.NullMarked;
