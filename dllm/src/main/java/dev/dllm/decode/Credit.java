package dev.dllm.decode;

import java.util.HashMap;
import java.util.Map;

/// Raises the logits of tokens that have been most probable for a while: every call gives credit to the most probable token
/// of each mask, and lets older credit decay, so that a proposal that stays the same becomes sure sooner. Credit belongs to
/// the span and is lost with it.
///
/// @param alpha how much credit c weighs: alpha · ln(1 + c) is added to a logit; 0 changes nothing
/// @param gamma how much a call gives: the probability to the power of gamma
/// @param decay share of older credit that a call leaves, in [0, 1]
/// @see "Credit decoding, arXiv:2510.06133; inclusionAI/dInfer, decoding/parallel_strategy.py"
public record Credit(float alpha, float gamma, float decay) implements LogitHook {

    public Credit {
        if (!(alpha >= 0) || !(gamma >= 0) || !(decay >= 0 && decay <= 1) || !Float.isFinite(alpha) || !Float.isFinite(gamma)) {
            throw new IllegalArgumentException("credit " + alpha + ", " + gamma + ", " + decay
                    + ": needs two numbers of 0 or more, and one from 0 to 1");
        }
    }

    @Override
    public State start() {
        return new State() {
            private Span span = new Span(0, 1);
            private final Map<Integer, Map<Integer, Double>> credits = new HashMap<>();

            @Override
            public void adjust(Canvas canvas, Span active, int[] positions, LogitRows rows) {
                if (!active.equals(span)) {
                    span = active;
                    credits.clear();
                }
                credits.values().forEach(tokens -> tokens.replaceAll((_, credit) -> credit * decay));
                for (int i = 0; i < positions.length; i++) {
                    if (span.contains(positions[i]) && canvas.isMasked(positions[i])) {
                        raise(rows.row(i), credits.computeIfAbsent(positions[i], _ -> new HashMap<>()));
                    }
                }
            }
        };
    }

    private void raise(float[] row, Map<Integer, Double> credits) {
        int top = 0;
        for (int token = 1; token < row.length; token++) {
            top = row[token] > row[top] ? token : top;
        }
        double sum = 0;
        for (float logit : row) {
            sum += Math.exp(logit - row[top]);
        }
        credits.merge(top, Math.pow(1 / sum, gamma), Double::sum);
        credits.forEach((token, credit) -> row[token] += (float) (alpha * Math.log1p(credit)));
    }

    @Override
    public String toString() {
        return "credit:" + alpha + "," + gamma + "," + decay;
    }
}
