package dev.dllm.runtime.contract;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.ExpertWeights;
import dev.dllm.runtime.Weight;
import dev.dllm.runtime.contract.Operands.WeightPair;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// Random experts on both sides.
record ExpertsCase(ExpertWeights reference, ExpertWeights subject) {

    /// Experts `[m, h]` and `[h, m]`; `type` gives the type of the matrices of each expert.
    static ExpertsCase of(
            Operands operands, int count, int h, int m, IntFunction<DType> type, boolean scaled, boolean packed) {
        List<WeightPair> gate = new ArrayList<>();
        List<WeightPair> up = new ArrayList<>();
        List<WeightPair> down = new ArrayList<>();
        for (int e = 0; e < count; e++) {
            gate.add(weight(operands, type.apply(e), m, h, scaled, packed));
            up.add(weight(operands, type.apply(e), m, h, scaled, packed));
            down.add(weight(operands, type.apply(e), h, m, scaled, packed));
        }
        return new ExpertsCase(
                new ExpertWeights(references(gate), references(up), references(down)),
                new ExpertWeights(subjects(gate), subjects(up), subjects(down)));
    }

    /// Small enough that the numbers inside an expert stay near 1: bytes count for up to 128.
    private static WeightPair weight(
            Operands operands, DType dtype, int n, int k, boolean scaled, boolean packed) {
        Operand values = operands.source(dtype, n, k);
        Operand scales = scaled || dtype == DType.I8
                ? operands.source(DType.F32, 1, n, (_, _) -> operands.uniform() / (dtype == DType.I8 ? 128 : 1))
                : null;
        return operands.weight(values, scales, packed);
    }

    private static List<Weight> references(List<WeightPair> pairs) {
        return pairs.stream().map(WeightPair::reference).toList();
    }

    private static List<Weight> subjects(List<WeightPair> pairs) {
        return pairs.stream().map(WeightPair::subject).toList();
    }
}
