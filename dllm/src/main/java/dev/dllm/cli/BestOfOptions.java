package dev.dllm.cli;

import dev.dllm.GenerationRequest;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Session;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.model.AttentionPattern;
import dev.dllm.score.Estimators;
import dev.dllm.score.ScoreSettings;
import dev.dllm.score.Scorer;
import dev.dllm.vote.BestOf;
import dev.dllm.vote.Likelihood;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether the best of several texts is printed, and by which score.
final class BestOfOptions {
    private static final String ESTIMATOR = "monte-carlo";

    @Option(names = "--best-of", paramLabel = "N",
            description = "Generate N texts together, with the seeds from --seed on, and print the one that the model itself finds "
                    + "likeliest behind the prompt. Needs a setting that draws, such as --temperature 0.8. Scoring often costs more "
                    + "than the texts.")
    private @Nullable Integer count;

    @Option(names = "--estimator", paramLabel = "NAME",
            description = "How --best-of estimates likelihoods: monte-carlo[:N], pseudo, left-to-right or all-masked, which dllm score "
                    + "--help explains (default: monte-carlo, which takes 128 masks).")
    private @Nullable String estimator;

    /// Whether the text is chosen by its score.
    boolean isGiven() {
        return count != null;
    }

    /// @throws InvalidRequestException if an option is missing or out of range
    void check() {
        if (count == null && estimator != null) {
            throw new InvalidRequestException("--estimator says how --best-of scores; give --best-of, or see dllm score");
        }
        if (count != null && (count < 1 || count > Batch.MOST)) {
            throw new InvalidRequestException("--best-of " + count + ": needs 1 to " + Batch.MOST + " texts");
        }
        settings();
    }

    /// @throws InvalidRequestException if all texts would be the same
    void check(DecodeSettings settings) {
        DecodeOptions.requireDraws("--best-of", count(), settings);
    }

    /// Generates the texts and scores them.
    BestOfReport run(LanguageModel model, Session session, GenerationRequest request, long firstSeed, Terminal terminal) {
        Batch batch = Batch.generate(session, request.withSeeds(firstSeed, count()), terminal);
        StatusLine status = new StatusLine(terminal);
        long start = System.nanoTime();
        try (Scorer scorer = new Scorer(model, attention(model, request))) {
            Likelihood likelihood = new Likelihood(scorer, settings());
            BestOf best = new BestOf(batch.results(), candidate -> {
                status.show(() -> "scoring " + Plural.of(count(), "text"));
                return likelihood.applyAsDouble(candidate);
            });
            status.clear();
            double seconds = (System.nanoTime() - start) * 1e-9;
            return new BestOfReport(best, batch, firstSeed, settings().estimator(), likelihood.positionsComputed(), seconds);
        }
    }

    /// As `dllm score` has it: the blocks that the model was trained on, but for another kind of attention.
    private static AttentionPattern attention(LanguageModel model, GenerationRequest request) {
        AttentionPattern trained = model.spec().pattern();
        AttentionPattern used = request.settings().attention();
        return used.getClass() == trained.getClass() ? trained : used;
    }

    private int count() {
        return count == null ? 1 : count;
    }

    /// The masks do not depend on --seed, so that texts of several runs can be compared.
    private ScoreSettings settings() {
        return ScoreSettings.defaults().withEstimator(Estimators.parse(estimator == null ? ESTIMATOR : estimator, 0));
    }
}
