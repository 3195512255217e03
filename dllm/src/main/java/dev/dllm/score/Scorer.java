package dev.dllm.score;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Passage;
import dev.dllm.RequestLimits;
import dev.dllm.decode.Span;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.Network;
import dev.dllm.model.WholeSequences;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/// Scores texts that are there already: how likely a model finds them behind a prompt.
///
/// ```java
/// try (Scorer scorer = new Scorer(model)) {
///     List<Passage> answers = Stream.of("yes", "no").map(a -> model.passage(Prompt.chat("Is 7 prime?"), a)).toList();
///     int best = Score.best(scorer.score(answers, ScoreSettings.defaults()), Score::logLikelihood);
/// }
/// ```
///
/// A bidirectional model sees the whole text, the prompt and what is not masked, in every copy. A block-causal one scores
/// block by block, each behind the clean blocks before it, and the scores of the blocks add up; blocks are cut at multiples
/// of the model's block length, from the end of the prompt on if its context is causal, and the text ends where the scored
/// tokens end. The mask token counts among the tokens that the model could have put.
///
/// A score is the same, to the last bit, for any batch size and whatever is scored together with it. Owns the memory of its
/// network calls; the weights are the model's. Not thread-safe: one per thread. An interrupt ends a run before its next
/// network call.
///
/// @see "ML-GSAI/LLaDA, get_log_likelihood.py and eval_llada.py; block diffusion: arXiv:2503.09573, section 3"
public final class Scorer implements AutoCloseable {
    private final Network network;
    private final Backend backend;
    private final ModelSpec spec;
    private final AttentionPattern attention;
    private final WholeSequences sequences;
    private final Workspace workspace;
    private final LogProbabilities logProbabilities;

    /// Scores with the attention that the model was trained with. Close it before the model.
    public Scorer(LanguageModel model) {
        this(model, model.spec().pattern());
    }

    /// Scores with another attention.
    public Scorer(LanguageModel model, AttentionPattern attention) {
        this(model.transformer(), model.backend(), model.spec(), attention);
    }

    Scorer(Network network, Backend backend, ModelSpec spec, AttentionPattern attention) {
        if (!spec.denoises()) {
            throw new InvalidRequestException("a " + spec.family() + " is a causal language model: scores come from masked copies of a "
                    + "text, and it has no mask token");
        }
        this.network = network;
        this.backend = backend;
        this.spec = spec;
        this.attention = attention;
        this.sequences = new WholeSequences(backend, spec.transformer(), attention);
        this.workspace = new Workspace(backend);
        this.logProbabilities = new LogProbabilities(backend, spec.transformer().vocabulary());
    }

    /// Scores one text.
    public Score score(Passage passage, ScoreSettings settings) {
        return score(List.of(passage), settings).getFirst();
    }

    /// Scores several texts, the answers of a multiple choice for example, together. Texts of the same length are masked
    /// alike, so that the noise of random masks hardly touches their order.
    ///
    /// @return one score per text, in order
    /// @throws InvalidRequestException if there is no text, or one of them is empty or does not fit the model; then nothing
    ///                                 has been computed
    /// @throws dev.dllm.model.NonFiniteLogitsException if the weights are unusable
    /// @throws CancellationException if the thread is interrupted
    public List<Score> score(List<Passage> passages, ScoreSettings settings) {
        if (passages.isEmpty()) {
            throw new InvalidRequestException("nothing to score; needs 1 or more texts");
        }
        for (Passage passage : passages) {
            requireScorable(passage);
        }
        requireMemory(passages, settings);
        List<Sum> sums = new ArrayList<>();
        List<Copy> copies = new ArrayList<>();
        for (Passage passage : passages) {
            Sum sum = new Sum(passage, behind(passage), spec.shifted());
            sums.add(sum);
            List<Span> blocks = blocks(passage);
            for (int block = 0; block < blocks.size(); block++) {
                Span span = blocks.get(block);
                int samples = settings.estimator().samples(span.length());
                for (int i = 0; i < samples; i++) {
                    copies.add(new Copy(sum, span, settings.estimator().sample(span.length(), block, i)));
                    if (copies.size() == settings.batchSize()) {
                        run(copies, settings.guidance());
                    }
                }
            }
        }
        run(copies, settings.guidance());
        return sums.stream().map(Sum::score).toList();
    }

    /// Whether the scored tokens are just what the model would write: from masks, the most probable token at the most
    /// probable position, one per network call. A bidirectional model starts from as many masks as there are tokens; a
    /// block-causal one denoises whole blocks, as it does when it generates. Ends with the first token that differs.
    ///
    /// @param guidance as in [ScoreSettings]
    /// @throws InvalidRequestException if the text is empty or does not fit the model; then nothing has been computed
    /// @throws CancellationException if the thread is interrupted
    public boolean isGreedy(Passage passage, float guidance) {
        requireScorable(passage);
        return new GreedyCheck(network, backend, spec, attention).writes(passage, guidance, workspace);
    }

    /// Frees the memory. Idempotent.
    @Override
    public void close() {
        sequences.close();
        workspace.close();
        logProbabilities.close();
    }

