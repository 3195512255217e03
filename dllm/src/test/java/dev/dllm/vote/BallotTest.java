package dev.dllm.vote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BallotTest {

    @Test
    void theLargestWeightWinsAndTheFirstOfEquals() {
        Ballot<String> ballot = new Ballot<>();
        ballot.add("b", 1);
        ballot.add("a", 0.5);
        assertEquals(Optional.of("b"), ballot.winner());
        ballot.add("a", 0.5);
        assertEquals(List.of("b", "a"), ballot.leaders());
        assertEquals(Optional.of("b"), ballot.winner());
        ballot.add("a", 0.25);
        assertEquals(List.of("a"), ballot.leaders());
    }

    @Test
    void whoHasNoAnswerDoesNotVote() {
        assertEquals(Optional.of(3), Ballot.of(List.of(Optional.empty(), Optional.<Integer>empty(), Optional.of(3))).winner());
        assertEquals(Optional.empty(), Ballot.<Integer>of(List.of(Optional.empty())).winner());
        assertThrows(IllegalArgumentException.class, () -> new Ballot<String>().add("a", -1));
    }

    @Test
    void entropyOfAgreementAndOfAnEvenSplit() {
        Ballot<String> ballot = new Ballot<>();
        ballot.add("a", 3);
        assertEquals(0, ballot.entropy(), 1e-12);
        ballot.add("b", 3);
        assertEquals(Math.log(2), ballot.entropy(), 1e-12);
    }

    @Test
    void weightsOfTheThirdOfEightSteps() {
        assertEquals(1, StepWeight.fixed().of(2, 8));
        assertEquals(3.0 / 8, StepWeight.linear().of(2, 8));
        assertEquals(Math.exp(5 * 2.0 / 8), StepWeight.exponential(5).of(2, 8));
    }
}
