package dev.dllm.cli;

import dev.dllm.LoadOptions;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.StopRule;
import dev.dllm.embed.Pooling;
import dev.dllm.eval.Cost;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads one of several constants by its name in lower case, words joined by dashes, and lists them all for any other name.
abstract class ConstantConverter<E extends Enum<E>> implements ITypeConverter<E> {
    private final E[] constants;

    private ConstantConverter(Class<E> type) {
        this.constants = type.getEnumConstants();
    }

    @Override
    public E convert(String value) {
        return Arrays.stream(constants)
                .filter(constant -> name(constant).equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + value + "' is not one of "
                        + Arrays.stream(constants)
                                .map(ConstantConverter::name)
                                .collect(Collectors.joining(", "))));
    }

    /// How a constant is written on the command line.
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static final class OfFormat extends ConstantConverter<OutputFormat> {
        OfFormat() {
            super(OutputFormat.class);
        }
    }

    static final class OfConfidence extends ConstantConverter<Confidence> {
        OfConfidence() {
            super(Confidence.class);
        }
    }

    static final class OfStop extends ConstantConverter<StopRule.When> {
        OfStop() {
            super(StopRule.When.class);
        }
    }

    static final class OfWeights extends ConstantConverter<LoadOptions.Weights> {
        OfWeights() {
            super(LoadOptions.Weights.class);
        }
    }

    static final class OfPooling extends ConstantConverter<Pooling> {
        OfPooling() {
            super(Pooling.class);
        }
    }

    static final class OfVoters extends ConstantConverter<VoteOptions.Voters> {
        OfVoters() {
            super(VoteOptions.Voters.class);
        }
    }

    static final class OfCost extends ConstantConverter<Cost> {
        OfCost() {
            super(Cost.class);
        }
    }
}
