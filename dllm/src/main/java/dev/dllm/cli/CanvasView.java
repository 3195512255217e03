package dev.dllm.cli;

import java.util.ArrayList;
import java.util.List;

/// Lays out the text of a canvas, finished or not, in lines of a terminal.
///
/// Lines break at blanks where there are any, beside masks and between East Asian characters, and never grow wider than the
/// terminal: a line that the terminal broke itself would be one more than was counted when it is drawn over. Control characters
/// are shown, not obeyed.
///
/// @param columns width in cells, 2 or more
/// @param color   whether masks and fresh tokens are set apart by attributes
record CanvasView(int columns, boolean color) {
    private static final int TAB = 4;
    private static final int CONTROL_PICTURES = 0x2400;
    private static final int DELETE = 0x7f;
    private static final int DELETE_PICTURE = 0x2421;
    private static final String MASK_CELL = "░";
    private static final String RESET = "\u001b[0m";

    /// What a piece of a canvas is.
    enum Kind {
        /// Text that stays, or was committed in an earlier step.
        COMMITTED(""),
        /// Written by the step that has just been applied.
        FRESH("\u001b[1m"),
        /// Not committed yet.
        MASKED("\u001b[2m");

        private final String attribute;

        Kind(String attribute) {
            this.attribute = attribute;
        }
    }

    /// A run of characters of one kind.
    record Piece(Kind kind, String text) {
        static Piece committed(String text) {
            return new Piece(Kind.COMMITTED, text);
        }

        static Piece fresh(String text) {
            return new Piece(Kind.FRESH, text);
        }

        static Piece masks(int count) {
            return new Piece(Kind.MASKED, MASK_CELL.repeat(count));
        }
    }

    /// The lines of pieces that follow one another; at least one, the last one unfinished.
    List<String> lines(List<Piece> pieces) {
        Layout layout = new Layout();
        for (Piece piece : pieces) {
            piece.text().codePoints().forEach(codePoint -> layout.add(codePoint, piece.kind()));
        }
        return layout.finish();
    }

    /// One visible character.
    private record Cell(int codePoint, Kind kind) {
        int width() {
            return DisplayWidth.of(codePoint);
        }

        boolean isBlank() {
            return codePoint == ' ';
        }

        /// Whether a line may break before it and behind it.
        boolean standsAlone() {
            return kind == Kind.MASKED || width() == 2;
        }
    }

    /// The line being filled and those before it.
    private final class Layout {
        private final List<String> lines = new ArrayList<>();
        private List<Cell> line = new ArrayList<>();
        private int width;

        void add(int codePoint, Kind kind) {
            if (codePoint == '\n') {
                end(line.size(), line.size());
            } else if (codePoint == '\t') {
                for (int i = TAB - width % TAB; i > 0; i--) {
                    place(' ', kind);
                }
            } else {
                place(visible(codePoint), kind);
            }
        }

        private void place(int codePoint, Kind kind) {
            Cell cell = new Cell(codePoint, kind);
            if (width + cell.width() > columns) {
                breakBefore(cell);
                if (cell.isBlank()) {
                    return;
                }
            }
            line.add(cell);
            width += cell.width();
        }

        /// Ends the line at the last place where it may break before `next`, or in the middle of a word if there is none.
        private void breakBefore(Cell next) {
            if (next.isBlank() || next.standsAlone() || line.getLast().standsAlone()) {
                end(line.size(), line.size());
                return;
            }
            for (int i = line.size() - 1; i > 0; i--) {
                if (line.get(i).isBlank()) {
                    end(i, i + 1);
                    return;
                }
                if (line.get(i).standsAlone() || line.get(i - 1).standsAlone()) {
                    end(i, i);
                    return;
                }
            }
            end(line.size(), line.size());
        }

        /// Ends the line before cell `end`; the next one begins with cell `next`.
        private void end(int end, int next) {
            lines.add(text(line.subList(0, end)));
            line = new ArrayList<>(line.subList(next, line.size()));
            width = line.stream().mapToInt(Cell::width).sum();
        }

        List<String> finish() {
            lines.add(text(line));
            return lines;
        }
    }

    private String text(List<Cell> cells) {
        StringBuilder text = new StringBuilder();
        Kind current = Kind.COMMITTED;
        for (Cell cell : cells) {
            if (color && cell.kind() != current) {
                text.append(current == Kind.COMMITTED ? "" : RESET).append(cell.kind().attribute);
                current = cell.kind();
            }
            text.appendCodePoint(cell.codePoint());
        }
        return text.append(current == Kind.COMMITTED ? "" : RESET).toString();
    }

    private static int visible(int codePoint) {
        if (codePoint < ' ') {
            return CONTROL_PICTURES + codePoint;
        }
        if (codePoint == DELETE) {
            return DELETE_PICTURE;
        }
        return Character.getType(codePoint) == Character.CONTROL ? 0xFFFD : codePoint;
    }
}
