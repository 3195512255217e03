package dev.dllm.tokenizer;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A set of texts that is searched for in another: at the leftmost place the longest. Immutable once filled.
final class TokenTrie {

    private static final class Node {
        final Map<Character, Node> children = new HashMap<>(2);
        int id = -1;
    }

    /// Where a text of the set was found.
    ///
    /// @param end exclusive
    /// @param id  that it was added with
    record Match(int start, int end, int id) {}

    private final Node root = new Node();

    /// Adds a text. Of equal texts the last counts; an empty one is never found.
    void add(String text, int id) {
        Node node = root;
        for (int i = 0; i < text.length(); i++) {
            Node child = node.children.get(text.charAt(i));
            if (child == null) {
                child = new Node();
                node.children.put(text.charAt(i), child);
            }
            node = child;
        }
        if (node != root) {
            node.id = id;
        }
    }

    /// The first match that starts at `from` or later, or null.
    @Nullable Match find(String text, int from) {
        if (root.children.isEmpty()) {
            return null;
        }
        for (int start = from; start < text.length(); start++) {
            Node node = root.children.get(text.charAt(start));
            Match longest = null;
            for (int end = start + 1; node != null; end++) {
                if (node.id >= 0) {
                    longest = new Match(start, end, node.id);
                }
                node = end < text.length() ? node.children.get(text.charAt(end)) : null;
            }
            if (longest != null) {
                return longest;
            }
        }
        return null;
    }
}
