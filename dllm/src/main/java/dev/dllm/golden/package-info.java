/// Golden sets: outputs of the authors' own implementations, and the comparison of ours with them.
///
/// Knows: the format of a set, how its methods and parameters map to our settings, what is compared and how closely. Must
/// not know: how anything is computed; it only calls the library.
@NullMarked
package dev.dllm.golden;

import org.jspecify.annotations.NullMarked;
