package dev.dllm.cuda.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cuda.cublas.Cublas;
import dev.dllm.cuda.cublaslt.CublasLt;
import dev.dllm.cuda.cublaslt.cublasLtMatmulAlgo_t;
import dev.dllm.cuda.cublaslt.cublasLtMatmulHeuristicResult_t;
import dev.dllm.cuda.driver.CUDA_MEMCPY2D_st;
import dev.dllm.cuda.driver.CUaccessPolicyWindow_st;
import dev.dllm.cuda.driver.CUgraphExecUpdateResultInfo_st;
import dev.dllm.cuda.driver.CUlaunchAttributeValue_union;
import dev.dllm.cuda.driver.CUlaunchAttribute_st;
import dev.dllm.cuda.driver.CUlaunchConfig_st;
import dev.dllm.cuda.driver.CUlaunchMemSyncDomainMap_st;
import dev.dllm.cuda.driver.CUmemLocation_st;
import dev.dllm.cuda.driver.CUmemPoolProps_st;
import dev.dllm.cuda.driver.CUtensorMap_st;
import dev.dllm.cuda.driver.CudaDriver;
import dev.dllm.cuda.nvrtc.Nvrtc;
import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratedBindingsTest {

    private static final Path CLASSES = Path.of("target/classes");

    /// Everything but the holders of functions, which look for their symbol when they are initialised, and are unusable
    /// for ever after if it is not there yet.
    @Test
    void everyClassInitialisesWithoutTheLibraries() throws Exception {
        int initialised = 0;
        for (String name : classNames()) {
            Class<?> loaded = Class.forName(name, false, getClass().getClassLoader());
            if (!isFunction(loaded)) {
                Class.forName(name, true, getClass().getClassLoader());
                initialised++;
            }
        }
        assertTrue(initialised >= 21, initialised + " classes, fewer than source files");
    }

    @ParameterizedTest
    @CsvSource({
        "includes-driver.txt,   dev.dllm.cuda.driver.CudaDriver",
        "includes-cublas.txt,   dev.dllm.cuda.cublas.Cublas",
        "includes-cublaslt.txt, dev.dllm.cuda.cublaslt.CublasLt",
        "includes-nvrtc.txt,    dev.dllm.cuda.nvrtc.Nvrtc"
    })
    void theSourcesAreWhatTheFiltersAskFor(String filter, String headerClass) throws Exception {
        Class<?> header = Class.forName(headerClass);
        Map<String, Set<String>> names = included(Path.of("jextract", filter));

        Set<String> functions = Arrays.stream(header.getDeclaredClasses())
                .filter(GeneratedBindingsTest::isFunction)
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
        assertEquals(names.get("function"), functions);

        assertFalse(names.get("constant").isEmpty());
        for (String constant : names.get("constant")) {
            header.getMethod(constant).invoke(null);
        }
        for (String kind : List.of("struct", "union", "typedef")) {
            for (String type : names.getOrDefault(kind, Set.of())) {
                Class.forName(header.getPackageName() + "." + type);
            }
        }
    }

    /// Sizes as a C compiler lays these types out on 64-bit Linux.
    @Test
    void layoutsHaveTheSizesOfTheCompiler() {
        Map<GroupLayout, Long> sizes = Map.ofEntries(
                Map.entry(CUDA_MEMCPY2D_st.layout(), 128L),
                Map.entry(CUaccessPolicyWindow_st.layout(), 32L),
                Map.entry(CUgraphExecUpdateResultInfo_st.layout(), 24L),
                Map.entry(CUlaunchAttributeValue_union.layout(), 64L),
                Map.entry(CUlaunchAttribute_st.layout(), 72L),
                Map.entry(CUlaunchConfig_st.layout(), 56L),
                Map.entry(CUlaunchMemSyncDomainMap_st.layout(), 2L),
                Map.entry(CUmemLocation_st.layout(), 8L),
                Map.entry(CUmemPoolProps_st.layout(), 88L),
                Map.entry(CUtensorMap_st.layout(), 128L),
                Map.entry(cublasLtMatmulAlgo_t.layout(), 64L),
                Map.entry(cublasLtMatmulHeuristicResult_t.layout(), 96L));
        sizes.forEach((layout, size) -> assertEquals(size, layout.byteSize(), layout::toString));
        assertEquals(24, CUlaunchConfig_st.sharedMemBytes$offset());
        assertEquals(32, CUlaunchConfig_st.hStream$offset());
        assertEquals(40, CUlaunchConfig_st.attrs$offset());
        assertEquals(8, CUlaunchAttribute_st.value$offset());
        assertEquals(120, CUDA_MEMCPY2D_st.Height$offset());
    }

    @Test
    void constantsAreThoseOfCuda13() {
        assertEquals(13000, CudaDriver.CUDA_VERSION());
        assertEquals(75, CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR());
        assertEquals(130101, Cublas.CUBLAS_VERSION());
        assertEquals(0, CublasLt.CUBLAS_STATUS_SUCCESS());
        assertEquals(6, Nvrtc.NVRTC_ERROR_COMPILATION());
    }

    private static List<String> classNames() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("module-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }

    private static boolean isFunction(Class<?> generated) {
        return Arrays.stream(generated.getDeclaredFields()).anyMatch(field -> field.getName().equals("ADDR"));
    }

    /// The names in a filter file by kind: function, constant, struct …
    private static Map<String, Set<String>> included(Path filter) throws IOException {
        String option = "--include-";
        try (Stream<String> lines = Files.lines(filter)) {
            return lines.filter(line -> line.startsWith(option))
                    .map(line -> line.substring(option.length()).split(" "))
                    .collect(Collectors.groupingBy(
                            words -> words[0], Collectors.mapping(words -> words[1], Collectors.toSet())));
        }
    }
}
