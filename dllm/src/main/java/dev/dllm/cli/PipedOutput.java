package dev.dllm.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/// Standard output, which knows when its reader has gone: `head` closes the pipe once it has seen enough.
final class PipedOutput extends FileOutputStream {
    private volatile boolean abandoned;

    PipedOutput() {
        super(FileDescriptor.out);
    }

    /// Whether a reader has closed the pipe.
    boolean isAbandoned() {
        return abandoned;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            super.write(bytes, offset, length);
        } catch (IOException e) {
            abandoned |= String.valueOf(e.getMessage()).contains("Broken pipe");
            throw e;
        }
    }
}
