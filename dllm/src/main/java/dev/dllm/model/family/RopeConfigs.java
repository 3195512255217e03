package dev.dllm.model.family;

import dev.dllm.model.ConfigFile;
import dev.dllm.model.Rope;
import dev.dllm.model.RopeScaling;
import dev.dllm.model.UnsupportedModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// Reads what a config.json says about rotary embedding: `rope_theta` beside `rope_scaling`, as transformers wrote it up to
/// version 4, or both inside `rope_parameters`, as version 5 does.
///
/// Fields that this version does not compute are refused, and so are fields that contradict each other.
///
/// @see "transformers modeling_rope_utils.py"
final class RopeConfigs {
    private static final String THETA = "rope_theta";
    private static final String SCALING = "rope_scaling";
    private static final String PARAMETERS = "rope_parameters";
    private static final String PARTIAL = "partial_rotary_factor";
    private static final String MAX_POSITIONS = "max_position_embeddings";
    private static final String QUERY_GROWTH = "llama_4_scaling_beta";
    private static final String ORIGINAL_POSITIONS = "original_max_position_embeddings";

    private RopeConfigs() {}

    /// The rotary embedding of a model whose configuration has to name its theta.
    ///
    /// @param width rotated dimensions per head
    /// @throws UnsupportedModelException if a field is missing, unknown, or contradicts another
    static Rope read(ConfigFile config, int width) {
        return read(config, width, OptionalDouble.empty());
    }

    /// The rotary embedding of a model whose configuration may leave its theta out.
    ///
    /// @param width        rotated dimensions per head
    /// @param defaultTheta the family's documented one
    /// @throws UnsupportedModelException if a field is unknown or contradicts another
    static Rope read(ConfigFile config, int width, double defaultTheta) {
        return read(config, width, OptionalDouble.of(defaultTheta));
    }

    /// The part of each head that rotates, if the configuration names it.
    ///
    /// @throws UnsupportedModelException if it is named twice, differently
    static OptionalDouble partialRotaryFactor(ConfigFile config) {
        return beside(config, PARTIAL);
    }

    /// The positions that a model reads. Where queries are to grow behind the original ones (Llama 4, Ministral 3), which is not computed,
    /// it reads no further.
    static int contextLimit(ConfigFile config, Rope rope) {
        int limit = rope.scaling().contextLimit(config.integer(MAX_POSITIONS, 1, Integer.MAX_VALUE));
        boolean grow = config.optionalObject(PARAMETERS)
                .map(parameters -> parameters.optionalNumber(QUERY_GROWTH).orElse(0) != 0)
                .orElse(false);
        return grow && rope.scaling() instanceof RopeScaling.Yarn yarn ? Math.min(limit, yarn.original()) : limit;
    }

    private static Rope read(ConfigFile config, int width, OptionalDouble defaultTheta) {
        requireWidth(config, width);
        OptionalDouble named = beside(config, THETA);
        double theta = (named.isPresent() ? named : defaultTheta).orElseGet(() -> config.number(THETA));
        return HubConfig.checked(config, () -> new Rope(theta, width, scaling(config)));
    }

    /// A number that may stand in the configuration or inside `rope_parameters`.
    private static OptionalDouble beside(ConfigFile config, String field) {
        OptionalDouble outside = config.optionalNumber(field);
        Optional<ConfigFile> parameters = config.optionalObject(PARAMETERS);
        OptionalDouble inside = parameters.isEmpty() ? OptionalDouble.empty() : parameters.get().optionalNumber(field);
        if (outside.isPresent() && inside.isPresent() && outside.getAsDouble() != inside.getAsDouble()) {
            throw new UnsupportedModelException("%s: %s is %s, but %s inside %s; needs one value".formatted(
                    config.source(), field, outside.getAsDouble(), inside.getAsDouble(), PARAMETERS));
        }
        return outside.isPresent() ? outside : inside;
    }

    /// A family that rotates whole heads does not look for a partial factor, least of all in the newer place.
    private static void requireWidth(ConfigFile config, int width) {
        OptionalDouble factor = partialRotaryFactor(config);
        if (factor.isEmpty() || !config.has("head_dim") && !config.has("num_attention_heads")) {
            return;
        }
        int headDim = config.optionalInteger("head_dim", 1, HubConfig.LARGEST_HEAD).orElseGet(() ->
                config.integer("hidden_size", 1, HubConfig.LARGEST)
                        / config.integer("num_attention_heads", 1, HubConfig.MOST_HEADS));
        if ((int) (headDim * factor.getAsDouble()) != width) {
            throw new UnsupportedModelException("%s: %s is %s of heads of %d; this family rotates %d dimensions".formatted(
                    config.source(), PARTIAL, factor.getAsDouble(), headDim, width));
        }
    }

