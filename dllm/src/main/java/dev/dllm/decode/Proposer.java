package dev.dllm.decode;

import dev.dllm.model.NonFiniteLogitsException;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Turns the logits of one sequence into candidates: guidance, hooks, then a token and its confidence for each row,
/// adjusted.
final class Proposer {
    private final DecodeSettings settings;
    private final ProposalSpec spec;
    private final Sampling sampling;
    private final int[] suppressed;
    private final List<LogitHook.State> hooks;
    /// What the prompt changed at each position, by the newest evaluation without it; kept if evaluations are rarer than calls.
    private final Map<Integer, float[]> differences = new HashMap<>();

    Proposer(DecodeSettings settings, int maskId) {
        this.settings = settings;
        this.hooks = settings.hooks().stream().map(LogitHook::start).toList();
        this.sampling = settings.sampling();
        this.suppressed = settings.suppressMask() ? new int[] {maskId} : new int[0];
        this.spec = sampling.spec(suppressed);
    }

    /// What a call proposes: for the rows of the canvas, or of the first draft in its place, then for each copy.
    ///
    /// @param logits    `[call.logitsRows(), vocabulary]`, changed
    /// @param forbidden ids that are not proposed in this call
    /// @throws NonFiniteLogitsException if a proposal has no confidence
    List<Candidates> parts(
            PlannedCall call, Tensor logits, Canvas canvas, Span span, int[] forbidden, int step, Backend backend) {
        Tensor rows = guided(logits, call.positions(), backend);
        List<Candidates> parts = new ArrayList<>();
        int row = 0;
        for (int[] positions : call.predicted()) {
            Tensor own = rows.rows(row, row + positions.length);
            row += positions.length;
            if (!parts.isEmpty() && call.copies().orElseThrow() instanceof Copies.Shadow) {
                parts.add(standing(own, canvas, positions, step, backend));
            } else {
                int[] judged = parts.isEmpty() ? call.decided() : positions;
                Tensor all = judged.length == positions.length ? own : guessed(own, positions, judged, backend);
                parts.add(candidates(all, canvas, span, judged, forbidden, step, backend));
            }
        }
        return parts;
    }

    /// What guidance makes of the logits of a call.
    ///
    /// @param logits    `[rows, vocabulary]`; with guidance twice as many rows, those without prompt last. Changed
    /// @param positions of the rows
    private Tensor guided(Tensor logits, int[] positions, Backend backend) {
        if (settings.guidance() == 0) {
            return logits;
        }
        Tensor rows = logits.rows(0, positions.length);
        Tensor unconditional = logits.rows(positions.length, logits.rows());
        if (settings.guidanceInterval() > 1) {
            guide(rows, unconditional, positions, backend);
        } else {
            backend.ops().guide(rows, rows, unconditional, settings.guidance());
        }
        return rows;
    }

    /// A token for each position.
    ///
    /// @param rows      `[positions, vocabulary]`, changed
    /// @param forbidden ids that are not proposed in this call
    /// @param call      of the run, from 0
    /// @throws NonFiniteLogitsException if a proposal has no confidence
    private Candidates candidates(
            Tensor rows, Canvas canvas, Span span, int[] positions, int[] forbidden, int call, Backend backend) {
        ProposalSpec asked = forbidden.length == 0 ? spec : sampling.spec(joined(suppressed, forbidden));
        LogitRows logitRows = new LogitRows(rows, backend, asked);
        if (!hooks.isEmpty()) {
            hooks.forEach(hook -> hook.adjust(canvas, span, positions, logitRows));
            logitRows.upload();
        }
        Proposals proposals = new Proposals(positions.length);
        Candidates candidates =
                candidates(rows, proposals, drawn(asked, proposals, positions, call), positions, call, logitRows, backend);
        settings.adjustments().forEach(adjustment -> adjustment.adjust(
                canvas, positions, proposals.tokens, candidates.confidence(),
                position -> settings.randomness().uniform(call, position)));
        return candidates;
    }

