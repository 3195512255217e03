package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bad arguments and broken models: one line that says what is wrong, exit code 2, and no output.
class UnusableInputTest {
    private static final Path GOLDEN = Path.of("goldens/checkpoints/llada2-moe");
    private static final String[] TINY_PROMPT = {"--prompt-ids", "1,2,3", "--mask-id", "390", "--gen-length", "8"};

    @TempDir
    private Path model;

    @BeforeEach
    void copyModel() throws IOException {
        Files.copy(GOLDEN.resolve("config.json"), model.resolve("config.json"));
        Files.copy(GOLDEN.resolve("model.safetensors"), model.resolve("model.safetensors"));
    }

    @Test
    void theCopyItselfWorks() {
        assertEquals(0, generate().exitCode());
    }

    @Test
    void promptsThatDoNotFit() {
        refused("0 tokens", "generate", "--raw", "");
        refused("context of 512", "generate", "--prompt-ids", String.join(",", Collections.nCopies(500, "7")));
        refused("outside the vocabulary", "generate", "--prompt-ids", "1536");
        refused("outside the vocabulary", "generate", "--prompt-ids=-1");
        refused("--prompt-ids", "generate", "--prompt-ids", "one");
        refused("more than one prompt", "generate", "hello", "--prompt-ids", "1");
        refused("no prompt", "generate");
        refused("cannot be read", "generate", "--prompt-file", model.resolve("absent.txt").toString());
        refused("no tokenizer", "generate", "--model", model.toString(), "--mask-id", "390", "hello");
    }

