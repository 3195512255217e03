package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.contract.Operands.WeightPair;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// The bits of `linear` and of the products inside `experts`: one f32 chain per output, whatever the number of rows,
/// the storage form and the number of threads.
abstract class LinearBitsContract extends Contract {

    LinearBitsContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void everyShapeTypeAndForm() {
        for (DType dtype : weightTypes()) {
            Product.all(dtype).forEach(product -> checkChain(product, backend()));
        }
    }

    @Test
    void twoThreads() {
        try (Backend two = open(2)) {
            for (DType dtype : weightTypes()) {
                Product.large(dtype).forEach(product -> checkChain(product, two));
            }
        }
    }

    /// Subnormals, infinities and the largest numbers of each type are weights like any other; each channel holds two
    /// of them, so that the infinities of one do not hide the subnormals of another.
    @Test
    void extremeWeights() {
        for (DType dtype : weightTypes()) {
            float[] values = extremes(dtype);
            for (boolean packed : new boolean[] {false, true}) {
                String label = "linear with extreme " + dtype + (packed ? " packed" : "");
                try (Operands operands = new Operands(backend(), Layout.COLUMN_SLICE, label)) {
                    Operand weights = operands.source(dtype, 29, 21, (n, k) -> values[(n + k % 2) % values.length]);
                    Operand x = operands.source(
                            DType.F32, 5, 21, (_, k) -> k % 4 == 3 ? 0x1p-130f : operands.uniform());
                    WeightPair pair = operands.weight(weights, null, packed);
                    Product.Run run = new Product.Run(operands, operands.destination(5, 29), x, pair, null);
                    run.chain();
                    run.subject(subject());
                    operands.verify(Tolerance.EXACT);
                }
            }
        }
    }

    /// Each value that 8 or 16 bits can hold passes through a product.
    @Test
    void everyHalfAndEveryByte() {
        for (DType dtype : weightTypes().stream().filter(type -> type != DType.F32).toList()) {
            int values = 1 << 8 * dtype.blockBytes();
            for (boolean packed : new boolean[] {false, true}) {
                String label = "every " + dtype + (packed ? " packed" : "");
                try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, label)) {
                    Operand weights = operands.source(dtype, values / 2, 2, (n, k) -> decoded(dtype, 2 * n + k));
                    Operand x = operands.source(DType.F32, 2, 2, (i, k) -> i == k ? 1 : 0);
                    WeightPair pair = operands.weight(weights, null, packed);
                    Product.Run run = new Product.Run(operands, operands.destination(2, values / 2), x, pair, null);
                    run.chain();
                    run.subject(subject());
                    operands.verify(Tolerance.EXACT);
                }
            }
        }
    }

    private void checkChain(Product product, Backend backend) {
        Product.Run run = product.on(backend);
        try (Operands operands = run.operands()) {
            run.chain();
            run.subject(backend.ops());
            operands.verify(Tolerance.EXACT);
        }
    }

    private static float[] extremes(DType dtype) {
        return switch (dtype) {
            case F32 -> new float[] {0, -0f, Float.MIN_VALUE, -Float.MIN_NORMAL, 1, 1e30f, Float.POSITIVE_INFINITY};
            case F16 -> new float[] {0, -0f, 0x1p-24f, -0x1.8p-15f, 0x1p-14f, 65504, Float.NEGATIVE_INFINITY};
            case BF16 -> new float[] {0, -0f, 0x1p-133f, -0x1p-126f, 1, -0x1.fep120f, Float.POSITIVE_INFINITY};
            case I8 -> new float[] {0, -128, 127, 1, -1};
            case I32 -> throw new IllegalArgumentException("no weights");
        };
    }

    /// The value of the bits `code`.
    private static float decoded(DType dtype, int code) {
        return switch (dtype) {
            case F16 -> Float.float16ToFloat((short) code);
            case BF16 -> Float.intBitsToFloat(code << 16);
            case I8 -> (byte) code;
            case F32, I32 -> throw new IllegalArgumentException("no 8 or 16 bits");
        };
    }
}
