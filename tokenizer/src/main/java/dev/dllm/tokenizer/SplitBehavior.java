package dev.dllm.tokenizer;

import java.util.ArrayList;
import java.util.List;

/// What becomes of the text that a splitting pattern matches.
///
/// @see "huggingface/tokenizers, tokenizers/src/tokenizer/normalizer.rs, SplitDelimiterBehavior"
enum SplitBehavior {
    /// Matches are dropped.
    REMOVED("Removed"),
    /// A match is a word of its own.
    ISOLATED("Isolated"),
    /// A match goes to the word before it.
    MERGED_WITH_PREVIOUS("MergedWithPrevious"),
    /// A match goes to the word after it.
    MERGED_WITH_NEXT("MergedWithNext"),
    /// Adjacent matches are one word.
    CONTIGUOUS("Contiguous");

    private final String jsonName;

    SplitBehavior(String jsonName) {
        this.jsonName = jsonName;
    }

    /// The behavior that `object` names in `field`.
    static SplitBehavior read(JsonObject object, String field) {
        String name = object.string(field);
        StringBuilder known = new StringBuilder();
        for (SplitBehavior behavior : values()) {
            if (behavior.jsonName.equals(name)) {
                return behavior;
            }
            known.append(known.isEmpty() ? "" : ", ").append(behavior.jsonName);
        }
        throw object.unaccepted(field, known.toString());
    }

    /// Appends the words of `word` to `out`.
    ///
    /// @param spans contiguous, covering the text of `word`
    void split(Word word, List<Span> spans, List<Word> out) {
        for (Span span : group(spans)) {
            if (span.start() < span.end() && !(this == REMOVED && span.match())) {
                out.add(new Word(word.text().substring(span.start(), span.end()), word.first() && span.start() == 0));
            }
        }
    }

    private List<Span> group(List<Span> spans) {
        return switch (this) {
            case REMOVED, ISOLATED -> spans;
            case CONTIGUOUS -> {
                List<Span> groups = new ArrayList<>();
                boolean previous = false;
                for (Span span : spans) {
                    if (span.match() == previous && !groups.isEmpty()) {
                        groups.add(new Span(groups.removeLast().start(), span.end(), false));
                    } else {
                        groups.add(span);
                    }
                    previous = span.match();
                }
                yield groups;
            }
            case MERGED_WITH_PREVIOUS -> {
                List<Span> groups = new ArrayList<>();
                boolean previous = false;
                for (Span span : spans) {
                    if (span.match() && !previous && !groups.isEmpty()) {
                        groups.add(new Span(groups.removeLast().start(), span.end(), false));
                    } else {
                        groups.add(span);
                    }
                    previous = span.match();
                }
                yield groups;
            }
            case MERGED_WITH_NEXT -> {
                List<Span> groups = new ArrayList<>();
                boolean following = false;
                for (Span span : spans.reversed()) {
                    if (span.match() && !following && !groups.isEmpty()) {
                        groups.add(new Span(span.start(), groups.removeLast().end(), false));
                    } else {
                        groups.add(span);
                    }
                    following = span.match();
                }
                yield groups.reversed();
            }
        };
    }

    /// A stretch of text, half-open, that a pattern matched or that lies between matches.
    record Span(int start, int end, boolean match) {}
}
