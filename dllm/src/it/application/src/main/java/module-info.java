/// An application that embeds the library.
module example.application {
    requires dev.dllm;
}
