package dev.dllm.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.LoadOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The cases of the golden set that this version claims to support, each equal.
class GoldenSetTest {
    private static final Path SET = Path.of("goldens");

    /// Cases and how many of them there are.
    private static final Map<String, Integer> SUPPORTED = Map.ofEntries(
            Map.entry("logits/llada2-moe*", 15),
            Map.entry("logits/llada22-moe/*", 9),
            Map.entry("logits/llada-mha/*", 5),
            Map.entry("logits/llada-gqa/*", 5),
            Map.entry("logits/llada-moe/*", 4),
            Map.entry("logits/dream*", 9),
            Map.entry("logits/sdar/*", 10),
            Map.entry("logits/sdar-moe/*", 10),
            Map.entry("logits/fastdllm-v2/*", 8),
            Map.entry("logits/rnd1/*", 4),
            Map.entry("logits/open-dcoder/*", 4),
            Map.entry("logits/a2d-qwen3/*", 8),
            Map.entry("logits/illada/*", 5),
            Map.entry("decode/*/llada2_block*", 11),
            Map.entry("decode/*/llada21_block*", 5),
            Map.entry("decode/*/low_confidence*", 25),
            Map.entry("decode/*/random_remask*", 2),
            Map.entry("decode/*/dream_*", 14),
            Map.entry("decode/*/sdar_*", 24),
            Map.entry("decode/*/fastdllm_v2*", 7),
            Map.entry("decode/*/rnd1*", 6),
            Map.entry("decode/*/opendcoder_*", 6),
            Map.entry("decode/*/a2d_*", 8),
            Map.entry("decode/*/fastdllm-*", 8),
            Map.entry("decode/*/fastdllm_[pdf]*", 38),
            Map.entry("decode/*/fastdllm2_*", 6),
            Map.entry("decode/*/dparallel*", 14),
            Map.entry("decode/*/freecache-*", 7),
            Map.entry("decode/*/dkv_*", 20),
            Map.entry("decode/*/dinfer-itersmooth*", 2),
            Map.entry("decode/*/sparse_dllm*", 8),
            Map.entry("decode/*/dllm_cache*", 9),
            Map.entry("decode/*/d2_vanilla*", 9),
            Map.entry("decode/*/eb_sampler*", 6),
            Map.entry("decode/*/certainty_prior*", 3),
            Map.entry("decode/*/pc_sampler*", 2),
            Map.entry("decode/*/dinfer-[ctvh]*", 20),
            Map.entry("decode/*/dinfer_bd*", 7),
            Map.entry("decode/*/dimple*", 6),
            Map.entry("decode/*/sglang_[lje]*", 10),
            Map.entry("decode/*/vllm_llada2*", 3),
            Map.entry("decode/*/multi_block_entropy*", 3),
            Map.entry("decode/*/d2_prefix*", 2),
            Map.entry("decode/*/d2_dual*", 3),
            Map.entry("decode/*/d2_klass*", 3),
            Map.entry("decode/*/klass*", 11),
            Map.entry("decode/*/saber*", 6),
            Map.entry("decode/*/remdm_*", 7),
            Map.entry("decode/*/conf_sample*", 1),
            Map.entry("decode/*/d2cache*", 9),
            Map.entry("decode/*/d2_dllm_cache*", 2),
            Map.entry("decode/*/prophet*", 9),
            Map.entry("decode/*/sched*", 6),
            Map.entry("decode/*/llada22_edit*", 4),
            Map.entry("decode/*/llada22_indel*", 4),
            Map.entry("decode/*/sglang_insert_delete*", 4),
            Map.entry("decode/*/daedal*", 3),
            Map.entry("decode/*/dreamon*", 5),
            Map.entry("decode/*/wino-*", 7),
            Map.entry("decode/*/freedave-*", 13),
            Map.entry("decode/*/apd-*", 7),
            Map.entry("decode/*/d2f-*", 8),
            Map.entry("decode/*/guided_diffusion-*", 5),
            Map.entry("decode/*/temporal_voting*", 4),
            Map.entry("decode/*/hex*", 4),
            Map.entry("likelihood/*", 9),
            Map.entry("tokenizers/*", 5));

    @TestFactory
    Stream<DynamicTest> supportedCasesAreEqual() {
        List<DynamicTest> tests = new ArrayList<>();
        SUPPORTED.forEach((glob, count) -> {
            try (GoldenRunner runner = new GoldenRunner(SET, List.of(glob), LoadOptions.defaults())) {
                tests.add(DynamicTest.dynamicTest(
                        glob + ": " + count + " cases", () -> assertEquals(count, runner.size())));
                for (int i = 0; i < runner.size(); i++) {
                    CaseResult result = runner.run(i);
                    tests.add(DynamicTest.dynamicTest(
                            result.file(), () -> assertEquals(CaseResult.Outcome.EQUAL, result.outcome(), result.detail())));
                }
            }
        });
        return tests.stream();
    }
}
