package dev.dllm.decode;

import dev.dllm.choice.Arguments;
import dev.dllm.model.CausalModel;
import java.util.Optional;

/// Guided diffusion: the model drafts all masks of the span, and a causal model checks them from left to right. The longest
/// run that it accepts is committed, then the verifier's own token in the place of the first draft that it does not.
///
/// The verifier never writes the mask token of the first model.
///
/// @param verifier   the causal model, of the same vocabulary
/// @param acceptance which drafts it accepts
/// @param chunk      drafts that the verifier reads in one call, 1 or more
/// @see "FlashDLM (guided diffusion), arXiv:2505.21467; ZhanqiuHu/flash-dlm-experimental"
public record Guided(Optional<CausalModel> verifier, Acceptance acceptance, int chunk) implements Verified {
    /// As the authors read.
    static final int DEFAULT_CHUNK = 32;

    public Guided {
        if (chunk < 1) {
            throw new IllegalArgumentException("chunks of " + chunk + " drafts: need 1 or more");
        }
    }

    /// To be given a verifier.
    public Guided(Acceptance acceptance) {
        this(Optional.empty(), acceptance, DEFAULT_CHUNK);
    }

    /// Reads the rule as `toString` writes it.
    static Guided read(Arguments arguments) {
        Acceptance acceptance = Acceptance.read(arguments);
        return new Guided(Optional.empty(), acceptance, arguments.whole(acceptance.arguments(), DEFAULT_CHUNK));
    }

    @Override
    public void requireFits(DecodeSettings settings, boolean shifted) {
        acceptance.requireFits(settings.sampling());
    }

    @Override
    public Guided withVerifier(CausalModel verifier) {
        return new Guided(Optional.of(verifier), acceptance, chunk);
    }

    @Override
    public boolean writesProposalsOnly() {
        return false;
    }

    @Override
    public boolean draws() {
        return acceptance.draws();
    }

    @Override
    public State start() {
        return new Reader(verifier) {
            @Override
            public void decide(Step step, Edits edits) {
                Candidates drafts = step.candidates();
                int first = drafts.position(0);
                int count = drafts.firstRun();
                int last = first - 1;
                CausalModel.Reading text = text(step.canvas(), last);
                int before = step.canvas().token(last);
                int decided = 0;
                boolean agrees = true;
                while (agrees && decided < count) {
                    int[] read = new int[Math.min(chunk, count - decided)];
                    for (int i = 0; i < read.length; i++) {
                        read[i] = i == 0 ? before : drafts.token(decided + i - 1);
                    }
                    for (float[] row : text.read(read, 0)) {
                        if (step.canvas().maskId() < row.length) {
                            row[step.canvas().maskId()] = Float.NEGATIVE_INFINITY;
                        }
                        Acceptance.Verdict verdict = acceptance.judge(draft(step, decided), row);
                        agrees = verdict.accepted();
                        before = verdict.token();
                        edits.add(first + decided++, before);
                        if (!agrees) {
                            break;
                        }
                    }
                }
                text.cut(Math.min(text.length(), last + decided));
            }

            private Acceptance.Draft draft(Step step, int i) {
                Candidates drafts = step.candidates();
                return new Acceptance.Draft(
                        drafts.token(i), () -> drafts.logits().row(i),
                        () -> step.randomness().uniform(step.call(), drafts.position(i)));
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "guided:" + acceptance + (chunk == DEFAULT_CHUNK ? "" : "," + chunk);
    }
}
