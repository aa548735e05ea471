package dev.bunctl.bridge.server;

import dev.bunctl.bridge.wire.Protocol;
import java.util.List;

/**
 * Which addresses clients may use; all others are refused.
 *
 * @param inbound where they may send and publish
 * @param outbound where they may register
 */
public record Permissions(List<Rule> inbound, List<Rule> outbound) {
    /** The public addresses of this version. */
    public static final Permissions PUBLIC = new Permissions(
            List.of(new Exact(Protocol.ARGV), new Exact(Protocol.COMMAND), new Exact(Protocol.INPUT)),
            List.of(
                    new Exact(Protocol.EVENTS),
                    new Exact(Protocol.METRICS),
                    new Exact(Protocol.NODES),
                    new Prefix(Protocol.LOGS_PREFIX),
                    new Session()));

    /** The public addresses where anybody may listen, which leaves out sessions. */
    private static final List<Rule> TOPICS =
            PUBLIC.outbound().stream().filter(rule -> !rule.exclusive()).toList();

    public Permissions {
        inbound = List.copyOf(inbound);
        outbound = List.copyOf(outbound);
    }

    /** Some addresses. */
    public sealed interface Rule {
        /** Whether the address is one of them. */
        boolean allows(String address);

        /** Whether only one connection may be registered at such an address. */
        default boolean exclusive() {
            return false;
        }
    }

    /** One address. */
    public record Exact(String address) implements Rule {
        @Override
        public boolean allows(String other) {
            return address.equals(other);
        }
    }

    /** Every address that begins so. */
    public record Prefix(String prefix) implements Rule {
        @Override
        public boolean allows(String address) {
            return address.startsWith(prefix) && address.length() > prefix.length();
        }
    }

    /** The addresses of sessions: whoever is there first owns one. */
    public record Session() implements Rule {
        @Override
        public boolean allows(String address) {
            return address.startsWith(Protocol.SESSION_PREFIX)
                    && isSessionId(address.substring(Protocol.SESSION_PREFIX.length()));
        }

        @Override
        public boolean exclusive() {
            return true;
        }
    }

    /** Whether a text is {@value Protocol#SESSION_ID_LENGTH} lower-case hexadecimal digits. */
    public static boolean isSessionId(String text) {
        return text.length() == Protocol.SESSION_ID_LENGTH
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** Whether what is published at an address is for whoever registers there. */
    public static boolean isTopic(String address) {
        return TOPICS.stream().anyMatch(rule -> rule.allows(address));
    }

    boolean allowsInbound(String address) {
        return inbound.stream().anyMatch(rule -> rule.allows(address));
    }

    boolean allowsOutbound(String address) {
        return outbound.stream().anyMatch(rule -> rule.allows(address));
    }

    boolean isExclusive(String address) {
        return outbound.stream().anyMatch(rule -> rule.exclusive() && rule.allows(address));
    }
}
