package dev.dllm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory this process could still get.
final class HostMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    /// Limit and use of a container (cgroup v2).
    private static final Path CONTAINER_LIMIT = Path.of("/sys/fs/cgroup/memory.max");
    private static final Path CONTAINER_USE = Path.of("/sys/fs/cgroup/memory.current");

    private HostMemory() {}

    /// Bytes that can be allocated without swapping or meeting the limit of a container; [Long#MAX_VALUE] where the system
    /// does not say.
    static long availableBytes() {
        return Math.min(machineBytes(), containerBytes());
    }

    private static long machineBytes() {
        try {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.trim().split("\\s+")[1]) << 10;
                }
            }
            return Long.MAX_VALUE;
        } catch (IOException | NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    private static long containerBytes() {
        try {
            return Long.parseLong(Files.readString(CONTAINER_LIMIT).strip())
                    - Long.parseLong(Files.readString(CONTAINER_USE).strip());
        } catch (IOException | NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }
}
