package dev.dllm.golden.method;

import dev.dllm.golden.UnsupportedCaseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// How the methods of the golden sets map to our settings, a file per group of references.
public final class GoldenMethods {
    private static final List<Function<GoldenRun, Optional<DecodeCase>>> GROUPS = List.of(
            LladaMethods::map,
            DreamMethods::map,
            Llada2Methods::map,
            SdarMethods::map,
            FastDllmMethods::map,
            DkvMethods::map,
            FreeCacheMethods::map,
            LayerCacheMethods::map,
            FastDllmV2Methods::map,
            Rnd1Methods::map,
            A2dMethods::map,
            DinferMethods::map,
            ServingMethods::map,
            DimpleMethods::map,
            D2CacheMethods::map,
            KlassMethods::map,
            RemaskingMethods::map,
            ExitMethods::map,
            InsertDeleteMethods::map,
            LengthMethods::map,
            WinoMethods::map,
            FreeDaveMethods::map,
            VerifiedMethods::map,
            D2fMethods::map,
            VotingMethods::map);

    /// Parameters that say what the run is told otherwise, or nothing.
    private static final List<String> INERT = List.of("mask_id", "mask_token_id", "attention_mask", "pad_id");

    private GoldenMethods() {}

    /// @throws UnsupportedCaseException if the method or one of its parameters is unknown
    public static DecodeCase of(GoldenRun run) {
        DecodeCase found = GROUPS.stream()
                .map(group -> group.apply(run))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new UnsupportedCaseException("decoding method '" + run.method() + "'"));
        INERT.forEach(run.params()::ignore);
        run.params().requireAllRead();
        return found;
    }
}
