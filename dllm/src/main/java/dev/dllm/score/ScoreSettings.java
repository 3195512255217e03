package dev.dllm.score;

import dev.dllm.InvalidRequestException;
import dev.dllm.decode.DecodeSettings;

/// Everything that decides how a text is scored. Immutable and thread-safe.
///
/// @param estimator which masked copies are scored
/// @param guidance  strength of classifier-free guidance, 0 for none: logits become `u + (guidance + 1) · (c − u)`, where `u`
///                  are those without the prompt, all masks in its place
/// @param batchSize masked copies per network call, 1 or more; decides memory and speed, never the score
public record ScoreSettings(Estimator estimator, float guidance, int batchSize) {

    public ScoreSettings {
        if (!(guidance >= 0 && guidance <= DecodeSettings.MOST_GUIDANCE)) {
            throw new InvalidRequestException("guidance " + guidance + ": needs 0 (none) to " + DecodeSettings.MOST_GUIDANCE);
        }
        if (batchSize < 1) {
            throw new InvalidRequestException("batch size " + batchSize + ": needs 1 or more");
        }
    }

    /// 128 random masks from seed 0, no guidance, 16 copies per call.
    public static ScoreSettings defaults() {
        return new ScoreSettings(Estimators.monteCarlo(0), 0, 16);
    }

    public ScoreSettings withEstimator(Estimator estimator) {
        return new ScoreSettings(estimator, guidance, batchSize);
    }

    public ScoreSettings withGuidance(float guidance) {
        return new ScoreSettings(estimator, guidance, batchSize);
    }

    public ScoreSettings withBatchSize(int batchSize) {
        return new ScoreSettings(estimator, guidance, batchSize);
    }
}