    private static RopeScaling scaling(ConfigFile config) {
        Optional<RopeScaling> older = config.optionalObject(SCALING).map(fields -> {
            if (type(fields).isEmpty()) {
                throw new UnsupportedModelException(fields.source() + ": rope_type is missing; " + accepted());
            }
            return scaling(config, fields, List.of());
        });
        Optional<RopeScaling> newer = config.optionalObject(PARAMETERS)
                .map(fields -> scaling(config, fields, List.of(THETA, PARTIAL, QUERY_GROWTH)));
        if (older.isPresent() && newer.isPresent() && !older.equals(newer)) {
            throw new UnsupportedModelException("%s: %s asks for %s, but %s for %s; needs one of them".formatted(
                    config.source(), SCALING, older.get(), PARAMETERS, newer.get()));
        }
        return older.or(() -> newer).orElseGet(RopeScaling.None::new);
    }

    private static RopeScaling scaling(ConfigFile config, ConfigFile fields, List<String> besides) {
        String name = type(fields).orElse(Type.DEFAULT.key());
        Type type = Arrays.stream(Type.values())
                .filter(known -> known.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnsupportedModelException(
                        fields.source() + ": rope_type is \"" + name + "\"; " + accepted()));
        List<String> known = new ArrayList<>(List.of("rope_type", "type"));
        known.addAll(type.fields);
        known.addAll(besides);
        fields.expectOnly(known);
        return switch (type) {
            case DEFAULT -> new RopeScaling.None();
            case LINEAR -> new RopeScaling.Linear(fields.number("factor"));
            case NTK -> new RopeScaling.Ntk(fields.number("factor"));
            case DYNAMIC -> dynamic(config, fields);
            case YARN -> yarn(config, fields);
        };
    }

    /// The published code counts from `max_position_embeddings`, whatever an original length says.
    private static RopeScaling dynamic(ConfigFile config, ConfigFile fields) {
        int limit = config.integer(MAX_POSITIONS, 1, Integer.MAX_VALUE);
        fields.expect(ORIGINAL_POSITIONS, Integer.toString(limit));
        return new RopeScaling.DynamicNtk(fields.number("factor"), limit);
    }

    private static RopeScaling yarn(ConfigFile config, ConfigFile fields) {
        double factor = fields.number("factor");
        int original = fields.optionalInteger(ORIGINAL_POSITIONS, 1, Integer.MAX_VALUE)
                .orElseGet(() -> config.integer(MAX_POSITIONS, 1, Integer.MAX_VALUE));
        RopeScaling.Yarn published = new RopeScaling.Yarn(factor, original);
        fields.expect("truncate", "true");
        return new RopeScaling.Yarn(
                factor,
                original,
                fields.optionalNumber("beta_fast").orElse(published.betaFast()),
                fields.optionalNumber("beta_slow").orElse(published.betaSlow()),
                (float) fields.optionalNumber("attention_factor").orElseGet(() -> attentionFactor(fields, published)));
    }

    /// Two shares that are both named stand for a fraction (DeepSeek).
    private static double attentionFactor(ConfigFile fields, RopeScaling.Yarn published) {
        double share = fields.optionalNumber("mscale").orElse(0);
        double shareOfAll = fields.optionalNumber("mscale_all_dim").orElse(0);
        double log = 0.1 * Math.log(published.factor());
        return share != 0 && shareOfAll != 0 ? (share * log + 1) / (shareOfAll * log + 1) : published.attentionFactor();
    }

    /// The type that an object names under the newer or the older key.
    private static Optional<String> type(ConfigFile fields) {
        Optional<String> newer = fields.optionalString("rope_type");
        Optional<String> older = fields.optionalString("type");
        if (newer.isPresent() && older.isPresent() && !newer.equals(older)) {
            throw new UnsupportedModelException("%s: rope_type is \"%s\", but type \"%s\"; needs one of them".formatted(
                    fields.source(), newer.get(), older.get()));
        }
        return newer.or(() -> older);
    }

    private static String accepted() {
        return "accepted: " + String.join(", ", Arrays.stream(Type.values()).map(Type::key).toList());
    }

    /// The values of `rope_type` and the fields that belong to them.
    private enum Type {
        DEFAULT(List.of()),
        LINEAR(List.of("factor")),
        NTK(List.of("factor")),
        DYNAMIC(List.of("factor", ORIGINAL_POSITIONS)),
        YARN(List.of(
                "factor", ORIGINAL_POSITIONS, "beta_fast", "beta_slow", "attention_factor", "mscale", "mscale_all_dim", "truncate"));

        private final List<String> fields;

        Type(List<String> fields) {
            this.fields = fields;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