    @Test
    void promptFilesThatAreNoText() throws IOException {
        Path file = Files.write(model.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        refused("UTF-8", "generate", "--prompt-file", file.toString());
    }

    @Test
    void settingsOutOfRange() {
        refused("known: none, block", "generate", "--cache", "bloc", "hi");
        refused("known: schedule", "generate", "--unmasking", "treshold", "hi");
        refused("not a number", "generate", "--unmasking", "threshold:high", "hi");
        refused("at most 4 values", "generate", "--unmasking", "edit:0.5,0.5,1,2,3", "hi");
        refused("known: credit[:alpha,gamma,decay], left-penalty[:logits]", "generate", "--hook", "debit", "hi");
        refused("sglang-low-confidence", "generate", "--preset", "sglang", "hi");
        refused("generation length 0", "generate", "--gen-length", "0", "hi");
        refused("block length -4", "generate", "--block-length", "-4", "hi");
        refused("steps -1", "generate", "--steps=-1", "hi");
        refused("--mask-id -1: needs 0 or more", "generate", "--mask-id=-1", "hi");
        refused("block length of 600 exceeds", "generate", "--block-length", "600", "hi");
        refused("EOS id 5000 is outside", "generate", "--eos-ids", "5000", "hi");
        refused("not one of never, block, complete, eos-block", "generate", "--stop", "eos", "hi");
        refused("as in 256,4", "generate", "--stop-repetition", "256", "hi");
        refused("repetition in 0 tokens", "generate", "--stop-repetition", "0,4", "hi");
        refused("'1e999' is too large", "generate", "--stop-repetition", "256,1e999", "hi");
        refused("'x' is not a whole number; needs 2 numbers, as in 256,4", "generate", "--stop-repetition", "x,4", "hi");
        refused(
                "'topk' is not a whole number, threshold, sampled or rejection", "generate", "--unmasking", "guided:topk,5", "hi");
        refused("--system needs", "generate", "--raw", "--system", "s", "hi");
        refused("no glob", "verify", "goldens", "--only", "[{");
        refused("temperature -1", "generate", "--temperature", "-1", "hi");
        refused("top-p 0", "generate", "--top-p", "0", "hi");
        refused("top-k -1", "generate", "--top-k", "-1", "hi");
        refused("rope theta scale 0.5: needs 1 or more", "generate", "--rope-theta-scale", "0.5", "hi");
        refused("rope theta scale NaN", "generate", "--rope-theta-scale", "NaN", "hi");
        refused("threads -1", "generate", "--threads", "-1", "hi");
        refused("known:", "generate", "--preset", "fast", "hi");
        refused("known:", "generate", "--family", "gpt", "hi");
        refused("mask token id 2000", "generate", "--mask-id", "2000", "hi");
        refused("one of probability, margin, entropy, random, leftmost", "generate", "--confidence", "margins", "hi");
        refused("'xml'", "generate", "--format", "xml", "hi");
        refused("needs --format json", "generate", "--trace", "-", "hi");
        refused("block-causal", "generate", "--attention", "bidirectional", "--cache", "block", "hi");
        refused("'1e99' is too large", "generate", "--temperature", "1e99", "hi");
        refused("'1e999' is too large", "generate", "--rope-theta-scale", "1e999", "hi");
        refused("'1e99' is not a number that a float can hold", "generate", "--unmasking", "threshold:1e99", "hi");
        refused("guidance 1.0E38: needs 0 (none) to 1000000", "generate", "--guidance", "1e38", "hi");
        refused("guidance 1.0E38: needs 0 (none) to 1000000", "score", "--guidance", "1e38", "--text", "a");
        refused("--no-such-option", "generate", "--no-such-option", "hi");
    }

    @Test
    void windowsThatMakeNoSense() {
        refused("--stride 16 needs --windows, how many to write at most", "generate", "--stride", "16", "hi");
        refused("--windows 2 needs --stride, the tokens from one window to the next", "generate", "--windows", "2", "hi");
        refused("2 windows with stride 0: needs 1 or more of each", "generate", "--stride", "0", "--windows", "2", "hi");
        refused("stride 97: needs 1 to 96, the generation length", "generate", "--stride", "97", "--windows", "2", "hi");
        refused("every window would become one of them", "generate", "--stride", "8", "--windows", "2", "--choice", "a", "hi");
        refused("--stride", "infill", "--stride", "8", "a <hole> b");
    }

    /// The rest of the group would be lost.
    @Test
    void anOptionOfAGroupIsGivenOnce() {
        refused("option '--seed' (N) should be specified only once", "generate", "--gen-length", "8", "--seed", "7", "--seed", "8", "hi");
        refused("'--weights'", "inspect", "--weights", "packed", "--weights", "mapped");
    }

    /// Every entry of [Advice].
    @Test
    void theOptionThatMendsIt() {
        refused("(--attention bidirectional)", "generate", "--cache", "sparse", "hi");
        refused("(--attention bidirectional)", "generate", "--unmasking", "expand-delete", "hi");
        refused("(--attention causal-context)", "generate", "--unmasking", "sdlm", "hi");
        refused("(--attention bidirectional)", "infill", "--attention", "block-causal", "a <hole> b");
        refused("(--unmasking random-order)", "generate", "--cache", "dkv-greedy", "hi");
        refused("(--cache none, or --attention block-causal)", "generate", "--attention", "bidirectional", "--cache", "block", "hi");
        refused("--stride for a text longer than the context)", "generate", "--gen-length", "600", "hi");
        refused("(--prompt-ids)", "generate", "--model", model.toString(), "--mask-id", "390", "hello");
        refused(
                "(--block-length)", "generate", "--model", "goldens/checkpoints/llada22-moe", "--block-length", "12",
                "--prompt-ids", "1,2");
        refused("(--family)", "generate", "--model", "goldens/checkpoints/qwen2-ar", "--prompt-ids", "1,2");
        refused(
                "(--steps or --block-lengths)", "vote", "--gen-length", "32", "--steps", "4", "--block-lengths", "4",
                "--answer", "x", "hi");
    }

    @Test
    void pathsThatAreNone() throws IOException {
        refused("the path is empty", "generate", "--model", "", "hi");
        refused("the path is empty", "inspect", "");
        refused("a file without a name", "generate", "--prompt-file", "");
        refused("config.json: is a file", "generate", "--model", model.resolve("config.json").toString(), "hi");
        refused("config.json: is a file", "verify", model.resolve("config.json").toString());
        refused("cannot be read: no such file", "generate", "--prompt-file", model.resolve("absent").toString());
        refused("absent: no such file", "generate", "--adjust", "rarity:" + model.resolve("absent"), "hi");
        Path broken = Files.writeString(model.resolve("broken"), "{\"a\":");
        refused("broken are no valid JSON;", "generate", "--adjust", "rarity:" + broken, "hi");
        refused("broken line 1: no valid JSON at column 6\n", "eval", broken.toString());
    }

    @Test
    void nothingThatCouldBeScored() {
        refused("nothing to score", "score", "--prompt", "hi");
        refused("no prompt", "score", "--continuation", "hi");
        refused("more than one prompt", "score", "--prompt", "hi", "--prompt-ids", "1", "--continuation", "a");
        refused("without a prompt", "score", "--prompt", "hi", "--text", "a");
        refused("without a prompt", "score", "--raw", "--text", "a");
        refused("0 tokens", "score", "--prompt", "hi", "--continuation", "");
        refused("no list of ids", "score", "--prompt", "hi", "--continuation-ids", "1,x");
        refused("outside the vocabulary", "score", "--prompt", "hi", "--continuation-ids", "1536");
        refused("context of 512", "score", "--prompt", "hi", "--continuation", "a ".repeat(600));
        refused("known: monte-carlo", "score", "--estimator", "mc", "--text", "a");
        refused("samples 0", "score", "--estimator", "monte-carlo:0", "--text", "a");
        refused("batch size 0", "score", "--batch-size", "0", "--text", "a");
        refused("guidance -1.0", "score", "--guidance=-1", "--text", "a");
        refused("more than one model", "score", model.toString(), "--model", model.toString(), "--text", "a");
        refused("without which a text cannot be read\n", "score", model.toString(), "--mask-id", "390", "--text", "a");
        refused("needs block-causal", "score", "--attention", "bidirectional", "--block-length", "4", "--text", "a");
        refused(
                "needs --block-length", "score", "goldens/checkpoints/llada-gqa", "--attention", "block-causal",
                "--prompt-ids", "1", "--continuation-ids", "2");
    }

    @Test
    void nothingThatCouldBeEmbedded() {
        refused("no text", "embed");
        refused("text 2 is empty", "embed", "--text", "a", "--text", "");
        refused("context of 512", "embed", "--text", "a ".repeat(600));
        refused("'max' is not one of", "embed", "--pooling", "max", "--text", "a");
        refused("needs --instruction", "embed", "--exclude-instruction", "--text", "a");
        refused("--batch-size 0", "embed", "--batch-size", "0", "--text", "a");
    }

    @Test
    void nothingThatCouldBeEvaluated() {
        String sample = "../docs/eval-sample.jsonl";
        refused("cannot be read", "eval", model.resolve("absent.jsonl").toString());
        refused("line 1: no valid JSON", "eval", model.resolve("config.json").toString());
        refused("unknown option 'cash'; known: gen-length", "eval", sample, "--grid", "cash=none");
        refused("--limit 0", "eval", sample, "--limit", "0");
        refused("--batch 0", "eval", sample, "--batch", "0");
        refused("--repeat 0", "eval", sample, "--repeat", "0");
        refused("no unmasking rule here asks a second model", "eval", sample, "--verifier", "goldens/checkpoints/qwen2-ar");
        refused(
                "no unmasking rule here asks a second model", "eval", sample, "--verifier", model.toString(),
                "--unmasking", "apd", "--grid", "unmasking=schedule,threshold");
        refused("block-causal models only", "eval", sample, "--attention", "bidirectional", "--cache", "block");
        refused("generation length 0", "eval", sample, "--gen-length", "0");
        refused("'big' is no size", "eval", sample, "--plot-size", "big");
        refused("20x20 pixels: needs 200", "eval", sample, "--plot", model.resolve("a.png").toString(), "--plot-size", "20x20");
        refused("--plot", "eval", sample, "--plot", model.resolve("absent/a.png").toString());
        refused("'money'", "eval", sample, "--plot-cost", "money");
        refused("no tokenizer", "eval", sample, "--model", model.toString(), "--mask-id", "390");
    }

    @Test
    void backendsThatCannotRun() {
        refused("unknown backend 'tpu'", "generate", "--backend", "tpu", "hi");
        refused("backend 'cuda' cannot run here", "generate", "--backend", "cuda", "hi");
    }

    @Test
    void directoriesThatAreNoModel() throws IOException {
        refused("no such directory", "generate", "--model", model.resolve("absent").toString(), "hi");
        refused("config.json is missing", "generate", "--model", Files.createDirectory(model.resolve("empty")).toString(), "hi");
        refused("no golden set", "verify", model.toString());
        refused("matches", "verify", "goldens", "--only", "nothing/*");
    }

    @Test
    void filesThatAreNoFiles() throws IOException {
        Files.delete(model.resolve("config.json"));
        Files.createDirectory(model.resolve("config.json"));
        refusedModel("config.json: is no regular file");
        Files.delete(model.resolve("config.json"));
        Files.createSymbolicLink(model.resolve("config.json"), Path.of("absent"));
        refusedModel("config.json: is no regular file");
    }

    @Test
    void messagesThatQuoteAFileAreOneLine() throws IOException {
        config("{\"model_type\": \"\\u001b[2J\\n" + "x".repeat(100_000) + "\"}");
        refusedModel("no known model family");
        assertTrue(generate().err().length() < 3000);
        assertEquals(-1, generate().err().indexOf('\u001b'));
    }

    @Test
    void configurationsThatCannotBeUsed() throws IOException {
        config("{");
        refusedModel("no valid JSON");
        config("[]");
        refusedModel("needs a JSON object");
        config("{\"model_type\": \"a\", \"model_type\": \"b\"}");
        refusedModel("no valid JSON");
        config("{\"model_type\": \"bert\", \"architectures\": [\"BertModel\"]}");
        refusedModel("bert", "known: llada2-moe");
        changeConfig("\"hidden_size\": 64", "\"hidden_size\": \"wide\"");
        refusedModel("hidden_size is \"wide\"");
        changeConfig("\"hidden_size\": 64", "\"hidden_size\": 96");
        refusedModel("the configuration needs");
        changeConfig("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 1000000000");
        refusedModel("num_hidden_layers");
        changeConfig("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 5");
        refusedModel("model.layers.4.");
        changeConfig("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3");
        refusedModel("cannot share 3");
        changeConfig("\"n_group\": 4", "\"n_group\": 5");
        refusedModel("groups");
        changeConfig("\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"yarn\"}");
        refusedModel("rope_scaling");
        changeConfig("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"");
        refusedModel("hidden_act");
    }

    @Test
    void checkpointsThatAreBroken() throws IOException {
        Path weights = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(whole, whole.length / 2));
        refusedModel("model.safetensors");
        Files.write(weights, Arrays.copyOf(whole, 5));
        refusedModel("model.safetensors");
        Files.write(weights, Arrays.copyOf(whole, whole.length + 64));
        refusedModel("model.safetensors");
        byte[] hugeHeader = whole.clone();
        hugeHeader[6] = 0x7f;
        Files.write(weights, hugeHeader);
        refusedModel("model.safetensors");
        replaceInHeader(whole, "\"dtype\":\"F32\"", "\"dtype\":\"I32\"");
        refusedModel("I32");
        Files.delete(weights);
        refusedModel("model.safetensors");
    }

    @Test
    void notANumberIsFoundAtTheFirstLogits() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            long headerLength = Long.reverseBytes(file.readLong());
            byte[] values = new byte[(int) (file.length() - Long.BYTES - headerLength)];
            ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(nans(values.length / Float.BYTES));
            file.seek(Long.BYTES + headerLength);
            file.write(values);
        }
        refusedModel("not finite");
    }

    @Test
    void tokenizersThatAreBroken() throws IOException {
        for (String text : new String[] {"", "{", "[]", "{\"model\": {\"type\": \"Unigram\"}}"}) {
            Files.writeString(model.resolve("tokenizer.json"), text);
            refusedModel("tokenizer.json");
        }
    }

    private static float[] nans(int count) {
        float[] nans = new float[count];
        Arrays.fill(nans, Float.NaN);
        return nans;
    }

    private CommandLineRun generate() {
        String[] arguments = Stream.concat(
                        Stream.of("generate", "--model", model.toString()), Arrays.stream(TINY_PROMPT))
                .toArray(String[]::new);
        return CommandLineRun.of(arguments);
    }

    private void refusedModel(String... reasons) {
        check(generate(), reasons);
    }

    private static void refused(String reason, String... arguments) {
        check(CommandLineRun.of(arguments), reason);
    }

    private static void check(CommandLineRun run, String... reasons) {
        assertEquals(2, run.exitCode(), run.err());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().startsWith("dllm: "), run.err());
        for (String reason : reasons) {
            assertTrue(run.err().contains(reason), () -> "'" + reason + "' is not in: " + run.err());
        }
    }

    private void config(String json) throws IOException {
        Files.writeString(model.resolve("config.json"), json);
    }

    private void changeConfig(String from, String to) throws IOException {
        String json = Files.readString(GOLDEN.resolve("config.json"));
        assertTrue(json.contains(from), from);
        config(json.replace(from, to));
    }

    /// Writes the checkpoint with the first occurrence of some header text replaced by text of the same length.
    private void replaceInHeader(byte[] checkpoint, String from, String to) throws IOException {
        String text = new String(checkpoint, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(from);
        assertTrue(at > 0, from);
        byte[] changed = checkpoint.clone();
        System.arraycopy(to.getBytes(StandardCharsets.ISO_8859_1), 0, changed, at, to.length());
        Files.write(model.resolve("model.safetensors"), changed);
    }
}
