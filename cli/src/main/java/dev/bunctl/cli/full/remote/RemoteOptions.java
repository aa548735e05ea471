package dev.bunctl.cli.full.remote;

import dev.bunctl.bridge.command.OptionSpec;
import dev.bunctl.bridge.command.RemoteHost;
import dev.bunctl.bridge.message.ErrorCode;
import dev.bunctl.cli.thin.Caller;
import dev.bunctl.cli.thin.LinkRefusedException;
import dev.bunctl.conf.daemon.BridgeSettings;
import dev.bunctl.conf.daemon.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands in front of a command for another host.
 *
 * @param host a name or an address
 * @param port where its bridge listens
 * @param token shown there
 * @param trust by what the daemon there is known
 * @param clientCertificate a PEM file with the certificate to show, where one is asked for
 * @param clientKey a PEM file with its key
 * @param command the words behind
 */
public record RemoteOptions(
        String host,
        int port,
        String token,
        Trust trust,
        Optional<Path> clientCertificate,
        Optional<Path> clientKey,
        List<String> command) {
    private static final String HOST = "--" + RemoteHost.HOST;
    private static final int MAX_TOKEN_FILE = 4096;

    /** @throws IllegalArgumentException when a certificate comes without its key */
    public RemoteOptions {
        command = List.copyOf(command);
        if (clientCertificate.isPresent() != clientKey.isPresent()) {
            throw new IllegalArgumentException("--cert and --key go together");
        }
    }

    /** By what the daemon at the other end is known. */
    public sealed interface Trust {
        /** By the SHA-256 of its certificate. */
        record Fingerprint(String value) implements Trust {}

        /** By who signed its certificate. */
        record Authority(Path file) implements Trust {}

        /**
         * By what was seen there before, or by the authorities that this Java trusts.
         *
         * @param first whether a daemon that is not known is taken for the right one, and remembered
         */
        record Known(boolean first) implements Trust {}

        /** By nothing: the connection is not encrypted. Only to this host. */
        record Unencrypted() implements Trust {}
    }

    /** The command line without what is read here. */
    public String[] argv() {
        return command.toArray(String[]::new);
    }

    /**
     * Reads them; empty when the command is for this host.
     *
     * @throws LinkRefusedException when they make no sense
     */
    public static Optional<RemoteOptions> read(List<String> words, Map<String, String> environment)
            throws LinkRefusedException {
        Map<String, String> options = new LinkedHashMap<>();
        int at = 0;
        while (at < words.size()) {
            String word = words.get(at);
            int equals = word.indexOf('=');
            String name = equals > 0 ? word.substring(0, equals) : word;
            Optional<OptionSpec> option = RemoteHost.OPTIONS.stream()
                    .filter(one -> name.equals("--" + one.name()))
                    .findFirst();
            if (option.isEmpty()) {
                break;
            } else if (option.get().value().isEmpty()) {
                options.put(word, "");
            } else if (equals > 0) {
                options.put(name, word.substring(equals + 1));
            } else {
                if (++at == words.size()) {
                    throw usage(name + " needs a value");
                }
                options.put(name, words.get(at));
            }
            at++;
        }
        if (options.isEmpty()) {
            return Optional.empty();
        }
        if (!options.containsKey(HOST)) {
            throw usage(options.keySet().iterator().next() + " goes with --host");
        }
        return Optional.of(remote(options, environment, words.subList(at, words.size())));
    }

    private static RemoteOptions remote(
            Map<String, String> options, Map<String, String> environment, List<String> command)
            throws LinkRefusedException {
        String where = options.getOrDefault(HOST, "");
        int colon = where.lastIndexOf(':');
        boolean hasPort = colon > 0 && (where.indexOf(':') == colon || where.charAt(colon - 1) == ']');
        String host = hasPort ? where.substring(0, colon) : where;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || (host.startsWith(":") && !host.startsWith("::"))) {
            throw usage("--host takes HOST or HOST:PORT, not '" + where + "'");
        }
        int port = hasPort ? port(where.substring(colon + 1)) : BridgeSettings.DEFAULT_PORT;
        try {
            return new RemoteOptions(
                    host,
                    port,
                    token(options, environment),
                    trust(options),
                    Optional.ofNullable(options.get("--cert")).map(Path::of),
                    Optional.ofNullable(options.get("--key")).map(Path::of),
                    command);
        } catch (IllegalArgumentException invalid) {
            throw usage(String.valueOf(invalid.getMessage()));
        }
    }

    private static int port(String text) throws LinkRefusedException {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= Endpoint.MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw usage("'" + text + "' is no port");
        }
        throw usage("a port is 1 to " + Endpoint.MAX_PORT + ", not " + text);
    }

    private static String token(Map<String, String> options, Map<String, String> environment)
            throws LinkRefusedException {
        String given = options.get("--token");
        String file = options.get("--token-file");
        if (given != null && file != null) {
            throw usage("one of --token and --token-file expected");
        }
        if (given != null) {
            return given;
        }
        if (file != null) {
            return tokenIn(Path.of(file));
        }
        String inherited = environment.getOrDefault(Caller.TOKEN, "");
        if (inherited.isEmpty()) {
            throw new LinkRefusedException(
                    ErrorCode.USAGE.exitCode(),
                    "a token is needed for another host",
                    "give --token-file or BUNCTL_TOKEN; there, 'bunctl token create' makes one");
        }
        return inherited;
    }

    private static String tokenIn(Path file) throws LinkRefusedException {
        try {
            if (Files.size(file) > MAX_TOKEN_FILE) {
                throw usage(file + " is too large for a token");
            }
            return Files.readString(file).strip();
        } catch (LinkRefusedException tooLarge) {
            throw tooLarge;
        } catch (IOException unreadable) {
            throw new LinkRefusedException(
                    ErrorCode.NOT_FOUND.exitCode(), "the token cannot be read: " + unreadable.getMessage(), "");
        }
    }

    private static Trust trust(Map<String, String> options) throws LinkRefusedException {
        List<String> ways = List.of("--fingerprint", "--ca", "--trust", "--no-tls").stream()
                .filter(options::containsKey)
                .toList();
        if (ways.size() > 1) {
            throw usage(String.join(" and ", ways) + " cannot be given together");
        }
        if (options.containsKey("--no-tls")) {
            return new Trust.Unencrypted();
        }
        if (options.get("--ca") != null) {
            return new Trust.Authority(Path.of(options.getOrDefault("--ca", "")));
        }
        if (options.get("--fingerprint") != null) {
            return new Trust.Fingerprint(Fingerprints.normal(options.getOrDefault("--fingerprint", ""))
                    .orElseThrow(
                            () -> usage("--fingerprint takes the SHA-256 of a certificate, 64 hexadecimal digits")));
        }
        return new Trust.Known(options.containsKey("--trust"));
    }

    static LinkRefusedException usage(String what) {
        return new LinkRefusedException(
                ErrorCode.USAGE.exitCode(),
                what,
                "bunctl --host HOST[:PORT] [--token-file FILE] [--fingerprint SHA256 | --ca FILE | --trust] COMMAND …");
    }
}
