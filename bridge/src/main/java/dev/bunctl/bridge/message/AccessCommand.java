package dev.bunctl.bridge.message;

import dev.bunctl.conf.daemon.Tls;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What is asked about who reaches the daemon, and by what road. */
public sealed interface AccessCommand extends Command {
    /**
     * Makes a token. Answers with {@link Answer.TokenMade}, the only time that its text is told.
     *
     * @param name whom it is for
     * @param allows what it allows
     * @param validFor how long, or empty for until it is revoked
     */
    record CreateToken(String name, Role allows, Optional<Duration> validFor) implements AccessCommand {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /** Answers with {@link Answer.Tokens}. */
    record ListTokens() implements AccessCommand {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /** Ends a token and the connections of whoever showed it. Answers with {@link Answer.Changed}. */
    record RevokeToken(String name) implements AccessCommand {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /**
     * Opens or closes the bridge for other hosts, now and for later daemons. Connections through a bridge that is opened anew
     * elsewhere are closed. Answers with {@link Answer.Listening}.
     *
     * @param enabled whether it is to listen
     * @param address an IP address, or empty for the one it had
     * @param port or empty for the one it had
     * @param tls or empty for what it had
     */
    record Listen(boolean enabled, Optional<String> address, OptionalInt port, Optional<Tls> tls)
            implements AccessCommand {
        @Override
        public Role role() {
            return Role.ADMIN;
        }
    }

    /** Says where the bridge for other hosts listens. Answers with {@link Answer.Listening}. */
    record ShowListener() implements AccessCommand {
        @Override
        public Role role() {
            return Role.OBSERVER;
        }
    }
}
