package dev.dllm.decode;

import dev.dllm.model.NonFiniteLogitsException;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/// Turns the logits of one sequence into candidates: guidance, hooks, then a token and its confidence for each row,
/// adjusted.
final class Proposer {
    private final DecodeSettings settings;
    private final ProposalSpec spec;
    private final List<LogitHook.State> hooks;

    Proposer(DecodeSettings settings, int maskId) {
        this.settings = settings;
        this.hooks = settings.hooks().stream().map(LogitHook::start).toList();
        this.spec = settings.suppressMask() ? settings.sampling().spec(maskId) : settings.sampling().spec();
    }

    /// What guidance makes of the logits of a call.
    ///
    /// @param logits `[rows, vocabulary]`; with guidance twice as many rows, those without prompt last. Changed
    Tensor guided(Tensor logits, Backend backend) {
        if (settings.guidance() == 0) {
            return logits;
        }
        int count = logits.rows() / 2;
        Tensor rows = logits.rows(0, count);
        backend.ops().guide(rows, rows, logits.rows(count, 2 * count), settings.guidance());
        return rows;
    }

    /// A token for each position.
    ///
    /// @param rows `[positions, vocabulary]`, changed
    /// @param call of the run, from 0
    /// @throws NonFiniteLogitsException if a proposal has no confidence
    Candidates candidates(Tensor rows, Canvas canvas, Span span, int[] positions, int call, Backend backend) {
        LogitRows logitRows = settings.suppressMask()
                ? new LogitRows(rows, backend, canvas.maskId())
                : new LogitRows(rows, backend);
        if (!hooks.isEmpty()) {
            hooks.forEach(hook -> hook.adjust(canvas, span, positions, logitRows));
            logitRows.upload();
        }
        Proposals proposals = new Proposals(positions.length);
        Candidates candidates =
                candidates(rows, proposals, drawn(proposals, positions, call), positions, call, logitRows, backend);
        settings.adjustments().forEach(a -> a.adjust(canvas, positions, proposals.tokens, candidates.confidence()));
        return candidates;
    }

    /// The token that stands at each position, and what the rows think of it.
    ///
    /// @param rows `[positions, vocabulary]`
    Candidates standing(Tensor rows, Canvas canvas, int[] positions, int call, Backend backend) {
        Proposals proposals = new Proposals(positions.length);
        Arrays.setAll(proposals.tokens, i -> canvas.token(positions[i]));
        return candidates(rows, proposals, given(), positions, call, new LogitRows(rows, backend), backend);
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

    /// The specification for this call: with the tokens that a replay prescribes, if it does.
    private ProposalSpec drawn(Proposals proposals, int[] positions, int call) {
        for (int i = 0; i < positions.length; i++) {
            OptionalInt token = settings.randomness().token(call, positions[i]);
            if (token.isEmpty()) {
                return spec;
            }
            proposals.tokens[i] = token.getAsInt();
        }
        return given();
    }

    /// Judges tokens that are given.
    private ProposalSpec given() {
        return new ProposalSpec(
                spec.temperature(), spec.topK(), spec.topP(), spec.filters(), spec.confidence(), ProposalSpec.Draw.GIVEN,
                spec.suppressed(), spec.unsure());
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
