package dev.dllm.golden;

import dev.dllm.LanguageModel;
import dev.dllm.Passage;
import dev.dllm.score.Estimator;
import dev.dllm.score.ScoreSettings;
import dev.dllm.score.Scorer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Compares a log-likelihood that was estimated from recorded masks.
final class LikelihoodCheck {
    private static final double RELATIVE_TOLERANCE = 1e-5;

    private final String file;
    private final JsonNode golden;

    LikelihoodCheck(String file, JsonNode golden) {
        this.file = file;
        this.golden = golden;
    }

    /// @return how far the log-likelihood is off, or null if it is equal
    @Nullable String differs(LanguageModel model) {
        String method = GoldenSet.text(golden, "method", file);
        if (!method.equals("log_likelihood")) {
            throw new UnsupportedCaseException("likelihood method '" + method + "'");
        }
        Params params = new Params(golden.path("params"));
        float guidance = params.number("cfg_scale", 0);
        int batchSize = params.integer("batch_size", 16);
        params.ignore("mc_num");
        params.ignore("mask_id");
        params.requireAllRead();
        Passage passage = new Passage(
                GoldenSet.ids(golden.path("prompt"), file), GoldenSet.ids(golden.path("answer"), file));
        Estimator recorded = new RecordedMasks(samples(passage, model.spec().maskId()));
        double found;
        try (Scorer scorer = new Scorer(model)) {
            found = scorer.score(passage, new ScoreSettings(recorded, guidance, batchSize)).logLikelihood();
        }
        JsonNode value = golden.get("log_likelihood_float64");
        if (value == null || !value.isNumber()) {
            throw new GoldenException(file + ": log_likelihood_float64 is missing or no number");
        }
        double expected = value.doubleValue();
        boolean equal = Math.abs(found - expected) <= RELATIVE_TOLERANCE * Math.abs(expected);
        return equal
                ? null
                : "log likelihood: expected %s, found %s: %.3g apart relatively, %.3g accepted".formatted(
                        expected, found, Math.abs(found / expected - 1), RELATIVE_TOLERANCE);
    }

    /// The masked copies of all batches, each with its share of the mean over rows and batches.
    private List<Estimator.Sample> samples(Passage passage, int maskId) {
        List<Estimator.Sample> samples = new ArrayList<>();
        JsonNode batches = GoldenSet.list(golden, "batches", file);
        for (JsonNode batch : batches) {
            JsonNode rows = GoldenSet.list(batch, "masked_ids", file);
            JsonNode ratios = GoldenSet.list(batch, "mask_ratio", file);
            for (int row = 0; row < rows.size(); row++) {
                int[] ids = GoldenSet.ids(rows.get(row), file);
                int first = passage.promptIds().length;
                int[] masked = IntStream.range(0, ids.length - first).filter(i -> ids[first + i] == maskId).toArray();
                double weight = 1 / ratios.path(row).asDouble() / rows.size() / batches.size();
                samples.add(new Estimator.Sample(masked, masked, weight));
            }
        }
        return samples;
    }

    /// Masks that a reference drew.
    private record RecordedMasks(List<Sample> recorded) implements Estimator {
        @Override
        public int samples(int length) {
            return recorded.size();
        }

        @Override
        public Sample sample(int length, int block, int index) {
            return recorded.get(index);
        }

        @Override
        public String toString() {
            return "recorded";
        }
    }
}
