/// The command line: parse, call the library, print. The only package that reads arguments, terminals or standard input.
///
/// Must not know: how anything is computed. One file per command; options that commands share are
/// groups of their own.
@NullMarked
package dev.dllm.cli;

import org.jspecify.annotations.NullMarked;
