package dev.dllm.kernels;

/// An op whose rows are independent and cheap: runs of rows are the chunks.
abstract class RowOp implements Workers.Body {
    /// So much work, in elements read or written once, is worth handing to another thread: some ten microseconds.
    static final long GRAIN = 32 << 10;

    final Engine engine;
    private int rows;
    private int rowsPerChunk;

    RowOp(Engine engine) {
        this.engine = engine;
    }

    /// Runs [#row] for each row.
    ///
    /// @param elementsPerRow how much work a row is
    final void overRows(int rows, long elementsPerRow) {
        this.rows = rows;
        rowsPerChunk = (int) Math.max(1, GRAIN / Math.max(1, elementsPerRow));
        engine.workers().parallelFor(Math.ceilDiv(rows, rowsPerChunk), this);
    }

    @Override
    public final void run(int chunk, int worker) {
        int end = Math.min(rows, (chunk + 1) * rowsPerChunk);
        for (int row = chunk * rowsPerChunk; row < end; row++) {
            row(row, worker);
        }
    }

    /// Computes one row.
    abstract void row(int row, int worker);
}
