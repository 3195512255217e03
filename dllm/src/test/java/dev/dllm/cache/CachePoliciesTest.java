package dev.dllm.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Cache policies as a user names them.
class CachePoliciesTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "none", "block", "block:before", "block:merged,sub-blocks", "prefix", "prefix:never", "dual", "dual:finished", "dkv:8",
        "dkv:4,keep-masks", "dkv-prefill", "dkv-prefill:keep-masks", "dkv-pd:4", "dkv-pd:2,keep-masks", "dkv-greedy:2,4", "dual:block,0,1,-1,0"
    })
    void aPolicyIsReadAsItIsWritten(String text) {
        assertEquals(text, CachePolicies.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({"dkv,dkv:8", "dkv-pd,dkv-pd:4", "dkv-greedy,'dkv-greedy:2,4'", "freecache,prefix:finished"})
    void defaultsAreTheAuthors(String text, String meant) {
        assertEquals(meant, CachePolicies.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "dkv:0 | a refresh every 0 calls: needs 1 or more",
        "dkv:x | cache policy 'dkv:x': 'x' is not a whole number",
        "dkv:8,9 | cache policy 'dkv:8,9': '9' is not keep-masks",
        "dual:often | cache policy 'dual:often': 'often' is not one of [block, finished, never]",
    })
    void unusableArgumentsAreNamed(String text, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> CachePolicies.parse(text)).getMessage());
    }

    @Test
    void anUnknownNameListsAll() {
        String message = assertThrows(IllegalArgumentException.class, () -> CachePolicies.parse("kv")).getMessage();
        assertEquals("unknown cache policy 'kv'; known: " + CachePolicies.known(), message);
    }
}
