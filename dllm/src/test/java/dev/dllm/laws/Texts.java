package dev.dllm.laws;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Template;
import java.util.List;
import java.util.stream.IntStream;

/// Two texts of different lengths that are denoised with the same settings.
enum Texts {
    /// Masks behind a prompt. Neither ends with a block of 4 or 8.
    PLAIN(List.of(new Text(5, Template.hole(13)), new Text(9, Template.hole(14)))),
    /// One has given text between two holes and behind them.
    HOLES(List.of(new Text(7, Template.hole(5).andText(3, 4).andHole(6).andText(5, 6, 7)), new Text(6, Template.hole(12))));

    private final List<Text> texts;

    private record Text(int promptLength, Template template) {}

    Texts(List<Text> texts) {
        this.texts = texts;
    }

    List<Request> with(DecodeSettings settings) {
        return texts.stream()
                .map(text -> new Request(prompt(text.promptLength), text.template, settings.withGenLength(text.template.openEnd())))
                .toList();
    }

    /// Ordinary tokens.
    static int[] prompt(int length) {
        return IntStream.range(0, length).map(i -> (11 * i + length) % 40).toArray();
    }
}
