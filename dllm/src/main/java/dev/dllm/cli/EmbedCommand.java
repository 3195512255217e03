package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Passage;
import dev.dllm.Prompt;
import dev.dllm.embed.Embedder;
import dev.dllm.embed.Pooling;
import dev.dllm.files.FileFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `dllm embed`: texts in, vectors out.
@Command(
        sortOptions = false,
        abbreviateSynopsis = true,
        name = "embed",
        description = "Turns texts into vectors: pooled hidden states behind the model's last layer and norm.",
        footer = {
            "",
            "One JSON object per text, in order, with text, tokens and embedding. Without",
            "--text every line of standard input is a text, and vectors come as soon as a",
            "batch of lines is complete. How well vectors compare by cosine depends on",
            "whether the model was tuned for it.",
            "",
            "Examples:",
            "  dllm embed --text \"A cat on a mat.\" --text \"A dog in a bog.\"",
            "  dllm embed DIR < sentences.txt > vectors.jsonl",
            "  dllm embed DIR --instruction \"Query: \" --exclude-instruction --text cats"
        })
final class EmbedCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    private final Terminal terminal;
    private final InputStream in;

    @Parameters(paramLabel = "DIR", arity = "0..1",
            description = "Model directory (default: the small model that ships with dllm).")
    private @Nullable Path directory;

    @Option(names = "--text", paramLabel = "TEXT", description = "A text; may be repeated.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--pooling", paramLabel = "HOW", defaultValue = "mean", converter = ConstantConverter.OfPooling.class,
            description = "mean over all tokens, or only the first or the last one (default: ${DEFAULT-VALUE}).")
    private Pooling pooling = Pooling.MEAN;

    @Option(names = "--no-normalize", description = "Leave vectors as they are, instead of scaling them to length 1.")
    private boolean unscaled;

    @Option(names = "--instruction", paramLabel = "TEXT", description = "What the model sees before every text.")
    private @Nullable String instruction;

    @Option(names = "--exclude-instruction", description = "Pool over the text only.")
    private boolean exclude;

    @Option(names = "--batch-size", paramLabel = "N", defaultValue = "16",
            description = "Texts per network call; never changes a vector (default: ${DEFAULT-VALUE}).")
    private int batchSize = 16;

    @Mixin private AttentionOptions attention = new AttentionOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nThe model:%n", order = 20)
    private ModelOptions model = new ModelOptions();

    @Mixin private HelpOption help = new HelpOption();

    EmbedCommand(Terminal terminal, InputStream in) {
        this.terminal = terminal;
        this.in = in;
    }

    @Override
    public Integer call() {
        if (texts.isEmpty() && terminal.readsFromTerminal()) {
            throw new InvalidRequestException("no text; give --text, or lines through standard input");
        }
        if (batchSize < 1) {
            throw new InvalidRequestException("--batch-size " + batchSize + ": needs 1 or more");
        }
        if (exclude && instruction == null) {
            throw new InvalidRequestException("--exclude-instruction needs --instruction");
        }
        try (LanguageModel loaded = model.load(directory);
                Embedder embedder = new Embedder(loaded, attention.apply(loaded.spec().pattern()))) {
            Supplier<@Nullable String> source = texts.isEmpty() ? lines() : given();
            List<String> batch = new ArrayList<>();
            int number = 0;
            for (String text = source.get(); text != null && !terminal.out().checkError(); text = source.get()) {
                number++;
                if (text.isEmpty()) {
                    throw new InvalidRequestException("text " + number + " is empty; needs at least 1 token");
                }
                batch.add(text);
                if (batch.size() == batchSize) {
                    embed(batch, loaded, embedder);
                    batch.clear();
                }
            }
            embed(batch, loaded, embedder);
        }
        return 0;
    }

    private Supplier<@Nullable String> given() {
        Iterator<String> iterator = texts.iterator();
        return () -> iterator.hasNext() ? iterator.next() : null;
    }

    /// The lines of standard input, which stays open.
    private Supplier<@Nullable String> lines() {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        return () -> {
            try {
                return reader.readLine();
            } catch (CharacterCodingException _) {
                throw new InvalidRequestException("standard input: is no UTF-8 text");
            } catch (IOException e) {
                throw new InvalidRequestException("standard input: cannot be read: " + FileFailure.reason(e));
            }
        };
    }

    private void embed(List<String> batch, LanguageModel loaded, Embedder embedder) {
        List<Passage> passages = batch.stream().map(text -> passage(text, loaded)).toList();
        List<float[]> vectors = embedder.embed(passages, pooling, !unscaled);
        for (int i = 0; i < batch.size(); i++) {
            ObjectNode json = JSON.createObjectNode();
            json.put("text", batch.get(i));
            json.put("tokens", passages.get(i).length());
            json.set("embedding", JSON.valueToTree(vectors.get(i)));
            terminal.out().println(JSON.writeValueAsString(json));
        }
    }

    private Passage passage(String text, LanguageModel loaded) {
        if (instruction != null && exclude) {
            return loaded.passage(Prompt.text(instruction), text);
        }
        Passage whole = loaded.passage(instruction == null ? text : instruction + text);
        return new Passage(new int[0], whole.allIds());
    }
}
