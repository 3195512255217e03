package dev.dllm;

import dev.dllm.checkpoint.Checkpoint;
import dev.dllm.checkpoint.CheckpointException;
import dev.dllm.checkpoint.TensorInfo;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.UnsupportedModelException;
import dev.dllm.model.WeightLoader;
import dev.dllm.model.family.ChatFormat;
import dev.dllm.model.family.Families;
import dev.dllm.model.family.ModelConfigs;
import dev.dllm.model.family.ModelFamily;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Backends;
import dev.dllm.tokenizer.Tokenizer;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What a model is and needs, from its configuration and the headers of its checkpoint; weights are not read.
///
/// Immutable and thread-safe.
///
/// @param source       what messages call the model: its directory
/// @param modelType    `model_type` of config.json, if given
/// @param architecture first entry of `architectures` in config.json, if given
/// @param tensors      everything in the checkpoint, by name
/// @param network      what this version makes of it; empty if the family is unknown or the configuration unusable
/// @param problem      why it cannot be loaded: no known family, or the first contradiction between configuration and
///                     checkpoint; empty if it can
/// @param tokenizer    the tokenizer, if there is one
public record ModelInspection(
        String source,
        Optional<String> modelType,
        Optional<String> architecture,
        List<TensorInfo> tensors,
        Optional<Network> network,
        Optional<String> problem,
        Optional<Tokenizer> tokenizer) {

    /// A model of a known family.
    ///
    /// @param spec         the network and its token ids
    /// @param preset       name of the decoding preset
    /// @param presetReason why this one, as part of a sentence
    /// @param settings     what it is decoded with unless told otherwise
    /// @param unused       names of the tensors that are not part of the network, sorted; empty if there is a problem
    /// @param packedBytes  bytes that a packed copy of the weights takes
    /// @param chat         how it is spoken to where its files do not say it
    /// @param warnings     what is odd about the configuration, a sentence each
    /// @param packs        whether that copy is made, given the options and the memory of this machine
    public record Network(
            ModelSpec spec,
            String preset,
            String presetReason,
            DecodeSettings settings,
            List<String> unused,
            long packedBytes,
            ChatFormat chat,
            List<String> warnings,
            boolean packs) {

        /// Memory for a batch of equal requests.
        ///
        /// @param batch        sequences generated together, 1 or more
        /// @param promptLength of each, 1 or more
        /// @param wanted       settings of each
        /// @throws InvalidRequestException if they exceed the model's context
        public MemoryEstimate memory(int batch, int promptLength, DecodeSettings wanted) {
            return MemoryEstimate.of(spec, batch, promptLength, wanted, false);
        }

        /// Parameters of routed experts that a token does not pass.
        long idleParameters() {
            long idle = 0;
            for (FeedForwardShape shape : spec.transformer().layers()) {
                idle += switch (shape) {
                    case FeedForwardShape.Dense _ -> 0;
                    case FeedForwardShape.Experts moe ->
                        3L * spec.transformer().hidden() * moe.width() * (moe.experts() - moe.router().topK());
                };
            }
            return idle;
        }
    }

    /// Tensors of one type.
    ///
    /// @param count    tensors
    /// @param elements in all of them
    /// @param bytes    of all of them
    public record DTypeTotal(int count, long elements, long bytes) {
        private DTypeTotal plus(TensorInfo tensor) {
            return new DTypeTotal(count + 1, elements + tensor.elements(), bytes + tensor.bytes());
        }
    }

    /// The model that ships with the library.
    public static ModelInspection embedded(LoadOptions options) {
        return of(new ModelFiles.Embedded(), options);
    }

    /// A model directory in the Hugging Face layout.
    ///
    /// @throws CheckpointException if config.json or the checkpoint is missing or broken
    /// @throws dev.dllm.tokenizer.TokenizerException if there is a broken tokenizer
    public static ModelInspection of(Path directory, LoadOptions options) {
        return of(new ModelFiles.Directory(directory), options);
    }

    private static ModelInspection of(ModelFiles files, LoadOptions options) {
        ModelConfigs configs = ModelDescription.configs(files, options);
        try (Arena arena = Arena.ofShared()) {
            Checkpoint checkpoint = files.checkpoint(arena);
            Optional<Network> network = Optional.empty();
            Optional<String> problem = Optional.empty();
            try {
                ModelFamily family = Families.of(configs);
                ModelSpec spec = ModelDescription.spec(family, configs, options);
                PresetChoice choice = PresetChoice.of(family.presets(spec), options, files.path());
                DecodeSettings settings = choice.preset().overriddenBy(configs.generation());
                try (WeightInventory inventory = new WeightInventory(
                        checkpoint, Backends.open(options.backend(), options.backendOptions()))) {
                    problem = contradiction(family, spec, inventory, arena);
                    network = Optional.of(new Network(
                            spec, choice.preset().name(), choice.reason(), settings,
                            problem.isPresent() ? List.of() : inventory.unused(), inventory.packedBytes(),
                            family.chat(), ModelDescription.warnings(configs.config()),
                            LanguageModel.packs(options.weights(), checkpoint)));
                }
            } catch (UnsupportedModelException e) {
                problem = Optional.of(e.getMessage());
            }
            return new ModelInspection(
                    files.source(), configs.config().optionalString("model_type"),
                    configs.config().firstString("architectures"), sorted(checkpoint), network, problem, configs.tokenizer());
        }
    }

    /// The first thing in which configuration and checkpoint disagree.
    private static Optional<String> contradiction(
            ModelFamily family, ModelSpec spec, WeightInventory inventory, Arena arena) {
        try {
            family.load(spec, new WeightLoader(inventory, inventory, arena, true));
            return Optional.empty();
        } catch (CheckpointException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static List<TensorInfo> sorted(Checkpoint checkpoint) {
        return checkpoint.tensors().stream().sorted(Comparator.comparing(TensorInfo::name)).toList();
    }

    /// Elements of all tensors that belong to the network; of all tensors if that is not known.
    public long parameters() {
        Set<String> unused = Set.copyOf(network.map(Network::unused).orElse(List.of()));
        return tensors.stream()
                .filter(tensor -> !unused.contains(tensor.name()))
                .mapToLong(TensorInfo::elements)
                .sum();
    }

    /// Parameters that one token passes: all but those of experts it is not routed to. All of them if the network is not
    /// known.
    public long activeParameters() {
        return parameters() - network.map(Network::idleParameters).orElse(0L);
    }

    /// Bytes of all tensors.
    public long bytes() {
        return tensors.stream().mapToLong(TensorInfo::bytes).sum();
    }

    /// Tensors by their type, as the checkpoint names it.
    public Map<String, DTypeTotal> byDType() {
        Map<String, DTypeTotal> totals = new TreeMap<>();
        for (TensorInfo tensor : tensors) {
            totals.put(tensor.dtype(), totals.getOrDefault(tensor.dtype(), new DTypeTotal(0, 0, 0)).plus(tensor));
        }
        return totals;
    }
}
