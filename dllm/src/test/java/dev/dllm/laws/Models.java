package dev.dllm.laws;

import dev.dllm.LanguageModel;
import dev.dllm.model.CausalModel;
import dev.dllm.model.ModelSpec;
import dev.dllm.reference.Family;
import dev.dllm.reference.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A random model of every family, and a network that verifies for them.
final class Models implements AutoCloseable {
    private final Map<Family, Bench> benches = new EnumMap<>(Family.class);
    private final LanguageModel judge;

    Models(Path directory, int layers) throws IOException {
        for (Family family : Family.values()) {
            benches.put(family, new Bench(TinyModels.load(family, layers, 1, directory)));
        }
        judge = TinyModels.load(Family.LLADA, layers, 2, directory);
    }

    /// The first family of each kind of attention, prediction and routing: what rules and caches can tell apart.
    List<Family> kinds() {
        Map<List<Object>, Family> kinds = new LinkedHashMap<>();
        benches.forEach((family, bench) -> {
            ModelSpec spec = bench.spec();
            kinds.putIfAbsent(
                    List.of(spec.pattern().getClass(), spec.shifted(), spec.transformer().routingBlockLength() > 0,
                            spec.editIds()),
                    family);
        });
        return List.copyOf(kinds.values());
    }

    Bench of(Family family) {
        return benches.get(family);
    }

    /// Any network of the same vocabulary will do, if its rows see nothing behind them.
    CausalModel verifier() {
        return new CausalModel(judge.transformer(), judge.spec().transformer(), judge.backend());
    }

    @Override
    public void close() {
        benches.values().forEach(Bench::close);
        judge.close();
    }
}
