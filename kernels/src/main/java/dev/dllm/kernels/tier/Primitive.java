package dev.dllm.kernels.tier;

import dev.dllm.runtime.DType;

/// The kernels that are compiled one by one, each with a small piece of work that takes the branches of real work.
enum Primitive {
    F32_ONE,
    F32_TWO,
    F32_FOUR,
    BF16_ONE,
    BF16_TWO,
    BF16_FOUR,
    I8_ONE,
    I8_TWO,
    I8_FOUR,
    TRANSPOSE,
    WIDEN_HALVES,
    ADD,
    GUIDE,
    MULTIPLY,
    SCALE,
    ADD_SCALED,
    SWIGLU,
    SUM_SQUARES,
    ADD_SUM_SQUARES,
    NORMALIZE,
    ROTATE,
    MAX,
    INDEX_OF,
    EXP_SUM,
    EXP_SUMS;

    /// Bytes of memory, zeroed at first, that a piece of work uses.
    static final long SCRATCH_BYTES = 64 << 10;

    /// Whole vectors and a rest.
    private static final int COUNT = 1000;
    private static final int WORDS = 32;
    private static final long MIDDLE = COUNT / 2;
    private static final long ROW_BYTES = 256;
    private static final long SECOND_HALF = SCRATCH_BYTES / 2;

    /// Does the piece of work once, on [#SCRATCH_BYTES] from `x`.
    void exercise(Kernels kernels, long x) {
        long y = x + SECOND_HALF;
        switch (this) {
            case F32_ONE -> kernels.product(DType.F32, 1, x, ROW_BYTES, x, y, WORDS);
            case F32_TWO -> kernels.product(DType.F32, 2, x, ROW_BYTES, x, y, WORDS);
            case F32_FOUR -> kernels.product(DType.F32, 4, x, ROW_BYTES, x, y, WORDS);
            case BF16_ONE -> kernels.product(DType.BF16, 1, x, ROW_BYTES, x, y, WORDS);
            case BF16_TWO -> kernels.product(DType.BF16, 2, x, ROW_BYTES, x, y, WORDS);
            case BF16_FOUR -> kernels.product(DType.BF16, 4, x, ROW_BYTES, x, y, WORDS);
            case I8_ONE -> kernels.product(DType.I8, 1, x, ROW_BYTES, x, y, WORDS);
            case I8_TWO -> kernels.product(DType.I8, 2, x, ROW_BYTES, x, y, WORDS);
            case I8_FOUR -> kernels.product(DType.I8, 4, x, ROW_BYTES, x, y, WORDS);
            case TRANSPOSE -> kernels.transpose(
                    y, kernels.panelRows(), x, ROW_BYTES, kernels.panelRows() - 1, WORDS + 1, x + SECOND_HALF / 2);
            case WIDEN_HALVES -> kernels.widenHalves(y, x, WORDS);
            case ADD -> kernels.add(x, x, x, COUNT);
            case GUIDE -> kernels.guide(x, x, y, 0.5f, COUNT);
            case MULTIPLY -> kernels.multiply(x, x, x, COUNT);
            case SCALE -> kernels.scale(x, 0.5f, COUNT);
            case ADD_SCALED -> kernels.addScaled(x, 0.5f, x, COUNT);
            case SWIGLU -> kernels.swiglu(x, x, x, COUNT, y);
            case SUM_SQUARES -> kernels.sumSquares(x, COUNT, y);
            case ADD_SUM_SQUARES -> kernels.addSumSquares(x, x, COUNT, y);
            case NORMALIZE -> kernels.normalize(x, x, 0.5f, x, COUNT);
            case ROTATE -> kernels.rotate(x, x, x, COUNT / 2);
            case MAX -> kernels.max(x, COUNT);
            case INDEX_OF -> {
                Native.f32(x + MIDDLE * 4, 1);
                kernels.indexOf(x, COUNT, 1);
            }
            case EXP_SUM -> kernels.expSum(x, COUNT, 1, y);
            case EXP_SUMS -> kernels.expSums(x, COUNT, 1, 1, y, y + SECOND_HALF / 2);
        }
    }

    /// The inner product of this kind.
    static Primitive product(DType storage, int rows) {
        return switch (storage) {
            case F32 -> rows == 1 ? F32_ONE : rows == 2 ? F32_TWO : F32_FOUR;
            case BF16 -> rows == 1 ? BF16_ONE : rows == 2 ? BF16_TWO : BF16_FOUR;
            case I8 -> rows == 1 ? I8_ONE : rows == 2 ? I8_TWO : I8_FOUR;
            default -> throw new AssertionError(storage);
        };
    }
}
