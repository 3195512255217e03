package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.Edits;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a terminal shows while the embedded model tells a story.
class LiveCanvasTest {
    private static final int COLUMNS = 30;
    private static LanguageModel model;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final EmulatedScreen screen = new EmulatedScreen();
    private final List<List<String>> frames = new ArrayList<>();
    private int closeAfterCall = Integer.MAX_VALUE;

    @BeforeAll
    static void load() {
        model = LanguageModel.embedded();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void theStoryGrowsOutOfMasksAndStays() {
        LiveCanvas canvas = canvas(24);
        GenerationResult result = generate(canvas);
        canvas.finish();
        show();
        List<String> expected = new ArrayList<>(
                new CanvasView(COLUMNS, false).lines(List.of(CanvasView.Piece.committed(result.text()))));
        assertTrue(expected.size() > 3, result.text());
        expected.add("");
        assertEquals(expected, screen.lines());
        assertTrue(screen.cursorVisible());
        assertEquals(result.calls(), frames.size());
        assertTrue(frames.getFirst().getFirst().startsWith("░"), frames.getFirst().toString());
        assertTrue(masks(frames.getFirst()) > masks(frames.getLast()));
        for (List<String> frame : frames.subList(1, frames.size())) {
            assertTrue(String.join("", frame).matches(".*[a-z].*"), frame.toString());
        }
    }

    @Test
    void aLowTerminalShowsTheBeginningOfTheRest() {
        LiveCanvas canvas = canvas(4);
        generate(canvas);
        assertEquals(3, frames.getFirst().size());
        assertEquals("…", frames.getFirst().getLast());
    }

    @Test
    void nothingIsDrawnAfterClosing() {
        LiveCanvas canvas = canvas(24);
        closeAfterCall = 1;
        GenerationResult result = generate(canvas);
        canvas.finish();
        show();
        assertTrue(result.calls() > 2);
        assertTrue(screen.cursorVisible());
        assertEquals(screen.lines(), frames.get(1));
        assertEquals(frames.get(1), frames.getLast());
    }

    private LiveCanvas canvas(int rows) {
        return new LiveCanvas(
                new PrintStream(bytes, true, StandardCharsets.UTF_8), new CanvasView(COLUMNS, true), rows,
                model.tokenizer().orElseThrow(), model.settings().stop(), model.settings().genLength());
    }

    /// Tells a story to the canvas, and records what the screen shows after every call.
    private GenerationResult generate(LiveCanvas canvas) {
        try (Session session = model.newSession()) {
            return session.generate(
                    new GenerationRequest(Prompt.chat("Tell me a story."), model.settings()), new GenerationListener() {
                        @Override
                        public void called(int sequence, int call, Canvas tokens, Edits edits) {
                            canvas.called(sequence, call, tokens, edits);
                            show();
                            assertEquals(call > closeAfterCall, screen.cursorVisible());
                            if (call == closeAfterCall) {
                                canvas.close();
                                show();
                            }
                            frames.add(screen.lines());
                        }

                        @Override
                        public void committed(int sequence, Canvas tokens, int from, int to) {
                            canvas.committed(sequence, tokens, from, to);
                        }

                        @Override
                        public void text(int sequence, String piece) {
                            canvas.text(sequence, piece);
                        }
                    });
        }
    }

    /// Lets the screen show what has been printed since.
    private void show() {
        screen.print(bytes.toString(StandardCharsets.UTF_8));
        bytes.reset();
    }

    private static long masks(List<String> frame) {
        return String.join("", frame).chars().filter(c -> c == '░').count();
    }
}
