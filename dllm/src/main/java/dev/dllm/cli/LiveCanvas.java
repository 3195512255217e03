package dev.dllm.cli;

import dev.dllm.GenerationListener;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.Edits;
import dev.dllm.decode.StopRule;
import dev.dllm.tokenizer.Tokenizer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/// Shows a canvas on a terminal while it is denoised. Lines of final text are printed once and scroll away; what follows
/// them, up to the end of the canvas, is drawn over after every step.
///
/// The cursor is hidden from the first step on; [#close] shows it again, from whatever thread and however often, and
/// nothing is drawn afterwards.
final class LiveCanvas implements GenerationListener, AutoCloseable {
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String ERASE_BELOW = "\u001b[J";
    private static final String MORE = "…";

    private final PrintStream out;
    private final CanvasView view;
    private final int rows;
    private final Tokenizer tokenizer;
    private final StopRule stop;
    private final int genLength;
    private final StringBuilder finalText = new StringBuilder();
    private int drawnLines;
    private int finalEnd;
    private boolean closed;

    /// @param rows      of the terminal
    /// @param genLength response positions to show; the canvas may have more
    LiveCanvas(PrintStream out, CanvasView view, int rows, Tokenizer tokenizer, StopRule stop, int genLength) {
        this.out = out;
        this.view = view;
        this.rows = rows;
        this.tokenizer = tokenizer;
        this.stop = stop;
        this.genLength = genLength;
    }

    @Override
    public void called(int sequence, int call, Canvas canvas, Edits edits) {
        finalEnd = Math.max(finalEnd, canvas.promptLength());
        int end = Math.min(canvas.length(), canvas.promptLength() + genLength);
        draw(pieces(canvas, finalEnd, end, position -> contains(edits, position)));
    }

    @Override
    public void committed(int sequence, Canvas canvas, int from, int to) {
        finalEnd = to;
    }

    @Override
    public void text(int sequence, String piece) {
        finalText.append(piece);
    }

    /// Draws the final text alone and leaves the cursor, visible again, on the next line.
    void finish() {
        draw(List.of());
        close();
    }

    /// Makes the terminal usable again. Idempotent and thread-safe: also called when the process is told to end.
    @Override
    public synchronized void close() {
        if (!closed && drawnLines > 0) {
            out.print(SHOW_CURSOR + "\n");
            out.flush();
        }
        closed = true;
    }

    /// Draws over what was drawn before: the final text since the last line that was finished, then `live`.
    private synchronized void draw(List<CanvasView.Piece> live) {
        if (closed) {
            return;
        }
        List<String> finalLines = view.lines(List.of(CanvasView.Piece.committed(finalText.toString())));
        List<CanvasView.Piece> pieces = new ArrayList<>();
        pieces.add(CanvasView.Piece.committed(finalLines.getLast()));
        pieces.addAll(live);
        List<String> open = view.lines(pieces);
        if (open.size() >= rows) {
            open = new ArrayList<>(open.subList(0, Math.max(1, rows - 2)));
            open.add(MORE);
        }
        StringBuilder screen = new StringBuilder(drawnLines == 0 ? HIDE_CURSOR : up(drawnLines - 1) + ERASE_BELOW);
        for (String line : finalLines.subList(0, finalLines.size() - 1)) {
            screen.append(line).append('\n');
        }
        screen.append(String.join("\n", open));
        out.print(screen);
        out.flush();
        finalText.setLength(0);
        finalText.append(finalLines.getLast());
        drawnLines = open.size();
    }

    private static String up(int lines) {
        return lines == 0 ? "\r" : "\r\u001b[" + lines + "A";
    }

    /// The positions `[from, end)` up to the first EOS, as text and masks.
    private List<CanvasView.Piece> pieces(Canvas canvas, int from, int end, IntPredicate fresh) {
        List<CanvasView.Piece> pieces = new ArrayList<>();
        int position = from;
        while (position < end && !stop.isEos(canvas.token(position))) {
            int start = position;
            boolean masked = canvas.isMasked(start);
            boolean isFresh = fresh.test(start);
            while (position < end && canvas.isMasked(position) == masked && fresh.test(position) == isFresh
                    && !stop.isEos(canvas.token(position))) {
                position++;
            }
            pieces.add(masked ? CanvasView.Piece.masks(position - start) : text(canvas.copy(start, position), isFresh));
        }
        return pieces;
    }

    private CanvasView.Piece text(int[] ids, boolean fresh) {
        String text = tokenizer.decode(ids, true);
        return fresh ? CanvasView.Piece.fresh(text) : CanvasView.Piece.committed(text);
    }

    private static boolean contains(Edits edits, int position) {
        for (int i = 0; i < edits.size(); i++) {
            if (edits.position(i) == position) {
                return true;
            }
        }
        return false;
    }
}
