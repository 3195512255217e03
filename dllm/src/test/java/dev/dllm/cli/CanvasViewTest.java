package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cli.CanvasView.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanvasViewTest {
    private static final Piece TEXT = Piece.committed("The map showed");

    @Test
    void masksFollowText() {
        assertEquals(List.of("The map showed░░░"), plain(20, TEXT, Piece.masks(3)));
        assertEquals(List.of(""), plain(20));
    }

    @Test
    void linesBreakAtBlanks() {
        assertEquals(List.of("The map", "showed"), plain(10, TEXT));
        assertEquals(List.of("The map", "showed"), plain(7, TEXT), "a blank behind a full line is dropped");
        assertEquals(List.of("The map showed"), plain(14, TEXT));
        assertEquals(List.of("Incompreh", "ensible"), plain(9, Piece.committed("Incomprehensible")));
    }

    @Test
    void masksBreakAnywhere() {
        assertEquals(List.of("a ░░░", "░░"), plain(5, Piece.committed("a "), Piece.masks(5)));
        assertEquals(List.of("a ab░", "░"), plain(5, Piece.committed("a ab"), Piece.masks(2)));
        assertEquals(List.of("░░░░", "ab cd"), plain(5, Piece.masks(4), Piece.fresh("ab cd")));
    }

    @Test
    void wideCharactersAreNeverCut() {
        assertEquals(List.of("日本", "語"), plain(5, Piece.committed("日本語")));
        assertEquals(List.of("e\u0301e\u0301", "e\u0301"), plain(2, Piece.committed("e\u0301e\u0301e\u0301")));
    }

    @Test
    void lineEndsAndTabs() {
        assertEquals(List.of("a", "", "b"), plain(10, Piece.committed("a\n\nb")));
        assertEquals(List.of("a   b"), plain(10, Piece.committed("a\tb")));
    }

    @Test
    void controlCharactersAreShown() {
        assertEquals(List.of("␛[2J␇␡\ufffd"), plain(20, Piece.committed("\u001b[2J\u0007\u007f\u009b")));
    }

    @Test
    void attributesEndWithTheirPieceAndWithTheLine() {
        CanvasView view = new CanvasView(4, true);
        assertEquals(
                List.of("ab\u001b[2m░░\u001b[0m", "\u001b[2m░\u001b[0m\u001b[1mcd\u001b[0me"),
                view.lines(List.of(Piece.committed("ab"), Piece.masks(3), Piece.fresh("cd"), Piece.committed("e"))));
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        Random random = new Random(7);
        String letters = "ab 日é\u0301🙂\t ";
        for (int round = 0; round < 500; round++) {
            List<Piece> pieces = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                StringBuilder text = new StringBuilder();
                random.ints(random.nextInt(12), 0, letters.codePointCount(0, letters.length()))
                        .forEach(at -> text.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, at))));
                pieces.add(random.nextInt(3) == 0 ? Piece.masks(random.nextInt(9)) : Piece.committed(text.toString()));
            }
            int columns = 2 + random.nextInt(20);
            for (String line : new CanvasView(columns, false).lines(pieces)) {
                assertTrue(DisplayWidth.of(line) <= columns, () -> "'" + line + "' in " + columns + " columns");
            }
        }
    }

    private static List<String> plain(int columns, Piece... pieces) {
        return new CanvasView(columns, false).lines(List.of(pieces));
    }
}
