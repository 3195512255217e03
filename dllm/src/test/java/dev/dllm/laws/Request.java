package dev.dllm.laws;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Template;

/// One text to denoise.
///
/// @param settings whose generation length is that of the template up to the end of its last hole
record Request(int[] prompt, Template template, DecodeSettings settings) {

    /// Masks alone behind the prompt.
    static Request plain(int[] prompt, DecodeSettings settings) {
        return new Request(prompt, Template.hole(settings.genLength()), settings);
    }

    Request with(DecodeSettings other) {
        return new Request(prompt, template, other.withGenLength(template.openEnd()));
    }
}
