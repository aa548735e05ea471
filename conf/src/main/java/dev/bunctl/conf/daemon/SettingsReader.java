package dev.bunctl.conf.daemon;

import dev.bunctl.conf.daemon.Tls.Certificate;
import dev.bunctl.conf.tree.Node;
import dev.bunctl.conf.tree.Problem;
import dev.bunctl.conf.tree.Problems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads one object of {@code daemon.json}. What is wrong becomes a problem, and its default is taken to read on. */
final class SettingsReader {
    static final String OWN = "own";
    static final String NONE = "none";
    static final String FILES = "files";

    private final Node.Members members;
    private final String path;
    private final Problems problems;
    private final Set<String> asked = new HashSet<>();

    SettingsReader(Node node, String path, Problems problems) {
        this.path = path;
        this.problems = problems;
        if (node instanceof Node.Members object) {
            this.members = object;
        } else {
            mismatch(node, "", "an object");
            this.members = new Node.Members(new LinkedHashMap<>(), node.at());
        }
    }

    private void mismatch(Node node, String name, String expected) {
        problems.mismatch(node.at(), new Problem.Mismatch(path + name, expected, node.shown()));
    }

    private Optional<Node> value(String name) {
        asked.add(name);
        return members.value(name).filter(node -> !(node instanceof Node.Nothing));
    }

    void refuseOthers() {
        members.values().forEach((name, member) -> {
            if (!asked.contains(name)) {
                problems.invalid(member.nameAt(), "unknown field '" + path + name + "'");
            }
        });
    }

    Optional<SettingsReader> object(String name) {
        return value(name).map(node -> new SettingsReader(node, path + name + ".", problems));
    }

    boolean flag(String name, boolean absent) {
        return switch (value(name).orElse(null)) {
            case null -> absent;
            case Node.Flag(boolean flag, var _) -> flag;
            case Node other -> {
                mismatch(other, name, "true or false");
                yield absent;
            }
        };
    }

    long number(String name, long absent, long min, long max) {
        return switch (value(name).orElse(null)) {
            case null -> absent;
            case Node.Whole(long number, var _) when number >= min && number <= max -> number;
            case Node other -> {
                mismatch(other, name, "a whole number of " + min + " to " + max);
                yield absent;
            }
        };
    }

    Optional<String> text(String name, String expected) {
        return switch (value(name).orElse(null)) {
            case null -> Optional.empty();
            case Node.Text(String text, var _) -> Optional.of(text);
            case Node other -> {
                mismatch(other, name, expected);
                yield Optional.empty();
            }
        };
    }

    List<String> texts(String name) {
        return switch (value(name).orElse(null)) {
            case null -> List.of();
            case Node.Items(List<Node> items, var _) ->
                items.stream().map(item -> element(item, name)).toList();
            case Node other -> {
                mismatch(other, name, "a list of texts");
                yield List.of();
            }
        };
    }

    private String element(Node item, String name) {
        if (item instanceof Node.Text(String text, var _)) {
            return text;
        }
        mismatch(item, name, "a text");
        return "";
    }

    Endpoint endpoint(Endpoint absent) {
        int port = (int) number("port", absent.port(), 0, Endpoint.MAX_PORT);
        String address = text("address", "an IP address or localhost").orElse(absent.address());
        return checked(() -> new Endpoint(address, port), absent, "address");
    }

    Tls tls(Tls absent) {
        Optional<Path> authority = file("client_ca");
        Optional<Path> chain = file("certificate");
        Optional<Path> key = file("key");
        String fallback = chain.isPresent() || key.isPresent() ? FILES : absent.kind();
        String kind = text("tls", "'own', 'files' or 'none'").orElse(fallback);
        return checked(() -> new Tls(certificate(kind, chain, key), authority), absent, "tls");
    }

    private static Certificate certificate(String kind, Optional<Path> chain, Optional<Path> key) {
        if (!kind.equals(FILES) && (chain.isPresent() || key.isPresent())) {
            throw new IllegalArgumentException("'certificate' and 'key' go with 'tls': 'files' only");
        }
        return switch (kind) {
            case OWN -> new Certificate.Own();
            case NONE -> new Certificate.None();
            case FILES -> {
                if (chain.isEmpty() || key.isEmpty()) {
                    throw new IllegalArgumentException("'certificate' and 'key' are both needed");
                }
                yield new Certificate.Files(chain.get(), key.get());
            }
            default ->
                throw new IllegalArgumentException("'tls': 'own', 'files' or 'none' expected, not '" + kind + "'");
        };
    }

    Optional<Path> file(String name) {
        Optional<String> text = text(name, "a path");
        try {
            return text.map(Path::of);
        } catch (InvalidPathException noPath) {
            mismatch(members.value(name).orElseThrow(), name, "a path");
            return Optional.empty();
        }
    }

    /** What is made, or the default and a problem where it may not be. */
    <T> T checked(Supplier<T> made, T absent) {
        try {
            return made.get();
        } catch (IllegalArgumentException invalid) {
            problems.invalid(members.at(), String.valueOf(invalid.getMessage()));
            return absent;
        }
    }

    private <T> T checked(Supplier<T> made, T absent, String name) {
        try {
            return made.get();
        } catch (IllegalArgumentException invalid) {
            problems.invalid(
                    members.value(name).map(Node::at).orElse(members.at()), String.valueOf(invalid.getMessage()));
            return absent;
        }
    }
}
