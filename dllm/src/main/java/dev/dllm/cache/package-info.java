/// Cache policies: what a call computes and what each computed row sees.
///
/// A policy is an immutable value; what it must remember between calls sits in the state that it starts, one per sequence.
/// Knows: positions, spans, which stored keys are still true, how sure masks are where a policy ranks them. Must not know:
/// tokens, which proposals are committed, how a forward is computed, models by name.
@NullMarked
package dev.dllm.cache;

import org.jspecify.annotations.NullMarked;
