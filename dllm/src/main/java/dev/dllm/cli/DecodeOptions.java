package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.NoCache;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.ConfidenceAdjustment;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.ExitRule;
import dev.dllm.decode.LogitHook;
import dev.dllm.decode.Repetition;
import dev.dllm.decode.Smoothing;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Unmasking;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.AttentionPattern.Bidirectional;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a canvas is denoised. What is not given keeps the model's own setting.
final class DecodeOptions {
    /// Of its part of the help.
    static final String HEADING = "%nHow it is denoised (default: the model's preset, which dllm inspect shows):%n";

    @Option(names = "--gen-length", paramLabel = "N", description = "Response tokens allotted.")
    private @Nullable Integer genLength;

    @Option(names = "--block-length", paramLabel = "N", description = "Tokens denoised together.")
    private @Nullable Integer blockLength;

    @Option(names = "--span-length", paramLabel = "N",
            description = "Denoise blocks in parts of N tokens, left to right.")
    private @Nullable Integer spanLength;

    @Option(names = "--steps", paramLabel = "N",
            description = "Network calls allotted to a block (or part of one); 0 is one per token.")
    private @Nullable Integer steps;

    @Option(names = "--attention", paramLabel = "PATTERN", converter = AttentionConverter.class,
            description = "Which positions see each other: block-causal, bidirectional, or causal-context, where final tokens see what is "
                    + "before them alone (default: as the model was trained). bidirectional turns off a cache that is exact for block-causal attention only.")
    private @Nullable AttentionPattern attention;

    @Option(names = "--unmasking", paramLabel = "RULE", converter = UnmaskingConverter.class,
            description = "Which proposals are committed: schedule commits as many per call as the steps demand, threshold[:t] "
                    + "also all above t, entropy-bound[:nats] as many as are sure together, edit[:mask,edit] also revises committed "
                    + "tokens, saber and remdm mask some again, klass waits until proposals stay, sdlm and linear-spec go from left to right; an unknown name "
                    + "lists them all.")
    private @Nullable Unmasking unmasking;

    @Option(names = "--verifier", paramLabel = "DIR",
            description = "Directory of a causal language model of the same vocabulary (Qwen2), which judges what is proposed: for "
                    + "--unmasking apd[:weight,lookahead] and guided[:top-k,ratio], or guided:threshold,t, guided:sampled and "
                    + "guided:rejection,temperature; edlm[:candidates,window] lets it weigh what is drawn.")
    private @Nullable Path verifier;

    @Option(names = "--confidence", paramLabel = "KIND", converter = ConstantConverter.OfConfidence.class,
            description = "What makes one proposal surer than another: probability, margin, entropy, leftmost, random.")
    private @Nullable Confidence confidence;

    @Option(names = "--adjust", paramLabel = "ADJUSTMENT", converter = AdjustmentConverter.class,
            description = "Change how sure proposals are: density:WIDTH trusts them more where more around them is decided, "
                    + "rarity:FILE where their tokens are rare, by a JSON list of frequencies; draw[:T] draws which come first, the "
                    + "surer the likelier. May be repeated.")
    private ConfidenceAdjustment @Nullable [] adjustments;

    @Option(names = "--hook", paramLabel = "HOOK", converter = LogitHookConverter.class,
            description = "Change the logits first: credit[:alpha,gamma,decay] raises tokens that have been most probable for a "
                    + "while, left-penalty[:logits] lowers the token that stands to the left. May be repeated.")
    private LogitHook @Nullable [] hooks;

    @Option(names = "--exit", paramLabel = "RULE", converter = ExitConverter.class,
            description = "End early, with the best token for every mask, once the model is sure: prophet[:early,mid,late], limits "
                    + "for the margin between the two best logits that hold one after the other; sched[:linear|cosine|exp,high,low], "
                    + "a limit that falls, for proposals that no longer change (default: never).")
    private @Nullable ExitRule exit;

    @Option(names = "--guidance", paramLabel = "W",
            description = "Classifier-free guidance: move the logits away, W times over, from those without the prompt; 0 is off. "
                    + "Every call computes twice the positions.")
    private @Nullable Float guidance;

