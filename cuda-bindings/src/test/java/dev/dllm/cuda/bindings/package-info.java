/// Tests of the generated code as a whole, without CUDA libraries or a GPU.
@NullMarked
package dev.dllm.cuda.bindings;

import org.jspecify.annotations.NullMarked;
