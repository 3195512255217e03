package dev.dllm.cli;

import dev.dllm.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// What has been said so far: an optional system message, then turns of question and answer.
final class Conversation {
    private final @Nullable String system;
    private final List<Turn> turns = new ArrayList<>();

    private record Turn(String question, String answer) {}

    Conversation(@Nullable String system) {
        this.system = system;
    }

    /// Everything said, with one more question at the end.
    List<ChatMessage> with(String question) {
        return messages(0, question);
    }

    /// Forgets the oldest turns until everything said fits together with one more question. If not even the question alone
    /// fits, nothing is forgotten.
    ///
    /// @param tokens the length of a conversation
    /// @param limit  the longest that fits
    /// @return turns forgotten
    int trim(String question, ToIntFunction<List<ChatMessage>> tokens, int limit) {
        for (int forgotten = 0; forgotten <= turns.size(); forgotten++) {
            if (tokens.applyAsInt(messages(forgotten, question)) <= limit) {
                turns.subList(0, forgotten).clear();
                return forgotten;
            }
        }
        return 0;
    }

    void add(String question, String answer) {
        turns.add(new Turn(question, answer));
    }

    /// Forgets all turns; the system message stays.
    void reset() {
        turns.clear();
    }

    private List<ChatMessage> messages(int from, String question) {
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null) {
            messages.add(ChatMessage.system(system));
        }
        for (Turn turn : turns.subList(from, turns.size())) {
            messages.add(ChatMessage.user(turn.question()));
            messages.add(ChatMessage.assistant(turn.answer()));
        }
        messages.add(ChatMessage.user(question));
        return messages;
    }
}
