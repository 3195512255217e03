package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergeQueueTest {

    @Test
    void lowestRankThenLeftmostFirst() {
        Random random = new Random(1);
        MergeQueue queue = new MergeQueue(2);
        PriorityQueue<Long> expected = new PriorityQueue<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(3) > 0) {
                int rank = random.nextInt(50);
                int position = random.nextInt(1 << 30);
                queue.add(rank, position);
                expected.add((long) rank << 32 | position);
            } else if (!expected.isEmpty()) {
                long top = queue.poll();
                assertEquals(expected.poll(), (long) MergeQueue.rank(top) << 32 | MergeQueue.position(top));
            }
        }
        while (!queue.isEmpty()) {
            assertEquals(expected.poll(), queue.poll());
        }
        assertTrue(expected.isEmpty());
    }
}
