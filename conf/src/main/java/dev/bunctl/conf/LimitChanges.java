package dev.bunctl.conf;

import java.util.Optional;

/**
 * Which limits of an app become others, while it runs.
 *
 * @param maxMemory bytes
 * @param maxMemoryRestart bytes
 * @param maxCpuPercent 100 is one core
 */
public record LimitChanges(
        Wish<Long> maxMemory,
        Wish<Long> maxMemoryRestart,
        Wish<Double> maxCpuPercent,
        Wish<Integer> cpuWeight,
        Wish<Integer> maxProcesses) {
    /** What is wanted of one limit. */
    public sealed interface Wish<T> {
        /** It stays as it is. */
        record Keep<T>() implements Wish<T> {}

        /** There is none from now on. */
        record Lift<T>() implements Wish<T> {}

        /** It becomes this value. */
        record Become<T>(T value) implements Wish<T> {}

        default Optional<T> over(Optional<T> former) {
            return switch (this) {
                case Keep<T>() -> former;
                case Lift<T>() -> Optional.empty();
                case Become<T>(T value) -> Optional.of(value);
            };
        }
    }

    /** Whether every limit stays. */
    public boolean isNone() {
        return maxMemory instanceof Wish.Keep
                && maxMemoryRestart instanceof Wish.Keep
                && maxCpuPercent instanceof Wish.Keep
                && cpuWeight instanceof Wish.Keep
                && maxProcesses instanceof Wish.Keep;
    }
}
