package dev.dllm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory this machine could give.
final class HostMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private HostMemory() {}

    /// Bytes that can be allocated without swapping, or [Long#MAX_VALUE] where the system does not say.
    static long availableBytes() {
        try {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith("MemAvailable:")) {
                    String[] fields = line.trim().split("\\s+");
                    return Long.parseLong(fields[1]) << 10;
                }
            }
            return Long.MAX_VALUE;
        } catch (IOException | NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }
}
