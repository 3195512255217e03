/// What a backend owes, as tests that every backend's own tests extend: [dev.dllm.runtime.contract.OpsContract], measured
/// against [dev.dllm.runtime.contract.ReferenceOps].
///
/// Knows: the Javadoc of [dev.dllm.runtime.Ops] and [dev.dllm.runtime.Backend], and JUnit.
/// Must not know: any backend but the reference, any lane width or tile, any model. Operands reach a backend through its
/// own `allocate`, `write` and `download` only, so that the same tests run on a device.
@NullMarked
package dev.dllm.runtime.contract;

import org.jspecify.annotations.NullMarked;
