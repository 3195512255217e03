package dev.dllm.tokenizer;

/// A token that is found in the text before anything else is done to it, whatever the merges say.
///
/// @param content    the text
/// @param singleWord only where no word character is next to it
/// @param lstrip     takes the white space before it along
/// @param rstrip     takes the white space after it along
/// @param normalized looked for in normalized text, itself normalized; else in the text as it came
/// @param special    left out of decoded text on request
record AddedToken(
        String content, boolean singleWord, boolean lstrip, boolean rstrip, boolean normalized, boolean special) {
    /// Longer ones would make the search for them slow.
    private static final int MAX_LENGTH = 4096;

    /// A special token without options.
    static AddedToken special(String content) {
        return new AddedToken(content, false, false, false, false, true);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddedToken token && content.equals(token.content) && singleWord == token.singleWord
                && lstrip == token.lstrip && rstrip == token.rstrip && normalized == token.normalized
                && special == token.special;
    }

    @Override
    public int hashCode() {
        return content.hashCode();
    }

    /// As `tokenizer.json` and `tokenizer_config.json` write it; absent options have the library's defaults.
    ///
    /// @param special used where the file does not say
    static AddedToken read(JsonObject object, boolean special) {
        object.allowOnly("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special", "__type");
        String content = object.string("content");
        if (content.length() > MAX_LENGTH || !WellFormed.isWellFormed(content)) {
            throw object.unaccepted("content", "well-formed text of at most " + MAX_LENGTH + " characters");
        }
        boolean isSpecial = object.bool("special", special);
        return new AddedToken(content, object.bool("single_word", false), object.bool("lstrip", false),
                object.bool("rstrip", false), object.bool("normalized", !isSpecial), isSpecial);
    }
}
