package dev.bunctl.cli.full;

import dev.bunctl.bridge.command.Request;
import dev.bunctl.bridge.message.ClusterCommand;
import dev.bunctl.conf.daemon.MutualTls;
import java.nio.file.Path;

/** The files of {@code cluster enable}: named from where its caller stands, read by the daemon. */
final class NodeFiles {
    private NodeFiles() {}

    static ClusterCommand.Join command(Request.JoinCluster request) {
        return new ClusterCommand.Join(
                request.node(),
                request.join(),
                request.address(),
                request.port(),
                request.files()
                        .map(files -> new MutualTls(
                                absolute(files.certificate()), absolute(files.key()), absolute(files.authority()))));
    }

    private static Path absolute(String file) {
        return Path.of(file).toAbsolutePath().normalize();
    }
}
