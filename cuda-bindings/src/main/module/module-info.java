/// Generated bindings to the CUDA driver, cuBLAS, cuBLASLt and NVRTC. Only the CUDA backend reads this module.
module dev.dllm.cuda.bindings {
    exports dev.dllm.cuda.cublas;
    exports dev.dllm.cuda.cublaslt;
    exports dev.dllm.cuda.driver;
    exports dev.dllm.cuda.nvrtc;
}
