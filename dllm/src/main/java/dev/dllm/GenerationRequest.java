package dev.dllm;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Template;
import java.util.List;
import java.util.stream.LongStream;

/// One text to generate. Requests of a batch may differ in everything. Immutable.
///
/// @param prompt   what stands before it
/// @param template what stands behind the prompt: holes, and text that never changes, which only models with bidirectional
///                 attention see
/// @param settings how it is denoised; [LanguageModel#settings] are the model's own. The generation length becomes that of the
///                 template up to the end of its last hole
public record GenerationRequest(Prompt prompt, Template template, DecodeSettings settings) {

    /// @throws InvalidRequestException if the template has no hole
    public GenerationRequest {
        if (template.openEnd() == 0) {
            throw new InvalidRequestException("nothing to denoise: the text behind the prompt has no hole");
        }
        settings = settings.withGenLength(template.openEnd());
    }

    /// A text with nothing behind it.
    public GenerationRequest(Prompt prompt, DecodeSettings settings) {
        this(prompt, Template.hole(settings.genLength()), settings);
    }

    /// The same request with the seeds `first`, `first + 1`, …; they make a difference if its settings draw.
    ///
    /// @param count of them, 1 or more
    public List<GenerationRequest> withSeeds(long first, int count) {
        if (count < 1) {
            throw new InvalidRequestException(count + " seeds: needs 1 or more");
        }
        return LongStream.range(0, count)
                .mapToObj(i -> new GenerationRequest(prompt, template, settings.withSeed(first + i)))
                .toList();
    }

    /// Positions of given text behind the last hole.
    int suffixLength() {
        return template.length() - template.openEnd();
    }
}
