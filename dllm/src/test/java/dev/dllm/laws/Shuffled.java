package dev.dllm.laws;

import dev.dllm.model.ForwardPlan;
import dev.dllm.model.Network;
import dev.dllm.model.SequenceForward;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// A network that is asked for the rows of every sequence in another order, each with what it sees. For plans that decide nothing
/// layer by layer, and inputs of tokens alone.
record Shuffled(Network network, Random random) implements Network {

    @Override
    public Tensor forward(List<SequenceForward> batch, Workspace workspace) {
        return network.forward(batch.stream().map(this::shuffled).toList(), workspace);
    }

    private SequenceForward shuffled(SequenceForward asked) {
        ForwardPlan plan = asked.plan();
        List<Integer> order = new ArrayList<>(IntStream.range(0, plan.positions().length).boxed().toList());
        Collections.shuffle(order, random);
        List<KeyGroup> groups = new ArrayList<>();
        for (int row = 0; row < order.size(); row++) {
            int old = order.get(row);
            KeyGroup group = plan.groups().stream()
                    .filter(g -> old >= g.firstRow() && old < g.firstRow() + g.rowCount())
                    .findFirst()
                    .orElseThrow();
            groups.add(new KeyGroup(row, 1, 0, group.ranges()));
        }
        return new SequenceForward(
                reordered(asked.tokens(), order), asked.length(),
                new ForwardPlan(
                        reordered(plan.positions(), order), reordered(plan.slots(), order), groups,
                        IntStream.of(plan.logitsRows()).map(order::indexOf).toArray(), plan.control()),
                asked.cache());
    }

    private static int[] reordered(int[] values, List<Integer> order) {
        return order.stream().mapToInt(row -> values[row]).toArray();
    }
}
