package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.LanguageModel;
import dev.dllm.tokenizer.Tokenizer;
import dev.dllm.vote.Ballot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VoteCommandTest {
    private static final String QUESTION = "What is 12 + 30?";
    private static final String NUMBER = "(-?\\d+)\\s*$";

    @Test
    void blockLengthsVote() {
        CommandLineRun run = CommandLineRun.of("vote", QUESTION, "--answer", NUMBER);

        assertEquals(0, run.exitCode(), run.err());
        assertEquals("42\n", run.out());
        assertEquals("     share   votes  answer\n*  100.0 %       3  \"42\"\n", run.err());
    }

    @Test
    void everySeedOfEveryBlockLengthIsARun() {
        JsonNode json = json(
                "vote", QUESTION, "--answer", NUMBER, "--block-lengths", "32,16", "--seeds", "2", "--seed", "7",
                "--temperature", "0.5", "--format", "json");

        List<String> places = json.get("voters").valueStream()
                .map(voter -> voter.get("block_length").asInt() + " " + voter.get("seed").asInt())
                .toList();
        assertEquals(List.of("32 7", "32 8", "16 7", "16 8"), places);
        JsonNode alone = json(
                "generate", QUESTION, "--block-length", "16", "--seed", "8", "--temperature", "0.5", "--format", "json");
        assertEquals(alone.get("text"), json.get("voters").get(3).get("text"));
    }

    /// With bidirectional attention blocks of 32, 16 and 24 are all the one block that a text of 16 has. With block-causal attention they
    /// are cut elsewhere in the prompt.
    @Test
    void blocksThatAreAlikeVoteOnce() {
        String[] vote = {
            "vote", QUESTION, "--answer", NUMBER, "--gen-length", "16", "--block-lengths", "8,32,16,24,8", "--format", "json",
            "--attention", "bidirectional"
        };
        assertEquals(List.of(8, 32), blockLengths(json(vote)));
        vote[vote.length - 1] = "block-causal";
        assertEquals(List.of(8, 32, 16, 24), blockLengths(json(vote)));
    }

    private static List<Integer> blockLengths(JsonNode json) {
        return json.get("voters").valueStream().map(voter -> voter.get("block_length").asInt()).toList();
    }

    @Test
    void callsAreSharedOutOverBlocksOfAnyLength() {
        JsonNode json = json(
                "vote", QUESTION, "--answer", NUMBER, "--attention", "bidirectional", "--unmasking", "schedule", "--gen-length",
                "32", "--steps", "8", "--eos-ids", "1500", "--block-lengths", "4,32", "--format", "json");

        // The one block of 32 of the settings has 8 calls; so have 8 blocks of 4 together. No token ends the text early.
        assertEquals(16, json.get("nfe").asInt());
    }

    @Test
    void theCallsOfAGenerationVote() {
        String[] generate = {
            "generate", QUESTION, "--attention", "bidirectional", "--unmasking", "schedule", "--gen-length", "32", "--steps", "8",
            "--format", "json"
        };
        JsonNode json = json(
                "vote", QUESTION, "--answer", NUMBER, "--by", "steps", "--weight", "linear", "--attention", "bidirectional",
                "--unmasking", "schedule", "--gen-length", "32", "--steps", "8", "--format", "json");

        assertEquals(8, json.get("voters").size());
        assertEquals(8, json.get("nfe").asInt());
        assertEquals(json(generate).get("text"), json.get("voters").get(7).get("text"), "the last call predicts the text");
        double weight = 0;
        for (JsonNode voter : json.get("voters")) {
            weight += voter.get("answer").isNull() ? 0 : (voter.get("call").asInt() + 1) / 8.0;
        }
        double total = json.get("ballot").valueStream().mapToDouble(entry -> entry.get("weight").asDouble()).sum();
        assertEquals(weight, total, 1e-9);
    }

    @Test
    void nobodyHasAnAnswer() {
        CommandLineRun run = CommandLineRun.of("vote", QUESTION, "--answer", "never", "--block-lengths", "32");

        assertEquals(1, run.exitCode());
        assertEquals("", run.out());
        assertEquals("dllm: no answer: --answer matches nothing in 1 generation; the last says \"12 + 30 = 42\"\n", run.err());
    }

    @Test
    void theLastMatchThatIsNotEmptyIsTheAnswer() {
        assertEquals(Optional.of("42"), found("(\\d+)", "12 + 30 = 42"));
        assertEquals(Optional.of("= 42"), found("= \\d+", "12 + 30 = 42"));
        assertEquals(Optional.of("42"), found("\\d*", "12 + 30 = 42."));
        assertEquals(Optional.of("b"), found("a(b)?", "ab a"));
        assertEquals(Optional.empty(), found("x", "12"));
    }

    private static Optional<String> found(String pattern, String text) {
        return new AnswerPattern(Pattern.compile(pattern)).in(text);
    }

    @Test
    void aPredictionEndsWhereItsTextWould() {
        try (LanguageModel model = LanguageModel.embedded()) {
            Tokenizer tokenizer = model.tokenizer().orElseThrow();
            int eos = model.settings().stop().eosIds()[0];
            int[] ids = IntStream.concat(Arrays.stream(tokenizer.encode("4", false)), IntStream.of(eos)).toArray();
            int[] twice = IntStream.concat(Arrays.stream(ids), Arrays.stream(ids)).toArray();
            assertEquals("4", VoteCommand.text(twice, model.settings(), tokenizer));
            assertEquals("", VoteCommand.text(Arrays.copyOfRange(twice, 1, 4), model.settings(), tokenizer));
            int[] text = tokenizer.encode("42", false);
            assertEquals("4", VoteCommand.text(text, model.settings().withGenLength(1), tokenizer));
        }
    }

    @Test
    void theTableShowsTheHeaviestFirst() {
        Ballot<String> ballot = new Ballot<>();
        ballot.add("a", 1);
        ballot.add("b", 2);
        ballot.add("b", 5);
        List<VoteReport.Voter> voters = List.of(voter("a"), voter("b"), voter("b"), new VoteReport.Voter(Map.of(), "", Optional.empty()));

        VoteReport report = new VoteReport(ballot, "step", voters, 4, 4, 1);
        assertEquals("b", report.winner());
        assertEquals("""
                     share   votes  answer
                *   87.5 %       2  "b"
                    12.5 %       1  "a"
                                 1  (no answer)
                """, report.table());
    }

    private static VoteReport.Voter voter(String answer) {
        return new VoteReport.Voter(Map.of(), answer, Optional.of(answer));
    }

    @Test
    void whatCannotBeVotedOnIsRefused() {
        refused("--answer", "vote", QUESTION);
        refused("no regular expression", "vote", QUESTION, "--answer", "(");
        refused("give --attention bidirectional", "vote", QUESTION, "--answer", "x", "--by", "steps");
        refused("are for --by schedules", "vote", QUESTION, "--answer", "x", "--by", "steps", "--seeds", "2");
        refused("is for --by steps", "vote", QUESTION, "--answer", "x", "--weight", "fixed");
        refused("give --block-lengths", "vote", QUESTION, "--answer", "x", "--block-length", "8");
        refused("give --temperature", "vote", QUESTION, "--answer", "x", "--seeds", "2");
        refused("needs 1 to 1000 generations", "vote", QUESTION, "--answer", "x", "--seeds", "0");
        refused("block length 0", "vote", QUESTION, "--answer", "x", "--block-lengths", "0");
        refused("unknown weight of steps 'exp'", "vote", QUESTION, "--answer", "x", "--weight", "exp");
    }

    private static void refused(String reason, String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertEquals(2, run.exitCode(), run.err());
        assertEquals("", run.out());
        assertTrue(run.err().contains(reason), run.err());
    }

    private static JsonNode json(String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertEquals(0, run.exitCode(), run.err());
        return new JsonMapper().readTree(run.out());
    }
}
