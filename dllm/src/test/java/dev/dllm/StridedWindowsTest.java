package dev.dllm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.Canvas;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Edits;
import dev.dllm.decode.FinishReason;
import dev.dllm.decode.LogitHook;
import dev.dllm.decode.OneOf;
import dev.dllm.decode.Randomness;
import dev.dllm.decode.Repetition;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Template;
import dev.dllm.decode.Trace;
import dev.dllm.model.AttentionPattern;
import dev.dllm.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Windows of 12 positions: a prompt of 4 and 8 generated tokens, then strides of 4. A hook makes every mask the sum of its position
/// and the window's first token, so that what a window writes shows what stood at its start:
///
/// | window | sees | writes |
/// |---|---|---|
/// | 0 | 5 9 14 3 | 9 10 11 12 13 14 15 16 |
/// | 1 | 9 10 11 12 13 14 15 16 | 17 18 19 20 |
/// | 2 | 13 14 15 16 17 18 19 20 | 21 22 23 24 |
class StridedWindowsTest {
    private static final int[] PROMPT = {5, 9, 14, 3};
    private static final int LENGTH = 12;
    private static final StridedWindows WINDOWS = new StridedWindows(4, 3);
    private static final DecodeSettings SETTINGS = DecodeSettings.of(new AttentionPattern.Bidirectional(), 8, 4)
            .withHooks(writing((canvas, position) -> canvas.token(0) + position));

    private LanguageModel model;
    private Session session;

    @BeforeEach
    void open() {
        model = LanguageModel.load(Path.of("goldens/checkpoints/llada-mha"), LoadOptions.defaults().withMaskId(OptionalInt.of(310)));
        session = model.newSession();
    }

    @AfterEach
    void close() {
        session.close();
        model.close();
    }

    /// What a mask becomes.
    private interface Script {
        int token(Canvas canvas, int position);
    }

    private static LogitHook writing(Script script) {
        return () -> (canvas, span, positions, rows) -> {
            for (int i = 0; i < positions.length; i++) {
                Arrays.fill(rows.row(i), 0);
                rows.row(i)[script.token(canvas, positions[i])] = 50;
            }
        };
    }

    private GenerationResult run(StridedWindows windows, DecodeSettings settings, GenerationListener listener) {
        return windows.generate(session, request(settings), listener);
    }

    private static GenerationRequest request(DecodeSettings settings) {
        return new GenerationRequest(Prompt.ids(PROMPT), settings);
    }

    @Test
    void everyWindowSeesTheEndOfTheTextSoFar() {
        GenerationResult result = run(WINDOWS, SETTINGS, GenerationListener.NONE);

        assertArrayEquals(PROMPT, result.promptIds());
        assertArrayEquals(IntStream.rangeClosed(9, 24).toArray(), result.ids());
        assertArrayEquals(result.ids(), result.holes().getFirst());
        assertArrayEquals(IntStream.concat(IntStream.of(PROMPT), IntStream.rangeClosed(9, 24)).toArray(), result.canvas());
        assertEquals(FinishReason.LENGTH, result.finishReason());
    }

    @Test
    void theCostIsThatOfAllWindows() {
        GenerationResult result = run(WINDOWS, SETTINGS, GenerationListener.NONE);
        GenerationResult first = session.generate(request(SETTINGS), GenerationListener.NONE);

        // One token per call, every call computes the window.
        assertEquals(16, result.calls());
        assertEquals(16 * LENGTH, result.positionsComputed());
        assertEquals(first.keyValueBytes(), result.keyValueBytes(), "every window holds what the first one held");
        assertTrue(result.seconds() > 0);
    }

    @Test
    void theTraceIsThatOfTheWholeText() {
        GenerationResult result = run(WINDOWS, SETTINGS, GenerationListener.NONE);

        int[] text = Arrays.copyOf(PROMPT, PROMPT.length + 16);
        for (List<Trace.Change> call : result.trace().calls()) {
            assertEquals(1, call.size());
            assertEquals(0, call.getFirst().sequence());
            text[call.getFirst().position()] = call.getFirst().token();
        }
        assertEquals(16, result.trace().calls().size());
        assertArrayEquals(result.canvas(), text);
    }

    @Test
    void aWholeCanvasInATraceStandsBehindWhatCameBefore() {
        Trace window = new Trace();
        Edits rebuilding = new Edits();
        rebuilding.rebuild(new int[] {7, 8}, new boolean[] {true, false});
        window.called(0, 0, new Canvas(new int[] {7}, 2, 310), new Edits());
        window.called(0, 1, new Canvas(new int[] {7}, 2, 310), rebuilding);
        Trace trace = new Trace();
        trace.append(window, new int[0]);
        trace.append(window, new int[] {1, 2});

        assertEquals(4, trace.calls().size());
        assertTrue(trace.resized(0, 2).isEmpty());
        assertArrayEquals(new int[] {7, 310}, trace.resized(0, 1).orElseThrow());
        assertArrayEquals(new int[] {1, 2, 7, 310}, trace.resized(0, 3).orElseThrow());
    }

