package dev.dllm;

import dev.dllm.checkpoint.Checkpoint;
import dev.dllm.checkpoint.TensorInfo;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.CausalModel;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.Transformer;
import dev.dllm.model.UnsupportedModelException;
import dev.dllm.model.WeightLoader;
import dev.dllm.model.family.ChatFormat;
import dev.dllm.model.family.Families;
import dev.dllm.model.family.ModelConfigs;
import dev.dllm.model.family.ModelFamily;
import dev.dllm.model.family.Preset;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Backends;
import dev.dllm.runtime.Lifetime;
import dev.dllm.tokenizer.Tokenizer;
import dev.dllm.tokenizer.chat.ChatTemplate;
import dev.dllm.tokenizer.chat.ChatTemplateException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A loaded diffusion language model: weights, tokenizer, and the settings it is best decoded with.
///
/// ```java
/// try (LanguageModel model = LanguageModel.embedded(); Session session = model.newSession()) {
///     System.out.println(session.generate(Prompt.chat("What is 12 + 30?")).text());
/// }
/// ```
///
/// Immutable and thread-safe. Sessions share the one copy of the weights; generations of several sessions run at the same
/// time and do not influence each other. [#close] waits for network calls in flight and makes later ones fail.
public final class LanguageModel implements AutoCloseable {
    private final String source;
    private final ModelSpec spec;
    private final Transformer transformer;
    private final Backend backend;
    private final Lifetime lifetime;
    private final Optional<Tokenizer> tokenizer;
    private final Preset preset;
    private final DecodeSettings settings;
    private final ChatFormat chat;
    private final List<String> warnings;

    private LanguageModel(
            String source, ModelSpec spec, Transformer transformer, Backend backend, Lifetime lifetime,
            Optional<Tokenizer> tokenizer, Preset preset, DecodeSettings settings, ChatFormat chat,
            List<String> warnings) {
        this.source = source;
        this.spec = spec;
        this.transformer = transformer;
        this.backend = backend;
        this.lifetime = lifetime;
        this.tokenizer = tokenizer;
        this.preset = preset;
        this.settings = settings;
        this.chat = chat;
        this.warnings = warnings;
    }

    /// The small model that ships with the library.
    public static LanguageModel embedded() {
        return embedded(LoadOptions.defaults());
    }

    /// The small model that ships with the library.
    public static LanguageModel embedded(LoadOptions options) {
        return load(new ModelFiles.Embedded(), options);
    }

    /// A model directory in the Hugging Face layout.
    public static LanguageModel load(Path directory) {
        return load(directory, LoadOptions.defaults());
    }

    /// A model directory in the Hugging Face layout: config.json, safetensors files, and optionally generation_config.json
    /// and tokenizer files. Weights are mapped, not read.
    ///
    /// @throws dev.dllm.checkpoint.CheckpointException if a file is missing or broken
    /// @throws UnsupportedModelException if the model is of no known family, or asks for something unknown
    /// @throws dev.dllm.runtime.DeviceException if the backend is unknown or cannot run here
    public static LanguageModel load(Path directory, LoadOptions options) {
        return load(new ModelFiles.Directory(directory), options);
    }

    private static LanguageModel load(ModelFiles files, LoadOptions options) {
        ModelConfigs configs = ModelDescription.configs(files, options);
        ModelFamily family = Families.of(configs);
        ModelSpec spec = ModelDescription.spec(family, configs, options);
        Preset preset = PresetChoice.of(family.presets(spec), options, files.path()).preset();
        DecodeSettings settings = preset.overriddenBy(configs.generation());
        Backend backend = Backends.open(options.backend(), options.backendOptions());
        Lifetime lifetime = new Lifetime("the model " + files.source());
        try {
            Checkpoint checkpoint = files.checkpoint(lifetime.arena());
            WeightLoader loader =
                    new WeightLoader(checkpoint, backend, lifetime.arena(), packs(options.weights(), checkpoint));
            Transformer transformer =
                    new Transformer(spec.transformer(), family.load(spec, loader), lifetime, backend);
            return new LanguageModel(
                    files.source(), spec, transformer, backend, lifetime, configs.tokenizer(), preset, settings,
                    family.chat(), ModelDescription.warnings(configs.config()));
        } catch (RuntimeException | Error e) {
            lifetime.close();
            backend.close();
            throw e;
        }
    }

    /// What messages call the model: its directory.
    public String source() {
        return source;
    }

    /// The network and its token ids.
    public ModelSpec spec() {
        return spec;
    }

    /// Whether chats can be put into words for it: by a template of its files, or else by its family's format.
    public boolean takesChats() {
        return tokenizer.isPresent()
                && (!tokenizer.get().chatTemplateNames().isEmpty() || !chat.template().isEmpty());
    }

    /// What is odd about the model's files though it could be loaded, a sentence each.
    public List<String> warnings() {
        return warnings;
    }

    /// The tokenizer, if the model came with one.
    public Optional<Tokenizer> tokenizer() {
        return tokenizer;
    }

    /// Name of the decoding preset that [#settings] start from.
    public String presetName() {
        return preset.name();
    }

    /// The settings this model is best decoded with: its family's preset with the values of generation_config.json.
    public DecodeSettings settings() {
        return settings;
    }

    /// One line on the backend: what it found and chose.
    public String backendDescription() {
        return backend.name() + ": " + backend.description();
    }

    /// The network, for callers that want logits.
    public Transformer transformer() {
        return transformer;
    }

    /// The backend that the network runs on, for callers that want logits.
    public Backend backend() {
        return backend;
    }

