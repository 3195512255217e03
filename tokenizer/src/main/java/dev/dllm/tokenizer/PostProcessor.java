package dev.dllm.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts special tokens around encoded text. Implementations are immutable.
///
/// @see "huggingface/tokenizers, tokenizers/src/processors"
sealed interface PostProcessor {

    /// The ids of a text with the special tokens that belong to it.
    int[] process(int[] ids);

    /// Adds nothing. Also what a byte-level post-processor does, which only changes offsets.
    record None() implements PostProcessor {
        @Override
        public int[] process(int[] ids) {
            return ids;
        }
    }

    /// One after the other.
    record Sequence(List<PostProcessor> steps) implements PostProcessor {
        @Override
        public int[] process(int[] ids) {
            int[] result = ids;
            for (PostProcessor step : steps) {
                result = step.process(result);
            }
            return result;
        }
    }

    /// Special tokens and the text in the order of a template.
    ///
    /// @param pieces ids of special tokens, or null for the text
    record Template(List<int @Nullable []> pieces) implements PostProcessor {
        @Override
        public int[] process(int[] ids) {
            IntList out = new IntList();
            for (int[] piece : pieces) {
                out.addAll(piece == null ? ids : piece);
            }
            return out.toArray();
        }
    }
}
