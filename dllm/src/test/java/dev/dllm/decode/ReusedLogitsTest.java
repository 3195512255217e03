package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cache.CachePolicies;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.KvCache;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Workspace;
import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReusedLogitsTest {
    private static final int[] PROMPT = {1, 2};
    /// Surer of positions further right.
    private static final ScriptedNetwork.Script SCRIPT = (_, _, position) -> new Answer(3 + position, 0.3 + 0.05 * position);

    private static DecodeSettings reusing(DecodeSettings settings) {
        return settings.withReuseLogits(true);
    }

    /// Of 4 masks, Dream's clock with 4 steps releases trunc(4 · 0.24975) = 0, trunc(4 · 0.333) = 1, trunc(3 · 0.499) = 1 and
    /// then the 2 that are left: the second step finds the canvas as the first one left it.
    @Test
    void aStepThatFollowsOneWithoutCommitsCostsNoCall() {
        DecodeSettings settings = Scripted.bidirectional(4).withUnmasking(new Schedule(Quota.TIMESTEPS));

        Scripted.Run plain = Scripted.run(PROMPT, settings, SCRIPT);
        Scripted.Run reused = Scripted.run(PROMPT, reusing(settings), SCRIPT);

        assertEquals(List.of("", "5=8", "4=7", "2=5 3=6"), plain.changes());
        assertEquals(plain.changes(), reused.changes());
        assertEquals(List.of("[0..6) for [2, 3, 4, 5]", "[0..6) for [2, 3, 4]", "[0..6) for [2, 3]"), reused.calls());
        assertEquals(3, reused.decoding().calls());
        assertEquals(3 * 6, reused.decoding().positionsComputed());
    }

    /// Each token's step is uniform among the n; a call is needed in every step that commits any: n(1 − (1 − 1/n)^l).
    @Test
    void ancestralSamplingNeedsAsManyCallsAsStepsThatCommit() {
        int steps = 8;
        int tokens = 6;
        int runs = 400;
        int calls = 0;
        DecodeSettings settings = Scripted.bidirectional(tokens)
                .withUnmasking(new RandomUnmasking())
                .withSteps(steps)
                .withSampling(Sampling.greedy().withTemperature(1));
        for (int seed = 0; seed < runs; seed++) {
            Scripted.Run reused = Scripted.run(PROMPT, reusing(settings.withSeed(seed)), SCRIPT);
            assertEquals(Scripted.run(PROMPT, settings.withSeed(seed), SCRIPT).changes(), reused.changes());
            assertEquals(reused.changes().stream().filter(change -> !change.isEmpty()).count(), reused.decoding().calls());
            calls += reused.decoding().calls();
        }
        assertEquals(steps * (1 - Math.pow(1 - 1.0 / steps, tokens)), (double) calls / runs, 0.15);
    }

    /// Hooks, guidance and drawing change the logits that they are given; what is kept is as the network said it.
    @Test
    void whatIsKeptIsWhatTheNetworkSaid() {
        DecodeSettings settings = Scripted.bidirectional(5)
                .withUnmasking(new RandomUnmasking())
                .withSteps(12)
                .withHooks(new Credit(0.7f, 0.2f, 0.8f))
                .withGuidance(2)
                .withSampling(Sampling.greedy().withTemperature(1));
        ScriptedNetwork.Script script = (_, tokens, position) -> new Answer(3 + position, tokens[0] == Scripted.MASK ? 0.2 : 0.4);

        Scripted.Run plain = Scripted.run(PROMPT, settings, script);
        Scripted.Run reused = Scripted.run(PROMPT, reusing(settings), script);

        assertEquals(plain.changes(), reused.changes());
        assertTrue(reused.decoding().calls() < plain.decoding().calls());
    }

    /// A rule that ranks all positions anew asks for the same ones at every step, whatever they hold. Step 5 leaves 6 · (1 − 5/6)
    /// masks, which in doubles is a little less than 1.
    @Test
    void aCanvasThatHasChangedIsAskedAbout() {
        DecodeSettings settings = Scripted.bidirectional(6).withUnmasking(UnmaskingRules.parse("path-planning"));
        ScriptedNetwork.Script script = (_, tokens, position) ->
                new Answer((int) Arrays.stream(tokens).filter(token -> token == Scripted.MASK).count(), 0.3 + 0.05 * position);

        Scripted.Run reused = Scripted.run(PROMPT, reusing(settings), script);

        assertEquals(List.of("7=6", "6=5", "5=4", "4=3", "2=2 3=2"), reused.changes());
        assertEquals(5, reused.decoding().calls());
    }

    /// The network's own memory is overwritten by the calls of others.
    @Test
    void othersInTheBatchGoOnMeanwhile() {
        DecodeSettings hurried = Scripted.bidirectional(4).withUnmasking(new Schedule());
        DecodeSettings settings = reusing(Scripted.bidirectional(4).withUnmasking(new RandomUnmasking()).withSteps(9)).withSeed(5);
        ScriptedNetwork network = new ScriptedNetwork(Scripted.VOCABULARY, SCRIPT);
        try (Backend backend = new ReferenceBackend();
                Workspace workspace = new Workspace(backend);
                KvCache first = new KvCache(backend, Scripted.SPEC.transformer());
                KvCache second = new KvCache(backend, Scripted.SPEC.transformer());
                Decoding other = new Decoding(new int[] {1}, hurried, Scripted.SPEC, List.of(first));
                Decoding own = new Decoding(PROMPT, settings, Scripted.SPEC, List.of(second))) {
            new Denoiser(network, backend).run(List.of(other, own), workspace, new Trace(), () -> false);

            Scripted.Run alone = Scripted.run(PROMPT, settings, SCRIPT);
            assertArrayEquals(alone.output(), own.output());
            assertEquals(alone.decoding().calls(), own.calls());
        }
    }

    /// Blocks of 4 from the start of the sequence; the steps of each release 0, 1, 1 and 2 tokens.
    @Test
    void exactCachesKeepTheirCount() {
        DecodeSettings settings = Scripted.settings().withUnmasking(new Schedule(Quota.TIMESTEPS)).withCache(CachePolicies.parse("block"));

        Scripted.Run reused = Scripted.run(new int[] {1, 2, 3, 4}, reusing(settings), SCRIPT);

        assertEquals(Scripted.run(new int[] {1, 2, 3, 4}, settings, SCRIPT).changes(), reused.changes());
        assertEquals(2 * 3, reused.decoding().calls());
    }

    @Test
    void otherCachesAreRefused() {
        DecodeSettings settings = reusing(Scripted.bidirectional(4)).withCache(CachePolicies.parse("dkv"));

        String message = assertThrows(IllegalArgumentException.class, () -> Scripted.run(PROMPT, settings, SCRIPT)).getMessage();

        assertTrue(message.contains("accepted here: none, block"), message);
    }
}
