package dev.dllm.tokenizer.chat;
public final class ChatTemplate {
    public static ChatTemplate parse(String s) { return new ChatTemplate(); }
    public ChatTemplate withVariables(java.util.Map<String, Object> v) { return this; }
}
