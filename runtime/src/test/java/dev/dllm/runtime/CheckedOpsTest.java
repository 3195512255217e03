package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.LegalCalls.TestMemory;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// What the decorator owes for every op alike: it forwards, and nothing that is closed or read-only passes.
class CheckedOpsTest {
    private final List<String> forwarded = new ArrayList<>();
    private final CheckedOps ops = new CheckedOps((Ops) Proxy.newProxyInstance(
            Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, (_, method, _) -> {
                forwarded.add(method.getName());
                return null;
            }));

    /// A default method that is not overridden would be taken apart without anyone noticing.
    @Test
    void overridesEveryMethod() {
        for (Method method : Ops.class.getMethods()) {
            assertDoesNotThrow(() -> CheckedOps.class.getDeclaredMethod(method.getName(), method.getParameterTypes()));
            assertTrue(LegalCalls.all().containsKey(method.getName()), "no call of " + method.getName());
        }
        for (Method method : Backend.class.getMethods()) {
            assertDoesNotThrow(
                    () -> CheckedBackend.class.getDeclaredMethod(method.getName(), method.getParameterTypes()));
        }
    }

    @Test
    void forwardsToTheSameMethod() {
        LegalCalls.all().forEach((name, call) -> {
            for (int rows : new int[] {3, 1, 0}) {
                forwarded.clear();
                call.apply(TestMemory.plain(), rows).accept(ops);
                assertEquals(List.of(name), forwarded);
            }
        });
    }

    @Test
    void closedMemory() {
        LegalCalls.all().forEach((name, call) -> {
            int tensors = count(call);
            for (int i = 0; i < tensors; i++) {
                TestMemory memory = TestMemory.plain();
                Consumer<Ops> prepared = call.apply(memory, 3);
                memory.close(i);
                IllegalStateException failure =
                        assertThrows(IllegalStateException.class, () -> prepared.accept(ops), name + ", tensor " + i);
                assertTrue(failure.getMessage().startsWith(name + ": the memory of "), failure.getMessage());
                assertTrue(failure.getMessage().endsWith(" has been closed"), failure.getMessage());
            }
        });
        assertEquals(List.of(), forwarded);
    }

    /// Sources may be read-only, as mapped checkpoints are; destinations may not.
    @Test
    void readOnlyMemory() {
        UnaryOperator<MemorySegment> readOnly = MemorySegment::asReadOnly;
        LegalCalls.all().forEach((name, call) -> {
            int tensors = count(call);
            for (int i = 0; i < tensors; i++) {
                TestMemory memory = new TestMemory(i, readOnly);
                Consumer<Ops> prepared = call.apply(memory, 3);
                if (memory.isWritten(i)) {
                    String message = assertThrows(ShapeException.class, () -> prepared.accept(ops)).getMessage();
                    assertTrue(message.startsWith(name + ": the destination ")
                            && message.endsWith(" is read-only memory"), message);
                } else {
                    prepared.accept(ops);
                }
            }
        });
    }

    private static int count(LegalCalls.Call call) {
        TestMemory memory = TestMemory.plain();
        call.apply(memory, 3);
        return memory.count();
    }
}
