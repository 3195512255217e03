package dev.dllm.tokenizer;

/// Decodes ids as they come. Text is handed out as soon as it can no longer change: never a part of a character, and
/// all of it together is what [Tokenizer#decode] makes of all ids. Not thread-safe.
public final class StreamDecoder {
    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;
    private final DecodeStage.Collector text;
    private final DecodeStage stages;
    private boolean finished;

    StreamDecoder(Tokenizer tokenizer, Decoder decoder, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
        this.text = new DecodeStage.Collector();
        this.stages = decoder.open(text);
    }

    /// The text that is complete with these ids. Ids of no token are skipped.
    ///
    /// @throws IllegalStateException after [#finish]
    public String add(int... ids) {
        if (finished) {
            throw new IllegalStateException("add after finish");
        }
        for (int id : ids) {
            String token = tokenizer.tokenOrNull(id);
            if (token != null && !(skipSpecialTokens && tokenizer.isSpecial(token))) {
                stages.token(token);
            }
        }
        return text.take();
    }

    /// The rest of the text; an incomplete character is U+FFFD. Later calls return nothing.
    public String finish() {
        if (!finished) {
            finished = true;
            stages.finish();
        }
        return text.take();
    }
}
