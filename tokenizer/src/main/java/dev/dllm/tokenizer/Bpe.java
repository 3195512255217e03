package dev.dllm.tokenizer;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Byte-pair encoding of one word: its characters become tokens, then the adjacent pair with the lowest rank is
/// merged, the leftmost first, until no pair merges. Thread-safe.
///
/// Merging takes O(n log n) for a word of n characters: pairs wait in a heap, tokens are a linked list, and a pair that
/// has changed since it was queued is dropped when it comes up.
///
/// @see "Sennrich, Haddow and Birch 2016, arXiv:1508.07909"
/// @see "huggingface/tokenizers, tokenizers/src/models/bpe/model.rs and word.rs"
final class Bpe {
    /// How a file wants characters that are not in the vocabulary to be treated, and whole words that are.
    ///
    /// @param unkToken      token for an unknown character, or null: such characters are dropped
    /// @param fuseUnk       one unknown token for a run of unknown characters
    /// @param byteFallback  an unknown character becomes its UTF-8 bytes, tokens `<0x00>` to `<0xFF>`, if all are known
    /// @param ignoreMerges  a word that is a token is that token, whatever the merges say
    record Options(@Nullable String unkToken, boolean fuseUnk, boolean byteFallback, boolean ignoreMerges) {}

    private static final int NONE = -1;

    private final Vocabulary vocabulary;
    private final Merges merges;
    private final Options options;
    /// Ids of one-character tokens below [ByteAlphabet#LIMIT], which are all that a byte-level word is made of.
    private final int[] characterIds = new int[ByteAlphabet.LIMIT];
    /// Ids of `<0x00>` to `<0xFF>`, or -1; null without byte fallback.
    private final int @Nullable [] byteIds;
    /// Id of the unknown token; -1 if there is none, or none in the vocabulary.
    private final int unkId;
    private final WordCache cache = new WordCache();

    Bpe(Vocabulary vocabulary, Merges merges, Options options) {
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.options = options;
        for (char c = 0; c < characterIds.length; c++) {
            characterIds[c] = vocabulary.id(String.valueOf(c));
        }
        this.byteIds = options.byteFallback ? byteIds(vocabulary) : null;
        this.unkId = options.unkToken == null ? -1 : vocabulary.id(options.unkToken);
    }

    private static int[] byteIds(Vocabulary vocabulary) {
        String hex = "0123456789ABCDEF";
        int[] ids = new int[256];
        for (int b = 0; b < 256; b++) {
            ids[b] = vocabulary.id("<0x" + hex.charAt(b >> 4) + hex.charAt(b & 15) + ">");
        }
        return ids;
    }

    /// Appends the ids of `word` to `out`.
    void encode(String word, IntList out) {
        int[] known = cache.get(word);
        if (known != null) {
            out.addAll(known);
            return;
        }
        int start = out.size();
        int whole = options.ignoreMerges ? vocabulary.id(word) : -1;
        if (whole >= 0) {
            out.add(whole);
        } else {
            merge(characters(word), out);
        }
        if (WordCache.accepts(word)) {
            cache.put(word, out.tail(start));
        }
    }

    /// One token per character, before merging.
    private int[] characters(String word) {
        IntList tokens = new IntList();
        boolean unknownPending = false;
        for (int i = 0; i < word.length(); ) {
            int codePoint = word.codePointAt(i);
            i += Character.charCount(codePoint);
            int id = codePoint < characterIds.length
                    ? characterIds[codePoint]
                    : vocabulary.id(Character.toString(codePoint));
            if (id >= 0) {
                if (unknownPending) {
                    tokens.add(unkId);
                    unknownPending = false;
                }
                tokens.add(id);
            } else if (!addBytes(codePoint, tokens) && options.unkToken != null) {
                if (unkId < 0) {
                    throw TokenizerException.unaccepted("encode", "character '" + Character.toString(codePoint)
                            + "', which is in no token", "text of the vocabulary, as its unk_token '" + options.unkToken
                            + "' is no token either");
                }
                // As in the library, a pending unknown token stays behind bytes that follow it.
                if (unknownPending && !options.fuseUnk) {
                    tokens.add(unkId);
                }
                unknownPending = true;
            }
        }
        if (unknownPending) {
            tokens.add(unkId);
        }
        return tokens.toArray();
    }

    /// Adds the byte tokens of a character if there is one for each of its bytes.
    private boolean addBytes(int codePoint, IntList tokens) {
        if (byteIds == null) {
            return false;
        }
        byte[] bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (byteIds[b & 0xFF] < 0) {
                return false;
            }
        }
        for (byte b : bytes) {
            tokens.add(byteIds[b & 0xFF]);
        }
        return true;
    }

    private void merge(int[] tokens, IntList out) {
        int count = tokens.length;
        int[] next = new int[count];
        int[] previous = new int[count];
        MergeQueue queue = new MergeQueue(count);
        for (int i = 0; i < count; i++) {
            previous[i] = i - 1;
            next[i] = i + 1 < count ? i + 1 : NONE;
            if (i + 1 < count) {
                offer(queue, tokens, i, i + 1);
            }
        }
        while (!queue.isEmpty()) {
            long top = queue.poll();
            int rank = MergeQueue.rank(top);
            int left = MergeQueue.position(top);
            if (tokens[left] == NONE || next[left] == NONE) {
                continue;
            }
            int right = next[left];
            if (merges.rank(tokens[left], tokens[right]) != rank) {
                continue;
            }
            tokens[left] = merges.mergedId(rank);
            tokens[right] = NONE;
            next[left] = next[right];
            if (next[left] != NONE) {
                previous[next[left]] = left;
                offer(queue, tokens, left, next[left]);
            }
            if (previous[left] != NONE) {
                offer(queue, tokens, previous[left], left);
            }
        }
        for (int token : tokens) {
            if (token != NONE) {
                out.add(token);
            }
        }
    }

    private void offer(MergeQueue queue, int[] tokens, int left, int right) {
        int rank = merges.rank(tokens[left], tokens[right]);
        if (rank >= 0) {
            queue.add(rank, left);
        }
    }
}
