package dev.bunctl.bridge.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void burstAtLimit_isFree_andOneMoreIsWaitedFor() {
        TokenBucket bucket = new TokenBucket(100, 10, 0);
        assertEquals(0, bucket.take(10, 0));
        assertEquals(10, bucket.take(1, 0));
    }

    @Test
    void debt_isPaidByTime() {
        TokenBucket bucket = new TokenBucket(100, 10, 0);
        assertEquals(1000, bucket.take(110, 0));
        assertEquals(0, bucket.take(0, SECOND));
        assertEquals(10, bucket.take(1, SECOND));
    }

    @Test
    void idleTime_saysNoMoreThanTheBurst() {
        TokenBucket bucket = new TokenBucket(100, 10, 0);
        assertEquals(0, bucket.take(10, 1000 * SECOND));
        assertEquals(10, bucket.take(1, 1000 * SECOND));
    }
}
