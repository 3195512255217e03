package dev.dllm.decode;

/// What has happened in the active span. Mutable; only the loop changes it.
public final class BlockProgress {
    private Span span;
    private final int masksAtStart;
    private final int steps;
    private final Rest rest;
    private int calls;
    private int openings;
    private int iterations;
    private int nextLook;
    private int masklessCalls;
    private boolean stable;
    private int idle;

    /// The run around a span.
    ///
    /// @param stepsBefore allotted to the spans before it
    /// @param stepsBehind allotted to the spans behind it
    /// @param masksBehind masks behind it when it began
    record Rest(int stepsBefore, int stepsBehind, int masksBehind) {}

    /// @param steps calls that the user allots to the span
    BlockProgress(Span span, int masksAtStart, int steps, Rest rest) {
        this.span = span;
        this.masksAtStart = masksAtStart;
        this.steps = steps;
        this.rest = rest;
    }

    /// The positions that are denoised together.
    public Span span() {
        return span;
    }

    /// Calls that the user allots to the span.
    public int steps() {
        return steps;
    }

    /// A run of this span alone.
    BlockProgress(Span span, int masksAtStart, int steps) {
        this(span, masksAtStart, steps, new Rest(0, 0, 0));
    }

    /// The run around the span.
    Rest rest() {
        return rest;
    }

    /// Masks that the span held before its first call.
    public int masksAtStart() {
        return masksAtStart;
    }

    /// Whether no call has decided the span yet; one before it may have written its first position.
    public boolean begins() {
        return calls == openings;
    }

    /// Calls made on the span, and one before it that wrote its first position.
    public int calls() {
        return calls;
    }

    /// Iterations of the span: calls, but a refreshing one and the call that follows it count as one.
    public int iterations() {
        return iterations;
    }

    /// Number of the iteration before which the pacing looks at the span again.
    int nextLook() {
        return nextLook;
    }

    void lookBefore(int iteration) {
        nextLook = iteration;
    }

    /// How many of them started without a mask in it.
    public int masklessCalls() {
        return masklessCalls;
    }

    /// Whether the last call changed nothing, so that another one on the same canvas would not either.
    public boolean stable() {
        return stable;
    }

    /// Calls in a row that changed nothing.
    int idle() {
        return idle;
    }

    /// The share of the next call when `total` commits are spread evenly over the allotted steps: the remainder goes to the
    /// first ones.
    public int evenShare(int total) {
        return total / steps + (calls < total % steps ? 1 : 0);
    }

    /// The canvas changed its length, and with it the span.
    void resized(Span span) {
        this.span = span;
    }

    /// A call before the span wrote its first position.
    void opened() {
        openings++;
        called(true, true, true);
    }

    /// @param iterated whether the call ends an iteration
    void called(boolean hadMasks, boolean edited, boolean iterated) {
        calls++;
        if (iterated) {
            iterations++;
        }
        if (!hadMasks) {
            masklessCalls++;
        }
        stable = !edited;
        idle = edited ? 0 : idle + 1;
    }
}
