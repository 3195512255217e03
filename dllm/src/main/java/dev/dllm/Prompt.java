package dev.dllm;

import java.util.List;

/// What stands before the generated text. Immutable.
public sealed interface Prompt {

    /// A conversation, put into the model's chat template with the header of the answer at its end.
    static Prompt chat(List<ChatMessage> messages) {
        return new Chat(messages);
    }

    /// A conversation of one user message.
    static Prompt chat(String userMessage) {
        return new Chat(List.of(ChatMessage.user(userMessage)));
    }

    /// Text as it is, with whatever tokens the model's tokenizer puts around a text.
    static Prompt text(String text) {
        return new Text(text);
    }

    /// Token ids as they are.
    static Prompt ids(int... ids) {
        return new Ids(ids.clone());
    }

    /// See [Prompt#chat(List)].
    record Chat(List<ChatMessage> messages) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
        }
    }

    /// See [Prompt#text].
    record Text(String text) implements Prompt {}

    /// See [Prompt#ids]. The array is owned, not copied.
    record Ids(int[] ids) implements Prompt {}
}
