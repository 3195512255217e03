package dev.dllm.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.DType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be wrong inside one file, each with the words that its message must hold.
class HostileFileTest {

    /// `{"x": {...}}` over four bytes of data.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "dtype":"F32","shape":[1],"data_offsets":[0,5]        | x      | begin <= end <= 4
            "dtype":"F32","shape":[1],"data_offsets":[4,0]        | x      | begin <= end
            "dtype":"F32","shape":[1],"data_offsets":[-4,0]       | /x/data_offsets/0 | found -4; accepted: 0 or more
            "dtype":"F32","shape":[1],"data_offsets":[0]          | x      | [begin, end]
            "dtype":"F32","shape":[1],"data_offsets":[0,4,4]      | /x/data_offsets/2 | up to 2 elements
            "dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807] | x | begin <= end <= 4
            "dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615] | 18446744073709551615 | out of range
            "dtype":"F32","shape":[1],"data_offsets":4            | /data_offsets | found an integer; accepted: an array
            "dtype":"F32","shape":[2],"data_offsets":[0,4]        | x      | takes 64 bits, but its data_offsets hold 4
            "dtype":"F64","shape":[1],"data_offsets":[0,4]        | x      | F64[1] takes 64 bits
            "dtype":"F4","shape":[9],"data_offsets":[0,4]         | x      | F4[9] takes 36 bits
            "dtype":"F32","shape":[0],"data_offsets":[0,4]        | x      | F32[0] takes 0 bits
            "dtype":"F32","shape":[-1],"data_offsets":[0,4]       | /x/shape/0 | found -1; accepted: 0 or more
            "dtype":"F32","shape":[1.0],"data_offsets":[0,4]      | /x/shape/0 | fraction or exponent; accepted
            "dtype":"F32","shape":[1e0],"data_offsets":[0,4]      | /x/shape/0 | fraction or exponent; accepted
            "dtype":"F32","shape":["1"],"data_offsets":[0,4]      | /x/shape/0 | found a string; accepted: an integer
            "dtype":"F32","shape":[null],"data_offsets":[0,4]     | /x/shape/0 | accepted: an integer
            "dtype":"F32","shape":{},"data_offsets":[0,4]         | /x/shape | found an object; accepted: an array
            "dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4] | x | more than 2^63 - 1
            "dtype":"F32","shape":[576460752303423488],"data_offsets":[0,4] | x | more than 2^63 - 1
            "dtype":"WHAT","shape":[4294967296,4294967296],"data_offsets":[0,4] | x | more than 2^63 - 1
            "dtype":32,"shape":[1],"data_offsets":[0,4]           | /x/dtype | found an integer; accepted: a string
            "shape":[1],"data_offsets":[0,4]                      | x      | no dtype
            "dtype":"F32","data_offsets":[0,4]                    | x      | no shape
            "dtype":"F32","shape":[1]                             | x      | no data_offsets
            "dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4] | dtype | Duplicate
            "dtype":"F32","shape":[1],"data_offsets":[0,4],"y":NaN | NaN   | broken JSON
            """)
    void aTensorThatIsNot(String fields, String where, String problem) {
        assertRefused(SafetensorsWriter.file("{\"x\":{" + fields + "}}", new byte[4]), where, problem);
    }

    /// Whole headers over four bytes of data; X stands for what describes four bytes as F32[1].
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                 | does not begin with '{'
            [{}]                               | does not begin with '{'
            ` {}`                              | does not begin with '{'
            {                                  | broken JSON
            {"x":X                             | broken JSON
            {"x":X,}                           | broken JSON
            {x:X}                              | broken JSON
            {"x":X}}                           | broken JSON
            {"x":X}{}                          | goes on behind
            {"x":X} true                       | goes on behind
            {"x":X,"x":X}                      | Duplicate
            {"x":[]}                           | JSON at /x: found an array; accepted: an object
            {"__metadata__":[]}                | JSON at /__metadata__: found an array; accepted: an object
            {"__metadata__":{"a":1}}           | JSON at /__metadata__/a: found an integer; accepted: a string
            {"__metadata__":{"a":"","a":""}}   | Duplicate
            {"x":X,"y":X}                      | overlap
            {}                                 | 4 bytes of data, but its tensors end at 0
            {"x":{"dtype":"I8","shape":[3],"data_offsets":[0,3]}} | 4 bytes of data, but its tensors end at 3
            {"x":{"dtype":"I8","shape":[3],"data_offsets":[1,4]}} | leave a hole; accepted: begin 0
            """)
    void aHeaderThatIsNot(String header, String problem) {
        String x = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        assertRefused(SafetensorsWriter.file(header.replace("X", x), new byte[4]), "memory", problem);
    }

    @Test
    void partialOverlapsAndHolesBetweenTensors() {
        String header = """
                {"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},
                "b":{"dtype":"I8","shape":[%d],"data_offsets":[%d,4]}}""";
        assertRefused(SafetensorsWriter.file(header.formatted(3, 1), new byte[4]), "'b'", "overlap");
        assertRefused(SafetensorsWriter.file(header.formatted(1, 3), new byte[4]), "'b'", "hole; accepted: begin 2");
    }

    @Test
    void everyTruncation() {
        byte[] file = new SafetensorsWriter().add("x", DType.F32, new long[] {2}, 1, 2).toBytes();
        int dataBegin = file.length - 8;
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            if (length < dataBegin) {
                assertRefused(cut, "memory", "truncated");
            } else {
                assertRefused(cut, "'x'", "begin <= end <= " + (length - dataBegin));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001})
    void aHeaderLengthBeyondTheLimit(long length) {
        assertRefused(withHeaderLength(length), "memory", "header length " + Long.toUnsignedString(length));
    }

    @Test
    void aHeaderLengthBeyondTheFile() {
        assertRefused(withHeaderLength(100_000_000), "memory", "a header of 100000000 bytes should follow, found 2");
    }

    /// 100 MB that take no room on disk: reading such a header must not take them in memory either.
    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"", "{\"x\":{\"dtype\":\""})
    void aHugeHeaderOfZeros(String begin, @TempDir Path directory) throws IOException {
        Path file = directory.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(SafetensorsWriter.file(begin));
            sparse.seek(0);
            sparse.writeLong(Long.reverseBytes(100_000_000));
            sparse.setLength(100_000_008);
        }
        try (Arena arena = Arena.ofConfined()) {
            String message = assertThrows(CheckpointException.class, () -> Safetensors.open(file, arena)).getMessage();
            assertTrue(message.contains("broken JSON"), message);
        }
    }

    @Test
    void longNamesAndStrings() {
        String endless = "n".repeat(1_000_000);
        assertRefused(SafetensorsWriter.file("{\"" + endless + "\":{}}"), "memory", "broken JSON");
        assertRefused(SafetensorsWriter.file("{\"x\":{\"dtype\":\"" + endless + "\"}}"), "memory", "broken JSON");
        String name = "n".repeat(40_000);
        String message = assertRefused(SafetensorsWriter.file("{\"" + name + "\":{}}"), "nnn", "no dtype");
        assertTrue(message.length() < 1000, "message of " + message.length());
    }

    @Test
    void longMetadataIsNoReasonToRefuse() {
        Checkpoint checkpoint = open(new SafetensorsWriter().metadata("notes", "n".repeat(1_000_000)).toBytes());
        assertEquals(0, checkpoint.tensors().size());
    }

    @Test
    void deepNesting() {
        for (String open : new String[] {"[", "{\"a\":"}) {
            assertRefused(SafetensorsWriter.file("{\"x\":{\"y\":" + open.repeat(1_000_000)), "memory", "depth");
        }
    }

    @Test
    void tooManyExtents() {
        String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[1%s],\"data_offsets\":[0,4]}}";
        assertEquals(64, open(SafetensorsWriter.file(header.formatted(",1".repeat(63)), new byte[4]))
                .info("x").orElseThrow().shape().size());
        byte[] tooMany = SafetensorsWriter.file(header.formatted(",1".repeat(64)), new byte[4]);
        assertRefused(tooMany, "/x/shape/64", "up to 64");
    }

    @Test
    void textThatIsNoUtf8() {
        byte[] file = SafetensorsWriter.file("{\"?\":{}}");
        for (int wrong : new int[] {0x80, 0xc0, 0xff}) {
            file[10] = (byte) wrong;
            assertRefused(file, "memory", "broken JSON");
        }
        byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16LE);
        byte[] wide = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(4).put(utf16).array();
        assertRefused(wide, "memory", "broken JSON");
    }

    @Test
    void namesCannotForgeMessages() {
        byte[] file = SafetensorsWriter.file("{\"\\n\\u001b[2J\\u202e\\ud800/\":{}}");
        String message = assertRefused(file, "memory", "no dtype");
        assertTrue(message.contains("tensor '\\u{a}\\u{1b}[2J\\u{202e}\\u{d800}/'"), message);
    }

    @Test
    void aTypeThatCannotBeComputedWithIsRefusedOnUse() {
        Checkpoint checkpoint = open(new SafetensorsWriter()
                .add("x", "F8_E4M3", new long[] {3}, new byte[3])
                .add("y", "Q\u00bf", new long[] {17, 5}, new byte[3])
                .toBytes());
        assertEquals(2, checkpoint.tensors().size());
        assertUseRefused(checkpoint, "x", "dtype 'F8_E4M3'");
        assertUseRefused(checkpoint, "y", "dtype 'Q\u00bf'");
    }

    @Test
    void aShapeThatMakesNoMatrixIsRefusedOnUse() {
        String empty = "{\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[0,0]}}";
        for (String shape : new String[] {"0", "5,0", "0,2147483648", "0,9223372036854775807"}) {
            Checkpoint checkpoint = open(SafetensorsWriter.file(empty.formatted("x", shape)));
            assertUseRefused(checkpoint, "x", "accepted: up to 2147483647 rows and 1 to 2147483647 columns");
        }
    }

    /// 2 GiB that take no room on disk.
    @Test
    void moreRowsThanAnIntCountsAreRefusedOnUse(@TempDir Path directory) throws IOException {
        String header = "{\"x\":{\"dtype\":\"I8\",\"shape\":[2,1073741824,1],\"data_offsets\":[0,2147483648]}}";
        Path file = directory.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(SafetensorsWriter.file(header));
            sparse.setLength(sparse.length() + 2_147_483_648L);
        }
        try (Arena arena = Arena.ofConfined()) {
            Checkpoint checkpoint = Safetensors.open(file, arena);
            String message = assertThrows(CheckpointException.class, () -> checkpoint.tensor("x")).getMessage();
            assertTrue(message.contains("a matrix of 2147483648 x 1; accepted: up to 2147483647 rows"), message);
        }
    }

    @Test
    void aNameThatIsNotThere() {
        assertUseRefused(open(new SafetensorsWriter().toBytes()), "lm_head.weight", "no tensor 'lm_head.weight'");
    }

    private static byte[] withHeaderLength(long length) {
        byte[] file = SafetensorsWriter.file("{}");
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        return file;
    }

    private static void assertUseRefused(Checkpoint checkpoint, String tensor, String problem) {
        String message = assertThrows(CheckpointException.class, () -> checkpoint.tensor(tensor)).getMessage();
        assertTrue(message.startsWith("memory: ") && message.contains(tensor) && message.contains(problem), message);
    }

    private static String assertRefused(byte[] file, String where, String problem) {
        String message = assertThrows(CheckpointException.class, () -> open(file)).getMessage();
        assertTrue(message.startsWith("memory: "), message);
        assertTrue(message.contains(where), message);
        assertTrue(message.contains(problem), message);
        return message;
    }

    private static Checkpoint open(byte[] file) {
        MemorySegment memory = Arena.ofAuto().allocate(file.length).copyFrom(MemorySegment.ofArray(file));
        return Safetensors.of(memory, "memory");
    }
}
