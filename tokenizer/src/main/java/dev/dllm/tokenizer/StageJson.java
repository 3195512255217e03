package dev.dllm.tokenizer;

import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the stages around the model: `normalizer`, `pre_tokenizer`, `post_processor` and `decoder` of a
/// `tokenizer.json`. An unknown type or field is refused.
final class StageJson {

    private static final int MAX_PREPENDED = 64;

    private StageJson() {}

    static Normalizer normalizer(JsonObject object) {
        switch (type(object)) {
            case "Sequence" -> {
                object.allowOnly("type", "normalizers");
                List<Normalizer> steps = new ArrayList<>();
                for (JsonObject step : object.objects("normalizers")) {
                    steps.add(normalizer(step));
                }
                return new Normalizer.Sequence(steps);
            }
            case "NFC" -> {
                return unicode(object, Form.NFC);
            }
            case "NFD" -> {
                return unicode(object, Form.NFD);
            }
            case "NFKC" -> {
                return unicode(object, Form.NFKC);
            }
            case "NFKD" -> {
                return unicode(object, Form.NFKD);
            }
            case "Lowercase" -> {
                object.allowOnly("type");
                return new Normalizer.Lowercase();
            }
            case "Strip" -> {
                object.allowOnly("type", "strip_left", "strip_right");
                return new Normalizer.Strip(object.bool("strip_left"), object.bool("strip_right"));
            }
            case "Prepend" -> {
                object.allowOnly("type", "prepend");
                if (object.string("prepend").length() > MAX_PREPENDED) {
                    throw object.unaccepted("prepend", "at most " + MAX_PREPENDED + " characters");
                }
                return new Normalizer.Prepend(object.string("prepend"));
            }
            case "Replace" -> {
                return new Normalizer.Replace(replacePattern(object), object.string("content"));
            }
            case "ByteLevel" -> {
                object.allowOnly("type");
                return new Normalizer.ByteLevel();
            }
            default -> throw object.unaccepted("type",
                    "Sequence, NFC, NFD, NFKC, NFKD, Lowercase, Strip, Prepend, Replace, ByteLevel");
        }
    }

    private static Normalizer unicode(JsonObject object, Form form) {
        object.allowOnly("type");
        return Normalizer.Unicode.of(form);
    }

    static PreTokenizer preTokenizer(JsonObject object) {
        switch (type(object)) {
            case "Sequence" -> {
                object.allowOnly("type", "pretokenizers");
                List<PreTokenizer> steps = new ArrayList<>();
                for (JsonObject step : object.objects("pretokenizers")) {
                    PreTokenizer next = preTokenizer(step);
                    if (next.needsFirst() && new PreTokenizer.Sequence(steps).insertsAtStart()) {
                        throw step.unaccepted("prepend_scheme", "always or never after what puts spaces before a text");
                    }
                    steps.add(next);
                }
                return new PreTokenizer.Sequence(steps);
            }
            case "ByteLevel" -> {
                allowByteLevelFields(object);
                SplitPattern pattern = object.bool("use_regex", true)
                        ? SplitPattern.regex(PreTokenizer.ByteLevel.GPT2, object.where())
                        : null;
                return new PreTokenizer.ByteLevel(pattern, object.bool("add_prefix_space"));
            }
            case "Split" -> {
                object.allowOnly("type", "pattern", "behavior", "invert");
                return new PreTokenizer.Split(SplitPattern.read(object, "pattern"),
                        SplitBehavior.read(object, "behavior"), object.bool("invert"));
            }
            case "Digits" -> {
                object.allowOnly("type", "individual_digits");
                SplitBehavior behavior = object.bool("individual_digits", false)
                        ? SplitBehavior.ISOLATED
                        : SplitBehavior.CONTIGUOUS;
                return new PreTokenizer.Characters(PreTokenizer.Characters::isNumeric, behavior);
            }
            case "WhitespaceSplit" -> {
                object.allowOnly("type");
                return new PreTokenizer.Characters(WhiteSpace::is, SplitBehavior.REMOVED);
            }
            case "Metaspace" -> {
                return new PreTokenizer.Metaspace(Character.toString(character(object, "replacement")), prepend(object),
                        object.bool("split", true));
            }
            default -> throw object.unaccepted("type",
                    "Sequence, ByteLevel, Split, Digits, WhitespaceSplit, Metaspace");
        }
    }

    /// When a metaspace is put before a word. Older files have a flag instead.
    private static PreTokenizer.Metaspace.Prepend prepend(JsonObject object) {
        object.allowOnly("type", "replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep");
        boolean legacy = object.bool("add_prefix_space", true);
        if (!object.has("prepend_scheme")) {
            return legacy ? PreTokenizer.Metaspace.Prepend.ALWAYS : PreTokenizer.Metaspace.Prepend.NEVER;
        }
        PreTokenizer.Metaspace.Prepend scheme = switch (object.string("prepend_scheme")) {
            case "always" -> PreTokenizer.Metaspace.Prepend.ALWAYS;
            case "first" -> PreTokenizer.Metaspace.Prepend.FIRST;
            case "never" -> PreTokenizer.Metaspace.Prepend.NEVER;
            default -> throw object.unaccepted("prepend_scheme", "always, first, never");
        };
        if (!legacy && scheme != PreTokenizer.Metaspace.Prepend.NEVER) {
            throw object.unaccepted("add_prefix_space", "true, or a prepend_scheme that agrees with false");
        }
        return scheme;
    }

