package dev.dllm.golden;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.Anchor;
import dev.dllm.decode.BudgetedThreshold;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Editing;
import dev.dllm.decode.EntropyBound;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.PathPlanning;
import dev.dllm.decode.Quota;
import dev.dllm.decode.RandomUnmasking;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.Schedule;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.golden.DecodeCase.Output;
import dev.dllm.model.AttentionPattern;
import dev.dllm.runtime.ProposalSpec;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/// How the methods of the golden sets map to our settings, in the parity profile: the mask token may be proposed, no call is
/// saved, and only the case's own stop rule acts.
final class DecodeMethods {
    private static final AttentionPattern FULL = new AttentionPattern.Bidirectional();

    private final String method;
    private final Params params;
    private final JsonNode draws;
    private final int promptLength;

    /// @param draws        recorded randomness of the case, if any
    /// @param promptLength of its rows, padding not counted
    private DecodeMethods(String method, Params params, JsonNode draws, int promptLength) {
        this.method = method;
        this.params = params;
        this.draws = draws;
        this.promptLength = promptLength;
    }

    /// @param draws        recorded randomness of the case, if any
    /// @param promptLength of its rows, padding not counted
    /// @throws UnsupportedCaseException if the method or one of its parameters is unknown
    static DecodeCase of(String method, Params params, JsonNode draws, int promptLength) {
        DecodeCase golden = new DecodeMethods(method, params, draws, promptLength).parsed();
        for (String inert : new String[] {"mask_id", "mask_token_id", "attention_mask", "pad_id"}) {
            params.ignore(inert);
        }
        params.requireAllRead();
        return golden;
    }

    private DecodeCase parsed() {
        return switch (method) {
            case "low_confidence", "low_confidence_batch", "low_confidence_cfg", "low_confidence_eosbase",
                    "low_confidence_logits_eos_inf", "low_confidence_confidence_eos_eot_inf" ->
                new DecodeCase(llada());
            case "random_remask" ->
                new DecodeCase(llada().withConfidence(Confidence.RANDOM).withRandomness(Replay.byPosition(draws)));
            case "dream_maskgit_plus", "dream_topk_margin", "dream_entropy", "dream_filtered",
                    "dream_batch_maskgit_plus", "dream_batch_topk_margin", "dream_batch_entropy" ->
                new DecodeCase(dream().withPacing(new Pacing.Fixed()));
            case "dream_origin" -> new DecodeCase(dream()
                    .withUnmasking(new RandomUnmasking())
                    .withRandomness(Replay.byMask(draws))
                    .withPacing(new Pacing.Fixed()));
            case "dream_confidence_threshold" -> new DecodeCase(dream()
                    .withUnmasking(new BudgetedThreshold(params.number("threshold", 1)))
                    .withPacing(new Pacing.Fixed()));
            case "opendcoder_entropy", "opendcoder_topk_margin", "opendcoder_maskgit_plus", "opendcoder_p2" ->
                new DecodeCase(openDcoder());
            case "llada2_block" -> llada2();
            case "llada21_block" -> llada21();
            case "sdar_sequential", "sdar_static", "sdar_dynamic", "sdar_entropy" -> new DecodeCase(sdar());
            case "fastdllm_v2" -> fastDllmV2();
            case "rnd1" -> rnd1();
            case "a2d_mdlm" -> new DecodeCase(a2d(FULL, params.integer("block_size", 32)));
            case "a2d_bd3lm" -> new DecodeCase(a2dBlocks());
            default -> throw new UnsupportedCaseException("decoding method '" + method + "'");
        };
    }

    /// LLaDA's generate.py.
    private DecodeSettings llada() {
        int genLength = params.integer("gen_length", 128);
        int blockLength = params.integer("block_length", 128);
        params.expect("remasking", "low_confidence", "random");
        Sampling sampling = Sampling.llada();
        int eos = params.integer("eos_id", -1);
        int eot = params.integer("eot_id", -1);
        if (params.flag("logits_eos_inf")) {
            sampling = sampling.withSuppressed(eos);
        }
        if (params.flag("confidence_eos_eot_inf")) {
            sampling = sampling.withUnsure(eos, eot);
        }
        return parity(FULL, genLength, blockLength)
                .withSteps(params.integer("steps", 128) / (genLength / blockLength))
                .withPacing(new Pacing.Fixed())
                .withSampling(sampling)
                .withGuidance(params.number("cfg_scale", 0));
    }

