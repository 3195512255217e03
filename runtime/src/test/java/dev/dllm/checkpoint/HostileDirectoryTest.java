package dev.dllm.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.DType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which files of a directory are taken, and what can be wrong between them.
class HostileDirectoryTest {

    @TempDir
    private Path parent;

    private Path directory;
    private Arena arena;

    @BeforeEach
    void start() throws IOException {
        directory = Files.createDirectory(parent.resolve("model"));
        arena = Arena.ofConfined();
    }

    @AfterEach
    void stop() {
        arena.close();
    }

    @Test
    void theSingleFileComesFirst() throws IOException {
        shard("model.safetensors", "x");
        shard("other.safetensors", "y");
        index("broken");
        assertTensors("x");
    }

    @Test
    void theIndexNamesTheFiles() throws IOException {
        shard("one.safetensors", "x", "also here");
        shard("two.safetensors", "y");
        shard("not-named.safetensors", "x");
        index("""
                {"metadata":{"total_size":12,"deep":[{}]},
                "weight_map":{"y":"two.safetensors","x":"one.safetensors"}}""");
        assertTensors("x", "also here", "y");
    }

    @Test
    void anIndexMayNameLinks() throws IOException {
        shard("blob", "x");
        Files.createSymbolicLink(directory.resolve("one.safetensors"), Path.of("blob"));
        index("{\"weight_map\":{\"x\":\"one.safetensors\"}}");
        assertTensors("x");
    }

    @Test
    void oneFileOfAnyNameNeedsNoIndex() {
        shard("adapter.safetensors", "x");
        assertTensors("x");
    }

    @Test
    void aCompleteSetNeedsNoIndex() {
        shard("weights-00002-of-00002.safetensors", "y");
        shard("weights-00001-of-00002.safetensors", "x");
        assertTensors("x", "y");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            m-00001-of-00002, m-00001-of-00003
            m-00001-of-00003, m-00003-of-00003
            m-00001-of-00002, n-00002-of-00002
            m-00002-of-00003, m-00003-of-00003
            m-00000-of-00002, m-00001-of-00002
            one, two
            """)
    void anyOtherSetIsAmbiguous(String first, String second) {
        shard(first + ".safetensors", "x");
        shard(second + ".safetensors", "y");
        assertRefused("2 files *.safetensors that make no checkpoint; accepted: model.safetensors, "
                + "model.safetensors.index.json with the files it names, a single *.safetensors, or all of");
    }

    @Test
    void anEmptyDirectory() {
        assertRefused("0 files *.safetensors");
    }

    @Test
    void nothingThere() {
        Path missing = parent.resolve("missing");
        String message = assertThrows(CheckpointException.class, () -> Safetensors.open(missing, arena)).getMessage();
        assertEquals(missing + ": no such file or directory", message);
    }

    @Test
    void aDirectoryInPlaceOfTheFile() throws IOException {
        Files.createDirectory(directory.resolve("model.safetensors"));
        assertRefused("not a regular file");
    }

    @Test
    void aLinkToItself() throws IOException {
        Files.createSymbolicLink(directory.resolve("x.safetensors"), Path.of("x.safetensors"));
        assertRefused("no such file");
    }

    @Test
    void anEmptyFile() throws IOException {
        Files.createFile(directory.resolve("model.safetensors"));
        assertRefused("model.safetensors: truncated: 0 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x.safetensors", "/etc/x.safetensors", "sub/x.safetensors", "..\\\\x.safetensors",
        "C:\\\\x.safetensors", "./x.safetensors", "..", ".", "", "model.bin", "x.safetensors/", "x\\u0000.safetensors",
        ".safetensors"})
    void anIndexThatReachesElsewhere(String name) throws IOException {
        shard("../x.safetensors", "x");
        shard("x.safetensors", "x");
        index("{\"weight_map\":{\"x\":\"" + name + "\"}}");
        assertRefused("accepted: file names ending in .safetensors, without a directory");
    }

    @Test
    void anIndexThatNamesAMissingFile() throws IOException {
        index("{\"weight_map\":{\"x\":\"gone.safetensors\"}}");
        assertRefused("gone.safetensors: no such file");
    }

    @Test
    void anIndexThatNamesAMissingTensor() throws IOException {
        shard("one.safetensors", "x");
        index("{\"weight_map\":{\"x\":\"one.safetensors\",\"y\":\"one.safetensors\"}}");
        assertRefused("tensor 'y' should be in 'one.safetensors', found in no file");
    }

    @Test
    void anIndexThatNamesTheWrongFile() throws IOException {
        shard("one.safetensors", "x");
        shard("two.safetensors", "y");
        index("{\"weight_map\":{\"x\":\"two.safetensors\",\"y\":\"one.safetensors\"}}");
        assertRefused("should be in 'two.safetensors', found in " + directory.resolve("one.safetensors"));
    }

    @Test
    void aTensorInTwoFiles() throws IOException {
        shard("one.safetensors", "x");
        shard("two.safetensors", "y", "x");
        index("{\"weight_map\":{\"x\":\"one.safetensors\",\"y\":\"two.safetensors\"}}");
        assertRefused("tensor 'x' is both in " + directory.resolve("one.safetensors"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                                    | JSON: found nothing; accepted: an object
            {                                                     | broken JSON
            []                                                    | found an array; accepted: an object
            {}                                                    | no weight_map
            {"weight_map":{}}                                     | no weight_map with at least one tensor
            {"weight_map":[]}                                     | JSON at /weight_map: found an array
            {"weight_map":{"x":1}}                                | /weight_map/x: found an integer; accepted: a string
            {"weight_map":{"x":"one.safetensors","x":"one.safetensors"}} | Duplicate
            {"weight_map":{"x":"one.safetensors"},"weight_map":{}} | Duplicate
            {"weight_map":{"x":"one.safetensors"}} {}             | goes on behind
            """)
    void anIndexThatIsNone(String json, String problem) throws IOException {
        shard("one.safetensors", "x");
        index(json);
        assertRefused(problem);
    }

    @Test
    void anIndexBeyondTheLimit() throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(
                directory.resolve("model.safetensors.index.json").toFile(), "rw")) {
            sparse.setLength(100_000_001);
        }
        assertRefused("100000001 bytes; accepted");
    }

    @Test
    void aBrokenShardIsNamed() throws IOException {
        shard("one.safetensors", "x");
        Files.write(directory.resolve("two.safetensors"), new byte[3]);
        index("{\"weight_map\":{\"x\":\"one.safetensors\",\"y\":\"two.safetensors\"}}");
        assertRefused("two.safetensors: truncated: 3 bytes");
    }

    private void shard(String file, String... tensors) {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String tensor : tensors) {
            writer.add(tensor, DType.F32, new long[] {1}, tensor.charAt(0));
        }
        writer.write(directory.resolve(file));
    }

    private void index(String json) throws IOException {
        Files.writeString(directory.resolve("model.safetensors.index.json"), json);
    }

    private void assertTensors(String... names) {
        Checkpoint checkpoint = Safetensors.open(directory, arena);
        assertEquals(List.of(names), checkpoint.tensors().stream().map(TensorInfo::name).toList());
        for (String name : names) {
            assertEquals(name.charAt(0), checkpoint.tensor(name).get(0, 0));
        }
    }

    private void assertRefused(String problem) {
        String message = assertThrows(CheckpointException.class, () -> Safetensors.open(directory, arena)).getMessage();
        assertTrue(message.startsWith(directory.toString()), message);
        assertTrue(message.contains(problem), message);
    }
}
