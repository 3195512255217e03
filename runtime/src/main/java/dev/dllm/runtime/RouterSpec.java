package dev.dllm.runtime;

/// How router logits become a choice of experts and their gates.
///
/// 1. score `s` = sigmoid or softmax of the logits, float32 or better;
/// 2. choice score `c = s + bias` (the bias takes part in the choice only);
/// 3. with `groups > 1` the experts are cut into that many contiguous groups, a group counts the sum of its two largest
///    `c`, and only the `topGroups` best groups stay;
/// 4. the `topK` largest remaining `c` are chosen, in descending order; ties go to the lower expert or group;
/// 5. gate = `s`, divided by (the sum over the chosen + 1e-20) if `normalize`, then times `scale`.
///
/// @param scoring   sigmoid or softmax
/// @param topK      experts per row, 1 or more
/// @param groups    contiguous groups of experts, 1 for none
/// @param topGroups groups that stay, at most `groups`
/// @param normalize whether the gates of a row are divided by their sum
/// @param scale     factor on every gate
/// @see "LLaDA2.0 modeling code (group_limited_topk); DeepSeek-V3, arXiv:2412.19437"
public record RouterSpec(Scoring scoring, int topK, int groups, int topGroups, boolean normalize, float scale) {

    /// How logits become scores.
    public enum Scoring {
        SIGMOID,
        SOFTMAX
    }

    public RouterSpec {
        if (topK < 1 || groups < 1 || topGroups < 1 || topGroups > groups) {
            throw new ShapeException("router: top %d, %d of %d groups".formatted(topK, topGroups, groups));
        }
    }

    /// @throws ShapeException if this router cannot choose out of so many experts
    public void requireChoiceOf(int experts) {
        if (experts % groups != 0
                || topK > experts / groups * topGroups
                || groups > 1 && experts / groups < 2) {
            throw new ShapeException("router: top %d out of %d of %d groups of %d experts"
                    .formatted(topK, topGroups, groups, experts));
        }
    }
}
