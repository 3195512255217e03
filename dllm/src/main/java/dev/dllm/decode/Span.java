package dev.dllm.decode;

/// A half-open range of positions `[start, end)`.
public record Span(int start, int end) {
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("span [" + start + ", " + end + ")");
        }
    }

    public boolean contains(int position) {
        return start <= position && position < end;
    }

    public int length() {
        return end - start;
    }
}
