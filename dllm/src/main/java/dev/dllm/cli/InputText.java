package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.files.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Text from a file or from standard input.
final class InputText {
    private static final String STANDARD_INPUT = "-";
    /// Far more than any model's context.
    private static final int LONGEST_BYTES = 16 << 20;

    private InputText() {}

    /// Without the line end that editors and `echo` put behind it.
    ///
    /// @param what messages call the text
    /// @param file where it stands; null or - for standard input
    /// @throws InvalidRequestException if it cannot be read, or is empty
    static String read(String what, @Nullable String file) {
        boolean standardInput = file == null || file.equals(STANDARD_INPUT);
        String source = standardInput ? "standard input" : String.valueOf(file);
        if (source.isEmpty()) {
            throw new InvalidRequestException(what + " from a file without a name; give one, or - for standard input");
        }
        byte[] bytes;
        try {
            bytes = standardInput ? System.in.readNBytes(LONGEST_BYTES + 1) : beginning(Path.of(source));
        } catch (IOException e) {
            throw new InvalidRequestException(what + " from " + source + ": cannot be read: " + FileFailure.reason(e));
        }
        if (bytes.length > LONGEST_BYTES) {
            throw new InvalidRequestException(what + " from " + source + ": more than " + LONGEST_BYTES + " bytes");
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (text.isBlank()) {
                throw new InvalidRequestException(what + " from " + source + ": is empty");
            }
            return text.replaceFirst("\\r?\\n\\z", "");
        } catch (CharacterCodingException _) {
            throw new InvalidRequestException(what + " from " + source + ": is no UTF-8 text");
        }
    }

    private static byte[] beginning(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LONGEST_BYTES + 1);
        }
    }
}
