package dev.dllm.decode;

import dev.dllm.runtime.ProposalSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Lets a text become one of several given texts, and nothing else.
///
/// Every call considers the choices that agree with what has been committed. A choice weighs what the model thinks of it: the product of
/// its tokens' probabilities at the masks of the span that the call proposes for. At each position a token is as probable as the
/// choices that hold it there are together; all others are impossible. The heaviest choice's tokens become the most probable of their
/// rows, so that whatever a call commits together belongs to one choice. Where no choice agrees with what stands on the canvas, all are
/// considered.
///
/// Only greedy decoding keeps to one choice. Behind the end of a choice stands EOS.
///
/// @param choices 1 or more; owned, not copied. None holds `eosId`; an empty one ends the text at once
/// @param eosId   what shorter choices are filled with up to the generation length
public record OneOf(List<int[]> choices, int eosId) implements LogitHook {

    public OneOf {
        choices = List.copyOf(choices);
        if (choices.isEmpty()) {
            throw new IllegalArgumentException("a text that is one of 0 choices: needs 1 or more");
        }
        for (int choice = 0; choice < choices.size(); choice++) {
            if (IntStream.of(choices.get(choice)).anyMatch(id -> id == eosId)) {
                throw new IllegalArgumentException(
                        "choice %d holds the EOS %d, which ends it: needs a choice without".formatted(choice, eosId));
            }
        }
    }

    @Override
    public void requireFits(DecodeSettings settings) {
        int longest = choices.stream().mapToInt(choice -> choice.length).max().orElseThrow();
        if (longest > settings.genLength()) {
            throw new IllegalArgumentException("a choice of %d tokens does not fit the generation length of %d: needs at most as many"
                    .formatted(longest, settings.genLength()));
        }
        if (settings.sampling().spec().draw() == ProposalSpec.Draw.SAMPLE) {
            throw new IllegalArgumentException("choices at temperature %s: tokens drawn together could come from different choices; needs 0"
                    .formatted(settings.sampling().temperature()));
        }
        if (settings.hooks().getLast() != this) {
            throw new IllegalArgumentException("choices before hook '%s', which could favour another choice in each row: needs choices last"
                    .formatted(settings.hooks().getLast()));
        }
        if (!settings.unmasking().writesProposalsOnly()) {
            throw new IllegalArgumentException("choices with unmasking rule '%s', which writes more than what is proposed: needs another"
                    .formatted(settings.unmasking()));
        }
    }

    @Override
    public State start() {
        return this::adjust;
    }

    private void adjust(Canvas canvas, Span span, int[] positions, LogitRows rows) {
        List<int[]> agreeing = choices.stream().filter(choice -> agrees(choice, canvas)).toList();
        List<int[]> considered = agreeing.isEmpty() ? choices : agreeing;
        double[] logWeights = logWeights(considered, canvas, judged(canvas, span, positions), positions, rows);
        int heaviest = 0;
        for (int choice = 1; choice < logWeights.length; choice++) {
            heaviest = logWeights[choice] > logWeights[heaviest] ? choice : heaviest;
        }
        if (Double.isNaN(logWeights[heaviest])) {
            // Rows that are not finite stay as they are, so that they are reported as such.
            return;
        }
        if (logWeights[heaviest] == Double.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("each of %d choices holds a token that must not be proposed".formatted(considered.size()));
        }
        for (int i = 0; i < positions.length; i++) {
            int offset = positions[i] - canvas.promptLength();
            double[] mass = new double[rows.row(i).length];
            for (int choice = 0; choice < logWeights.length; choice++) {
                mass[token(considered.get(choice), offset)] += Math.exp(logWeights[choice] - logWeights[heaviest]);
            }
            write(mass, token(considered.get(heaviest), offset), rows.row(i));
        }
    }

    /// Indices of the rows that choices are weighed by: of the masks of the span, so that it makes no difference who else looks at
    /// proposals; if there are none, of all masks.
    private static int[] judged(Canvas canvas, Span span, int[] positions) {
        int[] masks = IntStream.range(0, positions.length).filter(i -> canvas.isMasked(positions[i])).toArray();
        int[] own = IntStream.of(masks).filter(i -> span.contains(positions[i])).toArray();
        return own.length == 0 ? masks : own;
    }

    private double[] logWeights(List<int[]> considered, Canvas canvas, int[] judged, int[] positions, LogitRows rows) {
        double[] logWeights = new double[considered.size()];
        for (int i : judged) {
            float[] row = rows.row(i);
            double logTotal = logTotal(row);
            for (int choice = 0; choice < logWeights.length; choice++) {
                logWeights[choice] += row[token(considered.get(choice), positions[i] - canvas.promptLength())] - logTotal;
            }
        }
        return logWeights;
    }

    /// The logarithms of the masses, with the heaviest choice's token first in any order.
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

    private boolean agrees(int[] choice, Canvas canvas) {
        for (int position = canvas.promptLength(); position < canvas.length(); position++) {
            if (!canvas.isMasked(position) && canvas.token(position) != token(choice, position - canvas.promptLength())) {
                return false;
            }
        }
        return true;
    }

    private int token(int[] choice, int offset) {
        return offset < choice.length ? choice[offset] : eosId;
    }

    private static double logTotal(float[] row) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : row) {
            largest = Math.max(largest, logit);
        }
        double total = 0;
        for (float logit : row) {
            total += Math.exp((double) logit - largest);
        }
        return largest + Math.log(total);
    }

    /// Records compare arrays by identity.
    @Override
    public boolean equals(Object other) {
        return other instanceof OneOf(List<int[]> others, int otherEos)
                && eosId == otherEos
                && Arrays.deepEquals(choices.toArray(), others.toArray());
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.deepHashCode(choices.toArray()) + eosId;
    }

    @Override
    public String toString() {
        return "one-of " + choices.size() + " texts";
    }
}
