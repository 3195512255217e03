package dev.dllm.golden;

import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.checkpoint.CheckpointException;
import dev.dllm.checkpoint.Safetensors;
import dev.dllm.model.UnsupportedModelException;
import dev.dllm.model.family.Families;
import java.lang.foreign.Arena;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Runs the cases of a golden set one after another. Not thread-safe.
public final class GoldenRunner implements AutoCloseable {
    private final GoldenSet set;
    private final LoadOptions options;
    private final List<GoldenCase> cases;
    private @Nullable LoadedCheckpoint loaded;
    private @Nullable LoadedCheckpoint second;

    private record LoadedCheckpoint(String name, LanguageModel model) {}

    /// @param only    globs over the cases' files, `*` crosses folders; empty for all cases
    /// @param options how checkpoints are loaded; families and mask ids come from the set
    /// @throws GoldenException if the set is missing or broken, or a glob selects nothing
    public GoldenRunner(Path directory, List<String> only, LoadOptions options) {
        this.set = GoldenSet.open(directory);
        this.options = options;
        this.cases = select(set.cases(), only);
    }

    /// Number of cases that were selected.
    public int size() {
        return cases.size();
    }

    /// Runs one case.
    public CaseResult run(int index) {
        GoldenCase golden = cases.get(index);
        long start = System.nanoTime();
        CaseResult.Outcome outcome = CaseResult.Outcome.EQUAL;
        String detail = "";
        try {
            String difference = differs(golden);
            if (difference != null) {
                outcome = CaseResult.Outcome.DIFFERS;
                detail = difference;
            }
        } catch (UnsupportedCaseException | UnsupportedModelException e) {
            outcome = CaseResult.Outcome.UNSUPPORTED;
            detail = e.getMessage();
        } catch (RuntimeException e) {
            outcome = CaseResult.Outcome.ERROR;
            detail = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        return new CaseResult(golden.file(), golden.kind(), outcome, detail, (System.nanoTime() - start) * 1e-9);
    }

    /// Closes the checkpoints that are still loaded.
    @Override
    public void close() {
        closeSecond();
        if (loaded != null) {
            loaded.model.close();
            loaded = null;
        }
    }

    private @Nullable String differs(GoldenCase golden) {
        return switch (golden.kind()) {
            case "decode" -> new DecodeCheck(
                    golden.file(), set.json(golden.file()), set.padId(golden.checkpoint()))
                    .differs(model(golden), this::second);
            case "logits" -> logits(golden);
            case "likelihood" -> new LikelihoodCheck(golden.file(), set.json(golden.file())).differs(model(golden));
            case "tokenizer" -> new TokenizerCheck(golden.file(), set.json(golden.file()))
                    .differs(set.file(golden.file()).getParent());
            case "chat_template" -> new ChatCheck(golden.file(), set.json(golden.file()))
                    .differs(set.file(golden.file()).getParent());
            default -> throw new UnsupportedCaseException("cases of kind '" + golden.kind() + "'");
        };
    }

    private @Nullable String logits(GoldenCase golden) {
        JsonNode params = golden.entry().path("params");
        LanguageModel model = model(golden);
        try (Arena arena = Arena.ofShared()) {
            return new LogitsCheck(
                    Safetensors.open(set.file(golden.file()), arena),
                    GoldenSet.text(params, "attention", golden.file())).differs(model);
        }
    }

    /// The case's model. The one loaded last is kept, since the cases of a checkpoint stand together.
    private LanguageModel model(GoldenCase golden) {
        if (loaded == null || !loaded.name.equals(golden.checkpoint())) {
            close();
            loaded = load(golden.checkpoint());
        }
        return loaded.model;
    }

    /// The model that helps the case's own. Kept as long as that.
    private LanguageModel second(String checkpoint) {
        if (second == null || !second.name.equals(checkpoint)) {
            closeSecond();
            second = load(checkpoint);
        }
        return second.model;
    }

    private LoadedCheckpoint load(String checkpoint) {
        Path directory = set.checkpoint(checkpoint);
        String family = set.family(checkpoint);
        if (!Families.knows(family)) {
            throw new UnsupportedCaseException("models of the family '" + family + "'");
        }
        LoadOptions told = options.withFamily(family).withMaskId(set.maskId(checkpoint));
        return new LoadedCheckpoint(checkpoint, LanguageModel.load(directory, told));
    }

    private void closeSecond() {
        if (second != null) {
            second.model.close();
            second = null;
        }
    }

    private static PathMatcher matcher(String glob) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + glob.replace("*", "**"));
        } catch (PatternSyntaxException e) {
            throw new GoldenException("'" + glob + "' is no glob: " + e.getDescription(), e);
        }
    }

    private static List<GoldenCase> select(List<GoldenCase> cases, List<String> only) {
        if (only.isEmpty()) {
            return cases;
        }
        List<PathMatcher> matchers = only.stream().map(GoldenRunner::matcher).toList();
        List<GoldenCase> selected = cases.stream()
                .filter(golden -> matchers.stream().anyMatch(matcher -> matcher.matches(Path.of(golden.file()))))
                .toList();
        if (selected.isEmpty()) {
            throw new GoldenException("no case of the set matches " + String.join(" or ", only));
        }
        return selected;
    }
}
