package dev.dllm.cache;

import dev.dllm.choice.Arguments;
import dev.dllm.choice.Choices;
import java.util.List;
import java.util.function.Function;

/// The cache policies by name.
public final class CachePolicies {
    private static final Choices<CachePolicy> POLICIES = new Choices<>("cache policy");

    static {
        add("none", "", _ -> new NoCache());
        add("block", "[commit[,sub-blocks]]", a ->
                new BlockCache(a.constant(0, BlockCache.Commit.class, BlockCache.Commit.MERGED), a.flag(1, "sub-blocks")));
        add("prefix", "[refresh[,every[,before[,after,warm-up]]]]", a -> window(WindowCache.Scope.REST, a));
        add("dual", "[refresh[,every[,before[,after,warm-up]]]]", a -> window(WindowCache.Scope.BLOCK, a));
        add("vicinity", "[before,after[,warm-up[,every]]]", a -> new WindowCache(
                WindowCache.Scope.BLOCK, WindowCache.Refresh.BLOCK, a.whole(0, 16), a.whole(1, 16), cycle(a, 2, 4, 3)));
        add("dkv", "[refresh[,keep-masks]]", a -> new DelayedCache(a.whole(0, 8), false, a.flag(1, "keep-masks")));
        add("dkv-prefill", "[keep-masks]", a -> new DelayedCache(1, true, a.flag(0, "keep-masks")));
        add("dkv-pd", "[refresh[,keep-masks]]", a -> new DelayedCache(a.whole(0, 4), true, a.flag(1, "keep-masks")));
        add("dkv-greedy", "[refresh[,nearby]]", a -> new GreedyCache(a.whole(0, 2), a.whole(1, 4)));
        add("d2cache", "[masks[,nucleus,width,fill]]", a ->
                new D2Cache(a.whole(0, 32), a.decimal(1, 0.1), a.decimal(2, 10), a.whole(3, 4), false));
        add("sparse", "[share[,width]]", a -> new SparseCache(a.decimal(0, 0.5), a.whole(1, 3)));
        add("dllm-cache", "[given,generated,share]", a -> new AdaptiveCache(a.whole(0, 50), a.whole(1, 4), a.decimal(2, 0.25)));
        add("trailing", "[width]", a -> new TrailingCache(a.whole(0, 16)));
        add("freecache", "", _ -> new WindowCache(WindowCache.Scope.REST, WindowCache.Refresh.FINISHED));
    }

    private CachePolicies() {}

    /// Reads a policy as [CachePolicy#toString] writes it: a name, then optionally a colon and values separated by commas.
    ///
    /// @throws IllegalArgumentException if the name is unknown or the values do not fit it
    public static CachePolicy parse(String text) {
        return POLICIES.parse(text);
    }

    /// The name of every policy.
    public static List<String> names() {
        return POLICIES.names();
    }

    /// Every policy with its arguments, for messages and help.
    public static String known() {
        return POLICIES.known();
    }

    private static WindowCache window(WindowCache.Scope scope, Arguments arguments) {
        return new WindowCache(
                scope, arguments.constant(0, WindowCache.Refresh.class, WindowCache.Refresh.BLOCK), arguments.whole(2, 0),
                arguments.whole(3, 0), cycle(arguments, 4, 0, 1));
    }

    private static WindowCache.Cycle cycle(Arguments arguments, int warmUp, int usualWarmUp, int every) {
        return new WindowCache.Cycle(arguments.whole(warmUp, usualWarmUp), arguments.whole(every, 0), false, false);
    }

    private static void add(String name, String arguments, Function<Arguments, CachePolicy> made) {
        POLICIES.add(name, arguments, made);
    }
}
