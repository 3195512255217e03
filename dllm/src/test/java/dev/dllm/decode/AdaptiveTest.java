package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.CausalModel;
import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The first model proposes 3, 4, 5 and 6 behind a prompt of 2 tokens, each 18 times as probable as any other token. The second one agrees
/// but for position 4, where it finds token 9 162 times as probable as any other.
class AdaptiveTest {
    private static final int[] PROMPT = {1, 2};

    private static Answer judged(int position) {
        return position == 4 ? GuidedTest.share(9, 0.9) : GuidedTest.share(position + 1, 0.5);
    }

    private static List<String> run(float weight, int lookahead) {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            var network = new ScriptedNetwork(Scripted.VOCABULARY, (call, tokens, position) -> judged(position + 1));
            Unmasking rule = new Adaptive(weight, lookahead).withVerifier(new CausalModel(network, Scripted.SPEC.transformer(), backend));
            Scripted.Run run = Scripted.run(
                    PROMPT, Scripted.bidirectional(4).withUnmasking(rule),
                    (call, tokens, position) -> GuidedTest.share(position + 1, 0.5));
            run.decoding().close();
            return run.changes();
        }
    }

    /// At position 4 the mixture prefers 5 to 9 if weight · ln 18 exceeds (1 − weight) · ln 162: from a weight of 0.6377 on.
    @Test
    void theMixtureDecidesHowFarACallGoes() {
        assertEquals(List.of("2=3 3=4", "4=5 5=6"), run(0, 100));
        assertEquals(List.of("2=3 3=4", "4=5 5=6"), run(0.63f, 100));
        assertEquals(List.of("2=3 3=4 4=5 5=6"), run(0.64f, 100));
    }

    /// The first mask of a call is committed whatever the second model says.
    @Test
    void aCallGoesNoFurtherThanItLooks() {
        assertEquals(List.of("2=3 3=4 4=5", "5=6"), run(0.64f, 3));
        assertEquals(List.of("2=3 3=4", "4=5 5=6"), run(0.63f, 2));
        assertEquals(List.of("2=3", "3=4", "4=5", "5=6"), run(0, 1));
    }
}