    static PostProcessor postProcessor(JsonObject object) {
        switch (type(object)) {
            case "Sequence" -> {
                object.allowOnly("type", "processors");
                List<PostProcessor> steps = new ArrayList<>();
                for (JsonObject step : object.objects("processors")) {
                    steps.add(postProcessor(step));
                }
                return new PostProcessor.Sequence(steps);
            }
            case "ByteLevel" -> {
                allowByteLevelFields(object);
                return new PostProcessor.None();
            }
            case "TemplateProcessing" -> {
                object.allowOnly("type", "single", "pair", "special_tokens");
                return template(object);
            }
            default -> throw object.unaccepted("type", "Sequence, ByteLevel, TemplateProcessing");
        }
    }

    private static PostProcessor template(JsonObject object) {
        Map<String, int[]> specials = new HashMap<>();
        JsonObject tokens = object.object("special_tokens");
        for (String name : tokens.names()) {
            JsonObject token = tokens.object(name);
            token.allowOnly("id", "ids", "tokens");
            List<?> listed = token.list("ids");
            int[] ids = new int[listed.size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = JsonObject.natural(token.where("ids"), listed.get(i), Vocabulary.ID_LIMIT);
            }
            specials.put(name, ids);
        }
        List<int @Nullable []> pieces = new ArrayList<>();
        for (JsonObject piece : object.objects("single")) {
            piece.allowOnly("Sequence", "SpecialToken");
            if (piece.has("Sequence")) {
                JsonObject sequence = piece.object("Sequence");
                if (!sequence.string("id").equals("A")) {
                    throw sequence.unaccepted("id", "A, the only sequence of a single text");
                }
                if (pieces.contains(null)) {
                    throw sequence.unaccepted("id", "the text once");
                }
                pieces.add(null);
            } else {
                JsonObject special = piece.object("SpecialToken");
                int[] ids = specials.get(special.string("id"));
                if (ids == null) {
                    throw special.unaccepted("id", "one of special_tokens: " + String.join(", ", tokens.names()));
                }
                pieces.add(ids);
            }
        }
        return new PostProcessor.Template(pieces);
    }

    static Decoder decoder(JsonObject object) {
        switch (type(object)) {
            case "Sequence" -> {
                object.allowOnly("type", "decoders");
                List<Decoder> steps = new ArrayList<>();
                for (JsonObject step : object.objects("decoders")) {
                    steps.add(decoder(step));
                }
                return new Decoder.Sequence(steps);
            }
            case "ByteLevel" -> {
                allowByteLevelFields(object);
                return new Decoder.ByteLevel();
            }
            case "ByteFallback" -> {
                object.allowOnly("type");
                return new Decoder.ByteFallback();
            }
            case "Fuse" -> {
                object.allowOnly("type");
                return new Decoder.Fuse();
            }
            case "Replace" -> {
                return new Decoder.Replace(replacePattern(object), object.string("content"));
            }
            case "Strip" -> {
                object.allowOnly("type", "content", "start", "stop");
                return new Decoder.Strip(character(object, "content"), object.natural("start", Integer.MAX_VALUE),
                        object.natural("stop", 1 << 10));
            }
            case "Metaspace" -> {
                return new Decoder.Metaspace(character(object, "replacement"),
                        prepend(object) != PreTokenizer.Metaspace.Prepend.NEVER);
            }
            default -> throw object.unaccepted("type",
                    "Sequence, ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace");
        }
    }

    /// Offsets are not reported here, so that `trim_offsets` has no effect.
    private static void allowByteLevelFields(JsonObject object) {
        object.allowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
    }

    private static SplitPattern replacePattern(JsonObject object) {
        object.allowOnly("type", "pattern", "content");
        if (object.object("pattern").has("Regex") && object.string("content").contains("$")) {
            throw object.unaccepted("content", "text without '$', since references to groups are not supported");
        }
        SplitPattern pattern = SplitPattern.read(object, "pattern");
        if (pattern.matchesNothing()) {
            throw object.unaccepted("pattern", "a pattern that does not match the empty string");
        }
        return pattern;
    }

    /// A string of one character, as a code point.
    private static int character(JsonObject object, String name) {
        String text = object.string(name);
        if (text.isEmpty() || text.codePointCount(0, text.length()) != 1 || !WellFormed.isWellFormed(text)) {
            throw object.unaccepted(name, "one character");
        }
        return text.codePointAt(0);
    }

    private static String type(JsonObject object) {
        return object.string("type");
    }
}