    @Test
    void oneWindowIsThePlainRun() {
        GenerationResult plain = session.generate(request(SETTINGS), GenerationListener.NONE);
        GenerationResult one = run(new StridedWindows(4, 1), SETTINGS, GenerationListener.NONE);

        assertArrayEquals(plain.ids(), one.ids());
        assertArrayEquals(plain.canvas(), one.canvas());
        assertEquals(plain.calls(), one.calls());
        assertEquals(plain.trace().calls(), one.trace().calls());
        assertEquals(plain.finishReason(), one.finishReason());
    }

    @Test
    void aTextThatEndsInTheFirstWindowIsThePlainRun() {
        DecodeSettings ending = SETTINGS.withStop(StopRule.afterBlock(11));
        GenerationResult plain = session.generate(request(ending), GenerationListener.NONE);
        GenerationResult strided = run(WINDOWS, ending, GenerationListener.NONE);

        assertArrayEquals(new int[] {9, 10, 11}, strided.ids());
        assertEquals(plain.calls(), strided.calls());
        assertEquals(FinishReason.EOS, strided.finishReason());
    }

    @Test
    void anEosEndsTheText() {
        GenerationResult result = run(WINDOWS, SETTINGS.withStop(StopRule.never(19)), GenerationListener.NONE);

        assertArrayEquals(IntStream.rangeClosed(9, 19).toArray(), result.ids());
        assertEquals(FinishReason.EOS, result.finishReason());
        assertEquals(12, result.calls(), "the window is denoised to its end, and no other one follows");
    }

    @Test
    void aStrideOfTheWholeLengthKeepsAsManyTokensAsThePrompt() {
        GenerationResult result = run(new StridedWindows(8, 2), SETTINGS, GenerationListener.NONE);

        // The second window sees 13 14 15 16.
        assertArrayEquals(IntStream.rangeClosed(9, 24).toArray(), result.ids());
        assertEquals(16 * LENGTH, result.positionsComputed());
    }

    @Test
    void windowsAreToldOfAsSequences() {
        List<String> told = new ArrayList<>();
        run(WINDOWS, SETTINGS.withSteps(1), new GenerationListener() {
            @Override
            public void called(int sequence, int call, Canvas canvas, Edits edits) {
                told.add(sequence + ": call " + call + " of " + canvas.length());
            }

            @Override
            public void committed(int sequence, Canvas canvas, int from, int to) {
                told.add(sequence + ": " + from + ".." + to);
            }
        });

        assertEquals(
                List.of("0: call 0 of 12", "0: 4..8", "0: call 1 of 12", "0: 8..12", "1: call 0 of 12", "1: 8..12",
                        "2: call 0 of 12", "2: 8..12"),
                told);
    }

    @Test
    void cancellingEndsAllWindows() {
        GenerationResult inside = run(WINDOWS, SETTINGS, new GenerationListener() {
            @Override
            public void called(int sequence, int call, Canvas canvas, Edits edits) {
                if (sequence == 1 && call == 2) {
                    session.cancel();
                }
            }
        });
        assertEquals(FinishReason.CANCELLED, inside.finishReason());
        assertEquals(11, inside.calls());
        assertArrayEquals(IntStream.rangeClosed(9, 16).toArray(), inside.ids(), "no token of the block is final");

        GenerationResult between = run(WINDOWS, SETTINGS, new GenerationListener() {
            @Override
            public void committed(int sequence, Canvas canvas, int from, int to) {
                if (to == LENGTH) {
                    session.cancel();
                }
            }
        });
        assertEquals(FinishReason.CANCELLED, between.finishReason());
        assertEquals(8, between.calls());
        assertEquals(FinishReason.LENGTH, run(WINDOWS, SETTINGS, GenerationListener.NONE).finishReason(), "the session can be used again");
    }

    @Test
    void nobodyGeneratesBetweenTwoWindows() {
        List<Integer> calls = new ArrayList<>();
        GenerationListener closing = new GenerationListener() {
            @Override
            public void committed(int sequence, Canvas canvas, int from, int to) {
                assertThrows(IllegalStateException.class, () -> session.generate(request(SETTINGS), NONE));
                if (to == LENGTH) {
                    calls.add(sequence);
                    session.close();
                }
            }
        };
        assertThrows(IllegalStateException.class, () -> run(WINDOWS, SETTINGS, closing));
        assertEquals(List.of(0), calls);
        assertEquals(0, session.byteSize());
    }

