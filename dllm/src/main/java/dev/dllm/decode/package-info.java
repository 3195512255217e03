/// The denoising loop and its parts: the canvas, block schedules, pacing, unmasking rules, stop rules.
///
/// Rules are immutable values; what they must remember sits in the state they start, one per sequence. A step's result is
/// always a set of edits.
///
/// Knows: tokens, proposals, spans; `Proposer` alone calls `propose`, and what needs more reads rows through
/// [dev.dllm.decode.LogitRows]. Must not know: how a forward is computed, any backend by name, text.
@NullMarked
package dev.dllm.decode;

import org.jspecify.annotations.NullMarked;
