package dev.dllm.eval;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// When an answer is right. The rules are those of the embedded model's card; `EXACT` serves any model.
public enum AnswerCheck {
    /// The expected answer and nothing else but white space around it.
    EXACT {
        @Override
        public boolean accepts(String prompt, String answer, String output) {
            return output.strip().equals(answer);
        }
    },
    /// Two steps of plus or minus that use three numbers of the prompt once each and end at its target.
    COUNTDOWN {
        @Override
        public boolean accepts(String prompt, String answer, String output) {
            List<BigInteger> numbers = numbers(prompt);
            BigInteger target = numbers.remove(prompt.contains("from the numbers") ? 0 : 3);
            Matcher steps = STEPS.matcher(output.strip());
            if (!steps.matches()) {
                return false;
            }
            BigInteger a = new BigInteger(steps.group(1));
            BigInteger b = new BigInteger(steps.group(3));
            BigInteger c = new BigInteger(steps.group(4));
            BigInteger d = new BigInteger(steps.group(5));
            BigInteger e = new BigInteger(steps.group(7));
            BigInteger f = new BigInteger(steps.group(8));
            List<BigInteger> left = new ArrayList<>(numbers.subList(0, 3));
            return result(a, steps.group(2), b).equals(c)
                    && result(d, steps.group(6), e).equals(f)
                    && f.equals(target)
                    && left.remove(a)
                    && left.remove(b)
                    && left.add(c)
                    && left.remove(d)
                    && left.remove(e);
        }

        @Override
        void requireJudgeable(String prompt) {
            int found = numbers(prompt).size();
            if (found < 4) {
                throw new IllegalArgumentException(
                        "the prompt of a countdown holds " + found + " numbers; needs three and a target");
            }
        }
    },
    /// A story of the embedded model's grammar that agrees with the prompt.
    STORY {
        @Override
        public boolean accepts(String prompt, String answer, String output) {
            return StoryCheck.accepts(prompt, output.strip());
        }
    };

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern STEPS =
            Pattern.compile("(\\d+) ([-+]) (\\d+) = (\\d+), (\\d+) ([-+]) (\\d+) = (\\d+)");

    /// Whether a model's output is right.
    ///
    /// @param prompt what was asked
    /// @param answer the expected answer
    public abstract boolean accepts(String prompt, String answer, String output);

    /// @throws IllegalArgumentException if no output could answer this prompt
    void requireJudgeable(String prompt) {}

    /// Reads a check as [#toString] writes it.
    ///
    /// @throws IllegalArgumentException if the name is unknown
    public static AnswerCheck parse(String name) {
        return Arrays.stream(values())
                .filter(check -> check.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown check '" + name + "'; known: "
                        + Arrays.stream(values()).map(AnswerCheck::toString).collect(Collectors.joining(", "))));
    }

    /// The name that files of questions use.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static List<BigInteger> numbers(String prompt) {
        return NUMBER.matcher(prompt).results().map(MatchResult::group).map(BigInteger::new)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static BigInteger result(BigInteger left, String operator, BigInteger right) {
        return operator.equals("+") ? left.add(right) : left.subtract(right);
    }
}
