package dev.dllm.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Operands that take turns and together do not fit a cache: in a forward pass the weights of a layer have been pushed
/// out by those of all other layers when it is their turn again.
final class Ring<T> {
    private final List<T> members = new ArrayList<>();
    private int next;

    Ring(int count, Supplier<T> member) {
        for (int i = 0; i < count; i++) {
            members.add(member.get());
        }
    }

    /// As many members of `bytes` each as fill `mebibytes`, at least one.
    static <T> Ring<T> filling(int mebibytes, long bytes, Supplier<T> member) {
        long count = Math.ceilDiv(mebibytes * (1L << 20), bytes);
        return new Ring<>(Math.toIntExact(Math.max(1, count)), member);
    }

    T next() {
        next = next + 1 == members.size() ? 0 : next + 1;
        return members.get(next);
    }
}
