package dev.dllm.decode;

import dev.dllm.model.ModelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Lets what stands in the open positions behind the prompt become one of several given texts, and nothing else.
///
/// Every call considers the texts that agree with what has been committed. A text weighs what the model thinks of it: the product of
/// its tokens' probabilities at the masks of the span that the call proposes for. At each position a token is as probable as the
/// texts that hold it there are together; all others are impossible. The heaviest text's tokens become the most probable of their
/// rows, so that whatever a call commits together belongs to one text. Where no text agrees with what stands on the canvas, all are
/// considered.
///
/// Only greedy decoding keeps to one text. Behind the end of a text stands EOS. A template's own text is passed over: the holes
/// together become one of the texts.
///
/// @param texts 1 or more; owned, not copied. None holds `eosId`; an empty one ends the answer at once
/// @param eosId what shorter texts are filled with up to the generation length
public record OneOf(List<int[]> texts, int eosId) implements LogitHook {

    public OneOf {
        texts = List.copyOf(texts);
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("one of 0 given texts: needs 1 or more");
        }
        for (int text = 0; text < texts.size(); text++) {
            if (IntStream.of(texts.get(text)).anyMatch(id -> id == eosId)) {
                throw new IllegalArgumentException(
                        "given text %d holds the EOS %d, which ends it: needs a text without".formatted(text, eosId));
            }
        }
    }

    @Override
    public void requireFits(DecodeSettings settings, ModelSpec model) {
        requireRoom(settings.genLength(), "generation length of " + settings.genLength());
        IntStream.concat(texts.stream().flatMapToInt(Arrays::stream), IntStream.of(eosId))
                .filter(id -> id < 0 || id >= model.transformer().vocabulary() || id == model.maskId())
                .findFirst()
                .ifPresent(id -> {
                    throw new IllegalArgumentException("given texts with token %d: need tokens of the vocabulary of %d except the mask, %d"
                            .formatted(id, model.transformer().vocabulary(), model.maskId()));
                });
        if (settings.sampling().draws()) {
            throw new IllegalArgumentException("given texts at temperature %s: tokens drawn together could be of different texts; need 0"
                    .formatted(settings.sampling().temperature()));
        }
        if (settings.hooks().getLast() != this) {
            throw new IllegalArgumentException("given texts before hook '%s', which could favour another text in each row: need to be last"
                    .formatted(settings.hooks().getLast()));
        }
        if (!settings.unmasking().writesProposalsOnly()) {
            throw new IllegalArgumentException(
                    ("given texts with unmasking rule '%s', which writes more than what is proposed: need a rule that writes proposals"
                            + " only, such as threshold or schedule").formatted(settings.unmasking()));
        }
    }

    /// @param place what messages call the positions
    private void requireRoom(int positions, String place) {
        int longest = texts.stream().mapToInt(text -> text.length).max().orElseThrow();
        if (longest > positions) {
            throw new IllegalArgumentException(
                    "a given text of %d tokens does not fit the %s: needs at most as many".formatted(longest, place));
        }
    }

    @Override
    public State start() {
        return this::adjust;
    }

    private void adjust(Canvas canvas, Span span, int[] positions, LogitRows rows) {
        int[] offsets = offsets(canvas);
        List<int[]> agreeing = texts.stream().filter(text -> agrees(text, canvas, offsets)).toList();
        List<int[]> considered = agreeing.isEmpty() ? texts : agreeing;
        double[] logWeights = logWeights(considered, offsets, judged(canvas, span, positions), positions, rows);
        int heaviest = 0;
        for (int text = 1; text < logWeights.length; text++) {
            heaviest = logWeights[text] > logWeights[heaviest] ? text : heaviest;
        }
        if (Double.isNaN(logWeights[heaviest])) {
            // Rows that are not finite stay as they are, so that they are reported as such.
            return;
        }
        if (logWeights[heaviest] == Double.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "each of %d given texts holds a token that must not be proposed".formatted(considered.size()));
        }
        for (int i = 0; i < positions.length; i++) {
            if (canvas.isFixed(positions[i])) {
                continue;
            }
            int offset = offsets[positions[i]];
            double[] mass = new double[rows.row(i).length];
            for (int text = 0; text < logWeights.length; text++) {
                mass[token(considered.get(text), offset)] += Math.exp(logWeights[text] - logWeights[heaviest]);
            }
            write(mass, token(considered.get(heaviest), offset), rows.row(i));
        }
    }

    /// By position, how many open ones stand before it: where in a text it is.
    private int[] offsets(Canvas canvas) {
        int[] offsets = new int[canvas.length()];
        int open = 0;
        for (int position = 0; position < offsets.length; position++) {
            offsets[position] = open;
            open += canvas.isFixed(position) ? 0 : 1;
        }
        requireRoom(open, open + " open positions");
        return offsets;
    }

    /// Indices of the rows that texts are weighed by: of the masks of the span, so that it makes no difference who else looks at
    /// proposals; if there are none, of all masks.
    private static int[] judged(Canvas canvas, Span span, int[] positions) {
        int[] masks = IntStream.range(0, positions.length).filter(i -> canvas.isMasked(positions[i])).toArray();
        int[] own = IntStream.of(masks).filter(i -> span.contains(positions[i])).toArray();
        return own.length == 0 ? masks : own;
    }

    private double[] logWeights(List<int[]> considered, int[] offsets, int[] judged, int[] positions, LogitRows rows) {
        double[] logWeights = new double[considered.size()];
        for (int i : judged) {
            float[] row = rows.row(i);
            double logTotal = LogitRows.logTotal(row);
            for (int text = 0; text < logWeights.length; text++) {
                logWeights[text] += row[token(considered.get(text), offsets[positions[i]])] - logTotal;
            }
        }
        return logWeights;
    }

    /// The logarithms of the masses, with the heaviest text's token first in any order.
    private static void write(double[] mass, int first, float[] row) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < row.length; id++) {
            row[id] = (float) Math.log(mass[id]);
            largest = id == first ? largest : Math.max(largest, row[id]);
        }
        if (row[first] <= largest) {
            row[first] = Math.nextUp(largest);
        }
    }

    private boolean agrees(int[] text, Canvas canvas, int[] offsets) {
        for (int position = canvas.promptLength(); position < canvas.length(); position++) {
            if (!canvas.isFixed(position) && !canvas.isMasked(position) && canvas.token(position) != token(text, offsets[position])) {
                return false;
            }
        }
        return true;
    }

    private int token(int[] text, int offset) {
        return offset < text.length ? text[offset] : eosId;
    }

    /// Records compare arrays by identity.
    @Override
    public boolean equals(Object other) {
        return other instanceof OneOf(List<int[]> others, int otherEos)
                && eosId == otherEos
                && Arrays.deepEquals(texts.toArray(), others.toArray());
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.deepHashCode(texts.toArray()) + eosId;
    }

    @Override
    public String toString() {
        return "one-of " + texts.size() + " texts";
    }
}