    /// Dream's diffusion_generate: one span, no blocks.
    private DecodeSettings dream() {
        params.expect("alg_temp", "0.0");
        params.expect("eps", "0.001");
        return parity(FULL, params.integer("max_new_tokens", 0), DecodeSettings.WHOLE)
                .withUnmasking(new Schedule(Quota.TIMESTEPS))
                .withSteps(params.integer("steps", 512))
                .withConfidence(switch (params.text("alg", "origin")) {
                    case "topk_margin" -> Confidence.MARGIN;
                    case "entropy" -> Confidence.ENTROPY;
                    case "maskgit_plus", "confidence_threshold", "origin", "p2" -> Confidence.PROBABILITY;
                    default -> throw new UnsupportedCaseException("alg '" + params.text("alg", "") + "'");
                })
                .withSampling(filters(Sampling.dream()));
    }

    /// Dream's loop, left as soon as no mask is left.
    private DecodeSettings openDcoder() {
        DecodeSettings settings = dream();
        return method.equals("opendcoder_p2") ? settings.withUnmasking(new PathPlanning()) : settings;
    }

    /// LLaDA2.0 generate: `minimal_topk` shortens the steps and so raises the number of commits per call.
    private DecodeCase llada2() {
        int genLength = params.integer("gen_length", 2048);
        DecodeSettings settings = llada2(genLength)
                .withSteps(Math.min(params.integer("steps", 32), genLength / params.integer("minimal_topk", 1)))
                .withUnmasking(new Threshold(params.number("threshold", 0.95f)))
                .withStop(new StopRule(eosIds("eos_id"), true, params.flag("eos_early_stop"), true));
        return new DecodeCase(settings, new int[0], Output.TEXT);
    }

    /// LLaDA2.1 generate: `steps` is unused, and an EOS ends the run only if asked.
    private DecodeCase llada21() {
        params.ignore("steps");
        DecodeSettings settings = llada2(params.integer("gen_length", 2048))
                .withUnmasking(new Editing(
                        params.number("threshold", 0.95f),
                        params.number("editing_threshold", 0.9f),
                        params.integer("num_to_transfer", 1),
                        params.integer("max_post_steps", 16)))
                .withStop(new StopRule(eosIds("eos_id"), params.flag("eos_early_stop"), false, false));
        return new DecodeCase(settings, new int[0], Output.TEXT);
    }

    private DecodeSettings llada2(int genLength) {
        int blockLength = params.integer("block_length", 32);
        return parity(new AttentionPattern.BlockCausal(blockLength), genLength, blockLength)
                .withSampling(filters(Sampling.greedy()));
    }

    /// SDAR's generate.py: a call of its own stores the prompt's whole blocks and every finished block.
    private DecodeSettings sdar() {
        int blockLength = params.integer("block_length", 4);
        DecodeSettings settings = parity(
                        new AttentionPattern.BlockCausal(blockLength), params.integer("gen_length", 256), blockLength)
                .withSteps(params.integer("denoising_steps", 4))
                .withPacing(new Pacing.UntilFull(0))
                .withCache(new BlockCache(BlockCache.Commit.AFTER, false))
                .withSampling(filters(Sampling.greedy()).withArgMax(true))
                .withStop(StopRule.afterBlock(params.integers("stopping_criteria_idx")));
        if (params.text("sampling", "argmax").equals("recorded")) {
            settings = settings.withRandomness(Replay.tokens(draws, blockLength));
        }
        return switch (params.text("remasking_strategy", "")) {
            case "sequential" -> settings.withUnmasking(new Schedule(Quota.LENGTH)).withConfidence(Confidence.LEFTMOST);
            case "low_confidence_static" -> settings.withUnmasking(new Schedule(Quota.LENGTH));
            case "low_confidence_dynamic" ->
                settings.withUnmasking(new Threshold(params.number("confidence_threshold", 0.85f)));
            case "entropy_bounded" -> settings
                    .withUnmasking(new EntropyBound(params.number("eb_threshold", 0.35f), EntropyBound.Sum.ALL))
                    .withConfidence(Confidence.ENTROPY);
            default -> throw new UnsupportedCaseException("remasking strategy '" + params.text("remasking_strategy", "") + "'");
        };
    }

