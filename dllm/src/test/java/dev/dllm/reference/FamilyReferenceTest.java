package dev.dllm.reference;

import static dev.dllm.reference.LoadedModel.assertEqualToReference;
import static dev.dllm.reference.LoadedModel.assertVisiblyDifferent;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.dllm.LoadOptions;
import dev.dllm.runtime.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Shapes of the families that no golden has.
class FamilyReferenceTest {

    /// Longer than a block of LLaDA2 and no multiple of one.
    private static final int LENGTH = 41;

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void logitsAreThoseOfTheReference(String name, TinyCheckpoint checkpoint) throws IOException {
        assertEqualToReference(checkpoint, directory, LENGTH);
    }

    static Stream<Arguments> logitsAreThoseOfTheReference() {
        Shape dense = Shapes.dense();
        FeedForward.Experts plain = new FeedForward.Experts(8, 24, 0, Router.softmax(3, false));
        FeedForward.Experts normalized = new FeedForward.Experts(8, 24, 0, Router.softmax(3, true));
        Shape sdar = dense.withQkNorm().withBlock(8);
        return Stream.of(
                llada2("flash", Shapes.llada2Flash()),
                llada2("three dense layers and three shared experts", Shapes.llada2().withLayers(
                        Shapes.layers(3, 40, 2, new FeedForward.Experts(12, 8, 24, Router.grouped(4, 3, 2, 1))))),
                llada2("one group, no shared expert, no dense layer", Shapes.llada2().withLayers(
                        Shapes.layers(0, 0, 2, new FeedForward.Experts(8, 8, 0, Router.grouped(3, 1, 1, 2.5))))),
                llada2("one expert per token, whose gate is not normalised", Shapes.llada2().withLayers(
                        Shapes.layers(1, 72, 2, new FeedForward.Experts(8, 8, 8, Router.grouped(1, 2, 1, 2.5))))),
                llada2("a key head per query head", Shapes.llada2().withHeads(3, 3, 16)),
                Arguments.of("LLaDA2 in BF16", random(Family.LLADA2, Shapes.llada2()).withDType(DType.BF16)),
                Arguments.of("LLaDA2 in F16", random(Family.LLADA2, Shapes.llada2()).withDType(DType.F16)),
                Arguments.of("LLaDA2.2, a short last routing block", random(Family.LLADA22,
                        Shapes.llada2(new FeedForward.Experts(16, 8, 8, Router.perBlock(4, 2.5, 32, 5))))),
                Arguments.of("LLaDA2.2, routing blocks smaller than those of attention, no shared expert",
                        random(Family.LLADA22, Shapes.llada2(
                                new FeedForward.Experts(12, 8, 0, Router.perBlock(2, 1, 4, 3))))),
                Arguments.of("LLaDA with one key head", random(Family.LLADA, dense.withHeads(4, 1, 8))),
                Arguments.of("LLaDA-MoE", random(Family.LLADA_MOE, dense.withQkNorm().withLayers(List.of(plain, plain)))),
                Arguments.of("Dream with 7 query heads per key head", random(Family.DREAM,
                        Shapes.dense(48, 56, 7, 1, 1e6, 2, 72).withQkvBias())),
                Arguments.of("Dream, tied", random(Family.DREAM, dense.withQkvBias().withTiedHead())),
                Arguments.of("SDAR with wide heads", random(Family.SDAR,
                        sdar.withHeads(4, 2, 12).withRotary(Rotary.plain(12, 1e6)))),
                Arguments.of("SDAR, tied", random(Family.SDAR, sdar.withTiedHead())),
                Arguments.of("SDAR-MoE without renormalisation", random(Family.SDAR_MOE,
                        sdar.withLayers(List.of(plain, plain)))),
                Arguments.of("SDAR-MoE with a dense layer between", random(Family.SDAR_MOE,
                        sdar.withLayers(List.of(normalized, new FeedForward.Dense(40), normalized)))
                        .withConfig(Map.of("mlp_only_layers", List.of(1)))),
                Arguments.of("RND1, tied", random(Family.RND1,
                        dense.withQkNorm().withTiedHead().withLayers(List.of(normalized, normalized)))),
                Arguments.of("iLLaDA, untied", random(Family.ILLADA, dense)),
                // A final text is read token by token, whatever the blocks are that it was decoded in.
                Arguments.of("Nemotron", random(Family.NEMOTRON, dense.withBlock(1)).withConfig(Map.of("block_size", 8))),
                Arguments.of("SDLM", random(Family.SDLM, dense.withQkvBias().withBlock(1)).withConfig(Map.of("block_size", 4))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void fusedExpertFilesHoldTheSameModel(String name, TinyCheckpoint checkpoint) throws IOException {
        assertEqualToReference(checkpoint.withFusedExperts(), directory.resolve("fused"), LENGTH);
        int[] tokens = LoadedModel.tokens(checkpoint.shape(), LENGTH);
        for (LoadOptions.Weights weights : List.of(LoadOptions.Weights.PACKED, LoadOptions.Weights.MAPPED)) {
            LoadOptions options = LoadOptions.defaults().withWeights(weights);
            assertArrayEquals(
                    LoadedModel.logits(checkpoint.write(directory.resolve("separate")), options, tokens),
                    LoadedModel.logits(directory.resolve("fused"), options, tokens));
        }
    }

    static Stream<Arguments> fusedExpertFilesHoldTheSameModel() {
        FeedForward.Experts experts = new FeedForward.Experts(6, 20, 0, Router.softmax(2, true));
        Shape sparse = Shapes.dense().withQkNorm().withLayers(List.of(experts, experts));
        FeedForward.Experts plain = new FeedForward.Experts(6, 20, 0, Router.softmax(2, false));
        return Stream.of(
                llada2("with a shared expert", Shapes.llada2()),
                Arguments.of("LLaDA-MoE", random(Family.LLADA_MOE, sparse.withLayers(List.of(plain, plain)))),
                Arguments.of("SDAR-MoE", random(Family.SDAR_MOE, sparse.withBlock(4))),
                Arguments.of("RND1", random(Family.RND1, sparse)));
    }

    /// Otherwise equality would say nothing about them.
    @Test
    void everyTraitOfAShapeShows() {
        FeedForward.Experts experts = new FeedForward.Experts(16, 8, 8, Router.grouped(4, 4, 2, 2.5));
        Shape shape = Shapes.llada2(experts);
        double[][] logits = logits(shape);
        assertVisiblyDifferent(logits, logits(shape.withBlock(0)));
        assertVisiblyDifferent(logits, logits(shape.withRotary(Rotary.plain(16, 10000))));
        assertVisiblyDifferent(logits, logits(shape.withQkvBias()));
        for (Router router : List.of(
                Router.grouped(4, 1, 1, 2.5), Router.grouped(3, 4, 2, 2.5), Router.grouped(4, 4, 2, 2),
                Router.perBlock(4, 2.5, 8, 6), new Router(true, false, 4, 4, 2, true, 2.5, 0, 0),
                new Router(true, true, 4, 4, 2, false, 2.5, 0, 0))) {
            assertVisiblyDifferent(logits, logits(Shapes.llada2(new FeedForward.Experts(16, 8, 8, router))));
        }
    }

    private static double[][] logits(Shape shape) {
        return random(Family.LLADA2, shape).logits(LoadedModel.tokens(shape, LENGTH));
    }

    private static Arguments llada2(String name, Shape shape) {
        return Arguments.of("LLaDA2, " + name, random(Family.LLADA2, shape));
    }

    private static TinyCheckpoint random(Family family, Shape shape) {
        return TinyCheckpoint.random(family, shape, 1);
    }
}
