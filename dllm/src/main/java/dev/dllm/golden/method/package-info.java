/// What the parameters of a golden case mean in our settings, in the parity profile; a file per group of references.
///
/// Knows: parameter names, settings. Must not know: how a run is compared.
@NullMarked
package dev.dllm.golden.method;

import org.jspecify.annotations.NullMarked;
