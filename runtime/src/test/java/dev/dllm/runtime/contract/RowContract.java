package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.Ops;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The law behind lossless caching and batching: the bits of a row depend on that row alone, not on the rows beside it,
/// the number of threads or the way the rows are grouped.
abstract class RowContract extends Contract {

    RowContract(IntFunction<Backend> open) {
        super(open);
    }

    /// A new op without a call here would escape every law.
    @Test
    void everyOpIsCalled() {
        try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, "calls")) {
            Set<String> called = calls(operands, 3, 1).stream().map(OpCall::method).collect(Collectors.toSet());
            Set<String> ops = Arrays.stream(Ops.class.getMethods()).map(Method::getName).collect(Collectors.toSet());
            assertEquals(ops, called);
        }
    }

    @Test
    void rowsAloneAndInPartsHaveTheBitsOfTheBatch() {
        int rows = 14;
        for (Layout layout : Layout.values()) {
            try (Operands operands = new Operands(backend(), layout, "rows alone")) {
                for (OpCall call : calls(operands, rows, 1)) {
                    float[][] batch = run(operands, rows, call, subject(), List.of(0, rows));
                    List<Integer> single = new ArrayList<>();
                    for (int i = 0; i <= rows; i++) {
                        single.add(i);
                    }
                    compare(call.name() + ", single rows, " + operands.label(), batch,
                            run(operands, rows, call, subject(), single));
                    compare(call.name() + ", parts, " + operands.label(), batch,
                            run(operands, rows, call, subject(), List.of(0, 3, 8, rows)));
                }
            }
        }
    }

    @Test
    void twoThreadsHaveTheBitsOfOne() {
        int rows = 37;
        try (Backend two = open(2);
                Operands operands = new Operands(backend(), Layout.COLUMN_SLICE, "threads")) {
            for (OpCall call : calls(operands, rows, 5)) {
                float[][] one = run(operands, rows, call, backend().ops(), List.of(0, rows));
                for (int repeat = 0; repeat < 3; repeat++) {
                    compare(call.name() + ", two threads, " + operands.label(), one,
                            run(operands, rows, call, two.ops(), List.of(0, rows)));
                }
            }
        }
    }

    @Test
    void noRowsChangeNothing() {
        try (Operands operands = new Operands(backend(), Layout.COLUMN_SLICE, "no rows")) {
            for (OpCall call : calls(operands, 3, 1)) {
                operands.restore();
                float[][] before = rows(call, 3);
                call.on(0, 0).accept(subject());
                call.on(3, 3).accept(subject());
                compare(call.name(), before, rows(call, 3));
            }
        }
    }

    /// A row of attention sees its ranges, however many rows share its group and whatever else is in the table.
    @Test
    void groupingOfRowsDoesNotMatter() {
        int[] ranges = {2, 40, 45, 211};
        for (int headDim : new int[] {20, 64}) {
            AttentionCase shape = new AttentionCase(
                    4, 2, headDim, new int[] {230}, List.of(new KeyGroup(0, 13, 0, ranges)));
            try (Operands operands = new Operands(backend(), Layout.COLUMN_SLICE, "grouping " + shape)) {
                AttentionCase.Run run = shape.on(operands, 0.125f);
                run.subject(subject());
                float[][] together = new float[13][];
                Arrays.setAll(together, i -> OpCall.row(List.of(run.out()), i));
                for (int size : new int[] {1, 2, 3, 5}) {
                    List<KeyGroup> groups = new ArrayList<>();
                    for (int first = 0; first < 13; first += size) {
                        groups.add(new KeyGroup(first, Math.min(size, 13 - first), 0, ranges));
                    }
                    operands.restore();
                    run.subject(subject(), groups);
                    float[][] apart = new float[13][];
                    Arrays.setAll(apart, i -> OpCall.row(List.of(run.out()), i));
                    compare(operands.label() + ", groups of " + size, together, apart);
                }
            }
        }
    }

    private List<OpCall> calls(Operands operands, int rows, int size) {
        return new OpCalls(operands, weightTypes(), rows, size).all();
    }

    /// Runs the rows between each two successive bounds as one call.
    private static float[][] run(Operands operands, int rows, OpCall call, Ops ops, List<Integer> bounds) {
        operands.restore();
        for (int i = 1; i < bounds.size(); i++) {
            Consumer<Ops> part = call.on(bounds.get(i - 1), bounds.get(i));
            part.accept(ops);
        }
        return rows(call, rows);
    }

    private static float[][] rows(OpCall call, int rows) {
        float[][] results = new float[rows][];
        Arrays.setAll(results, call::row);
        return results;
    }

    /// Equal to the bit, any NaN being equal to any other.
    private static void compare(String label, float[][] expected, float[][] actual) {
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], actual[i], label + ", row " + i);
        }
    }
}