    @Option(names = "--guidance-interval", paramLabel = "N",
            description = "Evaluate without the prompt at every Nth call, and at the first few; use the difference again in between.")
    private @Nullable Integer guidanceInterval;

    @Option(names = "--cache", paramLabel = "POLICY", converter = CacheConverter.class,
            description = "Which keys and values are reused: none; block (exact, block-causal models); prefix and dual compute from "
                    + "the block on, or the block alone, after one full call per block; freecache keeps a finished block for good; "
                    + "dkv[:refresh] leaves out decoded tokens, dkv-prefill the prompt, dkv-pd both, dkv-greedy all but what is "
                    + "decoded next (with --unmasking random-order); sparse, dllm-cache and d2cache decide by what layers see; an "
                    + "unknown name lists them all.")
    private @Nullable CachePolicy cache;

    @Option(names = "--reuse-logits",
            description = "Take a step's logits from the one before where nothing was written in between, instead of a call; the text "
                    + "stays the same. For rules that let steps pass (random, schedule:timesteps), with --cache none or block.")
    private @Nullable Boolean reuseLogits;

    @Option(names = "--smoothing", paramLabel = "FIRST,GROWTH,MOST", split = ",", hideParamSyntax = true,
            description = "Add to the input of every mask a multiple of the embedding that was expected there: FIRST of it at the "
                    + "first call, GROWTH more per call, at most MOST.")
    private float @Nullable [] smoothing;

    @Option(names = "--temperature", paramLabel = "T", description = "0 for the most probable token, else sample.")
    private @Nullable Float temperature;

    @Option(names = "--top-k", paramLabel = "N", description = "Sample from the N most probable tokens only; 0 is off.")
    private @Nullable Integer topK;

    @Option(names = "--top-p", paramLabel = "P",
            description = "Sample from the most probable tokens that together reach P; 1 is off.")
    private @Nullable Float topP;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the sampling: same seed, same text.")
    private @Nullable Long seed;

    @Option(names = "--stop", paramLabel = "WHEN", converter = ConstantConverter.OfStop.class,
            description = "What ends the run before the generation length: never, block (a finished block holds an EOS), complete "
                    + "(nothing before an EOS is masked), eos-block (a finished block is EOS only).")
    private StopRule.@Nullable When stop;

    @Option(names = "--stop-repetition", paramLabel = "TOKENS,NATS", converter = RepetitionConverter.class,
            description = "End a text that goes round in circles: once the last TOKENS tokens, counted by token, have an entropy below "
                    + "NATS, and cut it before them; 256,4 as BD3-LM has it.")
    private @Nullable Repetition repetition;

    @Option(names = "--eos-ids", paramLabel = "N,N", split = ",", description = "Token ids that end the text.")
    private int @Nullable [] eosIds;

    /// The second model, if there is one. To be closed after the last generation.
    ///
    /// @param options how the first one was loaded
    @Nullable LanguageModel loadVerifier(LoadOptions options) {
        return verifier == null ? null : LanguageModel.load(verifier, options.forVerifier());
    }

    /// The settings with everything that was given, and the second model in its place.
    ///
    /// @throws IllegalArgumentException if a value is out of range or a name unknown, or the rule asks for no second model
    DecodeSettings apply(DecodeSettings settings, @Nullable LanguageModel judge) {
        DecodeSettings applied = apply(settings);
        if (judge == null) {
            return applied;
        }
        Unmasking judged = applied.unmasking().withVerifier(judge.verifier());
        if (judged.equals(applied.unmasking())) {
            throw new InvalidRequestException("--verifier: unmasking rule '" + judged + "' asks no second model; apd, guided and edlm do");
        }
        return applied.withUnmasking(judged);
    }

    /// Says on standard error what was given but changes nothing.
    ///
    /// @param applied what [#apply] has come to
    void warn(DecodeSettings applied, Terminal terminal) {
        warn("", applied, terminal);
    }

