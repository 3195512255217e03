package dev.dllm;

import dev.dllm.decode.Candidates;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Edits;
import dev.dllm.decode.FinishReason;
import dev.dllm.decode.OneOf;
import dev.dllm.decode.Repetition;
import dev.dllm.decode.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Writes a text that is longer than its canvas, window by window.
///
/// ```java
/// GenerationResult result = new StridedWindows(64, 8).generate(session, request, GenerationListener.NONE);
/// ```
///
/// The first window is the request: its prompt and its generation length, N positions together. Each one after it moves `stride`
/// tokens on: what leaves on the left is forgotten, the last N − `stride` tokens of the text so far are the prompt, and `stride`
/// tokens are generated behind them. No window is longer than the first, so the text may exceed the model's context. What a
/// window has written never changes.
///
/// Every window is a run of its own, for which rules, caches and steps begin anew; to guidance, all that it was given is its prompt.
/// Draws go by the position in the whole text. The text is over with the first window that ends for another reason than its length: an EOS, repetition, masks that are left, or
/// [Session#cancel], which ends all of it.
///
/// @param stride  tokens that each window but the first adds: 1 to the generation length
/// @param windows at most, 1 or more; one alone is the plain generation
/// @see "Sahoo et al. 2024, arXiv:2406.07524; kuleshov-group/mdlm, diffusion.py (sample_subs_guidance), which goes on behind an EOS"
public record StridedWindows(int stride, int windows) {

    /// @throws InvalidRequestException if a number is out of range
    public StridedWindows {
        if (stride < 1 || windows < 1) {
            throw new InvalidRequestException(windows + " windows with stride " + stride + ": needs 1 or more of each");
        }
    }

    /// Generates one text.
    ///
    /// @param listener is told of every window as of a sequence of its own, 0 the first: its canvas, its positions, its calls. The
    ///                 pieces of text follow each other through all of them
    /// @return the whole text behind the request's prompt, and what all windows cost together; positions of the trace are those of
    ///         the whole text, and the keys and values those of the window that held most
    /// @throws InvalidRequestException if the request cannot be fulfilled, or not in such windows; then nothing has been computed
    /// @throws IllegalStateException as [Session#generate]
    public GenerationResult generate(Session session, GenerationRequest request, GenerationListener listener) {
        requireFits(request);
        return session.alone(() -> {
            int promptLength = session.model().promptIds(List.of(request)).getFirst().length;
            int kept = promptLength + request.settings().genLength() - stride;
            if (windows > 1) {
                DecodeSettings later = request.settings().withGenLength(stride);
                MemoryEstimate.requireContext(session.model().spec().transformer(), kept, later);
                session.requireMemory(List.of(new GenerationRequest(Prompt.ids(new int[kept]), later)), List.of(new int[kept]), listener);
            }
            Text text = new Text(session.model(), request, listener);
            text.add(session.run(List.of(request), text).getFirst());
            while (text.goesOn() && text.windows() < windows) {
                text.add(session.run(List.of(text.next(kept, stride)), text).getFirst());
            }
            return text.result();
        });
    }

    private void requireFits(GenerationRequest request) {
        DecodeSettings settings = request.settings();
        if (windows == 1) {
            return;
        }
        if (request.template().textIds().length > 0) {
            throw new InvalidRequestException("windows of a text with holes: what is given behind them would move; needs an open end");
        }
        if (stride > settings.genLength()) {
            throw new InvalidRequestException("stride %d: needs 1 to %d, the generation length".formatted(stride, settings.genLength()));
        }
        if ((windows - 1L) * stride + settings.genLength() > DecodeSettings.WHOLE) {
            throw new InvalidRequestException("%d windows with stride %d: need a text of at most %d tokens"
                    .formatted(windows, stride, DecodeSettings.WHOLE));
        }
        if (settings.hooks().stream().anyMatch(OneOf.class::isInstance)) {
            throw new InvalidRequestException("windows with given texts: every window would become one of them; needs one window");
        }
        Optional<Repetition> repetition = settings.stop().repetition();
        if (repetition.isPresent() && repetition.get().window() >= stride) {
            throw new InvalidRequestException("repetition in %d tokens with stride %d: a window looks at what it writes itself; needs fewer tokens"
                    .formatted(repetition.get().window(), stride));
        }
    }

    /// What the windows have come to. Watches each of them.
    private static final class Text implements GenerationListener {
        private final GenerationRequest request;
        private final GenerationListener listener;
        private final CommittedText text;
        private final List<GenerationResult> parts = new ArrayList<>();
        private final Trace trace = new Trace();
        private int[] tokens = {};
        private int start;

        Text(LanguageModel model, GenerationRequest request, GenerationListener listener) {
            this.request = request;
            this.listener = listener;
            this.text = new CommittedText(model.tokenizer(), request.settings().stop());
        }

        /// Takes in what a window has written behind the tokens that it was given.
        void add(GenerationResult part) {
            trace.append(part.trace(), Arrays.copyOf(tokens, start));
            tokens = concat(parts.isEmpty() ? part.promptIds() : tokens, part.ids());
            parts.add(part);
        }

        int windows() {
            return parts.size();
        }

        boolean goesOn() {
            return parts.getLast().finishReason() == FinishReason.LENGTH;
        }

        /// The request of the next window.
        ///
        /// @param kept tokens of the text that it is given; all, if a rule has made the text shorter than that
        GenerationRequest next(int kept, int stride) {
            start = Math.max(0, tokens.length - kept);
            DecodeSettings settings = request.settings();
            return new GenerationRequest(
                    Prompt.ids(Arrays.copyOfRange(tokens, start, tokens.length)),
                    settings.withGenLength(stride).withRandomness(settings.randomness().from(start)));
        }

        GenerationResult result() {
            tell(windows() - 1, text.finish());
            GenerationResult last = parts.getLast();
            int[] promptIds = parts.getFirst().promptIds();
            int[] ids = Arrays.copyOfRange(tokens, promptIds.length, tokens.length);
            return new GenerationResult(
                    promptIds, ids, List.of(ids), concat(Arrays.copyOf(tokens, start), last.canvas()), text.toString(),
                    parts.stream().mapToInt(GenerationResult::calls).sum(),
                    parts.stream().mapToLong(GenerationResult::positionsComputed).sum(),
                    parts.stream().mapToLong(GenerationResult::keyValueBytes).max().orElseThrow(),
                    parts.stream().mapToDouble(GenerationResult::seconds).sum(), last.finishReason(), trace);
        }

        @Override
        public boolean watchesProposals() {
            return listener.watchesProposals();
        }

        @Override
        public void proposed(int sequence, int call, Canvas canvas, Candidates candidates) {
            listener.proposed(windows(), call, canvas, candidates);
        }

        @Override
        public void called(int sequence, int call, Canvas canvas, Edits edits) {
            listener.called(windows(), call, canvas, edits);
        }

        @Override
        public void filled(int sequence, int call, Canvas canvas, Edits edits) {
            listener.filled(windows(), call, canvas, edits);
        }

        /// A window's own pieces of text are not passed on: a character may begin in one window and end in the next.
        @Override
        public void committed(int sequence, Canvas canvas, int from, int to) {
            listener.committed(windows(), canvas, from, to);
            tell(windows(), text.add(canvas, from, to));
        }

        private void tell(int window, String piece) {
            if (!piece.isEmpty()) {
                listener.text(window, piece);
            }
        }

        private static int[] concat(int[] first, int[] second) {
            return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
        }
    }
}
