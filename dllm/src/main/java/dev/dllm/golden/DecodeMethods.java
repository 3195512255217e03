package dev.dllm.golden;

import dev.dllm.cache.NoCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Editing;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.decode.Unmasking;
import dev.dllm.model.AttentionPattern;

/// How the methods of the golden sets map to our settings, in the parity profile: the mask token may be proposed, no call is
/// saved, and only the case's own stop rule acts.
final class DecodeMethods {

    private DecodeMethods() {}

    /// @throws UnsupportedCaseException if the method or one of its parameters is unknown
    static DecodeSettings settings(String method, Params params) {
        DecodeSettings settings = switch (method) {
            case "llada2_block" -> llada2(params);
            case "llada21_block" -> llada21(params);
            default -> throw new UnsupportedCaseException("decoding method '" + method + "'");
        };
        params.ignore("mask_id");
        params.requireAllRead();
        return settings;
    }

    /// LLaDA2.0 generate: `minimal_topk` shortens the steps and so raises the number of commits per call.
    private static DecodeSettings llada2(Params params) {
        int genLength = params.integer("gen_length", 2048);
        int steps = Math.min(params.integer("steps", 32), genLength / params.integer("minimal_topk", 1));
        return settings(
                params,
                genLength,
                steps,
                new Threshold(params.number("threshold", 0.95f)),
                new StopRule(eosIds(params), true, params.flag("eos_early_stop"), true));
    }

    /// LLaDA2.1 generate: `steps` is unused, and an EOS ends the run only if asked.
    private static DecodeSettings llada21(Params params) {
        Editing editing = new Editing(
                params.number("threshold", 0.95f),
                params.number("editing_threshold", 0.9f),
                params.integer("num_to_transfer", 1),
                params.integer("max_post_steps", 16));
        StopRule stop = new StopRule(eosIds(params), params.flag("eos_early_stop"), false, false);
        return settings(params, params.integer("gen_length", 2048), params.integer("steps", 32), editing, stop);
    }

    private static DecodeSettings settings(
            Params params, int genLength, int steps, Unmasking unmasking, StopRule stop) {
        int blockLength = params.integer("block_length", 32);
        return new DecodeSettings(
                genLength, blockLength, steps, new AttentionPattern.BlockCausal(blockLength), unmasking, new NoCache(),
                Sampling.greedy().withTemperature(params.number("temperature", 0)), 0, stop, false);
    }

    /// An id outside the vocabulary means that nothing is an EOS.
    private static int[] eosIds(Params params) {
        int id = params.integer("eos_id", -1);
        return id < 0 ? new int[0] : new int[] {id};
    }
}
