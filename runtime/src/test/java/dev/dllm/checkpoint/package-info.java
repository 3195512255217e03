/// Tests of checkpoint files, and a writer that makes small ones for tests elsewhere.
@NullMarked
package dev.dllm.checkpoint;

import org.jspecify.annotations.NullMarked;
