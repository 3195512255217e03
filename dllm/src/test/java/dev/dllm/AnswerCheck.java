package dev.dllm;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether an answer of the embedded model is right; the rules stand in its model card.
enum AnswerCheck {
    /// The answer and nothing else.
    EXACT {
        @Override
        boolean accepts(String prompt, String answer, String output) {
            return output.strip().equals(answer);
        }
    },
    /// Two steps that use three numbers once each and end at the target.
    COUNTDOWN {
        @Override
        boolean accepts(String prompt, String answer, String output) {
            List<Integer> numbers = new ArrayList<>(
                    NUMBER.matcher(prompt).results().map(MatchResult::group).map(Integer::valueOf).toList());
            int target = prompt.contains("from the numbers") ? numbers.removeFirst() : numbers.remove(3);
            Matcher steps = STEPS.matcher(output.strip());
            if (!steps.matches()) {
                return false;
            }
            int a = Integer.parseInt(steps.group(1));
            int b = Integer.parseInt(steps.group(3));
            int c = Integer.parseInt(steps.group(4));
            int d = Integer.parseInt(steps.group(5));
            int e = Integer.parseInt(steps.group(7));
            int f = Integer.parseInt(steps.group(8));
            List<Integer> left = new ArrayList<>(numbers.subList(0, 3));
            return result(a, steps.group(2), b) == c
                    && result(d, steps.group(6), e) == f
                    && f == target
                    && left.remove((Integer) a)
                    && left.remove((Integer) b)
                    && left.add(c)
                    && left.remove((Integer) d)
                    && left.remove((Integer) e);
        }
    },
    /// A story of the grammar that agrees with the prompt.
    STORY {
        @Override
        boolean accepts(String prompt, String answer, String output) {
            return StoryCheck.accepts(prompt, output.strip());
        }
    };

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern STEPS =
            Pattern.compile("(\\d+) ([-+]) (\\d+) = (\\d+), (\\d+) ([-+]) (\\d+) = (\\d+)");

    abstract boolean accepts(String prompt, String answer, String output);

    private static int result(int left, String operator, int right) {
        return operator.equals("+") ? left + right : left - right;
    }
}
