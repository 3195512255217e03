/// The forward pass a second time: scalar, in double precision, over plain arrays, written from the models' descriptions
/// alone. It shares no code with the runtime, so that a mistake would have to be made twice, and it is itself compared with
/// the goldens.
///
/// [dev.dllm.reference.Family] writes tiny random checkpoints as the authors publish them; a new family is a line there.
@NullMarked
package dev.dllm.reference;

import org.jspecify.annotations.NullMarked;
