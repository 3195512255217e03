package dev.dllm.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/// The option that mends what the library refuses. The library's messages say what it needs in its own words, since its
/// callers have no options; here these words are found again.
final class Advice {
    private static final Map<String, String> OPTIONS = new LinkedHashMap<>();

    static {
        OPTIONS.put("needs bidirectional attention", "--attention bidirectional");
        OPTIONS.put("accepted here: bidirectional", "--attention bidirectional");
        OPTIONS.put("bidirectional attention only", "--attention bidirectional");
        OPTIONS.put("accepted here: causal-context", "--attention causal-context");
        OPTIONS.put("accepted here: random-order", "--unmasking random-order");
        OPTIONS.put("block-causal models only", "--cache none, or --attention block-causal");
        OPTIONS.put("cuts the routing blocks", "--block-length");
        OPTIONS.put("a generation length of", "a smaller --gen-length, --hole-length where there are holes, or --stride for a text longer than the context");
        OPTIONS.put("needs at least one per block", "--steps or --block-lengths");
        OPTIONS.put("needs its family named", "--family");
        OPTIONS.put("give the prompt as token ids", "--prompt-ids");
    }

    private Advice() {}

    /// A message of the library, with the option that mends it in brackets if there is one and the message does not name it.
    static String with(String message) {
        return OPTIONS.entrySet().stream()
                .filter(entry -> message.contains(entry.getKey()) && !message.contains(entry.getValue()))
                .findFirst()
                .map(entry -> message + " (" + entry.getValue() + ")")
                .orElse(message);
    }
}
