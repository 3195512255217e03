package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// A prompt that may be the words of the command line.
final class PromptOptions {
    @Parameters(paramLabel = "PROMPT", arity = "0..*",
            description = "The prompt; several words are joined by blanks. Without one it is read from standard input.")
    private List<String> words = new ArrayList<>();

    @Mixin private PromptSource source = new PromptSource();

    /// Reads the prompt, before a model is loaded for it.
    ///
    /// @param terminal whether standard input is a terminal, where nobody would know that it is being waited for
    /// @return what the prompt is for a model
    /// @throws InvalidRequestException if there is none, or more than one
    Function<LanguageModel, Prompt> read(boolean terminal) {
        return source.read(words.isEmpty() ? null : String.join(" ", words), "PROMPT", terminal);
    }
}
