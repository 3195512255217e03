package dev.dllm.tokenizer.chat;

/// A chat template that cannot be parsed, that fails on the messages it is given (also on purpose, by
/// `raise_exception`), or that exceeds a limit. The message says in which line.
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChatTemplateException(String message) {
        super(message);
    }

    public ChatTemplateException(String message, Throwable cause) {
        super(message, cause);
    }

    /// `line N: found X; accepted: Y`.
    static ChatTemplateException unaccepted(int line, String found, String accepted) {
        return new ChatTemplateException(
                "chat template, line " + line + ": found " + found + "; accepted: " + accepted);
    }
}
