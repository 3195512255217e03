package dev.dllm.runtime;

import java.lang.foreign.MemorySegment;

/// Where the bytes of a tensor are. Placement is a type, so that a device address is never wrapped in a segment that the
/// host could read.
///
/// Immutable and safe to share between threads; the memory behind it lives as long as the arena it was allocated in.
public sealed interface Memory {

    /// Size in bytes.
    long byteSize();

    /// Whether the owning arena is still open.
    boolean isAlive();

    /// Bytes that the host can read: mapped files and native allocations. Heap segments are refused, since kernels work on
    /// addresses.
    record Host(MemorySegment segment) implements Memory {
        public Host {
            if (!segment.isNative()) {
                throw new IllegalArgumentException("a tensor needs native memory; found a heap segment");
            }
        }

        @Override
        public long byteSize() {
            return segment.byteSize();
        }

        @Override
        public boolean isAlive() {
            return segment.scope().isAlive();
        }
    }

    /// Bytes on a device. `scope` is that of the arena whose closing frees them.
    record Device(long address, long byteSize, MemorySegment.Scope scope) implements Memory {
        @Override
        public boolean isAlive() {
            return scope.isAlive();
        }
    }
}
