package dev.dllm.decode;

import dev.dllm.model.NonFiniteLogitsException;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.Tensor;
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

    /// @param logits `[positions, vocabulary]`; with guidance twice as many rows, those without prompt last. Changed
    /// @param call   of the run, from 0
    /// @throws NonFiniteLogitsException if a proposal has no confidence
    Candidates candidates(Tensor logits, Canvas canvas, Span span, int[] positions, int call, Backend backend) {
        int count = positions.length;
        Tensor rows = logits.rows(0, count);
        if (settings.guidance() > 0) {
            backend.ops().guide(rows, rows, logits.rows(count, 2 * count), settings.guidance());
        }
        LogitRows logitRows = settings.suppressMask()
                ? new LogitRows(rows, backend, canvas.maskId())
                : new LogitRows(rows, backend);
        if (!hooks.isEmpty()) {
            hooks.forEach(hook -> hook.adjust(canvas, span, positions, logitRows));
            logitRows.upload();
        }
        Proposals proposals = new Proposals(count);
        backend.ops().propose(proposals, rows, drawn(proposals, positions, call), keys(positions, call));
        float[] confidence = new float[count];
        for (int i = 0; i < count; i++) {
            requireFinite(proposals.probability[i], positions[i], call);
            confidence[i] = settings.confidence().of(proposals, i, settings.randomness(), call, positions[i]);
        }
        settings.adjustments().forEach(a -> a.adjust(canvas, positions, proposals.tokens, confidence));
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
