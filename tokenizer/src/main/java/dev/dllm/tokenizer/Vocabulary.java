package dev.dllm.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tokens and their ids, in both directions. Immutable.
final class Vocabulary {
    /// Ids are below this: a hostile file could otherwise make tables of any size.
    static final int ID_LIMIT = 1 << 24;

    private final Map<String, Integer> idByToken;
    /// Ascending ids and, at the same index, their tokens. Published vocabularies have no gaps, so that index and id
    /// agree.
    private final int[] ids;
    private final String[] tokens;

    private Vocabulary(Map<String, Integer> idByToken, int[] ids, String[] tokens) {
        this.idByToken = idByToken;
        this.ids = ids;
        this.tokens = tokens;
    }

    /// The id of `token`, or -1.
    int id(String token) {
        Integer id = idByToken.get(token);
        return id == null ? -1 : id;
    }

    /// The token with this id, or null.
    @Nullable String token(int id) {
        if (id >= 0 && id < ids.length && ids[id] == id) {
            return tokens[id];
        }
        int index = Arrays.binarySearch(ids, id);
        return index < 0 ? null : tokens[index];
    }

    /// Number of tokens.
    int count() {
        return tokens.length;
    }

    /// The largest id, or -1 if there is no token.
    int maxId() {
        return ids.length == 0 ? -1 : ids[ids.length - 1];
    }

    /// Collects tokens in the order of a file.
    static final class Builder {
        private final String where;
        private final Map<String, Integer> idByToken = new HashMap<>();
        private final List<String> tokens = new ArrayList<>();
        private final IntList ids = new IntList();
        private boolean ascending = true;

        /// @param where what messages call the vocabulary
        Builder(String where) {
            this.where = where;
        }

        void add(String token, int id) {
            if (idByToken.put(token, id) != null) {
                throw TokenizerException.unaccepted(where, "token '" + token + "' twice", "each token once");
            }
            if (!WellFormed.isWellFormed(token)) {
                throw TokenizerException.unaccepted(where, "a token with half a surrogate pair (id " + id + ")",
                        "Unicode text");
            }
            ascending &= ids.size() == 0 || ids.get(ids.size() - 1) < id;
            tokens.add(token);
            ids.add(id);
        }

        Vocabulary build() {
            int[] sortedIds = ids.toArray();
            String[] sortedTokens = tokens.toArray(new String[0]);
            if (!ascending) {
                sort(sortedIds, sortedTokens);
            }
            for (int i = 1; i < sortedIds.length; i++) {
                if (sortedIds[i] == sortedIds[i - 1]) {
                    throw TokenizerException.unaccepted(where, "id " + sortedIds[i] + " for both '"
                            + sortedTokens[i - 1] + "' and '" + sortedTokens[i] + "'", "one token per id");
                }
            }
            return new Vocabulary(idByToken, sortedIds, sortedTokens);
        }

        /// Sorts both arrays by id.
        private static void sort(int[] ids, String[] tokens) {
            long[] order = new long[ids.length];
            for (int i = 0; i < ids.length; i++) {
                order[i] = (long) ids[i] << 32 | i;
            }
            Arrays.sort(order);
            String[] unsorted = tokens.clone();
            for (int i = 0; i < ids.length; i++) {
                ids[i] = (int) (order[i] >> 32);
                tokens[i] = unsorted[(int) order[i]];
            }
        }
    }
}