    /// This model as one that judges what a diffusion model of the same vocabulary drafts. It must stay open meanwhile.
    ///
    /// @throws InvalidRequestException if it is no causal language model
    /// @see dev.dllm.decode.Unmasking#withVerifier
    public CausalModel verifier() {
        if (spec.denoises()) {
            throw new InvalidRequestException(source + " is a diffusion model of the family " + spec.family()
                    + "; a verifier is a causal language model (qwen2)");
        }
        return new CausalModel(transformer, spec.transformer(), backend);
    }

    /// A session of its own memory. Close it before the model.
    public Session newSession() {
        return new Session(this);
    }

    /// The ids that a prompt becomes.
    ///
    /// @throws InvalidRequestException if it needs a tokenizer or a chat template that the model lacks, or is empty
    public int[] tokenize(Prompt prompt) {
        int[] ids = switch (prompt) {
            case Prompt.Ids(int[] given) -> given.clone();
            case Prompt.Text(String text) -> promptTokenizer().encode(text, true);
            case Prompt.Chat(List<ChatMessage> messages) -> promptTokenizer().encode(render(messages), false);
        };
        if (ids.length == 0) {
            throw new InvalidRequestException("the prompt has 0 tokens; needs at least 1");
        }
        RequestLimits.requireVocabulary(spec.transformer(), "prompt id", ids);
        return ids;
    }

    /// What a text becomes that is measured as a whole. What the tokenizer puts before it is given; so is the first token if
    /// nothing else is and no row of the network predicts it ([ModelSpec#shifted]).
    ///
    /// @throws InvalidRequestException if the model has no tokenizer
    public Passage passage(String text) {
        Passage whole = split("", text);
        boolean unpredicted = spec.shifted() && whole.promptIds().length == 0 && whole.ids().length > 0;
        return unpredicted ? Passage.split(whole.ids(), 1) : whole;
    }

    /// What a text becomes that is measured behind a prompt.
    ///
    /// Blanks at the end of a text prompt move to the front of `text`, since tokens begin with their blank; where the two
    /// texts still share a token, it is measured. A chat prompt, or ids, and `text` are encoded apart.
    ///
    /// @throws InvalidRequestException if it needs a tokenizer or a chat template that the model lacks
    /// @see "EleutherAI/lm-evaluation-harness, lm_eval/api/model.py (_encode_pair)"
    public Passage passage(Prompt prompt, String text) {
        return switch (prompt) {
            case Prompt.Text(String before) -> split(before, text);
            case Prompt.Chat _, Prompt.Ids _ -> new Passage(tokenize(prompt), textTokenizer().encode(text, false));
        };
    }

    private Passage split(String before, String text) {
        Tokenizer encoder = textTokenizer();
        String context = before.stripTrailing();
        int[] ids = encoder.encode(before + text, true);
        int shared = Arrays.mismatch(encoder.encode(context, true), ids);
        return Passage.split(ids, shared < 0 ? ids.length : shared);
    }

    private static void requireBidirectional(GenerationRequest request) {
        if (request.template().textIds().length > 0 && !(request.settings().attention() instanceof AttentionPattern.Bidirectional)) {
            throw new InvalidRequestException("text behind a hole is seen with bidirectional attention only; this one is "
                    + request.settings().attention());
        }
    }

    /// Waits for network calls in flight, stops the backend and frees the weights. Idempotent; sessions still open fail at
    /// their next call.
    @Override
    public void close() {
        lifetime.close();
        backend.close();
    }

    /// The ids of the prompts of a batch, checked against what this model can take.
    List<int[]> promptIds(List<GenerationRequest> requests) {
        List<int[]> prompts = new ArrayList<>();
        for (GenerationRequest request : requests) {
            int[] ids = tokenize(request.prompt());
            MemoryEstimate.requireContext(spec.transformer(), ids.length + request.suffixLength(), request.settings());
            RequestLimits.requireVocabulary(spec.transformer(), "EOS id", request.settings().stop().eosIds());
            RequestLimits.requireVocabulary(spec.transformer(), "template id", request.template().textIds());
            requireBidirectional(request);
            prompts.add(ids);
        }
        return prompts;
    }

    private String render(List<ChatMessage> messages) {
        ChatTemplate template = promptTokenizer().chatTemplate().or(chat::parsed).orElseThrow(() ->
                new InvalidRequestException(source + " has no chat template; give the prompt as text or token ids"));
        List<Map<String, String>> turns = messages.stream()
                .map(message -> Map.of("role", message.role(), "content", message.content()))
                .toList();
        try {
            return template.render(turns, true);
        } catch (ChatTemplateException e) {
            throw new InvalidRequestException(source + ": " + e.getMessage(), e);
        }
    }

    private Tokenizer promptTokenizer() {
        return tokenizer.orElseThrow(() -> new InvalidRequestException(
                source + " has no tokenizer.json; give the prompt as token ids"));
    }

    private Tokenizer textTokenizer() {
        return tokenizer.orElseThrow(() -> new InvalidRequestException(
                source + " has no tokenizer.json, without which a text cannot be read"));
    }

    /// Whether a packed copy of the weights is made on this machine, as it is now.
    static boolean packs(LoadOptions.Weights weights, Checkpoint checkpoint) {
        return switch (weights) {
            case PACKED -> true;
            case MAPPED -> false;
            case AUTO -> checkpoint.tensors().stream().mapToLong(TensorInfo::bytes).sum()
                    <= HostMemory.availableBytes() / 2;
        };
    }
}
