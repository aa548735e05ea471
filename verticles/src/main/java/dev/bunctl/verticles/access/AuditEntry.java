package dev.bunctl.verticles.access;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.Answer.InstanceResult;
import dev.bunctl.bridge.message.Command;
import dev.bunctl.bridge.message.Configuration;
import dev.bunctl.bridge.message.MessageCodec;
import dev.bunctl.bridge.server.Peer;
import dev.bunctl.conf.AppSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log: who asked for what, from where, and what came of it. Holds no environment, no specification and no
 * token: what of them is a secret cannot be told apart for sure.
 *
 * @param members in the order in which they are written
 */
public record AuditEntry(Map<String, @Nullable Object> members) {
    /** Elements of one list that are kept. */
    static final int MAX_ELEMENTS = 100;

    /** Characters of one text that are kept. */
    static final int MAX_TEXT = 500;

    /** A command and its answer. */
    public static AuditEntry of(Instant at, Optional<Peer> peer, Command command, Answer answer) {
        Map<String, @Nullable Object> members = begun(at, peer);
        asked(command).forEach((name, value) -> members.put(name, bounded(value)));
        members.putAll(result(answer));
        return new AuditEntry(members);
    }

    /** Somebody who came in by a token. */
    static AuditEntry login(Instant at, Peer peer) {
        Map<String, @Nullable Object> members = begun(at, Optional.of(peer));
        members.put("command", "login");
        members.put("result", "done");
        return new AuditEntry(members);
    }

    /** Somebody who registered at an address. */
    static AuditEntry registered(Instant at, Peer peer, String address) {
        Map<String, @Nullable Object> members = registration(at, peer, address);
        members.put("result", "done");
        return new AuditEntry(members);
    }

    /** Somebody who wanted to register at an address. */
    static AuditEntry registrationRefused(Instant at, Peer peer, String address, String why) {
        Map<String, @Nullable Object> members = registration(at, peer, address);
        members.put("result", "refused");
        members.put("detail", bounded(why));
        return new AuditEntry(members);
    }

    private static Map<String, @Nullable Object> registration(Instant at, Peer peer, String address) {
        Map<String, @Nullable Object> members = begun(at, Optional.of(peer));
        members.put("command", "register");
        members.put("address", bounded(address));
        return members;
    }

    /** Those who were not let in lately. */
    static AuditEntry turnedAway(Instant at, String from, String why, long times) {
        Map<String, @Nullable Object> members = begun(at, Optional.empty());
        members.put("from", from);
        members.put("command", "login");
        members.put("result", "refused");
        members.put("detail", bounded(why));
        members.put("times", times);
        return new AuditEntry(members);
    }

    /** Entries that could not be written are not told of one by one any more. */
    static AuditEntry missed(Instant at, long count) {
        Map<String, @Nullable Object> members = begun(at, Optional.empty());
        members.put("command", null);
        members.put("result", "missed");
        members.put("detail", count + " entries before this one could not be written");
        return new AuditEntry(members);
    }

    private static Map<String, @Nullable Object> begun(Instant at, Optional<Peer> peer) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("at", at.toString());
        members.put("who", peer.map(AuditEntry::who).orElse("unknown"));
        members.put(
                "role",
                peer.map(one -> one.role().name().toLowerCase(Locale.ROOT)).orElse(null));
        members.put("from", peer.map(AuditEntry::from).orElse("unknown"));
        return members;
    }

    private static String who(Peer peer) {
        return switch (peer) {
            case Peer.Local local -> "uid " + local.uid();
            case Peer.Bearer bearer -> "token " + bearer.name();
            case Peer.Node node -> node.user();
        };
    }

    private static String from(Peer peer) {
        return switch (peer) {
            case Peer.Local local -> "pid " + local.pid();
            case Peer.Bearer bearer -> bearer.from();
            case Peer.Node node -> "node " + node.node();
        };
    }

    /** The command as on the wire, without what might be secret. */
    private static Map<String, @Nullable Object> asked(Command command) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (command instanceof Command.Start start) {
            members.put("command", "start");
            members.put("apps", names(start.specs()));
            start.origin().ifPresent(origin -> members.put("file", origin.file().toString()));
        } else if (command instanceof Command.Plan(Configuration configuration)) {
            configured("plan", configuration, members);
        } else if (command instanceof Command.Apply(Configuration configuration, var _)) {
            configured("apply", configuration, members);
        } else {
            members.putAll(MessageCodec.toMap(command));
            members.remove("version");
            if (members.get("environment") instanceof Map<?, ?> environment) {
                members.put("environment", environment.size() + " variables");
            }
        }
        // A member of the command that is called as one of ours must not stand for it.
        Object role = members.remove("role");
        if (role != null) {
            members.put("allows", role);
        }
        return members;
    }

    private static void configured(String name, Configuration configuration, Map<String, @Nullable Object> members) {
        members.put("command", name);
        members.put("apps", names(configuration.specs()));
        members.put("file", configuration.origin().file().toString());
    }

    private static List<String> names(List<AppSpec> specs) {
        return specs.stream().map(spec -> spec.name().value()).toList();
    }

    private static @Nullable Object bounded(@Nullable Object value) {
        return switch (value) {
            case String text when text.length() > MAX_TEXT -> text.substring(0, MAX_TEXT) + "…";
            case List<?> list
            when list.size() > MAX_ELEMENTS -> {
                List<@Nullable Object> first = bounded(list.subList(0, MAX_ELEMENTS));
                first.add("… and " + (list.size() - MAX_ELEMENTS) + " more");
                yield first;
            }
            case List<?> list -> bounded(list);
            case null, default -> value;
        };
    }

    private static List<@Nullable Object> bounded(List<?> list) {
        List<@Nullable Object> bounded = new ArrayList<>(list.size());
        list.forEach(each -> bounded.add(bounded((Object) each)));
        return bounded;
    }

    private static Map<String, @Nullable Object> result(Answer answer) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (answer instanceof Answer.Refused refused) {
            members.put("result", "refused");
            members.put("code", refused.code().name());
            members.put("detail", bounded(refused.detail()));
        } else if (answer instanceof Answer.Changed changed && !changed.succeeded()) {
            members.put("result", "failed");
            members.put("failed", bounded((Object) changed.results().stream()
                    .filter(one -> !one.succeeded())
                    .map(InstanceResult::instance)
                    .toList()));
        } else {
            members.put("result", "done");
        }
        return members;
    }
}
