/// The CPU backend. Found through `ServiceLoader`; exports nothing.
///
/// The Vector API is optional: without `--add-modules jdk.incubator.vector` the scalar kernels run.
module dev.dllm.kernels {
    requires static org.jspecify;
    requires static jdk.incubator.vector;
    requires dev.dllm.runtime;

    provides dev.dllm.runtime.BackendProvider with dev.dllm.kernels.CpuBackendProvider;
}
