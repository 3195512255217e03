package dev.dllm.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The texts that stand in for a missing template, letter by letter.
class ChatFormatTest {
    private static final Map<String, String> SYSTEM = Map.of("role", "system", "content", "Be brief.");
    private static final Map<String, String> USER = Map.of("role", "user", "content", " Hi ");
    private static final Map<String, String> ASSISTANT = Map.of("role", "assistant", "content", "Yo");

    @Test
    void llada() {
        assertEquals(
                "<|startoftext|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                        + "<|start_header_id|>assistant<|end_header_id|>\n\nYo<|eot_id|>"
                        + "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                        + "<|start_header_id|>assistant<|end_header_id|>\n\n",
                rendered(ChatFormat.LLADA, List.of(USER, ASSISTANT, USER)));
    }

    @Test
    void ling() {
        assertEquals(
                "<role>SYSTEM</role>detailed thinking off<|role_end|><role>HUMAN</role> Hi <|role_end|><role>ASSISTANT</role>",
                rendered(ChatFormat.LING, List.of(USER)));
        assertEquals(
                "<role>SYSTEM</role>Be brief.\ndetailed thinking off<|role_end|><role>HUMAN</role> Hi <|role_end|>"
                        + "<role>ASSISTANT</role>Yo<|role_end|><role>HUMAN</role> Hi <|role_end|><role>ASSISTANT</role>",
                rendered(ChatFormat.LING, List.of(SYSTEM, USER, ASSISTANT, USER)));
    }

    @Test
    void chatMl() {
        assertEquals(
                "<|im_start|>user\n Hi <|im_end|>\n<|im_start|>assistant\n", rendered(ChatFormat.CHATML, List.of(USER)));
        assertEquals(
                "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n Hi <|im_end|>\n"
                        + "<|im_start|>assistant\n",
                rendered(ChatFormat.CHATML_WITH_SYSTEM, List.of(USER)));
        assertEquals(
                "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n Hi <|im_end|>\n<|im_start|>assistant\n",
                rendered(ChatFormat.CHATML_WITH_SYSTEM, List.of(SYSTEM, USER)));
    }

    private static String rendered(ChatFormat format, List<Map<String, String>> messages) {
        return format.parsed().orElseThrow().render(messages, true);
    }
}
