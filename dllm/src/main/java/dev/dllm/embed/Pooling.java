package dev.dllm.embed;

import dev.dllm.Passage;
import java.util.Locale;
import java.util.stream.IntStream;

/// Whose hidden states a text's vector is the mean of.
public enum Pooling {
    /// All tokens.
    MEAN,
    /// The last token: for models that see to the left only.
    LAST,
    /// The first token.
    FIRST;

    /// The positions of a text whose hidden states are asked for, ascending; its prompt is left out.
    int[] positions(Passage passage) {
        int first = passage.promptIds().length;
        int last = passage.length() - 1;
        return switch (this) {
            case MEAN -> IntStream.rangeClosed(first, last).toArray();
            case LAST -> new int[] {last};
            case FIRST -> new int[] {first};
        };
    }

    /// As options name it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
