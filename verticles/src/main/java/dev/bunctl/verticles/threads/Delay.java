package dev.bunctl.verticles.threads;

import java.time.Duration;

/** A clock that can ring: runs something later, on a thread that is there already. */
@FunctionalInterface
public interface Delay {
    void after(Duration time, Runnable task);
}
