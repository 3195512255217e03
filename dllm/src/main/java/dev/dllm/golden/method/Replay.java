package dev.dllm.golden.method;

import dev.dllm.decode.Randomness;
import dev.dllm.golden.GoldenException;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// Recorded draws, given out again in the form that their method drew them. Not thread-safe.
final class Replay {

    private Replay() {}

    /// One number per position and call: `calls[call][0][position]`.
    static Randomness byPosition(JsonNode calls) {
        return new Recorded() {
            @Override
            public double uniform(int call, int position) {
                return number(calls.path(call).path(0).path(position));
            }
        };
    }

    /// One number per position and block, the same at every call: `blocks[block][0][position]`.
    static Randomness byBlock(JsonNode blocks, int promptLength, int blockLength) {
        return new Recorded() {
            @Override
            public double uniform(int call, int position) {
                return number(blocks.path((position - promptLength) / blockLength).path(0).path(position));
            }
        };
    }

    /// One number per mask still there, in the order of positions: `calls[call][n]`.
    static Randomness byMask(JsonNode calls) {
        return new Recorded() {
            private int lastCall = -1;
            private int next;

            @Override
            public double uniform(int call, int position) {
                next = call == lastCall ? next + 1 : 0;
                lastCall = call;
                return number(calls.path(call).path(next));
            }
        };
    }

    /// As [#byMask] for methods that draw in some calls only: `draws[of the calls that draw][n]`.
    static Randomness inTurn(JsonNode draws) {
        return new Recorded() {
            private int lastCall = -1;
            private int turn = -1;
            private int next;

            @Override
            public double uniform(int call, int position) {
                boolean same = call == lastCall;
                turn += same ? 0 : 1;
                next = same ? next + 1 : 0;
                lastCall = call;
                return number(draws.path(turn).path(next));
            }
        };
    }

    /// One token per position of the block: `calls[call][position in the block]`, null for calls that draw nothing.
    static Randomness tokens(JsonNode calls, int blockLength) {
        return new Recorded() {
            @Override
            public OptionalInt token(int call, int position) {
                return OptionalInt.of((int) number(calls.path(call).path(position % blockLength)));
            }
        };
    }

    /// One token per position of the canvas: `calls[call][0][position]`.
    static Randomness tokens(JsonNode calls) {
        return new Recorded() {
            @Override
            public OptionalInt token(int call, int position) {
                return OptionalInt.of((int) number(calls.path(call).path(0).path(position)));
            }
        };
    }

    private static double number(JsonNode node) {
        if (!node.isNumber()) {
            throw new GoldenException("the case records fewer draws than the run asks for");
        }
        return node.doubleValue();
    }

    /// A method draws in one form only.
    private abstract static class Recorded implements Randomness {
        @Override
        public long key(int call, int position) {
            return 0;
        }

        @Override
        public double uniform(int call, int position) {
            throw new GoldenException("the case records no numbers for its draws");
        }
    }
}
