package dev.dllm.cli;

/// What `--format` chooses.
enum OutputFormat {
    TEXT,
    JSON
}
