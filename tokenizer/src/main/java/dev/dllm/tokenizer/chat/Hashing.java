package dev.dllm.tokenizer.chat;

import java.math.BigInteger;
import java.util.concurrent.ThreadLocalRandom;

/// Hashes of the values that others are made of, different in every run: Java's are known, so that a template could
/// make many values with the same one, and the dicts that hold them slow.
final class Hashing {
    private static final long SEED = ThreadLocalRandom.current().nextLong();
    private static final long FACTOR = ThreadLocalRandom.current().nextLong() | 1;

    private Hashing() {}

    static int of(String text) {
        long hash = SEED;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * FACTOR + text.charAt(i);
        }
        return mixed(hash);
    }

    static int of(BigInteger number) {
        if (number.bitLength() < 64) {
            return mixed(number.longValue() * FACTOR ^ SEED);
        }
        long hash = SEED;
        for (byte part : number.toByteArray()) {
            hash = hash * FACTOR + part;
        }
        return mixed(hash);
    }

    /// The finalizer of MurmurHash3.
    private static int mixed(long hash) {
        long h = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return (int) (h ^ h >>> 33);
    }
}
