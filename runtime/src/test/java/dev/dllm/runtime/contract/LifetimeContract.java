package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.CheckedOps;
import dev.dllm.runtime.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// What is closed is not used: an exception, never a crash.
abstract class LifetimeContract extends Contract {

    LifetimeContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void closedMemory() {
        List<Consumer<Ops>> prepared = new ArrayList<>();
        try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, "closed memory")) {
            new OpCalls(operands, weightTypes(), 3, 1).all().forEach(call -> prepared.add(call.on(0, 3)));
        }
        Ops checked = new CheckedOps(backend().ops());
        prepared.forEach(call -> assertThrows(IllegalStateException.class, () -> call.accept(checked)));
    }

    /// Also the ops object that was asked for before.
    @Test
    void closedBackend() {
        for (int threads = 1; threads <= 2; threads++) {
            Backend closed = open(threads);
            Ops ops = closed.ops();
            try (Operands operands = new Operands(closed, Layout.CONTIGUOUS, "closed backend")) {
                List<OpCall> calls = new OpCalls(operands, weightTypes(), 3, 1).all();
                calls.forEach(call -> call.on(0, 3).accept(ops));
                closed.close();
                closed.close();
                for (OpCall call : calls) {
                    assertThrows(IllegalStateException.class, () -> call.on(0, 3).accept(ops), call.name());
                }
            }
        }
    }

    /// The tensors of a backend outlive it: their arena decides.
    @Test
    void memoryOutlivesTheBackend() {
        Backend first = open(1);
        try (Operands operands = new Operands(first, Layout.CONTIGUOUS, "after its backend")) {
            List<OpCall> calls = new OpCalls(operands, weightTypes(), 3, 1).all();
            first.close();
            calls.forEach(call -> call.on(0, 3).accept(subject()));
        }
    }
}
