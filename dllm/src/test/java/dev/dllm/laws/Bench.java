package dev.dllm.laws;

import dev.dllm.LanguageModel;
import dev.dllm.decode.Decoding;
import dev.dllm.decode.Denoiser;
import dev.dllm.model.KvCache;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.Network;
import dev.dllm.runtime.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Runs requests on one model as a session does, one batch after another in the same memory, under the eyes of an [Observer].
/// Not thread-safe.
final class Bench implements AutoCloseable {
    private final LanguageModel model;
    private final Workspace workspace;
    private final List<KvCache> tables = new ArrayList<>();
    private UnaryOperator<Network> change = UnaryOperator.identity();

    /// @param model closed with the bench
    Bench(LanguageModel model) {
        this.model = model;
        this.workspace = new Workspace(model.backend());
    }

    ModelSpec spec() {
        return model.spec();
    }

    LanguageModel model() {
        return model;
    }

    /// Puts something between the observer and the network.
    void change(UnaryOperator<Network> change) {
        this.change = change;
    }

    Outcome run(Request request) {
        return run(List.of(request)).getFirst();
    }

    /// Denoises a batch.
    List<Outcome> run(List<Request> requests) {
        Observer observer = new Observer(
                change.apply(model.transformer()), model.backend(), model.spec().transformer().layers().size(), model.spec().maskId());
        List<Decoding> decodings = new ArrayList<>();
        List<Integer> masks = new ArrayList<>();
        try {
            int used = 0;
            for (Request request : requests) {
                int end = used + Decoding.tables(request.settings());
                List<KvCache> own = tables(used, end);
                Decoding decoding = decoding(request, own);
                decodings.add(decoding);
                masks.add((int) Observer.list(decoding.wholeCanvas()).stream().filter(id -> id == spec().maskId()).count());
                observer.add(request, decoding, own);
                used = end;
            }
            new Denoiser(observer, model.backend()).run(decodings, workspace, observer, () -> false);
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < decodings.size(); i++) {
                outcomes.add(observer.outcome(i, masks.get(i), decodings.get(i)));
            }
            return outcomes;
        } finally {
            decodings.forEach(Decoding::close);
        }
    }

    /// Makes what a run of the request starts from, and nothing else.
    ///
    /// @throws IllegalArgumentException if the settings do not fit the model or each other
    void requireAccepted(Request request) {
        decoding(request, tables(0, Decoding.tables(request.settings()))).close();
    }

    private Decoding decoding(Request request, List<KvCache> own) {
        return new Decoding(request.prompt(), request.template(), request.settings(), model.spec(), own);
    }

    private List<KvCache> tables(int from, int to) {
        while (tables.size() < to) {
            tables.add(new KvCache(model.backend(), model.spec().transformer()));
        }
        return tables.subList(from, to);
    }

    @Override
    public void close() {
        tables.forEach(KvCache::close);
        workspace.close();
        model.close();
    }
}
