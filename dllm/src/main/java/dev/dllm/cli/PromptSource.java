package dev.dllm.cli;

import dev.dllm.ChatMessage;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a prompt comes from that does not stand among the arguments, and what becomes of its text.
final class PromptSource {
    @Option(names = "--prompt-file", paramLabel = "FILE", description = "Read the prompt from a file; - is standard input.")
    private @Nullable String file;

    @Option(names = "--prompt-ids", paramLabel = "N,N", split = ",", description = "The prompt as token ids, used as they are.")
    private int @Nullable [] ids;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message of the conversation.")
    private @Nullable String system;

    @Option(names = "--raw", description = "Use the text as it is, without the model's chat template.")
    private boolean raw;

    /// Reads the prompt, before a model is loaded for it.
    ///
    /// @param argument the prompt among the arguments, if there is one
    /// @param named    how help calls that argument
    /// @param terminal whether standard input is a terminal, where nobody would know that it is being waited for
    /// @return what the prompt is for a model
    /// @throws InvalidRequestException if there is none, or more than one
    Function<LanguageModel, Prompt> read(@Nullable String argument, String named, boolean terminal) {
        int given = (argument == null ? 0 : 1) + (file == null ? 0 : 1) + (ids == null ? 0 : 1);
        if (given > 1) {
            throw new InvalidRequestException(
                    "more than one prompt; give one of " + named + ", --prompt-file, --prompt-ids");
        }
        if (system != null && (raw || ids != null)) {
            throw new InvalidRequestException("--system needs the chat template, which --raw and --prompt-ids leave out");
        }
        if (ids != null) {
            Prompt prompt = Prompt.ids(ids);
            return _ -> prompt;
        }
        if (given == 0 && terminal) {
            throw new InvalidRequestException(
                    "no prompt; give one of " + named + ", --prompt-file, --prompt-ids, or standard input");
        }
        String text = argument == null ? InputText.read("prompt", file) : argument;
        return model -> raw || !model.takesChats()
                ? Prompt.text(text)
                : chat(text);
    }

    /// Whether any of these options was given.
    boolean isGiven() {
        return file != null || ids != null || system != null || raw;
    }

    private Prompt chat(String text) {
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null) {
            messages.add(ChatMessage.system(system));
        }
        messages.add(ChatMessage.user(text));
        return Prompt.chat(messages);
    }
}
