package dev.dllm.eval;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.FinishReason;
import dev.dllm.eval.EvalReport.Tally;
import dev.dllm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// Asks a model questions under one decoding setting after another, always the same ones in the same order.
///
/// ```java
/// try (Evaluation evaluation = new Evaluation(model, Questions.read(file), Prompt::chat, 16)) {
///     EvalReport report = evaluation.run(new EvalSetting("preset", model.settings(), true), _ -> {});
///     System.out.println(report.accuracy() + " at " + report.positionsPerPrompt() + " positions per prompt");
/// }
/// ```
///
/// Everything in a report but the seconds is a function of model, questions and setting. One thread at a time; close it before
/// the model.
public final class Evaluation implements AutoCloseable {
    private static final int SHOWN = 40;

    private final Session session;
    private final List<Question> questions;
    private final int[] answerTokens;
    private final Function<String, Prompt> asked;
    private final int batchSize;

    /// @param questions at least one
    /// @param asked     what a question's text is to the model: `Prompt::chat`, or `Prompt::text` for models without a chat
    ///                  template
    /// @param batchSize prompts per generation, 1 or more; changes no answer and no count, only the time
    /// @throws InvalidRequestException if the model has no tokenizer
    public Evaluation(LanguageModel model, List<Question> questions, Function<String, Prompt> asked, int batchSize) {
        if (questions.isEmpty() || batchSize < 1) {
            throw new IllegalArgumentException(
                    questions.size() + " questions in batches of " + batchSize + ": needs at least 1 of each");
        }
        Tokenizer tokenizer = model.tokenizer().orElseThrow(() ->
                new InvalidRequestException(model.source() + " has no tokenizer.json; questions are texts, so they need one"));
        this.questions = List.copyOf(questions);
        this.answerTokens = questions.stream()
                .mapToInt(question -> tokenizer.encode(question.answer(), false).length)
                .toArray();
        this.asked = asked;
        this.batchSize = batchSize;
        this.session = model.newSession();
    }

    /// Asks all questions, after one generation of the first batch that is not counted.
    ///
    /// If the thread is interrupted, the run ends before its next network call with the batches finished so far; the thread
    /// stays interrupted.
    ///
    /// @param progress told after every batch what it has come to so far
    /// @throws IllegalArgumentException if the setting does not fit the model or a question; the message says why
    public EvalReport run(EvalSetting setting, Consumer<EvalReport> progress) {
        EvalReport report = new EvalReport(setting.name(), new TreeMap<>(), 0, questions.size(), 0, 0, 0, 0);
        generate(setting, 0);
        for (int from = 0; from < questions.size(); from += batchSize) {
            List<GenerationResult> results = generate(setting, from);
            if (results.stream().anyMatch(result -> result.finishReason() == FinishReason.CANCELLED)) {
                break;
            }
            report = plus(report, from, results);
            progress.accept(report);
        }
        return report;
    }

    /// Frees the memory of the generations.
    @Override
    public void close() {
        session.close();
    }

    private List<GenerationResult> generate(EvalSetting setting, int from) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = from; i < Math.min(from + batchSize, questions.size()); i++) {
            requests.add(new GenerationRequest(asked.apply(questions.get(i).prompt()), setting.settings(answerTokens[i])));
        }
        try {
            return session.generate(requests, GenerationListener.NONE);
        } catch (InvalidRequestException e) {
            throw named(requests, from, e);
        }
    }

    /// The refusal with the question that it is about, unless it is about all of them.
    private InvalidRequestException named(List<GenerationRequest> requests, int from, InvalidRequestException refusal) {
        List<Integer> refused = new ArrayList<>();
        boolean alike = true;
        for (int i = 0; i < requests.size(); i++) {
            try {
                session.generate(requests.get(i), GenerationListener.NONE);
                alike = false;
            } catch (InvalidRequestException e) {
                refused.add(from + i);
                alike &= String.valueOf(e.getMessage()).equals(refusal.getMessage());
            }
        }
        if (refused.isEmpty() || alike && from == 0) {
            return refusal;
        }
        int first = refused.getFirst();
        return new InvalidRequestException(
                "question %d, \"%s\": %s".formatted(first + 1, start(questions.get(first).prompt()), refusal.getMessage()));
    }

    private static String start(String prompt) {
        return prompt.length() <= SHOWN ? prompt : prompt.substring(0, SHOWN) + "…";
    }

    private EvalReport plus(EvalReport report, int from, List<GenerationResult> results) {
        TreeMap<String, Tally> families = new TreeMap<>(report.families());
        long calls = report.calls();
        long positions = report.positions();
        long tokens = report.tokens();
        for (int i = 0; i < results.size(); i++) {
            Question question = questions.get(from + i);
            GenerationResult result = results.get(i);
            Tally tally = families.getOrDefault(question.family(), new Tally(0, 0));
            families.put(question.family(), tally.plus(question.isAnsweredBy(result.text())));
            calls += result.calls();
            positions += result.positionsComputed();
            tokens += result.ids().length;
        }
        return new EvalReport(
                report.setting(), families, report.prompts() + results.size(), report.of(), calls, positions, tokens,
                report.seconds() + results.getFirst().seconds());
    }
}
