package dev.dllm;

import dev.dllm.decode.Candidates;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.Decoding;
import dev.dllm.decode.Denoiser;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Edits;
import dev.dllm.decode.Trace;
import dev.dllm.model.KvCache;
import dev.dllm.runtime.ShapeException;
import dev.dllm.runtime.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Generates text, one batch after another, and owns the memory for it: activations and key/value caches, kept from one
/// request to the next. The weights belong to the [LanguageModel] and are shared by all its sessions; sessions know nothing
/// of each other.
///
/// One thread at a time may generate; [#cancel] and [#close] may be called from any.
public final class Session implements AutoCloseable {
    private final LanguageModel model;
    private final Denoiser denoiser;
    private final Workspace workspace;
    private final List<KvCache> caches = new ArrayList<>();
    private final ReentrantLock running = new ReentrantLock();
    private volatile boolean cancelled;
    private volatile boolean closed;

    Session(LanguageModel model) {
        this.model = model;
        this.denoiser = new Denoiser(model.transformer(), model.backend());
        this.workspace = new Workspace(model.backend());
    }

    /// Generates one text with the model's own settings.
    public GenerationResult generate(Prompt prompt) {
        return generate(new GenerationRequest(prompt, model.settings()), GenerationListener.NONE);
    }

    /// Generates one text with these settings.
    public GenerationResult generate(Prompt prompt, DecodeSettings settings) {
        return generate(new GenerationRequest(prompt, settings), GenerationListener.NONE);
    }

    /// Generates one text while `listener` watches.
    public GenerationResult generate(GenerationRequest request, GenerationListener listener) {
        return generate(List.of(request), listener).getFirst();
    }

    /// Generates the texts of a batch together. A text is the same whatever else is in the batch.
    ///
    /// @return one result per request, in order
    /// @throws InvalidRequestException if a request cannot be fulfilled; then nothing has been computed
    /// @throws dev.dllm.model.NonFiniteLogitsException if the weights are unusable
    /// @throws IllegalStateException if the session or the model is closed, or another thread is generating here
    public List<GenerationResult> generate(List<GenerationRequest> requests, GenerationListener listener) {
        return alone(() -> run(requests, listener));
    }

    /// Does work of one or more [#run]s as one generation: nothing else is generated here meanwhile, and [#cancel] ends all of it.
    <T> T alone(Supplier<T> work) {
        if (running.isHeldByCurrentThread()) {
            throw new IllegalStateException("the session is generating; its listener cannot start another generation on it");
        }
        if (!running.tryLock()) {
            throw new IllegalStateException("the session is generating on another thread; open a session per thread");
        }
        try {
            requireOpen();
            cancelled = false;
            return work.get();
        } finally {
            if (closed) {
                free();
            }
            running.unlock();
        }
    }

    /// Generates the texts of a batch. To be called by the work of [#alone]; throws what [#generate] does.
    List<GenerationResult> run(List<GenerationRequest> requests, GenerationListener listener) {
        List<Decoding> decodings = List.of();
        try {
            requireOpen();
            long start = System.nanoTime();
            List<int[]> prompts = model.promptIds(requests);
            decodings = decodings(requests, prompts, listener);
            Watch watch = new Watch(requests, listener);
            denoiser.run(decodings, workspace, watch, this::mustStop);
            requireOpen();
            watch.finish();
            double seconds = (System.nanoTime() - start) * 1e-9;
            List<GenerationResult> results = new ArrayList<>();
            for (int i = 0; i < decodings.size(); i++) {
                Decoding decoding = decodings.get(i);
                results.add(new GenerationResult(
                        prompts.get(i), decoding.output(), decoding.holes(), decoding.wholeCanvas(), watch.text(i), decoding.calls(),
                        decoding.positionsComputed(), decoding.keyValueBytes(), seconds, decoding.finishReason(), watch.trace));
            }
            return results;
        } finally {
            decodings.forEach(Decoding::close);
        }
    }

    /// What this session generates with.
    LanguageModel model() {
        return model;
    }

    /// Makes the running generation end before its next network call, as `cancelled`. Without effect if none is running.
    /// Interrupting the generating thread does the same.
    public void cancel() {
        cancelled = true;
    }

    /// Bytes of off-heap memory that this session holds.
    public long byteSize() {
        return workspace.reservedBytes() + caches.stream().mapToLong(KvCache::byteSize).sum();
    }

    /// Cancels, waits for the running network call, and frees the memory; called from a listener, the memory is freed when
    /// the generation ends. Idempotent.
    @Override
    public void close() {
        closed = true;
        if (running.isHeldByCurrentThread()) {
            return;
        }
        running.lock();
        try {
            free();
        } finally {
            running.unlock();
        }
    }

    private void free() {
        caches.forEach(KvCache::close);
        workspace.close();
    }

    /// @throws InvalidRequestException if the memory that is available does not suffice to generate these texts together
    void requireMemory(List<GenerationRequest> requests, List<int[]> prompts, GenerationListener listener) {
        RequestLimits.requireMemory(model.spec(), requests, prompts, listener.watchesProposals(), byteSize());
    }

    private List<Decoding> decodings(List<GenerationRequest> requests, List<int[]> prompts, GenerationListener listener) {
        List<Decoding> decodings = new ArrayList<>();
        int used = 0;
        try {
            requireMemory(requests, prompts, listener);
            for (int i = 0; i < requests.size(); i++) {
                DecodeSettings settings = requests.get(i).settings();
                int end = used + Decoding.tables(settings);
                while (caches.size() < end) {
                    caches.add(new KvCache(model.backend(), model.spec().transformer()));
                }
                decodings.add(new Decoding(
                        prompts.get(i), requests.get(i).template(), settings, model.spec(), caches.subList(used, end)));
                used = end;
            }
        } catch (ShapeException | InvalidRequestException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        }
        return decodings;
    }

    private boolean mustStop() {
        return cancelled || closed || Thread.currentThread().isInterrupted();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the session has been closed");
        }
    }

    /// Passes events on to the listener, records the trace, and turns committed ids into text.
    private final class Watch implements GenerationListener {
        final Trace trace = new Trace();
        private final GenerationListener listener;
        private final List<CommittedText> texts = new ArrayList<>();

        Watch(List<GenerationRequest> requests, GenerationListener listener) {
            this.listener = listener;
            requests.forEach(request -> texts.add(new CommittedText(model.tokenizer(), request.settings().stop())));
        }

        @Override
        public boolean watchesProposals() {
            return listener.watchesProposals();
        }

        @Override
        public void proposed(int sequence, int call, Canvas canvas, Candidates candidates) {
            listener.proposed(sequence, call, canvas, candidates);
        }

        @Override
        public void called(int sequence, int call, Canvas canvas, Edits edits) {
            trace.called(sequence, call, canvas, edits);
            listener.called(sequence, call, canvas, edits);
        }

        @Override
        public void filled(int sequence, int call, Canvas canvas, Edits edits) {
            trace.filled(sequence, call, canvas, edits);
            listener.filled(sequence, call, canvas, edits);
        }

        @Override
        public void committed(int sequence, Canvas canvas, int from, int to) {
            listener.committed(sequence, canvas, from, to);
            text(sequence, texts.get(sequence).add(canvas, from, to));
        }

        @Override
        public void text(int sequence, String piece) {
            if (!piece.isEmpty()) {
                listener.text(sequence, piece);
            }
        }

        void finish() {
            for (int i = 0; i < texts.size(); i++) {
                text(i, texts.get(i).finish());
            }
        }

        String text(int sequence) {
            return texts.get(sequence).toString();
        }
    }
}
