package dev.bunctl.cli.doctor;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.HostCapability;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is looked at.
 *
 * @param root the folder under which {@code proc} and {@code sys} lie: {@code /}
 * @param home the bunctl home; it may not exist
 * @param lib folder of the distribution with the guard and the jars
 * @param environment the caller's
 * @param user the caller's numeric user id
 * @param daemon what came of asking the daemon
 * @param version of this client
 * @param now the host's clock
 */
public record Patient(
        Path root,
        Path home,
        Path lib,
        Map<String, String> environment,
        int user,
        Daemon daemon,
        String version,
        Instant now) {
    public Patient {
        environment = Map.copyOf(environment);
    }

    /** What came of asking the daemon. */
    public sealed interface Daemon {
        /** Nobody listens. */
        record None() implements Daemon {}

        /** Somebody listens and does not answer as a daemon should. */
        record Silent(String cause) implements Daemon {}

        /**
         * It answered.
         *
         * @param listening where other hosts reach it, or empty when it is of a version that cannot tell
         */
        record Alive(Answer.Pong pong, Optional<Answer.Listening> listening, List<HostCapability> capabilities)
                implements Daemon {
            public Alive {
                capabilities = List.copyOf(capabilities);
            }
        }
    }

    /** The process whose limits and groups count: the guard's when there is one, for it starts the apps. */
    String subject() {
        return daemon instanceof Daemon.Alive(Answer.Pong pong, var _, var _) && pong.guardPid() > 0
                ? Long.toString(pong.guardPid())
                : "self";
    }

    Path proc(String path) {
        return root.resolve("proc").resolve(path);
    }
}
