package dev.dllm.vote;

import dev.dllm.GenerationListener;
import dev.dllm.decode.Candidates;
import dev.dllm.decode.Canvas;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Lets the steps of a generation vote: an answer that the model held for long may be better than the one that it ends with.
/// Each call's whole prediction, the decided tokens and the best token for every mask, gives an answer, if the caller finds
/// one in it. Needs no call more than the generation itself.
///
/// ```java
/// TemporalVote<String> vote = new TemporalVote<>(StepWeight.exponential(5), ids -> number(tokenizer.decode(ids, true)));
/// session.generate(request, vote);
/// vote.ballot(0).winner();
/// ```
///
/// For models with bidirectional attention: others predict no more than their block. Not thread-safe; one per generation.
///
/// @see "Time Is a Feature; aim-uofa/dLLM-MidTruth, eval/generate.py"
public final class TemporalVote<A> implements GenerationListener {
    private final StepWeight weight;
    private final Function<int[], Optional<A>> answer;
    private final Map<Integer, List<Prediction<A>>> predictions = new HashMap<>();

    /// What a call makes of the whole text.
    ///
    /// @param ids    behind the prompt; owned, not copied
    /// @param answer in them, if there is one
    public record Prediction<A>(int[] ids, Optional<A> answer) {}

    /// @param weight of an answer, by how far the run is when it is given
    /// @param answer what the ids behind the prompt say, if they say anything
    public TemporalVote(StepWeight weight, Function<int[], Optional<A>> answer) {
        this.weight = weight;
        this.answer = answer;
    }

    /// The votes of the calls so far, as if the run ended here.
    ///
    /// @param sequence index in the batch
    public Ballot<A> ballot(int sequence) {
        Ballot<A> ballot = new Ballot<>();
        List<Prediction<A>> all = predictions(sequence);
        for (int step = 0; step < all.size(); step++) {
            double counts = weight.of(step, all.size());
            all.get(step).answer().ifPresent(given -> ballot.add(given, counts));
        }
        return ballot;
    }

    /// What every call so far has predicted.
    ///
    /// @param sequence index in the batch
    public List<Prediction<A>> predictions(int sequence) {
        return Collections.unmodifiableList(predictions.getOrDefault(sequence, List.of()));
    }

    @Override
    public boolean watchesProposals() {
        return true;
    }

    @Override
    public void proposed(int sequence, int call, Canvas canvas, Candidates candidates) {
        int[] predicted = canvas.copy(canvas.promptLength(), canvas.length());
        for (int i = 0; i < candidates.size(); i++) {
            if (canvas.isMasked(candidates.position(i))) {
                predicted[candidates.position(i) - canvas.promptLength()] = candidates.token(i);
            }
        }
        predictions.computeIfAbsent(sequence, _ -> new ArrayList<>()).add(new Prediction<>(predicted, answer.apply(predicted)));
    }
}
