package dev.dllm.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// As much of a terminal as drawing in place needs: lines, a cursor that moves up and to the left, erasing, and control
/// sequences for attributes and the visibility of the cursor. Anything else is an error.
final class EmulatedScreen {
    private static final Pattern CONTROL = Pattern.compile("\u001b\\[(\\??)(\\d*)([A-Za-z])");

    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private int row;
    private int column;
    private boolean cursorVisible = true;

    void print(String text) {
        Matcher control = CONTROL.matcher(text);
        for (int at = 0; at < text.length(); ) {
            char c = text.charAt(at);
            if (c == '\u001b') {
                if (!control.find(at) || control.start() != at) {
                    throw new IllegalArgumentException("no control sequence: " + text.substring(at));
                }
                obey(control);
                at = control.end();
                continue;
            }
            switch (c) {
                case '\r' -> column = 0;
                case '\n' -> newLine();
                default -> write(c);
            }
            at++;
        }
    }

    private void obey(Matcher control) {
        switch (control.group(1) + control.group(3)) {
            case "A" -> row -= Integer.parseInt(control.group(2));
            case "J" -> {
                lines.get(row).setLength(column);
                lines.subList(row + 1, lines.size()).clear();
            }
            case "m" -> { }
            case "?l" -> cursorVisible = false;
            case "?h" -> cursorVisible = true;
            default -> throw new IllegalArgumentException(control.group());
        }
    }

    private void newLine() {
        row++;
        column = 0;
        if (row == lines.size()) {
            lines.add(new StringBuilder());
        }
    }

    private void write(char c) {
        StringBuilder line = lines.get(row);
        if (column < line.length()) {
            line.setCharAt(column, c);
        } else {
            line.append(c);
        }
        column++;
    }

    List<String> lines() {
        return lines.stream().map(StringBuilder::toString).toList();
    }

    boolean cursorVisible() {
        return cursorVisible;
    }
}
