package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.StridedWindows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether a text is written window by window.
final class StrideOptions {
    /// The one window of a plain generation.
    static final StridedWindows ONE = new StridedWindows(1, 1);

    @Option(names = "--stride", paramLabel = "N",
            description = "Write on when prompt and generation length are full: move that window N tokens to the right, forget what "
                    + "leaves it on the left, and denoise N tokens behind the rest, until the text ends or --windows are written. The "
                    + "text may exceed the model's context.")
    private @Nullable Integer stride;

    @Option(names = "--windows", paramLabel = "N",
            description = "Windows of --stride, the first one counted, at most.")
    private @Nullable Integer windows;

    /// The windows that were asked for, else one.
    ///
    /// @throws InvalidRequestException if a number is out of range, or one of them is missing
    StridedWindows windows() {
        if (stride == null && windows == null) {
            return ONE;
        }
        if (stride == null || windows == null) {
            throw new InvalidRequestException(stride == null
                    ? "--windows " + windows + " needs --stride, the tokens from one window to the next"
                    : "--stride " + stride + " needs --windows, how many to write at most");
        }
        return new StridedWindows(stride, windows);
    }
}
