package dev.dllm.cli;

import dev.dllm.ChatMessage;
import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.tokenizer.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `dllm chat`: a conversation, one line per question.
@Command(
        sortOptions = false,
        abbreviateSynopsis = true,
        name = "chat",
        description = "Talks with a model; on a terminal, answers are shown while they are denoised.",
        footer = {
            "",
            "A line is a question. Lines that begin with / are commands: /help lists them.",
            "The oldest turns are forgotten when the conversation no longer fits the model's",
            "context.",
            "",
            "Examples:",
            "  dllm chat",
            "  dllm chat --model DIR --system \"Answer in one sentence.\" --gen-length 512"
        })
final class ChatCommand implements Callable<Integer> {
    private static final String HELP = """
            /help   show this list
            /reset  forget what has been said
            /exit   leave; the end of input does the same
            """;

    private final Terminal terminal;
    private final InputStream in;
    private volatile @Nullable LiveCanvas drawing;

    @ArgGroup(exclusive = false, validate = false, heading = "%nThe model:%n", order = 20)
    private ModelOptions model = new ModelOptions();

    @ArgGroup(exclusive = false, validate = false, heading = DecodeOptions.HEADING, order = 10)
    private DecodeOptions decode = new DecodeOptions();

    @Mixin private HelpOption help = new HelpOption();

    @Option(names = "--system", paramLabel = "TEXT", description = "System message of the conversation.")
    private @Nullable String system;

    ChatCommand(Terminal terminal, InputStream in) {
        this.terminal = terminal;
        this.in = in;
    }

    @Override
    public Integer call() {
        if (terminal.drawsInPlace()) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::stopDrawing));
        }
        try (LanguageModel loaded = model.load();
                LanguageModel judge = decode.loadVerifier(model.options());
                Session session = loaded.newSession()) {
            DecodeSettings settings = decode.apply(loaded.settings(), judge);
            decode.warn(settings, terminal);
            Tokenizer tokenizer = loaded.tokenizer()
                    .filter(_ -> loaded.takesChats())
                    .orElseThrow(() -> new InvalidRequestException(
                            loaded.source() + " has no chat template; chat needs one, generate does not"));
            say("Chat with " + loaded.source() + ". /help lists commands, /exit leaves.");
            talk(loaded, session, settings, tokenizer);
        }
        return 0;
    }

    private void talk(LanguageModel loaded, Session session, DecodeSettings settings, Tokenizer tokenizer) {
        Conversation conversation = new Conversation(system);
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = ask(lines); line != null && !terminal.out().checkError(); line = ask(lines)) {
            if (!line.startsWith("/")) {
                try {
                    answer(line.strip(), conversation, loaded, session, settings, tokenizer);
                } catch (RuntimeException e) {
                    Main.report(e, terminal);
                }
            } else if (leaves(line.strip(), conversation)) {
                return;
            }
        }
        say("");
    }

    /// Obeys a command.
    ///
    /// @return whether it ends the chat
    private boolean leaves(String command, Conversation conversation) {
        switch (command) {
            case "/help" -> terminal.out().print(HELP);
            case "/reset" -> {
                conversation.reset();
                say("Forgotten.");
            }
            case "/exit" -> { }
            default -> terminal.err().println("dllm: unknown command '" + command
                    + "'; /help lists commands; with a blank before it, it is a question");
        }
        return command.equals("/exit");
    }

    private void answer(
            String question, Conversation conversation, LanguageModel loaded, Session session, DecodeSettings settings,
            Tokenizer tokenizer) {
        if (question.isEmpty()) {
            return;
        }
        int limit = loaded.spec().transformer().contextLimit() - settings.genLength();
        int forgotten = conversation.trim(question, messages -> loaded.tokenize(Prompt.chat(messages)).length, limit);
        if (forgotten > 0) {
            terminal.err().println("dllm: the conversation exceeds the model's context; its oldest "
                    + (forgotten == 1 ? "turn is" : forgotten + " turns are") + " forgotten");
        }
        List<ChatMessage> messages = conversation.with(question);
        GenerationRequest request = new GenerationRequest(Prompt.chat(messages), settings);
        GenerationResult result = terminal.drawsInPlace()
                ? draw(request, session, tokenizer)
                : print(request, session);
        if (terminal.reportsToTerminal()) {
            terminal.err().println(ResultWriter.summary(result));
        }
        conversation.add(question, result.text());
    }

    private GenerationResult draw(GenerationRequest request, Session session, Tokenizer tokenizer) {
        Terminal.Screen screen = terminal.screen();
        CanvasView view = new CanvasView(screen.columns() - 1, screen.color());
        try (LiveCanvas canvas = new LiveCanvas(
                terminal.out(), view, screen.rows(), tokenizer, request.settings().stop(),
                request.settings().genLength())) {
            drawing = canvas;
            GenerationResult result = session.generate(request, canvas);
            canvas.finish();
            return result;
        }
    }

    private GenerationResult print(GenerationRequest request, Session session) {
        GenerationResult result = session.generate(request, new GenerationListener() {
            @Override
            public void text(int sequence, String piece) {
                terminal.out().print(piece);
                terminal.out().flush();
            }
        });
        terminal.out().println();
        return result;
    }

    private void stopDrawing() {
        LiveCanvas canvas = drawing;
        if (canvas != null) {
            canvas.close();
        }
    }

    /// The next line of input, null at its end.
    private @Nullable String ask(BufferedReader lines) {
        if (terminal.readsFromTerminal() && terminal.writesToTerminal()) {
            terminal.out().print("> ");
            terminal.out().flush();
        }
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException("standard input", e);
        }
    }

    /// A remark for whoever sits at the terminal.
    private void say(String remark) {
        if (terminal.readsFromTerminal() && terminal.writesToTerminal()) {
            terminal.out().println(remark);
        }
    }
}
