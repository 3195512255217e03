package dev.dllm.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.contract.ReferenceOps;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Every benchmark computes what the reference computes from the same operands: a figure is never the speed of
/// something else.
class OpBenchmarkTest {

    @ParameterizedTest
    @MethodSource("benchmarks")
    void computesWhatTheReferenceComputes(Supplier<OpBenchmark> make) {
        OpBenchmark benchmark = make.get();
        OpBenchmark reference = make.get();
        benchmark.open();
        reference.open();
        try {
            reference.ops = new ReferenceOps();
            for (int i = 0; i < 3; i++) {
                benchmark.run();
                reference.run();
            }
            for (int part = 0; part < reference.result().size(); part++) {
                String name = "%s, part %d".formatted(benchmark.getClass().getSimpleName(), part);
                compare(name, reference.result().get(part), benchmark.result().get(part));
            }
        } finally {
            benchmark.close();
            reference.close();
        }
    }

    /// The annotation processor's list, so that a benchmark without a case here fails the build.
    @Test
    void everyBenchmarkIsCompared() {
        Set<String> listed = BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
                .stream()
                .map(entry -> entry.getUserClassQName())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> compared = benchmarks()
                .map(make -> make.get().getClass().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(listed, compared);
    }

    /// Small sizes; every type of weight, both storage forms, more than one member in each ring.
    static Stream<Supplier<OpBenchmark>> benchmarks() {
        List<Supplier<OpBenchmark>> all = new ArrayList<>();
        for (DType dtype : new DType[] {DType.F32, DType.F16, DType.BF16, DType.I8}) {
            for (boolean packed : new boolean[] {true, false}) {
                all.add(() -> linear(dtype, packed));
                all.add(() -> experts(dtype, packed));
            }
        }
        all.add(() -> {
            Attention attention = new Attention();
            attention.rows = 5;
            attention.keys = 70;
            return attention;
        });
        all.add(RmsNorm::new);
        all.add(Rope::new);
        all.add(SwiGlu::new);
        all.add(() -> {
            Guide guide = new Guide();
            guide.vocabulary = 1000;
            return guide;
        });
        for (Route.Form form : Route.Form.values()) {
            all.add(() -> {
                Route route = new Route();
                route.form = form;
                return route;
            });
        }
        for (Propose.Choice choice : Propose.Choice.values()) {
            all.add(() -> {
                Propose propose = new Propose();
                propose.vocabulary = 1000;
                propose.choice = choice;
                return propose;
            });
        }
        all.add(() -> {
            Embed embed = new Embed();
            embed.vocabulary = 100;
            return embed;
        });
        all.add(() -> {
            EmbedExpected embed = new EmbedExpected();
            embed.rows = 5;
            embed.vocabulary = 100;
            embed.hidden = 300;
            return embed;
        });
        return all.stream();
    }

    private static Linear linear(DType dtype, boolean packed) {
        Linear linear = new Linear();
        linear.rows = 5;
        linear.n = 700;
        linear.k = 300;
        linear.dtype = dtype;
        linear.packed = packed;
        linear.coldMib = 2;
        return linear;
    }

    private static Experts experts(DType dtype, boolean packed) {
        Experts experts = new Experts();
        experts.rows = 5;
        experts.experts = 9;
        experts.hidden = 100;
        experts.width = 40;
        experts.dtype = dtype;
        experts.packed = packed;
        experts.coldMib = 1;
        return experts;
    }

    /// Within float32 rounding of the largest element; and it must be worth comparing.
    private static void compare(String name, float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length, name);
        double largest = 0;
        int different = 0;
        for (float value : expected) {
            assertTrue(Float.isFinite(value), name + ": " + value);
            largest = Math.max(largest, Math.abs(value));
            different += value == expected[0] ? 0 : 1;
        }
        assertTrue(different > expected.length / 2, name + ": nearly all results are " + expected[0]);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-5 * largest, name + ", element " + i);
        }
    }
}
