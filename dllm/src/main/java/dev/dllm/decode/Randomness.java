package dev.dllm.decode;

import dev.dllm.runtime.Noise;
import java.util.OptionalInt;

/// The one place where decoding draws. Every draw is a function of the call and the position, so it is the same whatever else
/// is in the batch. Implementations are thread-safe unless they say otherwise.
public interface Randomness {

    /// Draws that follow from a seed alone.
    static Randomness seeded(long seed) {
        return new Seeded(seed);
    }

    /// Key of the Gumbel noise that samples a token.
    ///
    /// @param call of the run, from 0
    long key(int call, int position);

    /// Uniform in (0, 1), independent of the noise that samples tokens. Rules ask in ascending order of positions.
    double uniform(int call, int position);

    /// The token that is proposed instead of one that is drawn, for replays of recorded runs.
    default OptionalInt token(int call, int position) {
        return OptionalInt.empty();
    }

    /// Draws of one more sample of the same call, independent of these and of those of other samples.
    ///
    /// @param sample which, 1 or more
    default Randomness again(int sample) {
        return new Again(this, sample);
    }

    /// The draws of a run that begins at a position of the text that these are the draws of: what it draws for its position 0 is
    /// what is drawn here for `start`.
    default Randomness from(int start) {
        return start == 0 ? this : new Moved(this, start);
    }

    /// See [Randomness#again].
    record Again(Randomness first, int sample) implements Randomness {
        @Override
        public long key(int call, int position) {
            return Noise.key(first.key(call, position), sample, position);
        }

        @Override
        public double uniform(int call, int position) {
            return Noise.uniform(key(call, position), Seeded.NO_TOKEN);
        }
    }

    /// See [Randomness#from].
    record Moved(Randomness whole, int start) implements Randomness {
        @Override
        public long key(int call, int position) {
            return whole.key(call, position + start);
        }

        @Override
        public double uniform(int call, int position) {
            return whole.uniform(call, position + start);
        }

        @Override
        public OptionalInt token(int call, int position) {
            return whole.token(call, position + start);
        }
    }

    /// See [Randomness#seeded].
    record Seeded(long seed) implements Randomness {
        /// Beyond any vocabulary.
        private static final int NO_TOKEN = Integer.MAX_VALUE;

        @Override
        public long key(int call, int position) {
            return Noise.key(seed, call, position);
        }

        @Override
        public double uniform(int call, int position) {
            return Noise.uniform(key(call, position), NO_TOKEN);
        }
    }
}