    /// Fast-dLLM v2's generate: sub-blocks inside blocks, as many blocks as `max_new_tokens` fills, from the one that holds
    /// the first open position on.
    private DecodeCase fastDllmV2() {
        params.expect("temperature", "0");
        params.ignore("top_p");
        int blockLength = params.integer("block_size", 32);
        int firstOpen = promptLength > blockLength && promptLength % blockLength == 0 ? promptLength + 1 : promptLength;
        int blocks = firstOpen / blockLength + params.integer("max_new_tokens", 2048) / blockLength;
        DecodeSettings settings = parity(
                        new AttentionPattern.BlockCausal(blockLength), blocks * blockLength - promptLength, blockLength)
                .withSpanLength(params.integer("small_block_size", 8))
                .withUnmasking(new Threshold(params.number("threshold", 1), 1, false))
                .withCache(new BlockCache(BlockCache.Commit.AFTER, params.flag("use_block_cache")))
                .withStop(new StopRule(eosIds("stop_token"), false, true, false));
        return new DecodeCase(settings, new int[0], Output.PROMPT_AND_TEXT);
    }

    /// RND1's sampler: one position at the end stays reserved, and everything behind the masks is visible.
    private DecodeCase rnd1() {
        int[] suffix = params.integers("suffix_ids");
        int open = params.integer("seq_len", 0) - promptLength - suffix.length - 1;
        int masks = params.integer("infill_length", open);
        int pad = params.integer("pad_token_id", 0);
        int eos = params.integer("eos_token_id", 0);
        int[] behind = Arrays.copyOf(suffix, params.integer("seq_len", 0) - promptLength - masks);
        Arrays.fill(behind, suffix.length, behind.length, pad);
        if (params.flag("add_eos_at_end")) {
            behind[behind.length - 1] = eos;
        }
        params.expect("greedy", "true");
        float bound = params.number("eb_gamma", -1);
        DecodeSettings settings = parity(FULL, masks, DecodeSettings.WHOLE)
                .withSteps(params.integer("num_steps", 256))
                .withUnmasking(bound < 0 ? new Schedule(Quota.LINE) : new EntropyBound(bound, EntropyBound.Sum.OTHERS))
                .withConfidence(bound < 0 ? Confidence.ENTROPY : Confidence.PROBABILITY)
                .withSampling(filters(Sampling.greedy()).withArgMax(true));
        return new DecodeCase(settings, behind, Output.CANVAS);
    }

    /// dllm's samplers.
    private DecodeSettings a2d(AttentionPattern attention, int blockLength) {
        int genLength = params.integer("max_new_tokens", 128);
        int steps = Math.ceilDiv(params.integer("steps", 128), Math.ceilDiv(genLength, blockLength));
        params.expect("remasking", "low_confidence");
        params.ignore("eos_id");
        return parity(attention, genLength, blockLength)
                .withShifted(params.flag("right_shift_logits"))
                .withSteps(params.integer("steps_per_block", steps))
                .withUnmasking(new Schedule(params.text("scheduler", "linear").equals("cosine") ? Quota.COSINE : Quota.LINEAR))
                .withSampling(filters(Sampling.llada()))
                .withGuidance(params.number("cfg_scale", 0));
    }

    /// Blocks from the end of the prompt, each opened by a call over everything before it.
    private DecodeSettings a2dBlocks() {
        int blockLength = params.integer("block_size", 32);
        return a2d(new AttentionPattern.BlockCausal(blockLength), blockLength)
                .withAnchor(Anchor.PROMPT)
                .withCache(new BlockCache(BlockCache.Commit.BEFORE, false))
                .withStop(StopRule.afterBlock(eosIds("eos_id")));
    }

    private Sampling filters(Sampling sampling) {
        return sampling.withTemperature(params.number("temperature", 0))
                .withTopK(params.integer("top_k", 0))
                .withTopP(params.number("top_p", 1));
    }

    private static DecodeSettings parity(AttentionPattern attention, int genLength, int blockLength) {
        return DecodeSettings.of(attention, genLength, blockLength).withSuppressMask(false);
    }

    /// An id outside the vocabulary means that nothing is an EOS.
    private int[] eosIds(String name) {
        int id = params.integer(name, -1);
        return id < 0 ? new int[0] : new int[] {id};
    }
}
