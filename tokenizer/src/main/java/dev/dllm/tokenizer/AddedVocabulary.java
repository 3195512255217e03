package dev.dllm.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The added tokens of a tokenizer: their ids, and the search for them in a text. Immutable once built.
///
/// @see "huggingface/tokenizers, tokenizers/src/tokenizer/added_vocabulary.rs"
final class AddedVocabulary {
    /// Rust's `\w`, see Unicode Technical Standard 18, annex C.
    private static final Pattern WORD_CHARACTER =
            Pattern.compile("[\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{IsJoin_Control}]");

    private final Map<String, Integer> ids;
    private final Map<Integer, AddedToken> tokens;
    private final Set<String> specials;
    private final TokenTrie raw;
    private final TokenTrie normalized;
    private final int maxId;

    private AddedVocabulary(Builder builder, TokenTrie raw, TokenTrie normalized) {
        this.ids = builder.ids;
        this.tokens = builder.tokens;
        this.specials = builder.specials;
        this.raw = raw;
        this.normalized = normalized;
        this.maxId = builder.maxId;
    }

    /// A part of a text: an added token, or text between them.
    ///
    /// @param end exclusive
    /// @param id  of the token, or -1 for text
    record Part(int start, int end, int id) {}

    /// The id of `token`, or -1 if it is not an added token.
    int id(String token) {
        Integer id = ids.get(token);
        return id == null ? -1 : id;
    }

    /// The added token with this id as the file writes it, or null. Version 0.23 of the library gives a normalized one
    /// as normalized; earlier ones did not.
    @Nullable String token(int id) {
        AddedToken token = tokens.get(id);
        return token == null ? null : token.content();
    }

    boolean isSpecial(String token) {
        return specials.contains(token);
    }

    /// The largest id, or -1.
    int maxId() {
        return maxId;
    }

    /// Splits text as it came by the tokens that are looked for there.
    List<Part> splitRaw(String text) {
        return split(text, raw);
    }

    /// Splits normalized text by the tokens that are looked for there.
    List<Part> splitNormalized(String text) {
        return split(text, normalized);
    }

    private List<Part> split(String text, TokenTrie trie) {
        List<Part> parts = new ArrayList<>();
        int done = 0;
        for (TokenTrie.Match match = trie.find(text, 0); match != null; match = trie.find(text, match.end())) {
            int start = match.start();
            int end = match.end();
            AddedToken token = tokens.get(match.id());
            if (token.singleWord() && (wordCharacterBefore(text, start) || wordCharacterAt(text, end))) {
                continue;
            }
            if (token.lstrip()) {
                start = Math.max(WhiteSpace.start(text, start), done);
            }
            if (token.rstrip()) {
                end = WhiteSpace.end(text, end);
            }
            if (done < start) {
                parts.add(new Part(done, start, -1));
            }
            // As in the library, a token whose text another has already taken along as white space is lost.
            if (start < end) {
                parts.add(new Part(start, end, match.id()));
            }
            done = end;
        }
        if (done < text.length()) {
            parts.add(new Part(done, text.length(), -1));
        }
        return parts;
    }

    private static boolean wordCharacterBefore(String text, int at) {
        return at > 0 && isWordCharacter(text.codePointBefore(at));
    }

    private static boolean wordCharacterAt(String text, int at) {
        return at < text.length() && isWordCharacter(text.codePointAt(at));
    }

    private static boolean isWordCharacter(int codePoint) {
        return WORD_CHARACTER.matcher(Character.toString(codePoint)).matches();
    }

    /// Collects tokens in the order of the files; the library gives ids by that order.
    static final class Builder {
        private final Vocabulary vocabulary;
        private final Map<String, Integer> ids = new HashMap<>();
        private final Map<Integer, AddedToken> tokens = new HashMap<>();
        private final List<AddedToken> specialOrder = new ArrayList<>();
        private final List<AddedToken> otherOrder = new ArrayList<>();
        private final Set<String> specials = new HashSet<>();
        private int maxId = -1;

        Builder(Vocabulary vocabulary) {
            this.vocabulary = vocabulary;
        }

        /// The id that `token` has, or that it would get as the next one added.
        int idFor(String token) {
            int id = idOf(token);
            return id >= 0 ? id : Math.max(maxId + 1, vocabulary.count());
        }

        boolean contains(String token) {
            return ids.containsKey(token);
        }

        /// Adds a token, or changes the options of one that is there. Where an old one is looked for does not change,
        /// as in the library.
        void add(AddedToken token) {
            if (token.content().isEmpty()) {
                return;
            }
            if (token.special() && specials.add(token.content())) {
                specialOrder.add(token);
            }
            Integer known = ids.get(token.content());
            if (known != null && token.equals(tokens.get(known))) {
                return;
            }
            int id = idFor(token.content());
            String other = vocabulary.token(id);
            if (other != null && !other.equals(token.content())) {
                throw TokenizerException.unaccepted("added token '" + token.content() + "'", "id " + id
                        + ", which '" + other + "' has", "a vocabulary without gaps before its added tokens");
            }
            ids.put(token.content(), id);
            tokens.put(id, token);
            maxId = Math.max(maxId, id);
            if (!specials.contains(token.content())) {
                otherOrder.add(token);
            }
        }

        AddedVocabulary build(Normalizer normalizer) {
            TokenTrie raw = new TokenTrie();
            TokenTrie normalized = new TokenTrie();
            List<AddedToken> all = new ArrayList<>(specialOrder);
            all.addAll(otherOrder);
            for (AddedToken token : all) {
                int id = idOf(token.content());
                if (token.normalized()) {
                    normalized.add(normalizer.normalize(token.content()), id);
                } else {
                    raw.add(token.content(), id);
                }
            }
            return new AddedVocabulary(this, raw, normalized);
        }

        private int idOf(String token) {
            Integer id = ids.get(token);
            return id != null ? id : vocabulary.id(token);
        }
    }
}
