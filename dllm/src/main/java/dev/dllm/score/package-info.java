/// How likely a model finds a text that is there already: likelihood of answers, multiple choice, perplexity.
///
/// Start at [dev.dllm.score.Scorer]. An estimator says which masked copies of a text the network sees and how much each of
/// them counts; the scorer runs them, whatever the model's attention.
///
/// Knows: masked tokens, log-probabilities, one network call per batch of copies. Must not know: how a forward is computed,
/// any model family, command lines.
@NullMarked
package dev.dllm.score;

import org.jspecify.annotations.NullMarked;
