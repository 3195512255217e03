package dev.dllm.decode;

import dev.dllm.model.CausalModel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A rule with a second, causal model that judges what the first one proposes.
interface Verified extends Unmasking {

    /// The causal model, of the same vocabulary; empty until it is given.
    Optional<CausalModel> verifier();

    @Override
    default boolean needsVerifier() {
        return verifier().isEmpty();
    }

    @Override
    default long verifierBytes(int positions) {
        return verifier().map(model -> model.byteSize(positions)).orElse(0L);
    }

    /// A state that remembers what the verifier has read of the text.
    abstract class Reader implements State {
        private final Optional<CausalModel> verifier;
        private CausalModel.@Nullable Reading reading;

        Reader(Optional<CausalModel> verifier) {
            this.verifier = verifier;
        }

        /// What has been read so far; nothing at first.
        ///
        /// @throws java.util.NoSuchElementException if there is no verifier
        final CausalModel.Reading text() {
            CausalModel.Reading text = reading == null ? verifier.orElseThrow().newReading() : reading;
            reading = text;
            return text;
        }

        /// What has been read so far, up to a position of the canvas at least.
        final CausalModel.Reading text(Canvas canvas, int end) {
            CausalModel.Reading text = text();
            if (text.length() < end) {
                int[] unread = canvas.copy(text.length(), end);
                text.read(unread, unread.length);
            }
            return text;
        }

        @Override
        public final void close() {
            if (reading != null) {
                reading.close();
            }
        }
    }
}
