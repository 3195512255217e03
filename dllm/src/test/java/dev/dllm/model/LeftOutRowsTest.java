package dev.dllm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Layers that leave rows out: what they then add, and that nobody else can tell.
class LeftOutRowsTest {
    private static final int LENGTH = 9;

    /// Computes what it is told, layer by layer, and remembers how many queries each layer had.
    private static final class Control implements LayerControl {
        final IntFunction<int[]> computed;
        final List<Integer> queries = new ArrayList<>();

        Control(IntFunction<int[]> computed) {
            this.computed = computed;
        }

        @Override
        public boolean leavesRowsOut() {
            return true;
        }

        @Override
        public int[] computed(LayerView view) {
            return computed.apply(view.layer());
        }

        @Override
        public List<KeyGroup> groups(List<KeyGroup> planned, LayerView view) {
            queries.add(view.queries().length);
            return planned;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llada-gqa", "dream", "llada-moe"})
    void aControlThatLeavesNothingOutChangesNoBit(String checkpoint) {
        try (Runs runs = new Runs(checkpoint)) {
            float[][] plain = runs.logits(tokens(1), LayerControl.NONE);
            assertArrayEquals(plain, runs.logits(tokens(1), new Control(_ -> IntStream.range(0, LENGTH).toArray())));
        }
    }

    /// All rows left out: every layer adds what it added before, so the logits are those of before, whatever stands there
    /// now but for the embedding; with the same tokens they are the same.
    @ParameterizedTest
    @ValueSource(strings = {"llada-gqa", "dream", "llada-moe"})
    void rowsThatAreLeftOutAddWhatTheyAddedBefore(String checkpoint) {
        try (Runs runs = new Runs(checkpoint)) {
            float[][] all = runs.logits(tokens(1), new Control(_ -> IntStream.range(0, LENGTH).toArray()));
            assertArrayEquals(all, runs.logits(tokens(1), new Control(_ -> new int[0])));
            assertFalse(Arrays.deepEquals(all, runs.logits(tokens(2), new Control(_ -> new int[0]))));
        }
    }

    /// A changed token whose rows alone are computed: its neighbours' logits stay, its own change. With the neighbours
    /// computed too, everything is new.
    @ParameterizedTest
    @ValueSource(strings = {"llada-gqa", "dream", "llada-moe"})
    void onlyComputedRowsSeeAChange(String checkpoint) {
        try (Runs runs = new Runs(checkpoint)) {
            float[][] before = runs.logits(tokens(1), new Control(_ -> IntStream.range(0, LENGTH).toArray()));
            int[] changed = tokens(1);
            changed[4] = (changed[4] + 1) % 100;
            Control some = new Control(_ -> new int[] {4, 6});
            float[][] after = runs.logits(changed, some);
            for (int row = 0; row < LENGTH; row++) {
                assertEquals(row != 4 && row != 6, Arrays.equals(before[row], after[row]), "row " + row);
            }
            assertEquals(List.of(2, 2), some.queries.subList(0, 2));
            float[][] everything = runs.logits(changed, new Control(_ -> IntStream.range(0, LENGTH).toArray()));
            assertArrayEquals(runs.logits(changed, LayerControl.NONE), everything);
        }
    }

    /// In a batch a plain sequence has the bits that it has alone, and so has the one that leaves rows out.
    @ParameterizedTest
    @ValueSource(strings = {"llada-gqa", "llada-moe"})
    void batchesAreNotMixedUp(String checkpoint) {
        try (Runs runs = new Runs(checkpoint); Runs others = new Runs(runs)) {
            float[][] plain = others.logits(tokens(3), LayerControl.NONE);
            runs.logits(tokens(1), new Control(_ -> IntStream.range(0, LENGTH).toArray()));
            IntFunction<int[]> part = layer -> layer == 0 ? new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8} : new int[] {2, 8};
            float[][] alone = runs.logits(tokens(2), new Control(part));
            runs.logits(tokens(1), new Control(_ -> IntStream.range(0, LENGTH).toArray()));
            float[][] together = runs.forward(
                    others.sequence(tokens(3), LayerControl.NONE), runs.sequence(tokens(2), new Control(part)),
                    others.sequence(tokens(3), LayerControl.NONE));
            assertArrayEquals(
                    Stream.of(plain, alone, plain).flatMap(Arrays::stream).toArray(float[][]::new), together);
        }
    }

    private static int[] tokens(int seed) {
        return IntStream.range(0, LENGTH).map(i -> (i * i * seed + 7 * seed) % 100).toArray();
    }

    /// A model and the memory of one sequence.
    private static final class Runs implements AutoCloseable {
        private final LanguageModel model;
        private final boolean owner;
        private final Workspace workspace;
        private final KvCache cache;

        Runs(String checkpoint) {
            this(LanguageModel.load(
                    Path.of("goldens/checkpoints", checkpoint), LoadOptions.defaults().withMaskId(OptionalInt.of(3))), true);
        }

        Runs(Runs other) {
            this(other.model, false);
        }

        private Runs(LanguageModel model, boolean owner) {
            this.model = model;
            this.owner = owner;
            workspace = new Workspace(model.backend());
            cache = new KvCache(model.backend(), model.spec().transformer());
            cache.require(LENGTH);
            cache.requireOutputs();
        }

        SequenceForward sequence(int[] tokens, LayerControl control) {
            ForwardPlan plan = ForwardPlan.range(0, LENGTH, _ -> LENGTH)
                    .withLogitsRows(IntStream.range(0, LENGTH).toArray())
                    .withControl(control);
            return new SequenceForward(tokens, LENGTH, plan, cache);
        }

        float[][] logits(int[] tokens, LayerControl control) {
            return forward(sequence(tokens, control));
        }

        float[][] forward(SequenceForward... batch) {
            Tensor logits = model.transformer().forward(List.of(batch), workspace);
            return model.backend().rows(logits);
        }

        @Override
        public void close() {
            cache.close();
            workspace.close();
            if (owner) {
                model.close();
            }
        }
    }
}
