package dev.bunctl.bridge.command;

import dev.bunctl.bridge.command.CommandSpec.Runner;
import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.bridge.message.Command.Role;
import dev.bunctl.conf.daemon.Endpoint;
import dev.bunctl.conf.tree.HumanUnits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The commands about who reaches the daemon from other hosts. */
final class AccessCommands {
    private static final String CREATE = "create";
    private static final String LIST = "list";
    private static final String REVOKE = "revoke";

    private AccessCommands() {}

    static CommandSpec token() {
        return new CommandSpec(
                "token",
                List.of(),
                Runner.FULL,
                "create|list|revoke [NAME]",
                1,
                2,
                false,
                List.of(
                        OptionSpec.value("name", "n", "NAME", "whom the token is for"),
                        OptionSpec.value("role", "r", "ROLE", "observer, operator or admin; observer unless given"),
                        OptionSpec.value(
                                "expires", "", "TIME", "how long it is valid, such as 30d; for ever unless given"),
                        CommandTable.JSON),
                "make, show and revoke tokens for other hosts and programs",
                "A token lets its holder in from elsewhere: over the bridge (listen) and the web page. An observer sees, an"
                        + " operator also starts, stops, restarts, reloads and scales what is known, an admin may do"
                        + " everything. create prints the token to stdout, this once: only a hash of it is kept. revoke"
                        + " ends it and the connections of its holder at once.",
                List.of(
                        "bunctl token create --name ci --role operator --expires 30d",
                        "bunctl token list --json",
                        "bunctl token revoke ci"),
                AccessCommands::token);
    }

    private static Request token(Arguments arguments) throws UsageException {
        String verb = arguments.operands().getFirst();
        Optional<String> operand = arguments.operands().size() > 1
                ? Optional.of(arguments.operands().get(1))
                : Optional.empty();
        if (operand.isPresent() && arguments.has("name")) {
            throw new UsageException("the name is given twice");
        }
        Optional<String> name = operand.or(() -> arguments.value("name"));
        if (!verb.equals(CREATE) && (arguments.has("role") || arguments.has("expires"))) {
            throw new UsageException("--role and --expires go with create only");
        }
        AccessCommand command = switch (verb) {
            case CREATE -> new AccessCommand.CreateToken(named(name, CREATE), role(arguments), expires(arguments));
            case REVOKE -> new AccessCommand.RevokeToken(named(name, REVOKE));
            case LIST -> {
                if (name.isPresent()) {
                    throw new UsageException("list takes no name");
                }
                yield new AccessCommand.ListTokens();
            }
            default -> throw new UsageException("token takes create, list or revoke, not '" + verb + "'");
        };
        return new Request.Access(command, arguments.has("json"));
    }

    private static String named(Optional<String> name, String verb) throws UsageException {
        if (name.isEmpty()) {
            throw new UsageException("a name is needed", "bunctl token " + verb + " --name ci");
        }
        return name.get();
    }

    private static Role role(Arguments arguments) throws UsageException {
        String text = arguments.value("role").orElse("observer");
        for (Role role : Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(text)) {
                return role;
            }
        }
        throw new UsageException("--role takes observer, operator or admin, not '" + text + "'");
    }

    private static Optional<Duration> expires(Arguments arguments) throws UsageException {
        Optional<String> text = arguments.value("expires");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> time = HumanUnits.time(text.get()).filter(Duration::isPositive);
        if (time.isEmpty()) {
            throw new UsageException("--expires takes a time such as 30d or 12h, not '" + text.get() + "'");
        }
        return time;
    }

    static CommandSpec listen() {
        return new CommandSpec(
                "listen",
                List.of(),
                Runner.FULL,
                "",
                0,
                0,
                false,
                List.of(
                        OptionSpec.value("address", "", "ADDRESS", "an IP address of this host; 127.0.0.1 at first"),
                        OptionSpec.value("port", "", "PORT", "9616 at first; 0 is any free one"),
                        OptionSpec.value("tls-cert", "", "FILE", "certificate chain to show, in PEM"),
                        OptionSpec.value("tls-key", "", "FILE", "its private key, in PEM"),
                        OptionSpec.value("tls-ca", "", "FILE", "who signs the certificates that clients must show"),
                        OptionSpec.flag("tls-own", "", "show a certificate that bunctl makes, as at first"),
                        OptionSpec.flag("no-tls", "", "do not encrypt; on loopback only"),
                        OptionSpec.flag("off", "", "listen no more"),
                        OptionSpec.flag("show", "", "change nothing"),
                        CommandTable.JSON),
                "let other hosts and programs reach the daemon",
                "Opens the event-bus bridge over TCP, now and for later daemons of this home, and prints where, with the"
                        + " fingerprint of its certificate. Nobody is served without a token, and off loopback nobody"
                        + " without TLS. What is not given stays as it was. Files are read by the daemon when it begins"
                        + " to listen, so give this command again when they are new.",
                List.of(
                        "bunctl listen",
                        "bunctl listen --address 0.0.0.0",
                        "bunctl listen --tls-cert /etc/bunctl/cert.pem --tls-key /etc/bunctl/key.pem",
                        "bunctl listen --off"),
                AccessCommands::listen);
    }

    private static Request listen(Arguments arguments) throws UsageException {
        boolean json = arguments.has("json");
        if (arguments.has("show") || arguments.has("off")) {
            if (arguments.options().size() > (json ? 2 : 1)) {
                throw new UsageException("--show and --off stand alone");
            }
            return new Request.Access(
                    arguments.has("show")
                            ? new AccessCommand.ShowListener()
                            : new AccessCommand.Listen(false, Optional.empty(), OptionalInt.empty(), Optional.empty()),
                    json);
        }
        Optional<String> address = arguments.value("address");
        if (address.isPresent() && !Endpoint.isAddress(address.get())) {
            throw new UsageException("--address takes an IP address or localhost, not '" + address.get() + "'");
        }
        OptionalInt port = arguments.has("port")
                ? OptionalInt.of(arguments.number("port", 0, 0, Endpoint.MAX_PORT))
                : OptionalInt.empty();
        return new Request.Listen(address, port, encryption(arguments), arguments.value("tls-ca"), json);
    }

    private static Optional<Request.Encryption> encryption(Arguments arguments) throws UsageException {
        Optional<String> chain = arguments.value("tls-cert");
        Optional<String> key = arguments.value("tls-key");
        if (chain.isPresent() != key.isPresent()) {
            throw new UsageException("--tls-cert and --tls-key go together");
        }
        int ways = (chain.isPresent() ? 1 : 0) + (arguments.has("tls-own") ? 1 : 0) + (arguments.has("no-tls") ? 1 : 0);
        if (ways > 1) {
            throw new UsageException("one of --tls-cert, --tls-own and --no-tls expected");
        }
        boolean encrypted = chain.isPresent() || arguments.has("tls-own");
        if (arguments.has("tls-ca") && !encrypted) {
            throw new UsageException("--tls-ca goes with --tls-cert or --tls-own");
        }
        if (arguments.has("no-tls")) {
            return Optional.of(new Request.Encryption.None());
        }
        if (arguments.has("tls-own")) {
            return Optional.of(new Request.Encryption.Own());
        }
        return chain.map(file -> new Request.Encryption.Files(file, key.orElseThrow()));
    }
}
