package dev.dllm.tokenizer.chat;

/// Something in a template that cannot be done. [ChatTemplate] adds where it happened and reports it.
final class TemplateFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TemplateFailure(String message) {
        super(message, null, false, false);
    }
}
