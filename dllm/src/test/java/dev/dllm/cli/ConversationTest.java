package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.ChatMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationTest {

    @Test
    void rolesAlternateBehindTheSystemMessage() {
        Conversation conversation = new Conversation("Be short.");
        conversation.add("one", "1");
        assertEquals(
                List.of(ChatMessage.system("Be short."), ChatMessage.user("one"), ChatMessage.assistant("1"),
                        ChatMessage.user("two")),
                conversation.with("two"));
        conversation.reset();
        assertEquals(List.of(ChatMessage.system("Be short."), ChatMessage.user("three")), conversation.with("three"));
    }

    @Test
    void theOldestTurnsAreForgottenFirstAndNoMoreThanNeeded() {
        Conversation conversation = threeTurns();
        assertEquals(0, conversation.trim("last", List::size, 8));
        assertEquals(2, conversation.trim("last", List::size, 5), "system, one turn, the question; two would be 6");
        assertEquals(
                List.of("Be short.", "three", "3", "last"),
                conversation.with("last").stream().map(ChatMessage::content).toList());
    }

    @Test
    void nothingIsForgottenInVain() {
        Conversation conversation = threeTurns();
        assertEquals(0, conversation.trim("last", List::size, 1));
        assertEquals(8, conversation.with("last").size());
    }

    private static Conversation threeTurns() {
        Conversation conversation = new Conversation("Be short.");
        conversation.add("one", "1");
        conversation.add("two", "2");
        conversation.add("three", "3");
        return conversation;
    }
}
