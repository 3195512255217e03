package dev.dllm.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// Checkpoints in the safetensors format: 8 bytes of header length (little-endian), a JSON header
/// `{name: {"dtype", "shape", "data_offsets": [begin, end)}}` with an optional text map `__metadata__`, then the data.
///
/// Files are untrusted: everything is checked before it is used, as strictly as the reference implementation does, and
/// refused with a [CheckpointException]. The header is at most 100,000,000 bytes, tensors follow one another without
/// holes or overlaps up to the end of the file, and shape and element type agree with the bytes taken. Unknown keys
/// beside the three of a tensor are ignored. Stricter than the reference: names occur once, the header begins with `{`,
/// and a shape has at most 64 extents. More lenient: an element type that the format does not know is listed, and
/// refused when the tensor is asked for.
///
/// Tensors are used where they lie, which need not be a multiple of the element size: access is unaligned throughout.
///
/// @see "huggingface/safetensors, README.md and safetensors/src/tensor.rs"
public final class Safetensors {

    private Safetensors() {}

    /// Maps a file, or every file of a directory, read-only into `arena`. Nothing is copied; the files are closed on
    /// return, the mapping stays until the arena is closed. Threads that compute with the tensors need an arena that
    /// they may access: shared, automatic or global.
    ///
    /// A directory holds one of, tried in this order:
    ///
    /// 1. `model.safetensors`;
    /// 2. `model.safetensors.index.json`, whose `weight_map` names for each tensor a file of the same directory.
    ///    Tensors that a named file holds beyond those listed are there as well, as in transformers' `from_pretrained`
    ///    (version 5), but no tensor may be in two files;
    /// 3. a single file `*.safetensors`, or a complete set `NAME-00001-of-0000N.safetensors`.
    ///
    /// A mapped file must not shrink: reading beyond its new end raises an `InternalError`, or kills the JVM if native
    /// code does it. Replace checkpoints by renaming, never by writing into them.
    ///
    /// @throws CheckpointException if there is no checkpoint, it cannot be read, or it breaks a rule of the format
    public static Checkpoint open(Path fileOrDirectory, Arena arena) {
        if (Files.isDirectory(fileOrDirectory)) {
            return SafetensorsDirectory.open(fileOrDirectory, arena);
        }
        String source = fileOrDirectory.toString();
        return StoredTensors.of(source, SafetensorsFile.read(MappedFile.map(fileOrDirectory, arena), source));
    }

    /// A file that was read into native memory, for a model that is shipped inside an archive. Tensors are views of the
    /// segment and live as long as it does.
    ///
    /// @param source what messages call it
    /// @throws IllegalArgumentException if the segment lies on the heap
    /// @throws CheckpointException if it breaks a rule of the format
    public static Checkpoint of(MemorySegment nativeBytes, String source) {
        if (!nativeBytes.isNative()) {
            throw new IllegalArgumentException(source + ": a checkpoint needs native memory; found a heap segment");
        }
        return StoredTensors.of(source, SafetensorsFile.read(nativeBytes.asReadOnly(), source));
    }
}
