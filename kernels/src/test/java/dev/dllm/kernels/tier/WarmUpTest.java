package dev.dllm.kernels.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.dllm.kernels.scalar.ScalarKernels;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarmUpTest {
    private final Kernels fast = new ScalarKernels(12);
    private final Kernels slow = (Kernels) Proxy.newProxyInstance(
            Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (_, method, arguments) -> {
                Thread.sleep(1);
                return method.invoke(fast, arguments);
            });
    private final BlockingQueue<Primitive> won = new LinkedBlockingQueue<>();

    @Test
    void theFasterTierWins() throws InterruptedException {
        WarmUp warmUp = new WarmUp(slow, fast, won::add);
        for (Primitive primitive : new Primitive[] {Primitive.SWIGLU, Primitive.F32_TWO}) {
            warmUp.request(primitive);
            assertEquals(primitive, won.poll(40, TimeUnit.SECONDS));
        }
    }

    @Test
    void theSlowerTierDoesNot() throws InterruptedException {
        new WarmUp(fast, slow, won::add).request(Primitive.ADD);
        assertNull(won.poll(3, TimeUnit.SECONDS));
    }
}
