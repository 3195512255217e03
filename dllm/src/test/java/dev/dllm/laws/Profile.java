package dev.dllm.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.FinishReason;
import dev.dllm.decode.OneOf;
import dev.dllm.decode.Repetition;
import dev.dllm.decode.Smoothing;
import dev.dllm.decode.StopRule;
import dev.dllm.model.AttentionPattern;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Settings besides cache and rule, and what holds for every run with them.
enum Profile {
    /// Blocks of 4, as many calls as positions.
    PLAIN {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings;
        }
    },
    /// Blocks of 8, denoised in halves.
    SPANS {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withBlockLength(8).withSpanLength(4);
        }
    },
    /// Blocks of 8 in 3 calls.
    FEW_STEPS {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withBlockLength(8).withSteps(3);
        }
    },
    SAMPLED {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withSampling(settings.sampling().withTemperature(0.8f).withTopP(0.9f)).withSeed(7);
        }
    },
    /// What is final sees what is before it alone.
    CAUSAL_CONTEXT {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withAttention(new AttentionPattern.CausalContext(4));
        }
    },
    /// A second view of the canvas in every call.
    GUIDED {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withGuidance(0.5f);
        }
    },
    SMOOTHED {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withSmoothing(new Smoothing(0.1f, 0.1f, 0.5f));
        }
    },
    /// Many a token ends the text.
    STOPPED {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withStop(StopRule.filling(IntStream.range(0, 6).toArray()));
        }
    },
    /// More steps than positions, and no call for one that would ask the same as the one before.
    REUSING {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withSteps(6).withReuseLogits(true);
        }

        /// The steps are those of a run that makes every call; those that are not spared ask the same.
        @Override
        void check(Bench bench, Request request, Outcome outcome) {
            Outcome asking = bench.run(request.with(request.settings().withReuseLogits(false)));
            assertEquals(asking.ids(), outcome.ids(), "text without reuse of logits");
            assertEquals(asking.finishReason(), outcome.finishReason(), "end without reuse of logits");
            assertEquals(asking.calls().size(), outcome.calls().size(), "steps without reuse of logits");
            for (int i = 0; i < outcome.calls().size(); i++) {
                Outcome.Call asked = asking.calls().get(i);
                Outcome.Call call = outcome.calls().get(i);
                assertEquals(asked.canvas(), call.canvas(), "canvas behind step " + i + " without reuse of logits");
                assertTrue(call.spared() || call.equals(asked), "step " + i + " is the call without reuse of logits");
            }
        }
    },
    /// A text is over when 4 tokens in a row are not all different: their entropy is ln 4 = 1.39 then, else 1.04 at most.
    REPEATING {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withStop(StopRule.never().withRepetition(new Repetition(WINDOW, 1.2)));
        }

        /// The run is that without a guard, up to the first call behind which the newest window repeats.
        @Override
        void check(Bench bench, Request request, Outcome outcome) {
            Outcome endless = bench.run(request.with(request.settings().withStop(StopRule.never())));
            int last = 0;
            while (last < endless.calls().size() && repeatsFrom(bench, request, endless.calls().get(last)) < 0) {
                last++;
            }
            if (last == endless.calls().size()) {
                assertEquals(endless, outcome, "a text that does not repeat");
                return;
            }
            Outcome.Call call = endless.calls().get(last);
            assertEquals(endless.calls().subList(0, last + 1), outcome.calls(), "calls up to a repetition");
            assertEquals(FinishReason.REPETITION, outcome.finishReason(), "end of a text that repeats");
            int start = request.prompt().length;
            int textEnd = start + endless.ids().size() - (endless.canvas().size() - call.canvas().size());
            int end = Math.min(repeatsFrom(bench, request, call), textEnd);
            assertEquals(call.canvas().subList(start, end), outcome.ids(), "text before what repeats");
        }

        /// Where the window starts that repeats behind a call, or -1. One that given text stands behind does not, nor a text's first.
        private static int repeatsFrom(Bench bench, Request request, Outcome.Call call) {
            List<Integer> canvas = call.canvas();
            int given = request.template().textIds().length == 0 ? request.prompt().length : canvas.size();
            int mask = canvas.indexOf(bench.spec().maskId());
            int start = (mask < 0 ? canvas.size() : mask) - WINDOW;
            boolean looks = start > given && !call.commit().equals(Outcome.Commit.NOTHING);
            return looks && Set.copyOf(canvas.subList(start, start + WINDOW)).size() < WINDOW ? start : -1;
        }
    },
    /// The text is one of three, of which two begin alike. They share tokens at other places too.
    CHOOSING {
        @Override
        DecodeSettings of(DecodeSettings settings) {
            return settings.withHooks(new OneOf(CHOICES, EOS));
        }

        /// All holes together hold it.
        @Override
        void check(Bench bench, Request request, Outcome outcome) {
            List<Integer> open = IntStream.range(0, outcome.ids().size())
                    .filter(i -> i >= request.template().length() || request.template().isOpen(i))
                    .mapToObj(outcome.ids()::get)
                    .toList();
            List<List<Integer>> texts = CHOICES.stream().map(choice -> padded(choice, open.size())).toList();
            boolean written = texts.stream().anyMatch(text -> IntStream.range(0, text.size())
                    .allMatch(i -> open.get(i) == bench.spec().maskId() || open.get(i).equals(text.get(i))));
            assertTrue(written, () -> open + " is not one of " + texts);
        }

        private static List<Integer> padded(int[] choice, int length) {
            int[] text = Arrays.copyOf(choice, length);
            Arrays.fill(text, choice.length, length, EOS);
            return Observer.list(text);
        }
    };

    private static final int WINDOW = 4;
    private static final int EOS = 41;
    private static final List<int[]> CHOICES =
            List.of(new int[] {7, 8, 9, 7, 8, 9, 7, 8, 9}, new int[] {7, 8, 1, 2}, new int[] {3, 8, 9, 2, 8, 4, 5, 6, 3, 1, 2});

    /// @param settings with blocks of 4
    abstract DecodeSettings of(DecodeSettings settings);

    /// Checks a run with these settings alone.
    ///
    /// @param bench to run others on, to compare
    void check(Bench bench, Request request, Outcome outcome) {}
}
