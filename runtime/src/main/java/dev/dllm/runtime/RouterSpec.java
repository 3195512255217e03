package dev.dllm.runtime;

/// How router logits become a choice of experts and their gates.
///
/// 1. score `s` = sigmoid or softmax of the logits, float32 or better;
/// 2. choice score `c = s + bias` (the bias takes part in the choice only);
/// 3. the experts to choose from are narrowed, in one way or the other or not at all:
///    - with `groups > 1` the experts are cut into that many contiguous groups, a group counts the sum of its two largest
///      `c`, and only the `topGroups` best groups stay;
///    - with `capacity > 0` rows are routed in blocks: an expert counts the largest `c` that a row of the block has for it,
///      and only the `capacity` best experts (all, if there are no more) stay for every row of the block;
/// 4. the `topK` largest remaining `c` are chosen, in descending order; ties go to the lower expert or group, here and in
///    step 3;
/// 5. gate = `s`, divided by (the sum over the chosen + 1e-20) if `normalize`, then times `scale`.
///
/// @param scoring   sigmoid or softmax
/// @param topK      experts per row, 1 or more
/// @param groups    contiguous groups of experts, 1 for none
/// @param topGroups groups that stay, at most `groups`
/// @param normalize whether the gates of a row are divided by their sum
/// @param scale     factor on every gate
/// @param capacity  experts that a routing block admits, at least `topK`; 0 if each row is routed by itself
/// @see "LLaDA2.0 modeling code (group_limited_topk); DeepSeek-V3, arXiv:2412.19437; SGLang's LLaDA2 block routing"
public record RouterSpec(
        Scoring scoring, int topK, int groups, int topGroups, boolean normalize, float scale, int capacity) {

    /// How logits become scores.
    public enum Scoring {
        SIGMOID,
        SOFTMAX
    }

    public RouterSpec {
        if (topK < 1 || groups < 1 || topGroups < 1 || topGroups > groups) {
            throw new ShapeException("router: top %d, %d of %d groups".formatted(topK, topGroups, groups));
        }
        if (capacity != 0 && (capacity < topK || groups > 1)) {
            throw new ShapeException("router: capacity %d with top %d and %d groups; needs 0, or at least top-k and no groups"
                    .formatted(capacity, topK, groups));
        }
    }

    /// Routes each row by itself.
    public RouterSpec(Scoring scoring, int topK, int groups, int topGroups, boolean normalize, float scale) {
        this(scoring, topK, groups, topGroups, normalize, scale, 0);
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
