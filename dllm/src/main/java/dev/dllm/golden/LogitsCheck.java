package dev.dllm.golden;

import dev.dllm.LanguageModel;
import dev.dllm.checkpoint.Checkpoint;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.WholeSequences;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Compares one forward pass: logits of every sequence, and hidden states and router choices where the set has them.
final class LogitsCheck {
    private static final float LOGIT_TOLERANCE = 5e-4f;
    private static final Pattern BLOCK_CAUSAL = Pattern.compile("blockcausal(\\d+)");

    private final Checkpoint golden;
    private final String attention;

    LogitsCheck(Checkpoint golden, String attention) {
        this.golden = golden;
        this.attention = attention;
    }

    /// @return where the forward differs first, or null if it is equal
    @Nullable String differs(LanguageModel model) {
        AttentionPattern pattern = pattern();
        Tensor ids = golden.tensor("input_ids");
        try (Workspace workspace = new Workspace(model.backend());
                WholeSequences sequences =
                        new WholeSequences(model.backend(), model.spec().transformer(), pattern);
                Arena arena = Arena.ofShared()) {
            for (int row = 0; row < ids.rows(); row++) {
                int sequence = row;
                int[] tokens =
                        IntStream.range(padding(row), ids.cols()).map(i -> (int) ids.get(sequence, i)).toArray();
                sequences.add(tokens, tokens.length, IntStream.range(0, tokens.length).toArray());
            }
            InnerStates inner = new InnerStates(golden, model.backend(), ids.cols() - padding(0));
            Tensor logits = model.transformer().forward(sequences.batch(), workspace, inner);
            String difference = inner.difference();
            if (difference != null) {
                return difference;
            }
            MemorySegment host = arena.allocate(logits.byteSize(), Float.BYTES);
            model.backend().download(host, logits);
            return logits(ids, Tensor.of(DType.F32, logits.rows(), logits.cols(), host));
        }
    }

    /// Compares the logits of every sequence from where its padding ends.
    private @Nullable String logits(Tensor ids, Tensor found) {
        Tensor expected = golden.tensor("logits");
        String difference = null;
        int first = 0;
        for (int row = 0; row < ids.rows() && difference == null; row++) {
            int length = ids.cols() - padding(row);
            int end = (row + 1) * ids.cols();
            difference = TensorDifference.of(
                    "logits of row " + row, expected.rows(end - length, end), found.rows(first, first + length),
                    LOGIT_TOLERANCE);
            first += length;
        }
        return difference;
    }

    /// Positions of padding before a sequence. They are left out: nothing sees them, and a rotation only knows the distance
    /// between positions, so it makes no difference whether a reference counts them.
    private int padding(int row) {
        if (golden.info("attention_mask").isEmpty()) {
            return 0;
        }
        Tensor mask = golden.tensor("attention_mask");
        return (int) IntStream.range(0, mask.cols()).filter(i -> mask.get(row, i) == 0).count();
    }

    private AttentionPattern pattern() {
        if (attention.equals("full") || attention.equals("leftpad")) {
            return new AttentionPattern.Bidirectional();
        }
        Matcher block = BLOCK_CAUSAL.matcher(attention);
        if (block.matches()) {
            return new AttentionPattern.BlockCausal(Integer.parseInt(block.group(1)));
        }
        throw new UnsupportedCaseException("attention '" + attention + "'");
    }
}
