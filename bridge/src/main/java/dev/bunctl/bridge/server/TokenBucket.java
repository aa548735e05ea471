package dev.bunctl.bridge.server;

/** Counts frames against a rate. What is over it becomes a debt that is waited for, so nothing is lost. Used from one thread. */
public final class TokenBucket {
    private static final double NANOS = 1e9;

    private final double ratePerSecond;
    private final double burst;
    private double allowance;
    private long lastNanos;

    /**
     * Allows {@code burst} frames at once, and {@code ratePerSecond} in the long run.
     *
     * @param nowNanos as {@link System#nanoTime} tells
     */
    public TokenBucket(int ratePerSecond, int burst, long nowNanos) {
        this.ratePerSecond = ratePerSecond;
        this.burst = burst;
        this.allowance = burst;
        this.lastNanos = nowNanos;
    }

    /** Takes frames that have come; how long to wait before more are read, in whole milliseconds, 0 for not at all. */
    public long take(int frames, long nowNanos) {
        allowance = Math.min(burst, allowance + (nowNanos - lastNanos) * ratePerSecond / NANOS);
        lastNanos = nowNanos;
        allowance -= frames;
        return allowance >= 0 ? 0 : (long) Math.ceil(-allowance * 1000 / ratePerSecond);
    }
}
