package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// `linear` against the reference.
abstract class LinearContract extends Contract {

    LinearContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void everyShapeTypeAndForm() {
        for (DType dtype : weightTypes()) {
            for (Product product : Product.all(dtype)) {
                Product.Run run = product.on(backend());
                try (Operands operands = run.operands()) {
                    run.reference(reference);
                    run.subject(subject());
                    operands.verify(Tolerance.sum(product.k()));
                }
            }
        }
    }
}
