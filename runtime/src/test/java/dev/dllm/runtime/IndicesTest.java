package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class IndicesTest {

    @Test
    void viewsShareTheArray() {
        int[] array = {5, 6, 7, 8, 9};
        Indices part = new Indices(array, 1, 4).slice(1, 3);
        assertEquals(2, part.length());
        assertEquals(7, part.get(0));
        array[3] = -1;
        assertEquals(-1, part.get(1));
        assertEquals(0, part.slice(2, 2).length());
        assertEquals(0, Indices.of().length());
    }

    @Test
    void viewsLieInside() {
        int[] array = new int[5];
        assertThrows(IndexOutOfBoundsException.class, () -> new Indices(array, 3, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> new Indices(array, -1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> new Indices(array, 1, Integer.MAX_VALUE));
        Indices part = new Indices(array, 1, 3);
        assertThrows(IndexOutOfBoundsException.class, () -> part.slice(0, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> part.slice(-1, 2));
    }
}
