package dev.dllm.model;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.util.List;
import java.util.stream.IntStream;

/// A causal language model beside the one that denoises: it reads a text from left to right and says after every token what
/// should follow. Rules let it judge drafts. Thread-safe as its network is; a [Reading] belongs to one sequence.
///
/// @param network row i of whose logits predicts token i + 1
/// @param backend that it runs on
public record CausalModel(Network network, TransformerConfig config, Backend backend) {

    /// Bytes of the keys and values of a text of some tokens.
    public long byteSize(int tokens) {
        return 2L * config.layers().size() * DType.F32.bytes(config.attention().keyWidth()) * tokens;
    }

    /// A text of no tokens yet. To be closed before the model.
    public Reading newReading() {
        return new Reading(this);
    }

    /// The text that has been read so far, as keys and values. Not thread-safe.
    public static final class Reading implements AutoCloseable {
        private final CausalModel model;
        private final KvCache keyValues;
        private final Workspace workspace;
        private int length;

        private Reading(CausalModel model) {
            this.model = model;
            this.keyValues = new KvCache(model.backend, model.config);
            this.workspace = new Workspace(model.backend);
        }

        /// Tokens read so far.
        public int length() {
            return length;
        }

        /// Reads on, in one network call.
        ///
        /// @param tokens 1 or more
        /// @param from   first of them whose row of logits is asked for
        /// @return logits `[tokens.length - from][vocabulary]`: what follows each of these tokens
        /// @throws IllegalArgumentException if a token has no row in the vocabulary, or the text exceeds the context
        public float[][] read(int[] tokens, int from) {
            int end = length + tokens.length;
            for (int token : tokens) {
                if (token < 0 || token >= model.config.vocabulary()) {
                    throw new IllegalArgumentException("token %d is outside the vocabulary of the verifier, %d tokens; needs models "
                            .formatted(token, model.config.vocabulary()) + "of one vocabulary");
                }
            }
            if (end > model.config.contextLimit()) {
                throw new IllegalArgumentException("a text of %d tokens exceeds the verifier's context of %d positions"
                        .formatted(end, model.config.contextLimit()));
            }
            if (end > keyValues.capacity()) {
                keyValues.require(Math.max(end, keyValues.capacity() + keyValues.capacity() / 2));
            }
            ForwardPlan plan = ForwardPlan.range(length, end, position -> position + 1)
                    .withLogitsRows(IntStream.range(from, tokens.length).toArray());
            Tensor logits = model.network.forward(List.of(new SequenceForward(tokens, end, plan, keyValues)), workspace);
            length = end;
            return model.backend.rows(logits);
        }

        /// Forgets all tokens from the `newLength`-th on.
        ///
        /// @throws IllegalArgumentException if not so many have been read
        public void cut(int newLength) {
            if (newLength < 0 || newLength > length) {
                throw new IllegalArgumentException("cut to " + newLength + " tokens: " + length + " have been read");
            }
            length = newLength;
        }

        @Override
        public void close() {
            keyValues.close();
            workspace.close();
        }
    }
}
