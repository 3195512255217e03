package example;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;

/// The library example of the README, as an application would write it.
public final class Application {

    private Application() {}

    /// Asks the embedded model a question; prints the text as it becomes final, then as a whole.
    public static void main(String[] arguments) {
        try (LanguageModel model = LanguageModel.embedded(); Session session = model.newSession()) {
            GenerationRequest request = new GenerationRequest(Prompt.chat("What is 12 + 30?"), model.settings());
            System.out.print("streamed: ");
            GenerationResult result = session.generate(request, new GenerationListener() {
                @Override
                public void text(int sequence, String piece) {
                    System.out.print(piece);
                }
            });
            System.out.println();
            System.out.println("text: " + result.text());
            System.out.println("module: " + Application.class.getModule());
            System.out.println("backend: " + model.backendDescription());
        }
    }
}
