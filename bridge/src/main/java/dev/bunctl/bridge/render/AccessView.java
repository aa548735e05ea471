package dev.bunctl.bridge.render;

import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.TokenEntry;
import dev.bunctl.conf.daemon.Endpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Who reaches the daemon, for people. */
final class AccessView {
    private AccessView() {}

    static String tokens(List<TokenEntry> tokens, Presentation how) {
        List<List<String>> rows = new ArrayList<>();
        for (TokenEntry token : tokens) {
            rows.add(List.of(
                    token.name(),
                    role(token),
                    token.createdAt().toString(),
                    token.expiresAt().map(Instant::toString).orElse("never")));
        }
        return Columns.render(List.of("NAME", "ROLE", "CREATED", "EXPIRES"), rows, how);
    }

    private static String role(TokenEntry token) {
        return token.role().name().toLowerCase(Locale.ROOT);
    }

    /** What is said beside the text of a new token. */
    static String made(TokenEntry token) {
        String end = token.expiresAt().map(at -> "until " + at).orElse("until it is revoked");
        return "token '" + Text.clean(token.name()) + "' has the role " + role(token) + ", " + end
                + "; it is shown this once\n";
    }

    /** What is said beside the address of the web page. */
    static String besides(Answer.Web web) {
        StringBuilder text = new StringBuilder();
        web.endpoint()
                .filter(Endpoint::isEverywhere)
                .ifPresent(endpoint -> text.append("it listens on every address (")
                        .append(endpoint)
                        .append("): elsewhere, put the name or an address of this host in place of ")
                        .append(endpoint.fromHere().address())
                        .append('\n'));
        web.fingerprint()
                .ifPresent(fingerprint -> text.append("its certificate has the SHA-256 fingerprint ")
                        .append(Text.clean(fingerprint))
                        .append('\n'));
        return text.toString();
    }

    static String listening(Answer.Listening listening, Presentation how) {
        if (!listening.enabled()) {
            return "off\n";
        }
        List<List<String>> rows = new ArrayList<>();
        String address = listening.address();
        rows.add(List.of(
                "listens on", (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + listening.port()));
        rows.add(List.of("tls", tls(listening)));
        listening.fingerprint().ifPresent(fingerprint -> rows.add(List.of("fingerprint", fingerprint)));
        rows.add(List.of("connections", Integer.toString(listening.connections())));
        return Columns.render(List.of(), rows, new Presentation(false, how.colours(), 0));
    }

    private static String tls(Answer.Listening listening) {
        String clients = listening.clientCertificates() ? ", clients show one too" : "";
        return switch (listening.tls()) {
            case "own" -> "own certificate" + clients;
            case "files" -> "given certificate" + clients;
            default -> listening.tls();
        };
    }
}
