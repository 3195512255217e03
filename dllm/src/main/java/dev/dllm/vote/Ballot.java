package dev.dllm.vote;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Votes for answers, each with a weight; equal answers are one. Not thread-safe.
public final class Ballot<A> {
    private final Map<A, Double> totals = new LinkedHashMap<>();

    /// Counts the answers that are there, one vote each.
    public static <A> Ballot<A> of(List<Optional<A>> answers) {
        Ballot<A> ballot = new Ballot<>();
        answers.forEach(answer -> answer.ifPresent(given -> ballot.add(given, 1)));
        return ballot;
    }

    /// Adds a vote.
    ///
    /// @throws IllegalArgumentException if the weight is negative or no number
    public void add(A answer, double weight) {
        if (!(weight >= 0)) {
            throw new IllegalArgumentException("a vote with the weight " + weight + ": needs 0 or a positive number");
        }
        totals.merge(answer, weight, Double::sum);
    }

    /// The weight of each answer, in the order in which they were first given.
    public Map<A, Double> totals() {
        return Collections.unmodifiableMap(totals);
    }

    /// The answers with the largest weight, in the order in which they were first given; more than one is a tie.
    public List<A> leaders() {
        double most = totals.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return totals.entrySet().stream().filter(total -> total.getValue() == most).map(Map.Entry::getKey).toList();
    }

    /// The answer with the largest weight; of several the one that was given first. Empty if nobody has voted.
    public Optional<A> winner() {
        return leaders().stream().findFirst();
    }

    /// How much the votes disagree: −Σ s ln s over the answers' shares of the weight, in nats; 0 if all agree.
    ///
    /// @see "temporal semantic entropy: Time Is a Feature"
    public double entropy() {
        double sum = totals.values().stream().mapToDouble(Double::doubleValue).sum();
        return totals.values().stream()
                .filter(total -> total > 0)
                .mapToDouble(total -> -(total / sum) * Math.log(total / sum))
                .sum();
    }
}
