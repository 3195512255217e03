package dev.dllm.cli;

import dev.dllm.vote.Ballot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The result of a vote: the winner and a table of all answers, or one JSON object.
///
/// @param ballot    what the answers weigh
/// @param kind      what voted, in the singular
/// @param voters    all of them, in order
/// @param calls     network calls, summed over the generations
/// @param positions computed by them
/// @param seconds   wall time
record VoteReport(Ballot<String> ballot, String kind, List<Voter> voters, long calls, long positions, double seconds) {
    private static final JsonMapper JSON = new JsonMapper();

    /// One that had a vote.
    ///
    /// @param place  which one it is: numbers by name
    /// @param text   generated, or predicted by the call
    /// @param answer in the text, if there is one
    record Voter(Map<String, Long> place, String text, Optional<String> answer) {}

    boolean hasWinner() {
        return ballot.winner().isPresent();
    }

    /// The answer that won.
    String winner() {
        return ballot.winner().orElseThrow();
    }

    /// The answers with their shares, the heaviest first; of equal ones the first that was given.
    String table() {
        StringBuilder text = new StringBuilder("     share   votes  answer\n");
        double sum = ballot.totals().values().stream().mapToDouble(Double::doubleValue).sum();
        ballot.totals().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(total -> text.append(String.format(
                        Locale.ROOT, "%s %6.1f %% %7d  %s%n", total.getKey().equals(winner()) ? "*" : " ",
                        100 * total.getValue() / sum, votes(total.getKey()), JSON.writeValueAsString(total.getKey()))));
        if (withoutAnswer() > 0) {
            text.append(String.format(Locale.ROOT, "           %7d  (no answer)%n", withoutAnswer()));
        }
        return text.toString();
    }

    /// Why nobody has won.
    String complaint() {
        return "no answer: --answer matches nothing in " + Plural.of(voters.size(), kind) + "; the last says "
                + JSON.writeValueAsString(voters.getLast().text());
    }

    /// One line on what it took.
    String summary() {
        return String.format(
                Locale.ROOT, "[%s, %s, %d positions computed, %.2f s]", Plural.of(voters.size(), kind),
                Plural.of(calls, "network call"), positions, seconds);
    }

    String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("winner", ballot.winner().orElse(null));
        ArrayNode answers = json.putArray("ballot");
        ballot.totals().forEach((answer, weight) -> answers.addObject()
                .put("answer", answer).put("weight", weight).put("votes", votes(answer)));
        json.put("entropy", ballot.entropy());
        for (Voter voter : voters) {
            ObjectNode entry = json.withArray("voters").addObject();
            voter.place.forEach((name, number) -> entry.put(name, number));
            entry.put("answer", voter.answer.orElse(null)).put("text", voter.text);
        }
        json.put("nfe", calls);
        json.put("positions_computed", positions);
        json.put("seconds", seconds);
        return JSON.writeValueAsString(json);
    }

    private long votes(String answer) {
        return voters.stream().filter(voter -> voter.answer.filter(answer::equals).isPresent()).count();
    }

    private long withoutAnswer() {
        return voters.stream().filter(voter -> voter.answer.isEmpty()).count();
    }
}
