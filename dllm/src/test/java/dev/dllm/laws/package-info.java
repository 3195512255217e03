/// Invariants of decoding, checked on random networks of every family with every cache and every rule. What is multiplied comes from
/// the lists of caches and rules themselves, so that a new one is in the product as soon as it has a name. Settings besides are those of
/// [dev.dllm.laws.Profile], each with what holds for a run with it.
///
/// [dev.dllm.laws.Observer] and [dev.dllm.laws.Table] stand between the denoising loop and the network and check every call of every
/// run here. Equality is exact: a row has the same bits whatever is computed beside it. It is not asserted for deep networks with a
/// partial refresh, where caches are approximations; a test sees to it that they are.
///
/// | invariant | where |
/// |---|---|
/// | J1 a refresh at every call, J2 one layer, J3 and J4 few calls, J10 block-causal caches | [dev.dllm.laws.ExactCacheLawsTest] |
/// | J5, J6 thresholds out of reach, J7 one block, J8 drafts, J12 seeds | [dev.dllm.laws.RuleLawsTest] |
/// | J18, J19 editing, J22 infilling | [dev.dllm.laws.RuleLawsTest] |
/// | J25 shadows, J26 exits, J27 progress of Saber, J29 order of rows | [dev.dllm.laws.RuleLawsTest] |
/// | J11 positions computed | [dev.dllm.laws.Observer]; by hand in `dev.dllm.decode`, `LayerCachesTest` |
/// | J20 given text and where it stands | [dev.dllm.laws.Observer]; by hand in `dev.dllm.decode` |
/// | no row sees what was never computed, or what the pattern hides | [dev.dllm.laws.Table] |
/// | J21 commits, J30 number of calls and masks left | [dev.dllm.laws.Bounds]; quotas by hand in `QuotaTest` |
/// | J28 batches and memory used before | [dev.dllm.laws.ProductLawsTest] |
/// | what does not go together, and nothing else | [dev.dllm.laws.Refusal] |
/// | J23 logits used again: the same run | [dev.dllm.laws.Profile]; number of calls in `ReusedLogitsTest` |
/// | J14 ends of texts: repetition | [dev.dllm.laws.Profile]; by hand in `StopRuleTest` |
/// | choices of texts | [dev.dllm.laws.Profile]; by hand in `OneOfTest` |
/// | J9 guided | `VerifiedTest` |
/// | J12 samples | `ProposeContract` of the runtime |
/// | J13 likelihoods | `ScorerTest` |
/// | J15 DAEDAL | `DaedalTest` |
/// | J24 votes | `VoteTest` |
/// | J16 σ = 0, shares | `AncestralTest`; other processes (J16, J31), grammars (J17) not here |
@NullMarked
package dev.dllm.laws;

import org.jspecify.annotations.NullMarked;
