package dev.bunctl.conf.resolve;

import java.nio.file.Path;
import java.util.Optional;

/** Finds a starter's programs. */
public final class Programs {
    private Programs() {}

    /** The absolute path of a program by its name; Bun also where its installers put it. */
    public static Optional<Path> find(Starter starter, String name) {
        return new ProgramFinder(
                        starter.directory(),
                        starter.home(),
                        Optional.ofNullable(starter.environment().get("PATH")),
                        Optional.ofNullable(starter.environment().get("BUN_INSTALL")))
                .find(name);
    }
}
