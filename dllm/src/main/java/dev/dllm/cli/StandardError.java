package dev.dllm.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes the real standard error back from the launcher.
///
/// The JVM remarks on every start that it uses an incubator module, and has no option against it. So the launcher starts it
/// with a filter as standard error and the real one as another descriptor, whose number is in the property `dllm.stderr`.
/// From here on messages need no filter: they reach the terminal in order, and before the process ends.
final class StandardError {
    private static final int DESCRIPTOR = 2;

    private static @Nullable Thread takingBack;

    private StandardError() {}

    /// Begins, in the background, since binding the function takes longer than parsing the command line.
    static void takeBack() {
        Integer real = Integer.getInteger("dllm.stderr");
        Optional<MemorySegment> dup2 = real == null ? Optional.empty() : Linker.nativeLinker().defaultLookup().find("dup2");
        if (dup2.isPresent()) {
            takingBack = Thread.ofPlatform().daemon().name("standard-error").start(() -> duplicate(dup2.get(), real));
        }
    }

    /// Standard error for messages of our own: whoever writes to it first waits for the real one.
    static OutputStream stream() {
        return new FilterOutputStream(new FileOutputStream(FileDescriptor.err)) {
            @Override
            public void write(int b) throws IOException {
                await();
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                await();
                out.write(bytes, offset, length);
            }
        };
    }

    /// Waits until it is done.
    static void await() {
        Thread thread = takingBack;
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Should it fail, the filter stays, which passes everything else on.
    private static void duplicate(MemorySegment dup2, int real) {
        MethodHandle handle = Linker.nativeLinker().downcallHandle(
                dup2, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int _ = (int) handle.invokeExact(real, DESCRIPTOR);
        } catch (Throwable e) {
            throw new IllegalStateException("dup2", e);
        }
    }
}
