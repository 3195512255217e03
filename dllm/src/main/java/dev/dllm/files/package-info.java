/// What went wrong with a file, in words.
///
/// Knows: exceptions of the file system. Must not know: what is read or written.
@NullMarked
package dev.dllm.files;

import org.jspecify.annotations.NullMarked;
