package dev.dllm.model.family;

import dev.dllm.tokenizer.chat.ChatTemplate;
import java.util.List;
import java.util.Optional;

/// How a family's chat models are spoken to where their files do not say it.
///
/// @param template   a chat template in the language of the Hub's; empty if the family has no chat models
/// @param stopTokens tokens that end an answer, besides the ids that the files name; those that the tokenizer does not have
///                   are passed over
public record ChatFormat(String template, List<String> stopTokens) {

    /// A family without chat models.
    static final ChatFormat NONE = new ChatFormat("", List.of());

    /// LLaDA-8B and 1.5: a start mark, then turns in Llama 3's headers; texts are trimmed.
    ///
    /// @see "ML-GSAI/LLaDA, chat.py and generate.py"
    static final ChatFormat LLADA = new ChatFormat(
            """
            {{ '<|startoftext|>' }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' \
            + message['content'] | trim + '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}\
            {{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}""",
            List.of("<|eot_id|>", "<|endoftext|>"));

    /// LLaDA2.x and LLaDA-MoE: turns between role marks, opened by a system turn in any case.
    ///
    /// @see "inclusionAI/Ling-2.0, chat template"
    static final ChatFormat LING = new ChatFormat(
            """
            {% if messages[0]['role'] != 'system' %}{{ '<role>SYSTEM</role>detailed thinking off<|role_end|>' }}{% endif %}\
            {% for message in messages %}{% if message['role'] == 'system' %}\
            {{ '<role>SYSTEM</role>' + message['content'] + '\\ndetailed thinking off<|role_end|>' }}\
            {% elif message['role'] == 'user' %}{{ '<role>HUMAN</role>' + message['content'] + '<|role_end|>' }}\
            {% else %}{{ '<role>ASSISTANT</role>' + message['content'] + '<|role_end|>' }}{% endif %}{% endfor %}\
            {% if add_generation_prompt %}{{ '<role>ASSISTANT</role>' }}{% endif %}""",
            List.of("<|endoftext|>", "<|role_end|>"));

    private static final String CHATML_TURNS =
            """
            {% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}\
            {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""";

    private static final List<String> CHATML_STOPS = List.of("<|im_end|>", "<|endoftext|>", "<|dlm_pad|>");

    /// ChatML without a system turn of its own (Qwen3).
    ///
    /// @see "Qwen/Qwen3-8B, chat template"
    static final ChatFormat CHATML = new ChatFormat(CHATML_TURNS, CHATML_STOPS);

    /// ChatML that opens with a system turn in any case (Qwen2, Dream).
    ///
    /// @see "Dream-org/Dream-v0-Instruct-7B, chat template"
    static final ChatFormat CHATML_WITH_SYSTEM = new ChatFormat(
            """
            {% if messages[0]['role'] != 'system' %}\
            {{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}""" + CHATML_TURNS,
            CHATML_STOPS);

    /// The template, if there is one.
    public Optional<ChatTemplate> parsed() {
        return template.isEmpty() ? Optional.empty() : Optional.of(ChatTemplate.parse(template));
    }

    public ChatFormat {
        stopTokens = List.copyOf(stopTokens);
    }
}