    @Test
    void masksThatAreLeftAreNotGivenToTheNextWindow() {
        // A call that proposes the mask only writes nothing, and ends the block.
        DecodeSettings stuck = SETTINGS.withSuppressMask(false).withHooks(writing((_, position) -> position < 6 ? position : 310));
        GenerationResult result = run(WINDOWS, stuck, GenerationListener.NONE);

        assertEquals(FinishReason.STEPS, result.finishReason());
        assertEquals(8, result.ids().length);
        assertEquals(310, result.ids()[7]);
    }

    /// Where all tokens are as likely as each other, noise alone decides: the same noise would write the same in every window.
    @Test
    void everyWindowDrawsItsOwn() {
        DecodeSettings drawn = SETTINGS.withHooks(() -> (canvas, span, positions, rows) -> {
                    for (int i = 0; i < positions.length; i++) {
                        Arrays.fill(rows.row(i), 0);
                    }
                }).withSampling(SETTINGS.sampling().withTemperature(1)).withSeed(3);
        int[] ids = run(WINDOWS, drawn, GenerationListener.NONE).ids();

        assertFalse(Arrays.equals(Arrays.copyOfRange(ids, 8, 12), Arrays.copyOfRange(ids, 12, 16)));
        assertArrayEquals(ids, run(WINDOWS, drawn, GenerationListener.NONE).ids());
        Randomness whole = Randomness.seeded(3);
        assertEquals(whole.key(2, 9), whole.from(4).key(2, 5));
        assertEquals(whole.uniform(2, 9), whole.from(4).uniform(2, 5));
    }

    @Test
    void aCharacterMayBeginInOneWindowAndEndInTheNext() {
        try (LanguageModel embedded = LanguageModel.embedded(); Session own = embedded.newSession()) {
            Tokenizer tokenizer = embedded.tokenizer().orElseThrow();
            int[] ids = tokenizer.encode("x=é1", false);
            assertEquals(5, ids.length, "é is two tokens");
            // Every token is followed by the next one of the text.
            LogitHook hook = writing((canvas, position) -> {
                int before = canvas.token(position - 1);
                return IntStream.range(0, 4).filter(i -> ids[i] == before).map(i -> ids[i + 1]).findFirst().orElse(ids[0]);
            });
            DecodeSettings settings = SETTINGS.withGenLength(2).withConfidence(Confidence.LEFTMOST).withHooks(hook);
            List<String> pieces = new ArrayList<>();
            GenerationResult result = new StridedWindows(1, 3).generate(
                    own, new GenerationRequest(Prompt.ids(ids[0]), settings), new GenerationListener() {
                        @Override
                        public void text(int sequence, String piece) {
                            pieces.add(sequence + piece);
                        }
                    });

            assertArrayEquals(Arrays.copyOfRange(ids, 1, 5), result.ids());
            assertEquals("=é1", result.text());
            assertEquals(List.of("0=", "1é", "21"), pieces);
        }
    }

    @Test
    void whatMakesNoSenseComputesNothing() {
        refused("0 windows with stride 4: needs 1 or more of each", () -> new StridedWindows(4, 0));
        refused("2 windows with stride 0: needs 1 or more of each", () -> new StridedWindows(0, 2));
        refused("stride 9: needs 1 to 8, the generation length", () -> run(new StridedWindows(9, 2), SETTINGS, silent()));
        refused(
                "4194304 windows with stride 4: need a text of at most 16777216 tokens",
                () -> run(new StridedWindows(4, 1 << 22), SETTINGS, silent()));
        refused(
                "windows with given texts: every window would become one of them; needs one window",
                () -> run(WINDOWS, SETTINGS.withHooks(new OneOf(List.of(new int[] {1}), 2)), silent()));
        refused(
                "repetition in 4 tokens with stride 4: a window looks at what it writes itself; needs fewer tokens",
                () -> run(WINDOWS, SETTINGS.withStop(StopRule.never().withRepetition(new Repetition(4, 1))), silent()));
        refused(
                "windows of a text with holes: what is given behind them would move; needs an open end",
                () -> WINDOWS.generate(
                        session, new GenerationRequest(Prompt.ids(PROMPT), Template.hole(2).andText(7).andHole(4), SETTINGS), silent()));
        int context = model.spec().transformer().contextLimit();
        refused(
                "a prompt of 4 tokens and a generation length of %d exceed the model's context of %d positions".formatted(context, context),
                () -> run(WINDOWS, SETTINGS.withGenLength(context), silent()));
    }

    private static GenerationListener silent() {
        return new GenerationListener() {
            @Override
            public void called(int sequence, int call, Canvas canvas, Edits edits) {
                throw new AssertionError("a call was made");
            }
        };
    }

    private static void refused(String reason, Runnable run) {
        assertEquals(reason, assertThrows(InvalidRequestException.class, run::run).getMessage());
    }
}
