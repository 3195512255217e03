package dev.dllm.tokenizer;

import java.util.List;

/// Turns tokens into text. A decoder is an immutable description; [#open] makes the stage that does the work for one
/// stream of tokens, so that whole and streamed decoding are the same code.
///
/// @see "huggingface/tokenizers, tokenizers/src/decoders"
sealed interface Decoder {

    /// A stage that hands what it makes to `next`.
    DecodeStage open(DecodeStage next);

    /// How many times longer than a token its text can be; 1 where growth is not up to the file.
    default long growth() {
        return 1;
    }

    /// Tokens with a space between them: what the library does without a decoder.
    record Joined() implements Decoder {
        @Override
        public DecodeStage open(DecodeStage next) {
            return new DecodeStages.Join(next);
        }
    }

    /// One after the other.
    record Sequence(List<Decoder> steps) implements Decoder {
        @Override
        public DecodeStage open(DecodeStage next) {
            DecodeStage stage = next;
            for (Decoder step : steps.reversed()) {
                stage = step.open(stage);
            }
            return stage;
        }

        @Override
        public long growth() {
            long growth = 1;
            for (Decoder step : steps) {
                growth = Growth.times(growth, step.growth());
            }
            return growth;
        }
    }

    /// Characters of the [ByteAlphabet] back to bytes, and these to text.
    record ByteLevel() implements Decoder {
        @Override
        public DecodeStage open(DecodeStage next) {
            return new DecodeStages.ByteLevel(next);
        }
    }

    /// Runs of tokens `<0x00>` to `<0xFF>` to text; a run that is not UTF-8 is one U+FFFD per token.
    record ByteFallback() implements Decoder {
        @Override
        public DecodeStage open(DecodeStage next) {
            return new DecodeStages.ByteFallback(next);
        }
    }

    /// All tokens as one.
    record Fuse() implements Decoder {
        @Override
        public DecodeStage open(DecodeStage next) {
            return new DecodeStages.Fuse(next);
        }
    }

    /// Every match of a pattern replaced, token by token.
    record Replace(SplitPattern pattern, String content) implements Decoder {
        @Override
        public DecodeStage open(DecodeStage next) {
            return new DecodeStages.Replace(next, pattern, content);
        }

        @Override
        public long growth() {
            return Math.max(1, content.length());
        }
    }

    /// Up to `start` and `stop` characters `content` removed from the two ends of each token.
    ///
    /// @param content a code point
    record Strip(int content, int start, int stop) implements Decoder {
        @Override
        public DecodeStage open(DecodeStage next) {
            return new DecodeStages.Strip(next, content, start, stop);
        }
    }

    /// `replacement` back to spaces.
    ///
    /// @param replacement  a code point
    /// @param dropsInFirst whether the first token loses its replacements instead
    record Metaspace(int replacement, boolean dropsInFirst) implements Decoder {
        @Override
        public DecodeStage open(DecodeStage next) {
            return new DecodeStages.Metaspace(next, replacement, dropsInFirst);
        }
    }
}
