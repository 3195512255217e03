package dev.dllm.checkpoint;

import org.jspecify.annotations.Nullable;

/// A checkpoint that cannot be used as it is. The message names the file, the tensor where there is one, what was found
/// and what is accepted.
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Longer texts are cut in the middle: a name in a hostile file can be long.
    private static final int MOST_CHARACTERS = 600;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// What is wrong in a file; both texts may hold what the file says, since they are made printable here.
    static CheckpointException in(String source, String problem) {
        return in(source, problem, null);
    }

    static CheckpointException in(String source, String problem, @Nullable Throwable cause) {
        return new CheckpointException(printable(source) + ": " + printable(problem), cause);
    }

    /// Cut to a readable length, and with everything escaped that could change a terminal or forge a line of a log.
    private static String printable(String text) {
        String cut = text.length() <= MOST_CHARACTERS ? text
                : text.substring(0, MOST_CHARACTERS / 2) + "…" + text.substring(text.length() - MOST_CHARACTERS / 2);
        StringBuilder escaped = new StringBuilder(cut.length());
        cut.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
                        Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    escaped.append("\\u{%x}".formatted(c));
                default -> escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
