package dev.dllm.laws;

import dev.dllm.cache.BlockCache;
import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.NoCache;
import dev.dllm.decode.Acceptance;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Edlm;
import dev.dllm.decode.Guided;
import dev.dllm.decode.OneOf;
import dev.dllm.decode.Unmasking;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ModelSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Why the runtime may refuse a combination. There are no other reasons, and where one of these holds the combination is refused.
enum Refusal {
    FOR_BLOCK_CAUSAL_MODELS("exact for block-causal models only") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return settings.cache() instanceof BlockCache && bidirectional(settings);
        }
    },
    FOR_BIDIRECTIONAL_MODELS("accepted here: bidirectional") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return Set.of("d2cache", "dllm-cache", "sparse").contains(nameOf(settings.cache())) && !bidirectional(settings);
        }
    },
    SEES_LESS_ONCE_FINAL("here they are other ones once it is final") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            boolean exact = settings.cache() instanceof NoCache || settings.cache() instanceof BlockCache cache && !cache.subBlocks();
            return causalContext(settings) && !exact;
        }
    },
    LEFT_TO_RIGHT("reads what is before its window from left to right", "moves its window through whole blocks") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return Set.of("sdlm", "sdlm-verified", "linear-spec").contains(nameOf(settings.unmasking()))
                    && (!causalContext(settings) || settings.spanLength() < settings.blockLength());
        }
    },
    ROUTING_BY_BLOCKS("experts of this model admit") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return (settings.cache().leavesRowsOut() || causalContext(settings)) && model.transformer().routingBlockLength() > 0;
        }
    },
    ORDER_UNKNOWN("needs to know what is decoded next") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return settings.cache().needsOrder() && !settings.unmasking().knowsOrder();
        }
    },
    PREDICTED_BY_THE_ROW_BEFORE("predicted by the rows before them") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return settings.cache().needsOrder() && model.shifted();
        }
    },
    EVERY_ROW_PREDICTS_ITSELF("here each row predicts its own position", "predicts that position of this model") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            String cache = settings.cache().toString();
            return !model.shifted() && (cache.contains("keep-masks") || cache.contains("-1"));
        }
    },
    SEES_ALL_OF_A_GROWING_TEXT("finds the length of the text") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return settings.unmasking().longest(settings.genLength()) > settings.genLength() && !bidirectional(settings);
        }
    },
    NO_EDIT_IDS("names delete_token_id and split_token_id") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return Set.of("insert-delete", "levenshtein").contains(nameOf(settings.unmasking())) && model.editIds().delete().isEmpty();
        }
    },
    NO_EXPAND_ID("names expand_token_id") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return nameOf(settings.unmasking()).equals("expand-delete") && model.editIds().expand().isEmpty();
        }
    },
    JUDGES_BY_THE_SAME_ROW("judges a token by the row of its position") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return nameOf(settings.unmasking()).equals("wino") && model.shifted();
        }
    },
    JUDGES_BY_PLAIN_ROWS("judges tokens by rows that logit hooks, smoothing") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return nameOf(settings.unmasking()).equals("wino")
                    && (settings.smoothing().isPresent() || !settings.hooks().isEmpty() || settings.guidanceInterval() > 1);
        }
    },
    ROWS_OF_THE_CANVAS_ALONE("decides layer by layer") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return nameOf(settings.unmasking()).equals("wino") && settings.cache().decidesByLayer();
        }
    },
    DRAFTS("does not go with") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            boolean drafts = Set.of("freedave", "ssd", "sdlm-verified", "linear-spec").contains(nameOf(settings.unmasking()));
            return drafts && (!settings.cache().allowsDrafts() || settings.sampling().temperature() > 0 || settings.smoothing().isPresent()
                            || settings.exit().isPresent() || !settings.hooks().isEmpty() || settings.guidanceInterval() > 1);
        }
    },
    WHOLE_BLOCKS_BEHIND("adds blocks that earlier ones do not see", "works on whole blocks", "works on more than one block") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return nameOf(settings.unmasking()).equals("d2f")
                    && (!(settings.attention() instanceof AttentionPattern.BlockCausal) || settings.spanLength() < settings.blockLength()
                            || !List.of(new NoCache(), new BlockCache()).contains(settings.cache()));
        }
    },
    TWO_VIEWS("with and without the prompt it would") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return settings.cache().ranksMasks() && settings.guidance() > 0;
        }
    },
    OTHER_ANSWERS("reuse of logits with") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return settings.reuseLogits()
                    && (!settings.cache().isExact() || settings.smoothing().isPresent() || settings.guidanceInterval() > 1);
        }
    },
    DRAFTS_OF_ANOTHER_TEMPERATURE("of drafts that are drawn at temperature") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return settings.unmasking() instanceof Guided guided
                    && guided.acceptance() instanceof Acceptance.Rejection(float temperature)
                    && temperature != settings.sampling().temperature();
        }
    },
    CANDIDATES_THAT_ARE_THE_SAME("all candidates are the same") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return settings.unmasking() instanceof Edlm edlm && edlm.candidates() > 1 && !settings.sampling().draws();
        }
    },
    MORE_THAN_THE_CHOICES("which writes more than what is proposed") {
        @Override
        boolean holds(ModelSpec model, DecodeSettings settings) {
            return settings.hooks().stream().anyMatch(OneOf.class::isInstance) && !settings.unmasking().writesProposalsOnly();
        }
    };

    private final List<String> messages;

    /// @param messages parts of what the runtime says
    Refusal(String... messages) {
        this.messages = List.of(messages);
    }

    abstract boolean holds(ModelSpec model, DecodeSettings settings);

    /// Whether a message states this reason.
    boolean isStatedBy(String message) {
        return messages.stream().anyMatch(message::contains);
    }

    /// All reasons against these settings.
    static List<Refusal> of(ModelSpec model, DecodeSettings settings) {
        return Arrays.stream(values()).filter(refusal -> refusal.holds(model, settings)).toList();
    }

    private static boolean bidirectional(DecodeSettings settings) {
        return settings.attention() instanceof AttentionPattern.Bidirectional;
    }

    private static boolean causalContext(DecodeSettings settings) {
        return settings.attention() instanceof AttentionPattern.CausalContext;
    }

    private static String nameOf(CachePolicy cache) {
        return cache.toString().split(":")[0];
    }

    private static String nameOf(Unmasking rule) {
        return rule.toString().split(":")[0];
    }
}
