/// Checkpoint files as named, read-only tensors.
///
/// Knows: file formats, how a file is mapped, everything that can be wrong with one. Must not know: which model a file
/// belongs to, or what its tensor names mean.
@NullMarked
package dev.dllm.checkpoint;

import org.jspecify.annotations.NullMarked;
