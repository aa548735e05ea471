package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.AccessCommand;
import dev.bunctl.conf.daemon.Tls;
import java.nio.file.Path;
import java.util.Optional;

/** The files of {@code listen}: named from where its caller stands, read by the daemon. */
final class ListenFiles {
    private ListenFiles() {}

    static AccessCommand.Listen command(Request.Listen request) {
        Optional<Path> authority = request.clientAuthority().map(ListenFiles::absolute);
        Optional<Tls> tls = request.encryption().map(encryption -> new Tls(certificate(encryption), authority));
        return new AccessCommand.Listen(true, request.address(), request.port(), tls);
    }

    private static Tls.Certificate certificate(Request.Encryption encryption) {
        return switch (encryption) {
            case Request.Encryption.Own() -> new Tls.Certificate.Own();
            case Request.Encryption.None() -> new Tls.Certificate.None();
            case Request.Encryption.Files(String chain, String key) ->
                new Tls.Certificate.Files(absolute(chain), absolute(key));
        };
    }

    private static Path absolute(String file) {
        return Path.of(file).toAbsolutePath().normalize();
    }
}
