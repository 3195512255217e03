package dev.dllm.model.family;

import dev.dllm.model.ConfigFile;
import dev.dllm.model.UnsupportedModelException;
import java.util.List;
import java.util.stream.Collectors;

/// The families that this version runs.
public final class Families {
    private static final List<ModelFamily> ALL = List.of(
            new Llada2Moe(),
            new Llada(),
            new LladaMoe(),
            new Dream(),
            new Sdar(false),
            new Sdar(true),
            new FastDllmV2(),
            new Rnd1(),
            new OpenDcoder(),
            new Sdlm(),
            new Qwen2(),
            A2d.qwen2(),
            A2d.qwen3(),
            A2d.llama(),
            new Illada(),
            new NemotronDiffusion());

    private Families() {}

    /// The family that the user names or the files show.
    ///
    /// @throws UnsupportedModelException if there is none; the message lists what was found and what is known
    public static ModelFamily of(ModelConfigs configs) {
        String named = configs.hints().family();
        ConfigFile config = configs.config();
        return ALL.stream()
                .filter(family -> named != null ? family.name().equals(named) : family.matches(config))
                .findFirst()
                .orElseThrow(() -> unsupported(configs));
    }

    /// Whether `--family` takes this name.
    public static boolean knows(String name) {
        return ALL.stream().anyMatch(family -> family.name().equals(name));
    }

    private static UnsupportedModelException unsupported(ModelConfigs configs) {
        ConfigFile config = configs.config();
        String asked = configs.hints().family() != null
                ? "unknown model family '" + configs.hints().family() + "'"
                : "%s: model_type %s, architecture %s: no known model family".formatted(
                        config.source(),
                        config.optionalString("model_type").orElse("(none)"),
                        config.firstString("architectures").orElse("(none)"));
        return new UnsupportedModelException(asked + "; known: " + ALL.stream()
                .map(family -> family.name() + " (" + family.recognisedBy() + ")")
                .collect(Collectors.joining(", ")));
    }
}
