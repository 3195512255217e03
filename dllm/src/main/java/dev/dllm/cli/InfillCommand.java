package dev.dllm.cli;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.cache.NoCache;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Edits;
import dev.dllm.decode.Template;
import dev.dllm.model.AttentionPattern.Bidirectional;
import dev.dllm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dllm infill`: text with holes in, text without holes out.
@Command(
        sortOptions = false,
        abbreviateSynopsis = true,
        name = "infill",
        description = "Fills the holes of a text. What stands around them never changes.",
        footer = {
            "",
            "A hole is a place for a number of tokens; those that a filling does not need",
            "become ends of text, which are not printed. With a model that finds the length",
            "itself (DreamOn) a hole starts with its length and grows or shrinks.",
            "",
            "All holes are filled together and see all of the text, so attention is",
            "bidirectional; a model that was trained block-causal fills them less well.",
            "The text must not begin with a hole: something has to stand before it. One",
            "blank before a hole belongs to the filling, as tokens begin with their blank.",
            "",
            "Examples:",
            "  dllm infill \"The cat sat on the <hole>. It was very soft.\" --hole-length 4",
            "  dllm infill --hole-length 2,6 --marker ___ \"Name: ___, city: ___.\"",
            "  dllm infill --model DIR --text-file Sum.java --hole-length 48 --format json"
        })
final class InfillCommand implements Callable<Integer> {
    private static final String TEXT = "text";

    private final Terminal terminal;

    @Parameters(paramLabel = "TEXT", arity = "0..*",
            description = "The text with its holes; several words are joined by blanks. Without one it is read from standard input.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--text-file", paramLabel = "FILE", description = "Read the text from a file; - is standard input.")
    private @Nullable String file;

    @Option(names = "--marker", paramLabel = "TEXT", defaultValue = "<hole>",
            description = "What stands for a hole in the text (default: ${DEFAULT-VALUE}).")
    private String marker = "<hole>";

    @Option(names = "--hole-length", paramLabel = "N,N", split = ",", defaultValue = "16",
            description = "Tokens allotted to each hole, in order; one number is for all of them (default: ${DEFAULT-VALUE}).")
    private int[] lengths = {16};

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", converter = ConstantConverter.OfFormat.class,
            description = "text, or json with what each hole holds, counts and timing (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Option(names = "--trace", paramLabel = "FILE",
            description = "Write what every network call changed to a JSON file; - puts it into the JSON output.")
    private @Nullable String trace;

    @ArgGroup(exclusive = false, validate = false, heading = DecodeOptions.HEADING, order = 10)
    private DecodeOptions decode = new DecodeOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nThe model:%n", order = 20)
    private ModelOptions model = new ModelOptions();

    @Mixin private HelpOption help = new HelpOption();

    InfillCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ResultWriter writer = new ResultWriter(format, trace, terminal);
        if (decode.fixesLength()) {
            throw new InvalidRequestException("--gen-length does not say which hole it is for; use --hole-length");
        }
        List<String> parts = parts(text());
        try (LanguageModel loaded = model.load();
                LanguageModel judge = decode.loadVerifier(model.options());
                Session session = loaded.newSession()) {
            Tokenizer tokenizer = loaded.tokenizer().orElseThrow(() -> new InvalidRequestException(
                    loaded.source() + " has no tokenizer.json, without which a text cannot be read"));
            GenerationRequest request = new GenerationRequest(
                    Prompt.text(parts.getFirst()), template(parts, tokenizer), decode.apply(seeingAll(loaded.settings()), judge));
            decode.warn(request.settings(), terminal);
            Progress progress = new Progress(terminal, request.settings());
            GenerationResult result = session.generate(request, new GenerationListener() {
                @Override
                public void called(int sequence, int call, Canvas canvas, Edits edits) {
                    progress.called(call, canvas);
                }
            });
            progress.clear();
            writer.filled(result, tokenizer);
        }
        return 0;
    }

    private String text() {
        if (!words.isEmpty() && file != null) {
            throw new InvalidRequestException("more than one text; give TEXT or --text-file");
        }
        if (words.isEmpty() && file == null && terminal.readsFromTerminal()) {
            throw new InvalidRequestException("no text; give TEXT, --text-file, or standard input");
        }
        return words.isEmpty() ? InputText.read(TEXT, file) : String.join(" ", words);
    }

    /// What stands before, between and behind the holes; at least two parts, of which all but the first may be empty.
    private List<String> parts(String text) {
        if (marker.isEmpty()) {
            throw new InvalidRequestException("--marker is empty; needs a text that stands for a hole");
        }
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int hole = text.indexOf(marker); hole >= 0; hole = text.indexOf(marker, start)) {
            boolean blank = hole > start && text.charAt(hole - 1) == ' ';
            parts.add(text.substring(start, blank ? hole - 1 : hole));
            start = hole + marker.length();
        }
        parts.add(text.substring(start));
        int holes = parts.size() - 1;
        if (holes == 0) {
            throw new InvalidRequestException("the text holds no '" + marker + "', which stands for a hole");
        }
        if (lengths.length != 1 && lengths.length != holes) {
            throw new InvalidRequestException(
                    "--hole-length names %d lengths; needs 1, or one for each of the %d holes".formatted(lengths.length, holes));
        }
        if (parts.getFirst().isEmpty()) {
            throw new InvalidRequestException("the text begins with a hole; something has to stand before it");
        }
        return parts;
    }

    private Template template(List<String> parts, Tokenizer tokenizer) {
        Template template = Template.text();
        for (int hole = 0; hole < parts.size() - 1; hole++) {
            template = template.andHole(lengths[lengths.length == 1 ? 0 : hole]).andText(tokenizer.encode(parts.get(hole + 1), false));
        }
        return template;
    }

    /// The settings with attention to what stands behind a hole.
    private static DecodeSettings seeingAll(DecodeSettings settings) {
        return settings.attention() instanceof Bidirectional
                ? settings
                : settings.withAttention(new Bidirectional()).withCache(new NoCache());
    }
}