    /// @param what has these settings, for messages; empty if nothing else has others
    void warn(String what, DecodeSettings applied, Terminal terminal) {
        String start = "dllm: " + (what.isEmpty() ? "" : what + ": ");
        if (seed != null && !applied.draws()) {
            terminal.err().println(start + "--seed has no effect, since nothing is drawn; --temperature above 0 draws tokens");
        }
        if ((topK != null || topP != null) && !applied.sampling().draws()) {
            terminal.err().println(start + (topK != null ? "--top-k" : "--top-p") + " has no effect without --temperature above 0");
        }
        if (guidanceInterval != null && applied.guidance() == 0) {
            terminal.err().println(start + "--guidance-interval has no effect without --guidance");
        }
    }

    /// @param option that asks for texts of several seeds
    /// @param seeds  how many
    /// @throws InvalidRequestException if all of them would be the same
    static void requireDraws(String option, int seeds, DecodeSettings applied) {
        if (seeds > 1 && !applied.draws()) {
            throw new InvalidRequestException(option + " " + seeds
                    + ": nothing is drawn, so every seed would give the same text; give --temperature, such as 0.9");
        }
    }

    /// Whether a second model was given.
    boolean hasVerifier() {
        return verifier != null;
    }

    /// Whether the rule asks a second model.
    ///
    /// @param settings that the options are applied to
    boolean asksVerifier(DecodeSettings settings) {
        return (unmasking == null ? settings.unmasking() : unmasking).needsVerifier();
    }

    /// Which of the options were given that only a generation can tell.
    List<String> needingGeneration() {
        List<String> given = new ArrayList<>();
        if (seed != null) {
            given.add("--seed");
        }
        if (verifier != null) {
            given.add("--verifier");
        }
        return given;
    }

    /// Whether the generation length was given.
    boolean fixesLength() {
        return genLength != null;
    }

    /// Whether the block length was given.
    boolean fixesBlockLength() {
        return blockLength != null;
    }

    /// The seed that was given, else 0.
    long seed() {
        return seed == null ? 0 : seed;
    }

    /// The settings with everything that was given on the command line.
    ///
    /// @throws IllegalArgumentException if a value is out of range or a name unknown
    DecodeSettings apply(DecodeSettings settings) {
        DecodeSettings s = settings;
        s = genLength == null ? s : s.withGenLength(genLength);
        s = blockLength == null ? s : s.withBlockLength(blockLength);
        s = spanLength == null ? s : s.withSpanLength(spanLength);
        s = steps == null ? s : s.withSteps(steps);
        s = attention == null ? s : s.withAttention(attention);
        s = unmasking == null ? s : s.withUnmasking(unmasking);
        s = confidence == null ? s : s.withConfidence(confidence);
        s = adjustments == null ? s : s.withAdjustments(adjustments);
        s = hooks == null ? s : s.withHooks(hooks);
        s = exit == null ? s : s.withExit(exit);
        s = guidance == null ? s : s.withGuidance(guidance);
        s = guidanceInterval == null ? s : s.withGuidanceInterval(guidanceInterval);
        s = cache != null ? s.withCache(cache) : attention instanceof Bidirectional ? s.withCache(new NoCache()) : s;
        s = reuseLogits == null ? s : s.withReuseLogits(reuseLogits);
        s = smoothing == null ? s : s.withSmoothing(smoothing(smoothing));
        s = temperature == null ? s : s.withSampling(s.sampling().withTemperature(temperature));
        s = topK == null ? s : s.withSampling(s.sampling().withTopK(topK));
        s = topP == null ? s : s.withSampling(s.sampling().withTopP(topP));
        s = seed == null ? s : s.withSeed(seed);
        s = stop == null ? s : s.withStop(s.stop().withWhen(stop));
        s = repetition == null ? s : s.withStop(s.stop().withRepetition(repetition));
        return eosIds == null ? s : s.withStop(s.stop().withEosIds(eosIds));
    }

    private static Smoothing smoothing(float[] numbers) {
        if (numbers.length != 3) {
            throw new IllegalArgumentException("smoothing of " + numbers.length + " numbers: needs 3");
        }
        return new Smoothing(numbers[0], numbers[1], numbers[2]);
    }
}
