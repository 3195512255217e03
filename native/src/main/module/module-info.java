/// The CUDA backend: kernels and the Java that launches them. Found through [dev.dllm.runtime.Backends] as `cuda`.
module dev.dllm.cuda {
    requires static org.jspecify;
    requires dev.dllm.runtime;
    requires dev.dllm.cuda.bindings;

    provides dev.dllm.runtime.BackendProvider with dev.dllm.cuda.CudaBackendProvider;
}
