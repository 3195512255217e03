package dev.dllm.runtime;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// A typed view of memory as a matrix `[rows, cols]`, row-major: element `(r, c)` is element `r · rowStride + c` behind
/// `byteOffset`. Batch, heads and experts are documented factorings of rows and columns, not further dimensions.
///
/// A view never owns its memory and is immutable; the constructor checks once that every element lies inside, so that a
/// kernel that stays within `rows` and `cols` stays within the memory.
///
/// @param dtype      element type
/// @param rows       0 or more
/// @param cols       1 or more, a multiple of the type's block
/// @param rowStride  elements from one row to the next, at least `cols`, a multiple of the type's block
/// @param memory     where the bytes are
/// @param byteOffset of element (0, 0) in `memory`
public record Tensor(DType dtype, int rows, int cols, long rowStride, Memory memory, long byteOffset) {

    /// @throws ShapeException if the view does not fit its memory or the numbers make no matrix
    public Tensor {
        if (rows < 0 || cols < 1 || rowStride < cols || byteOffset < 0
                || cols % dtype.blockElements() != 0 || rowStride % dtype.blockElements() != 0) {
            throw new ShapeException("tensor %s[%d, %d] with row stride %d at byte %d: not a matrix view"
                    .formatted(dtype, rows, cols, rowStride, byteOffset));
        }
        long end = end(dtype, rows, cols, rowStride, byteOffset);
        if (end < 0 || end > memory.byteSize()) {
            throw new ShapeException("tensor %s[%d, %d] with row stride %d at byte %d ends outside its memory of %d bytes"
                    .formatted(dtype, rows, cols, rowStride, byteOffset, memory.byteSize()));
        }
    }

    /// A contiguous matrix at the start of `memory`.
    public static Tensor of(DType dtype, int rows, int cols, Memory memory) {
        return new Tensor(dtype, rows, cols, cols, memory, 0);
    }

    /// A contiguous matrix at the start of a native segment.
    public static Tensor of(DType dtype, int rows, int cols, MemorySegment segment) {
        return of(dtype, rows, cols, new Memory.Host(segment));
    }

    /// Rows `[from, to)` as a view.
    public Tensor rows(int from, int to) {
        checkSlice("rows", from, to, rows);
        // An empty slice behind the last row of a strided view would start outside the memory.
        long start = from == to ? byteOffset : byteOffset + dtype.bytes(from * rowStride);
        return new Tensor(dtype, to - from, cols, rowStride, memory, start);
    }

    /// Columns `[from, to)` as a view with the same row stride.
    public Tensor columns(int from, int to) {
        checkSlice("columns", from, to, cols);
        return new Tensor(dtype, rows, to - from, rowStride, memory, byteOffset + dtype.bytes(from));
    }

    /// Whether the rows follow one another without gaps.
    public boolean isContiguous() {
        return rowStride == cols || rows <= 1;
    }

    /// The bytes that the elements take, gaps between rows not counted.
    public long byteSize() {
        return rows * dtype.bytes(cols);
    }

    /// Byte offset of element `(row, col)` in the memory. Not checked.
    public long offset(int row, int col) {
        return byteOffset + dtype.bytes(row * rowStride + col);
    }

    /// The host segment behind this view; offsets into it come from [#offset].
    ///
    /// @throws ShapeException if the tensor is on a device
    public MemorySegment segment() {
        return switch (memory) {
            case Memory.Host(MemorySegment segment) -> segment;
            case Memory.Device _ -> throw new ShapeException(this + " is on a device; download it first");
        };
    }

    /// One element of a host tensor as a float. Slow: for diagnosis, tests and tiny tensors.
    public float get(int row, int col) {
        Objects.checkIndex(row, rows);
        Objects.checkIndex(col, cols);
        return dtype.read(segment(), offset(row, col));
    }

    /// Stores one element of a host tensor. Slow, as [#get].
    public void set(int row, int col, float value) {
        Objects.checkIndex(row, rows);
        Objects.checkIndex(col, cols);
        dtype.write(segment(), offset(row, col), value);
    }

    /// Type and shape, as error messages show it: `F32[4, 8]`.
    @Override
    public String toString() {
        return dtype + "[" + rows + ", " + cols + "]";
    }

    private static void checkSlice(String what, int from, int to, int size) {
        if (from < 0 || to < from || to > size) {
            throw new ShapeException("%s [%d, %d) of a tensor with %d".formatted(what, from, to, size));
        }
    }

    /// Where the last row ends, or -1 if that is no valid offset.
    private static long end(DType dtype, int rows, int cols, long rowStride, long byteOffset) {
        if (rows == 0) {
            return byteOffset;
        }
        try {
            long elements = Math.addExact(Math.multiplyExact(rows - 1L, rowStride), cols);
            return Math.addExact(byteOffset, dtype.bytes(elements));
        } catch (ArithmeticException tooLarge) {
            return -1;
        }
    }
}
