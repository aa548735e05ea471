package dev.bunctl.conf;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a running app is watched.
 *
 * @param probe what is tried
 * @param interval between two tries
 * @param timeout of one try
 * @param retries failures in a row after which the app is restarted
 * @param startPeriod after the start, in which failures do not count
 */
public record HealthCheck(Probe probe, Duration interval, Duration timeout, int retries, Duration startPeriod) {
    /** What is tried. */
    public sealed interface Probe {}

    /**
     * An HTTP request.
     *
     * @param status the expected status, or empty for any from 200 to 399
     * @param bodyPattern a regular expression that the body must contain
     */
    public record Http(String url, Map<String, String> headers, Optional<Integer> status, Optional<String> bodyPattern)
            implements Probe {
        public Http {
            headers = Map.copyOf(headers);
        }
    }

    /** A connection. */
    public record Tcp(String host, int port) implements Probe {}

    /** A program that ends with 0 when all is well. */
    public record Exec(List<String> command) implements Probe {
        public Exec {
            command = List.copyOf(command);
        }
    }
}
