package dev.dllm.golden;

import tools.jackson.databind.JsonNode;

/// One entry of a set's manifest.
///
/// @param kind       what is compared
/// @param file       the outputs to compare with, relative to the set
/// @param checkpoint name of the checkpoint; empty for tokenizer and chat cases
/// @param entry      the whole entry
record GoldenCase(String kind, String file, String checkpoint, JsonNode entry) {}
