/// Reading and listing values that are chosen by a name with arguments, such as `threshold:0.9,1`.
///
/// Knows: text. Must not know: what is chosen.
@NullMarked
package dev.dllm.choice;

import org.jspecify.annotations.NullMarked;