    /// The token that stands at each position, and what the rows think of it.
    ///
    /// @param rows `[positions, vocabulary]`
    private Candidates standing(Tensor rows, Canvas canvas, int[] positions, int call, Backend backend) {
        Proposals proposals = new Proposals(positions.length);
        Arrays.setAll(proposals.tokens, i -> canvas.token(positions[i]));
        return candidates(rows, proposals, given(spec), positions, call, new LogitRows(rows, backend, ProposalSpec.greedy()), backend);
    }

    private Candidates candidates(
            Tensor rows, Proposals proposals, ProposalSpec drawn, int[] positions, int call, LogitRows logitRows,
            Backend backend) {
        backend.ops().propose(proposals, rows, drawn, keys(positions, call));
        float[] confidence = new float[positions.length];
        for (int i = 0; i < positions.length; i++) {
            requireFinite(proposals.probability[i], positions[i], call);
            confidence[i] = settings.confidence().of(proposals, i, settings.randomness(), call, positions[i]);
        }
        return new Candidates(positions, proposals, confidence, logitRows);
    }

    /// Guides by the newest difference that the prompt made at each position; where none is known, not at all.
    ///
    /// @param rows          `[positions, vocabulary]` with the prompt; changed
    /// @param unconditional the same without it, or no rows
    private void guide(Tensor rows, Tensor unconditional, int[] positions, Backend backend) {
        LogitRows guided = new LogitRows(rows, backend, ProposalSpec.greedy());
        float[][] without = backend.rows(unconditional);
        float factor = settings.guidance() + 1;
        for (int i = 0; i < positions.length; i++) {
            float[] row = guided.row(i);
            if (without.length > 0) {
                float[] difference = new float[row.length];
                for (int token = 0; token < row.length; token++) {
                    difference[token] = row[token] - without[i][token];
                }
                differences.put(positions[i], difference);
            }
            float[] difference = differences.get(positions[i]);
            for (int token = 0; difference != null && token < row.length; token++) {
                row[token] = row[token] - difference[token] + factor * difference[token];
            }
        }
        guided.upload();
    }

    /// Forgets what it knows of positions, when they have moved.
    void restart() {
        differences.clear();
    }

    /// The logits of more positions than were computed: those of the others are even.
    ///
    /// @param logits    of `computed`, ascending
    /// @param positions `computed` and others, ascending
    private Tensor guessed(Tensor logits, int[] computed, int[] positions, Backend backend) {
        Tensor all = backend.allocate(Arena.ofAuto(), DType.F32, positions.length, logits.cols());
        int[] rows = Arrays.stream(computed).map(position -> Arrays.binarySearch(positions, position)).toArray();
        backend.ops().scatterRows(all, logits, Indices.of(rows));
        return all;
    }

    /// The specification for this call: with the tokens that a replay prescribes, if it does.
    private ProposalSpec drawn(ProposalSpec asked, Proposals proposals, int[] positions, int call) {
        for (int i = 0; i < positions.length; i++) {
            OptionalInt token = settings.randomness().token(call, positions[i]);
            if (token.isEmpty()) {
                return asked;
            }
            proposals.tokens[i] = token.getAsInt();
        }
        return given(asked);
    }

    /// Judges tokens that are given.
    private static ProposalSpec given(ProposalSpec asked) {
        return new ProposalSpec(
                asked.temperature(), asked.topK(), asked.topP(), asked.filters(), asked.confidence(), ProposalSpec.Draw.GIVEN,
                asked.suppressed(), asked.unsure());
    }

    private static int[] joined(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private long[] keys(int[] positions, int call) {
        long[] keys = new long[positions.length];
        for (int i = 0; i < positions.length; i++) {
            keys[i] = settings.randomness().key(call, positions[i]);
        }
        return keys;
    }

    private static void requireFinite(float probability, int position, int call) {
        if (Float.isNaN(probability)) {
            throw new NonFiniteLogitsException("the logits of position " + position + " at call " + call
                    + " are not finite: the checkpoint holds NaN or infinite weights, or the computation overflowed");
        }
    }
}
