package dev.dllm.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.LoadOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The cases of the golden set that this version claims to support, each equal.
class GoldenSetTest {
    private static final Path SET = Path.of("goldens");

    private static final List<String> SUPPORTED = List.of(
            "logits/llada2-moe*", "decode/llada2-moe*/llada2_block*", "decode/llada2-moe*/llada21_block*", "tokenizers/*");

    @TestFactory
    Stream<DynamicTest> supportedCasesAreEqual() {
        List<DynamicTest> tests = new ArrayList<>();
        try (Verifier verifier = new Verifier(SET, SUPPORTED, LoadOptions.defaults())) {
            assertEquals(34, verifier.size());
            for (int i = 0; i < verifier.size(); i++) {
                CaseResult result = verifier.run(i);
                tests.add(DynamicTest.dynamicTest(
                        result.file(), () -> assertEquals(CaseResult.Outcome.EQUAL, result.outcome(), result.detail())));
            }
        }
        return tests.stream();
    }
}
