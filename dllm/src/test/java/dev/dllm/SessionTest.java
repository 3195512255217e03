package dev.dllm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Edits;
import dev.dllm.decode.FinishReason;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final Prompt STORY = Prompt.chat("Tell me a story.");

    private LanguageModel model;
    private Session session;

    @BeforeEach
    void open() {
        model = LanguageModel.embedded();
        session = model.newSession();
    }

    @AfterEach
    void close() {
        session.close();
        model.close();
    }

    /// One token per call, so that a run takes many calls.
    private DecodeSettings slow() {
        return model.settings().withUnmasking(new Threshold(2));
    }

    @Test
    void theStreamedPiecesAreTheText() {
        StringBuilder streamed = new StringBuilder();
        List<Integer> ends = new ArrayList<>();
        GenerationResult result = session.generate(new GenerationRequest(STORY, model.settings()), new GenerationListener() {
            @Override
            public void text(int sequence, String piece) {
                streamed.append(piece);
            }

            @Override
            public void committed(int sequence, Canvas canvas, int from, int to) {
                assertEquals(ends.isEmpty() ? canvas.promptLength() : ends.getLast(), from);
                ends.add(to);
            }
        });

        assertEquals(result.text(), streamed.toString());
        assertTrue(ends.size() > 1, "a story takes more than one block");
        assertEquals(result.promptIds().length + result.ids().length, ends.getLast());
        assertEquals(FinishReason.EOS, result.finishReason());
        assertEquals(result.calls(), result.trace().calls().size());
        assertTrue(result.text().endsWith("."), result.text());
    }

    /// Whatever token ends a text, it is no part of it.
    @Test
    void theTokenThatEndsATextIsNotShown() {
        Prompt sum = Prompt.chat("9-8");
        int[] ids = session.generate(sum).ids();
        int last = ids[ids.length - 2];
        GenerationResult cut = session.generate(sum, model.settings().withStop(StopRule.afterBlock(last)));

        int[] before = Arrays.copyOf(cut.ids(), cut.ids().length - 1);
        assertEquals(last, cut.ids()[cut.ids().length - 1]);
        assertEquals(model.tokenizer().orElseThrow().decode(before, true), cut.text());
        assertEquals(FinishReason.EOS, cut.finishReason());
    }

    @Test
    void cancelEndsTheRunBeforeItsNextCall() {
        GenerationResult result = session.generate(new GenerationRequest(STORY, slow()), new GenerationListener() {
            @Override
            public void called(int sequence, int call, Canvas canvas, Edits edits) {
                if (call == 2) {
                    session.cancel();
                }
            }
        });

        assertEquals(3, result.calls());
        assertEquals(FinishReason.CANCELLED, result.finishReason());
        assertArrayEquals(new int[0], result.ids());
        assertEquals(FinishReason.EOS, session.generate(STORY).finishReason(), "the session can be used again");
    }

    @Test
    void anInterruptCancels() {
        GenerationResult result = session.generate(new GenerationRequest(STORY, slow()), new GenerationListener() {
            @Override
            public void called(int sequence, int call, Canvas canvas, Edits edits) {
                Thread.currentThread().interrupt();
            }
        });

        assertEquals(1, result.calls());
        assertEquals(FinishReason.CANCELLED, result.finishReason());
        assertTrue(Thread.interrupted(), "the interrupt is left for the caller to see");
    }

    @Test
    void anExceptionOfTheListenerLeavesTheSessionUsable() {
        RuntimeException thrown = new IllegalStateException("enough");
        GenerationListener failing = new GenerationListener() {
            @Override
            public void text(int sequence, String piece) {
                throw thrown;
            }
        };
        GenerationRequest request = new GenerationRequest(STORY, model.settings());
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> session.generate(request, failing)));
        assertFalse(session.generate(STORY).text().isEmpty());
    }

    @Test
    void closingWaitsForTheRunningCallAndFailsTheRun() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<GenerationResult> run = thread.submit(() -> session.generate(
                    new GenerationRequest(STORY, slow()), new GenerationListener() {
                        @Override
                        public void called(int sequence, int call, Canvas canvas, Edits edits) {
                            started.countDown();
                        }
                    }));
            started.await();
            session.close();
            ExecutionException failure = assertThrows(ExecutionException.class, run::get);
            assertEquals("the session has been closed", failure.getCause().getMessage());
        }
        assertThrows(IllegalStateException.class, () -> session.generate(STORY));
        session.close();
    }

    @Test
    void aSessionOfAClosedModelFailsCleanly() {
        model.close();
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> session.generate(STORY));
        assertTrue(e.getMessage().contains("closed"), e.getMessage());
        model.close();
    }

    @Test
    void oneThreadAtATime() throws InterruptedException, ExecutionException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<GenerationResult> run = thread.submit(() -> session.generate(
                    new GenerationRequest(STORY, model.settings()), new GenerationListener() {
                        @Override
                        public void called(int sequence, int call, Canvas canvas, Edits edits) {
                            started.countDown();
                            await(refused);
                        }
                    }));
            started.await();
            assertThrows(IllegalStateException.class, () -> session.generate(STORY));
            refused.countDown();
            assertEquals(FinishReason.EOS, run.get().finishReason());
        }
    }

    @Test
    void aListenerCannotGenerateOnItsOwnSession() {
        GenerationRequest request = new GenerationRequest(STORY, model.settings());
        GenerationListener nested = new GenerationListener() {
            @Override
            public void called(int sequence, int call, Canvas canvas, Edits edits) {
                session.generate(STORY);
            }
        };
        assertThrows(IllegalStateException.class, () -> session.generate(request, nested));
    }

    @Test
    void aListenerThatClosesTheSessionEndsTheRun() {
        GenerationRequest request = new GenerationRequest(STORY, slow());
        List<Integer> calls = new ArrayList<>();
        GenerationListener closing = new GenerationListener() {
            @Override
            public void called(int sequence, int call, Canvas canvas, Edits edits) {
                calls.add(call);
                session.close();
            }
        };
        assertThrows(IllegalStateException.class, () -> session.generate(request, closing));
        assertEquals(List.of(0), calls);
        assertEquals(0, session.byteSize());
    }

    @Test
    void aRequestThatCannotBeFulfilledComputesNothing() {
        List<GenerationRequest> requests = List.of(
                new GenerationRequest(STORY, model.settings()), new GenerationRequest(Prompt.ids(), model.settings()));
        GenerationListener silent = new GenerationListener() {
            @Override
            public void called(int sequence, int call, Canvas canvas, Edits edits) {
                throw new AssertionError("a call was made");
            }
        };
        assertThrows(InvalidRequestException.class, () -> session.generate(requests, silent));
    }

    @Test
    void theSameSeedGivesTheSameTextAndAnotherSeedAnother() {
        DecodeSettings sampled = model.settings().withSampling(model.settings().sampling().withTemperature(1));
        String first = session.generate(STORY, sampled.withSeed(1)).text();
        assertEquals(first, session.generate(STORY, sampled.withSeed(1)).text());
        assertFalse(first.equals(session.generate(STORY, sampled.withSeed(2)).text())
                && first.equals(session.generate(STORY, sampled.withSeed(3)).text()));
    }

    @Test
    void aSteadySessionKeepsItsMemory() {
        session.generate(STORY);
        long bytes = session.byteSize();
        assertTrue(bytes > 0);
        session.generate(STORY);
        session.generate(STORY);
        assertEquals(bytes, session.byteSize());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
