/// How well and how cheaply a model answers under a decoding setting: accuracy per family of questions, network calls,
/// positions computed, tokens per second.
///
/// Start at [dev.dllm.eval.Evaluation]. It asks the same questions in the same order under every setting, so that reports
/// can be compared with each other.
///
/// Knows: questions, how their answers are checked, counts. Must not know: how anything is generated, terminals, command
/// lines.
@NullMarked
package dev.dllm.eval;

import org.jspecify.annotations.NullMarked;
