package dev.dllm.cli;

import dev.dllm.MemoryEstimate;
import dev.dllm.ModelInspection;
import dev.dllm.ModelInspection.DTypeTotal;
import dev.dllm.checkpoint.TensorInfo;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Repetition;
import dev.dllm.decode.StopRule;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.RopeScaling;
import dev.dllm.model.TransformerConfig;
import dev.dllm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An inspection as lines for people and as one JSON object.
///
/// @param settings     that would be used; present if the network is known
/// @param memory       for the batch; present if the network is known
/// @param batch        sequences generated together
/// @param promptLength of each sequence
/// @param listsTensors whether every tensor is listed
record InspectionReport(
        ModelInspection inspection,
        Optional<DecodeSettings> settings,
        Optional<MemoryEstimate> memory,
        int batch,
        int promptLength,
        boolean listsTensors) {
    private static final JsonMapper JSON = new JsonMapper();

    String text() {
        StringBuilder text = new StringBuilder(inspection.source()).append('\n');
        line(text, "model type", inspection.modelType().orElse("(none)")
                + inspection.architecture().map(name -> ", " + name).orElse(""));
        inspection.network().ifPresent(network -> network(text, network.spec()));
        line(text, "parameters", format("%,d, %,d of them active per token",
                inspection.parameters(), inspection.activeParameters()));
        inspection.byDType().forEach((dtype, total) -> line(text, "tensors", format("%,d %s, %s",
                total.count(), dtype, bytes(total.bytes()))));
        line(text, "tokenizer", inspection.tokenizer()
                .map(t -> t.size() + " tokens, " + chatTemplate(t))
                .orElse("none: prompts are token ids"));
        inspection.network().ifPresent(network -> decoding(text, network));
        inspection.network().ifPresent(network -> memory(text, network));
        inspection.network().ifPresent(network -> network.warnings().forEach(warning ->
                text.append("warning: ").append(warning).append('\n')));
        if (listsTensors) {
            for (TensorInfo tensor : inspection.tensors()) {
                text.append(format("  %-4s %s %s%n", tensor.dtype(), tensor.name(), tensor.shape()));
            }
        }
        inspection.problem().ifPresent(problem -> text.append(
                inspection.network().isPresent() ? "configuration and checkpoint disagree: " : "cannot be loaded: ")
                .append(problem).append('\n'));
        return text.toString();
    }

    private String chatTemplate(Tokenizer tokenizer) {
        if (!tokenizer.chatTemplateNames().isEmpty()) {
            return "chat template";
        }
        boolean known = inspection.network().isPresent() && !inspection.network().get().chat().template().isEmpty();
        return known ? "no chat template; the family's own is used" : "no chat template";
    }

    private static void network(StringBuilder text, ModelSpec spec) {
        TransformerConfig config = spec.transformer();
        line(text, "family", spec.family());
        line(text, "layers", layers(config));
        line(text, "hidden", format("%d; %d heads of %d, %d key/value heads",
                config.hidden(), config.attention().heads(), config.attention().headDim(), config.attention().kvHeads()));
        line(text, "rotary", format("%d of %d dimensions, theta %s%s",
                config.rope().width(), config.attention().headDim(), number(config.rope().theta()),
                config.rope().scaling() instanceof RopeScaling.None ? "" : ", scaling " + config.rope().scaling()));
        line(text, "attention", spec.pattern().toString());
        line(text, "vocabulary", format("%d; mask %s; EOS %s",
                config.vocabulary(), spec.denoises() ? spec.maskId() : "none, for verification only", Arrays.toString(spec.eosIds())));
        line(text, "context", config.contextLimit() + " positions");
    }

    /// Layers of the same shape in a row, put together.
    private static String layers(TransformerConfig config) {
        StringBuilder text = new StringBuilder().append(config.layers().size()).append(": ");
        int first = 0;
        for (int i = 1; i <= config.layers().size(); i++) {
            FeedForwardShape shape = config.layers().get(first);
            if (i == config.layers().size() || !config.layers().get(i).equals(shape)) {
                text.append(first == 0 ? "" : ", then ").append(i - first).append(" with ").append(describe(shape));
                first = i;
            }
        }
        return text.toString();
    }

    private static String describe(FeedForwardShape shape) {
        return switch (shape) {
            case FeedForwardShape.Dense dense -> "a dense feed-forward of " + dense.width();
            case FeedForwardShape.Experts moe -> format("%d of %d experts of %d%s%s",
                    moe.router().topK(), moe.experts(), moe.width(),
                    moe.sharedWidth() == 0 ? "" : " and a shared one of " + moe.sharedWidth(),
                    moe.routingBlockLength() == 0 ? "" : format(" (%d experts for every %d positions)",
                            moe.router().capacity(), moe.routingBlockLength()));
        };
    }

    private void decoding(StringBuilder text, ModelInspection.Network network) {
        DecodeSettings used = settings.orElseThrow();
        line(text, "preset", network.preset() + ": " + network.presetReason());
        line(text, "decoding", format(
                "unmasking %s by %s, cache %s, generation length %d, %s, %s, temperature %s",
                used.unmasking(), confidence(used), used.cache(), used.genLength(),
                used.blockLength() == DecodeSettings.WHOLE ? "no blocks" : "block length " + used.blockLength(),
                used.steps() == 0 ? "a step per position" : used.steps() + " steps",
                number(used.sampling().temperature())));
        String more = unusual(used, network.spec());
        if (!more.isEmpty()) {
            line(text, "", more);
        }
    }

    /// What most settings leave alone.
    private static String unusual(DecodeSettings used, ModelSpec spec) {
        List<String> more = new ArrayList<>();
        if (used.attention().getClass() != spec.pattern().getClass()) {
            more.add("attention " + used.attention());
        }
        if (used.spanLength() != DecodeSettings.WHOLE) {
            more.add("blocks in parts of " + used.spanLength());
        }
        if (used.guidance() > 0) {
            String interval = used.guidanceInterval() == 1 ? "" : " every " + used.guidanceInterval() + " calls";
            more.add("guidance " + number(used.guidance()) + interval);
        }
        used.smoothing().ifPresent(smoothing -> more.add(
                "smoothing " + smoothing.first() + "," + smoothing.growth() + "," + smoothing.most()));
        used.hooks().forEach(hook -> more.add("hook " + hook));
        used.exit().ifPresent(exit -> more.add("exit " + exit));
        if (used.sampling().topK() > 0) {
            more.add("top-k " + used.sampling().topK());
        }
        if (used.sampling().topP() < 1) {
            more.add("top-p " + number(used.sampling().topP()));
        }
        if (used.reuseLogits()) {
            more.add("reused logits");
        }
        if (used.stop().when() != StopRule.When.NEVER) {
            more.add("stop " + ConstantConverter.name(used.stop().when()));
        }
        used.stop().repetition().ifPresent(repetition -> more.add("stop at repetition " + text(repetition)));
        if (!Arrays.equals(used.stop().eosIds(), spec.eosIds())) {
            more.add("EOS " + Arrays.toString(used.stop().eosIds()));
        }
        return String.join(", ", more);
    }

    private static String confidence(DecodeSettings used) {
        return Stream.concat(Stream.of(ConstantConverter.name(used.confidence())), used.adjustments().stream().map(Object::toString))
                .collect(Collectors.joining(" × "));
    }

    /// As `--stop-repetition` takes it.
    private static String text(Repetition repetition) {
        return repetition.window() + "," + number(repetition.nats());
    }

    private void memory(StringBuilder text, ModelInspection.Network network) {
        MemoryEstimate estimate = memory.orElseThrow();
        line(text, "weights", bytes(inspection.bytes()) + " mapped"
                + (network.packs() ? ", " + bytes(network.packedBytes()) + " for a packed copy" : ", used where they are"));
        line(text, "key/value cache", format("%s per position; %s for %d × %d positions",
                bytes(MemoryEstimate.cacheBytesPerPosition(network.spec().transformer())),
                bytes(estimate.cacheBytes()), batch, estimate.positions()));
        line(text, "activations", format("%s for calls of up to %d rows",
                bytes(estimate.activationBytes()), estimate.rows()));
        if (!network.unused().isEmpty()) {
            line(text, "unused tensors", String.join(", ", network.unused().subList(0, Math.min(5, network.unused().size())))
                    + (network.unused().size() > 5 ? format(" and %d more", network.unused().size() - 5) : ""));
        }
    }

    String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("source", inspection.source());
        json.put("model_type", inspection.modelType().orElse(null));
        json.put("architecture", inspection.architecture().orElse(null));
        json.put("problem", inspection.problem().orElse(null));
        json.put("parameters", inspection.parameters());
        json.put("active_parameters", inspection.activeParameters());
        ObjectNode dtypes = json.putObject("dtypes");
        inspection.byDType().forEach((dtype, total) -> dtypes.set(dtype, json(total)));
        inspection.tokenizer().ifPresent(tokenizer -> json.putObject("tokenizer")
                .put("size", tokenizer.size())
                .put("chat_template", !tokenizer.chatTemplateNames().isEmpty()));
        inspection.network().ifPresent(network -> {
            json.set("network", json(network.spec()));
            json.set("decoding", jsonDecoding(network));
            json.set("memory", jsonMemory(network));
            json.set("unused_tensors", JSON.valueToTree(network.unused()));
            json.set("warnings", JSON.valueToTree(network.warnings()));
        });
        if (listsTensors) {
            for (TensorInfo tensor : inspection.tensors()) {
                json.withArray("tensors").addObject()
                        .put("name", tensor.name())
                        .put("dtype", tensor.dtype())
                        .put("bytes", tensor.bytes())
                        .set("shape", JSON.valueToTree(tensor.shape()));
            }
        }
        return JSON.writeValueAsString(json);
    }

    private static ObjectNode json(DTypeTotal total) {
        return JSON.createObjectNode()
                .put("tensors", total.count()).put("elements", total.elements()).put("bytes", total.bytes());
    }

    private static ObjectNode json(ModelSpec spec) {
        TransformerConfig config = spec.transformer();
        ObjectNode json = JSON.createObjectNode();
        json.put("family", spec.family());
        json.put("hidden", config.hidden());
        json.put("heads", config.attention().heads());
        json.put("kv_heads", config.attention().kvHeads());
        json.put("head_dim", config.attention().headDim());
        json.put("rotary_width", config.rope().width());
        json.put("rotary_theta", config.rope().theta());
        json.put("rotary_scaling", config.rope().scaling().toString());
        json.put("vocabulary", config.vocabulary());
        json.put("context", config.contextLimit());
        json.put("attention", spec.pattern().toString());
        if (spec.denoises()) {
            json.put("mask_id", spec.maskId());
        }
        json.set("eos_ids", JSON.valueToTree(spec.eosIds()));
        for (FeedForwardShape shape : config.layers()) {
            ObjectNode layer = json.withArray("layers").addObject();
            switch (shape) {
                case FeedForwardShape.Dense dense -> layer.put("width", dense.width());
                case FeedForwardShape.Experts moe -> layer
                        .put("experts", moe.experts())
                        .put("experts_per_token", moe.router().topK())
                        .put("width", moe.width())
                        .put("shared_width", moe.sharedWidth())
                        .put("expert_capacity", moe.router().capacity())
                        .put("routing_block_length", moe.routingBlockLength());
            }
        }
        return json;
    }

    private ObjectNode jsonDecoding(ModelInspection.Network network) {
        DecodeSettings used = settings.orElseThrow();
        ObjectNode json = JSON.createObjectNode()
                .put("preset", network.preset())
                .put("preset_reason", network.presetReason())
                .put("unmasking", used.unmasking().toString())
                .put("confidence", confidence(used))
                .put("cache", used.cache().toString())
                .put("gen_length", used.genLength())
                .put("block_length", used.blockLength())
                .put("steps", used.steps())
                .put("temperature", used.sampling().temperature())
                .put("attention", used.attention().toString())
                .put("span_length", used.spanLength())
                .put("guidance", used.guidance())
                .put("guidance_interval", used.guidanceInterval())
                .put("exit", used.exit().map(Object::toString).orElse(null))
                .put("top_k", used.sampling().topK())
                .put("top_p", used.sampling().topP())
                .put("reuse_logits", used.reuseLogits())
                .put("stop", ConstantConverter.name(used.stop().when()))
                .put("stop_repetition", used.stop().repetition().map(InspectionReport::text).orElse(null));
        json.set("smoothing", JSON.valueToTree(used.smoothing().orElse(null)));
        json.set("hooks", JSON.valueToTree(used.hooks().stream().map(Object::toString).toList()));
        json.set("eos_ids", JSON.valueToTree(used.stop().eosIds()));
        return json;
    }

    private ObjectNode jsonMemory(ModelInspection.Network network) {
        MemoryEstimate estimate = memory.orElseThrow();
        return JSON.createObjectNode()
                .put("batch", batch)
                .put("prompt_length", promptLength)
                .put("positions", estimate.positions())
                .put("rows", estimate.rows())
                .put("mapped_bytes", inspection.bytes())
                .put("packed_bytes", network.packs() ? network.packedBytes() : 0)
                .put("cache_bytes_per_position", MemoryEstimate.cacheBytesPerPosition(network.spec().transformer()))
                .put("cache_bytes", estimate.cacheBytes())
                .put("activation_bytes", estimate.activationBytes());
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(format("  %-16s %s%n", key, value));
    }

    /// Formats alike whatever the user's locale.
    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? format("%.0f", value) : Double.toString(value);
    }

    /// Bytes in the unit that leaves one to three digits before the point.
    static String bytes(long bytes) {
        double value = bytes;
        List<String> units = List.of("bytes", "KiB", "MiB", "GiB", "TiB");
        int unit = 0;
        while (value >= 1000 && unit < units.size() - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : format("%.1f %s", value, units.get(unit));
    }
}