    /// Runs the copies in one call, adds up what they count, and empties the list.
    private void run(List<Copy> copies, float guidance) {
        if (copies.isEmpty()) {
            return;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the scoring was interrupted");
        }
        sequences.clear();
        for (Copy copy : copies) {
            int[] tokens = copy.tokens(spec.maskId());
            int[] rows = copy.rows(spec.shifted());
            sequences.add(tokens, copy.active(spec.shifted()), rows);
            if (guidance > 0) {
                int[] unconditional = tokens.clone();
                Arrays.fill(unconditional, 0, copy.sum.passage.promptIds().length, spec.maskId());
                sequences.add(unconditional, copy.active(spec.shifted()), rows);
            }
        }
        Tensor logits = network.forward(sequences.batch(), workspace);
        int row = 0;
        for (Copy copy : copies) {
            int[] scored = copy.positions();
            int end = row + scored.length;
            Tensor rows = logits.rows(row, end);
            row = end;
            if (guidance > 0) {
                row = end + scored.length;
                backend.ops().guide(rows, rows, logits.rows(end, row), guidance);
            }
            double sum = 0;
            for (int i = 0; i < scored.length; i++) {
                sum += logProbabilities.of(rows.rows(i, i + 1), copy.sum.tokens[scored[i]]);
            }
            copy.sum.add(copy.sample.weight() * sum, copy.length() * (guidance > 0 ? 2L : 1L));
        }
        copies.clear();
    }

    /// The scored positions by the block that they are denoised in.
    private List<Span> blocks(Passage passage) {
        AttentionPattern pattern = behind(passage);
        List<Span> blocks = new ArrayList<>();
        int start = passage.promptIds().length;
        while (start < passage.length()) {
            int end = pattern.visibleEnd(start, passage.length());
            blocks.add(new Span(start, end));
            start = end;
        }
        return blocks;
    }

    /// Blocks behind a causal context begin where the prompt ends, as they do when a text is generated.
    private AttentionPattern behind(Passage passage) {
        return attention instanceof AttentionPattern.CausalContext ? attention.anchoredAt(passage.promptIds().length) : attention;
    }

    private void requireScorable(Passage passage) {
        if (spec.shifted() && passage.promptIds().length == 0) {
            throw new InvalidRequestException("the prompt has 0 tokens; needs at least 1, since a row of a " + spec.family()
                    + " model predicts the next position and nothing predicts the first");
        }
        RequestLimits.requirePassage(spec.transformer(), "continuation", passage);
    }

    private void requireMemory(List<Passage> passages, ScoreSettings settings) {
        List<Integer> blocks =
                passages.stream().flatMap(passage -> blocks(passage).stream()).map(Span::length).toList();
        long copies = blocks.stream().mapToLong(settings.estimator()::samples).sum();
        long together = Math.min(copies, settings.batchSize()) * (settings.guidance() > 0 ? 2 : 1);
        long longest = passages.stream().mapToInt(Passage::length).max().orElse(0);
        long scored = blocks.stream().mapToInt(Integer::intValue).max().orElse(0);
        RequestLimits.requireMemory(spec.transformer(), together * longest, together * scored);
    }

    /// What a text has come to so far.
    private static final class Sum {
        final Passage passage;
        final AttentionPattern attention;
        final boolean shifted;
        final int[] tokens;
        private double logLikelihood;
        private int samples;
        private long positionsComputed;

        Sum(Passage passage, AttentionPattern attention, boolean shifted) {
            this.passage = passage;
            this.shifted = shifted;
            this.attention = attention;
            this.tokens = passage.allIds();
        }

        void add(double weighted, long positions) {
            logLikelihood += weighted;
            samples++;
            positionsComputed += positions;
        }

        Score score() {
            return new Score(logLikelihood, passage.ids().length, samples, positionsComputed);
        }
    }

    /// One masked copy of a text.
    ///
    /// @param block positions that the sample's indices count from
    private record Copy(Sum sum, Span block, Estimator.Sample sample) {

        /// The tokens that the network sees.
        int[] tokens(int maskId) {
            int[] tokens = Arrays.copyOf(sum.tokens, length());
            for (int index : sample.masked()) {
                if (block.start() + index < tokens.length) {
                    tokens[block.start() + index] = maskId;
                }
            }
            return tokens;
        }

        /// A window behind a causal context ends with the row that predicts the last token of the block.
        int length() {
            int end = sum.attention.visibleEnd(block.start(), sum.tokens.length);
            return sum.shifted && sum.attention instanceof AttentionPattern.CausalContext ? end - 1 : end;
        }

        /// Where the rows begin that predict the block.
        int active(boolean shifted) {
            return shifted ? block.start() - 1 : block.start();
        }

        /// The positions of the scored tokens.
        int[] positions() {
            return Arrays.stream(sample.scored()).map(index -> block.start() + index).toArray();
        }

        /// The positions whose logits predict them.
        int[] rows(boolean shifted) {
            return Arrays.stream(positions()).map(position -> shifted ? position - 1 : position).toArray();
        }
    }
}
