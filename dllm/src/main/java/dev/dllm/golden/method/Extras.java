package dev.dllm.golden.method;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationResult;
import dev.dllm.LanguageModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a case records besides output, calls and trace.
public interface Extras {

    /// Nothing.
    Extras NONE = (_, _) -> null;

    /// What watches the run.
    default GenerationListener listener() {
        return GenerationListener.NONE;
    }

    /// Compares what was found with what was recorded, after the run.
    ///
    /// @return where it differs first, or null if it is equal
    @Nullable String differs(LanguageModel model, List<GenerationResult> results);
}
