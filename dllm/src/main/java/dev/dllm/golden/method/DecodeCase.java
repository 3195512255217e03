package dev.dllm.golden.method;

import dev.dllm.GenerationRequest;
import dev.dllm.Prompt;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Template;
import java.util.List;
import java.util.function.Function;

/// How a decoding case is run and compared.
///
/// @param requests what is generated for the prompts of the case, a row of output each
/// @param order    how the calls of several rows are counted
/// @param output   what the reference returned
/// @param extras   what it recorded besides
public record DecodeCase(Function<List<int[]>, List<GenerationRequest>> requests, Order order, Output output, Extras extras) {

    /// Which part of the canvas a reference returns.
    public enum Output {
        /// All of it.
        CANVAS,
        /// The blocks that have joined so far, of a canvas that grows by blocks of masks.
        JOINED_BLOCKS,
        /// All of it, but for every EOS, those of the prompt included.
        CANVAS_WITHOUT_EOS,
        /// The prompt and the generated ids up to the first EOS.
        PROMPT_AND_TEXT,
        /// The generated ids up to the first EOS.
        TEXT
    }

    /// How a reference runs several rows.
    public enum Order {
        /// A call is one of every row.
        TOGETHER,
        /// A row is run after the other.
        ONE_AFTER_ANOTHER
    }

    /// Rows without text behind the generated part, run together, whose reference returns the whole canvas.
    public DecodeCase(DecodeSettings settings) {
        this(settings, new int[0], Output.CANVAS);
    }

    /// Rows with the same text behind the generated part, run together.
    public DecodeCase(DecodeSettings settings, int[] suffix, Output output) {
        this(settings, Template.hole(settings.genLength()).andText(suffix), output);
    }

    /// Rows with the same template behind the prompt, run together.
    DecodeCase(DecodeSettings settings, Template template, Output output) {
        this(
                prompts -> prompts.stream().map(prompt -> new GenerationRequest(Prompt.ids(prompt), template, settings)).toList(),
                Order.TOGETHER, output, Extras.NONE);
    }
}
