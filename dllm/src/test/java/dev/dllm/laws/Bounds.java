package dev.dllm.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.Window;
import dev.dllm.decode.BlockSchedule;
import dev.dllm.decode.BudgetedThreshold;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.FinishReason;
import dev.dllm.decode.LinearSpeculation;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Remdm;
import dev.dllm.decode.Span;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How many network calls a run may take, from what its settings say of themselves.
///
/// @param spans       denoised one after another
/// @param policyCalls that the cache may make besides
record Bounds(Request request, int maskId, List<Span> spans, int policyCalls) {

    static Bounds of(Request request, ModelSpec model) {
        BlockSchedule schedule = BlockSchedule.of(request.settings(), request.prompt().length);
        List<Span> spans = new ArrayList<>();
        int blocks = 0;
        Optional<Span> span = schedule.spanAt(schedule.start());
        while (span.isPresent()) {
            spans.add(span.get());
            blocks += schedule.block(span.get().start()).start() == span.get().start() ? 1 : 0;
            span = schedule.spanAt(span.get().end());
        }
        boolean shifted = request.settings().shifted().orElse(model.shifted());
        return new Bounds(request, model.maskId(), spans, blocks * policyCallsPerBlock(request.settings(), shifted));
    }

    /// The calls that a policy makes around a second block of 4.
    private static int policyCallsPerBlock(DecodeSettings settings, boolean shifted) {
        AttentionPattern pattern = settings.attention().withBlockLength(4);
        CachePolicy.State state = settings.cache().start(pattern, shifted);
        Window window = new Window(4, 8, 4, 4, 8, 16, position -> position >= 4, position -> position >= 4, () -> new int[] {4});
        int calls = state.opening(window).isPresent() ? 1 : 0;
        state.plan(window);
        state.applied(true);
        return calls + (state.closing(window).isPresent() ? 1 : 0);
    }

    /// Checks the number of calls, and that no mask is left without a reason (J30).
    void check(Outcome outcome) {
        boolean masksLeft = outcome.ids().contains(maskId);
        assertTrue(!masksLeft || outcome.finishReason() == FinishReason.STEPS, () -> "masks are left: " + outcome.ids());
        DecodeSettings settings = request.settings();
        boolean grows = settings.unmasking().longest(settings.genLength()) > settings.genLength();
        if (!grows) {
            int left = (int) outcome.calls().getLast().canvas().stream().filter(id -> id == maskId).count();
            Outcome.Commit commits = outcome.commits();
            assertEquals(outcome.masks() - left, commits.decided() - commits.masked(), "masks decided, those put back not counted (J21)");
            int most = most(outcome) + policyCalls;
            assertTrue(outcome.calls().size() <= most, () -> outcome.calls().size() + " calls, at most " + most + " (J30)");
        }
    }

    /// - [Pacing.UpTo]: the steps.
    /// - [Pacing.UntilFull]: every call decides a mask, those that a rule has put back included; one that decides none is followed
    ///   by one that decides two.
    /// - [Pacing.UntilStable]: a call per position, and those on a full span.
    ///
    /// Three rules say that they go on: of two calls of [LinearSpeculation] the second one decides; what [BudgetedThreshold] refuses is left
    /// for calls behind the steps, one mask each at least; a round of [Remdm] takes back what it decides, in up to two calls.
    private int most(Outcome outcome) {
        DecodeSettings settings = request.settings();
        if (settings.unmasking() instanceof Remdm remdm) {
            return spans.stream().mapToInt(span -> span.length() + 2 * (remdm.rounds() > 0 ? remdm.rounds() : span.length())).sum();
        }
        if (settings.unmasking() instanceof LinearSpeculation) {
            return 2 * outcome.masks();
        }
        if (settings.unmasking() instanceof BudgetedThreshold) {
            return outcome.masks();
        }
        return switch (settings.effectivePacing()) {
            case Pacing.UpTo _, Pacing.Fixed _ -> spans.stream().mapToInt(settings::steps).sum();
            case Pacing.UntilStable(int maxPostSteps) -> spans.stream().mapToInt(span -> span.length() + maxPostSteps + 1).sum();
            case Pacing.UntilFull _, Pacing.Unrolled _ -> outcome.masks() + outcome.commits().masked();
        };
    }
}
