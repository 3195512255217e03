package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Host;

/// A function of the engine.
record Function(String name, Body body) implements Host {

    interface Body {
        Value call(Arguments arguments);
    }

    @Override
    public String type() {
        return "function";
    }

    @Override
    public boolean isCallable() {
        return true;
    }

    @Override
    public Value call(Arguments arguments) {
        return body.call(arguments);
    }
}
