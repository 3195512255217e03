package dev.dllm.eval;

/// A prompt and what its answer is held against. Immutable.
///
/// @param family what accuracy is averaged over first
/// @param answer an answer that is right; some checks accept others too
public record Question(String family, String prompt, String answer, AnswerCheck check) {

    /// @throws IllegalArgumentException if the family is no word, or the prompt is empty or none that its check can judge answers to
    public Question {
        if (family.isBlank() || family.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the family is blank or holds control characters");
        }
        if (prompt.isEmpty()) {
            throw new IllegalArgumentException("the prompt is empty");
        }
        check.requireJudgeable(prompt);
    }

    /// Whether a model's output answers the question.
    public boolean isAnsweredBy(String output) {
        return check.accepts(prompt, answer, output);
    }
}
