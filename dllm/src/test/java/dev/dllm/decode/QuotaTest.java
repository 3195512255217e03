package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How many positions each call commits, worked out by hand.
class QuotaTest {

    @Test
    void evenGivesTheRemainderToTheFirstCalls() {
        assertEquals(List.of(3, 3, 2), counts(Quota.EVEN, 8, 8, 3));
    }

    @Test
    void lengthCountsPositionsThatAreNoMasksToo() {
        assertEquals(List.of(3, 3, 2), counts(Quota.LENGTH, 8, 8, 3));
        assertEquals(List.of(3, 2), counts(Quota.LENGTH, 5, 8, 3));
    }

    /// Times 1, 0.75025, 0.5005, 0.25075 and 0.001: of 20 masks 4.995, of 16 left 5.33, of 11 left 5.49, then the rest.
    @Test
    void timestepsReleaseAShareOfTheMasksThatAreLeft() {
        assertEquals(List.of(4, 5, 5, 6), counts(Quota.TIMESTEPS, 20, 20, 4));
    }

    /// Of 7 masks 7 · 2/3 = 4.67 stay, then 7 · 1/3 = 2.33, then none.
    @Test
    void lineRoundsDownWhatStays() {
        assertEquals(List.of(3, 2, 2), counts(Quota.LINE, 7, 7, 3));
    }

    /// A linear noise releases n/k of n masks at k calls left, rounded to even: 5/4 is 1, 4/3 is 1, 3/2 is 2, then 1.
    @Test
    void linearRoundsToEven() {
        assertEquals(List.of(1, 1, 2, 1), counts(Quota.LINEAR, 5, 5, 4));
    }

    /// 2/5 and 2/4 round to 0: these calls are left out.
    @Test
    void callsThatReleaseNothingAreLeftOut() {
        assertEquals(List.of(1, 1), counts(Quota.LINEAR, 2, 2, 5));
    }

    /// Shares of masks cos(π/2 · (1 − t)) at t = 1, 3/4, 1/2, 1/4, 0: 1, 0.924, 0.707, 0.383, 0.
    @Test
    void cosineReleasesFewAtFirst() {
        assertEquals(List.of(1, 2, 3, 4), counts(Quota.COSINE, 10, 10, 4));
    }

    /// Blocks of 2, 4 and 4 masks with 2 calls each. Of 10 masks 10 · 0.1665, then the block's last one; of 8 masks 8 · 0.2496,
    /// then 3; of 4 masks 4 · 0.4985, then 3. A clock per block would release 2 · 0.4995 first.
    @Test
    void runCountsTheMasksOfLaterBlocks() {
        DecodeSettings settings = Scripted.settings().withGenLength(10).withSteps(2).withPacing(new Pacing.Fixed());
        assertEquals(List.of(1, 1, 1, 3, 1, 3), commits(settings.withUnmasking(new Schedule(Quota.RUN))));
        assertEquals(List.of(0, 2, 1, 3, 1, 3), commits(settings.withUnmasking(new Schedule(Quota.TIMESTEPS))));
    }

    private static List<Integer> commits(DecodeSettings settings) {
        return Scripted.run(new int[] {1, 2, 3, 4, 5, 6}, settings, (_, _, _) -> new ScriptedNetwork.Answer(5, 0.5))
                .trace().calls().stream().map(List::size).toList();
    }

    private static List<Integer> counts(Quota quota, int masks, int length, int steps) {
        BlockProgress progress = new BlockProgress(new Span(0, length), masks, steps);
        List<Integer> counts = new ArrayList<>();
        for (int left = masks; left > 0; ) {
            int count = Math.min(left, quota.count(progress, left));
            counts.add(count);
            left -= count;
            progress.called(true, true, true);
        }
        return counts;
    }
}
