package dev.dllm.decode;

import java.util.List;

/// What a rule knows when it decides what a call writes.
///
/// @param canvas     before the call's edits
/// @param candidates a proposal for each position that was wanted and whose row was computed; none if drafts stood in its place
/// @param copies     of the copies that the rule asked for, in order: the proposals of each draft or continuation, or the standing
///                   tokens that a shadow judges
/// @param progress   of the active span, this call not counted
/// @param call       number of the call in the run, from 0
/// @param randomness where the rule draws, if it does
/// @param stop       which tokens end the text
public record Step(
        Canvas canvas, Candidates candidates, List<Candidates> copies, BlockProgress progress, int call,
        Randomness randomness, StopRule stop) {}
