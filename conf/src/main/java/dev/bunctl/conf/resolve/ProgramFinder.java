package dev.bunctl.conf.resolve;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds programs as a shell does, and Bun also where its installers put it. Links are kept. */
final class ProgramFinder {
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private final Path directory;
    private final Path home;
    private final String path;
    private final Optional<String> bunInstall;

    /**
     * A finder for one app.
     *
     * @param directory the app's, for relative entries of the path
     * @param path of folders, with colons between them; unset is the usual one
     * @param bunInstall the variable {@code BUN_INSTALL}
     */
    ProgramFinder(Path directory, Path home, Optional<String> path, Optional<String> bunInstall) {
        this.directory = directory;
        this.home = home;
        this.path = path.orElse(DEFAULT_PATH);
        this.bunInstall = bunInstall;
    }

    /** The absolute path of a program, by its name or, when there is a slash in it, by its path. */
    Optional<Path> find(String name) {
        if (name.indexOf('/') >= 0) {
            return file(directory.resolve(name)).filter(ProgramFinder::isProgram);
        }
        Optional<Path> found = in(folders(), name);
        return found.isEmpty() && (name.equals("bun") || name.equals("bunx")) ? in(bunFolders(), name) : found;
    }

    private static Optional<Path> file(Path path) {
        return Optional.of(path.normalize());
    }

    private static Optional<Path> in(List<Path> folders, String name) {
        for (Path folder : folders) {
            Path candidate = folder.resolve(name);
            if (isProgram(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    static boolean isProgram(Path path) {
        return Files.isExecutable(path) && Files.isRegularFile(path);
    }

    private List<Path> folders() {
        var folders = new ArrayList<Path>();
        for (String entry : path.split(":", -1)) {
            folders.add(directory.resolve(entry).normalize());
        }
        return folders;
    }

    private List<Path> bunFolders() {
        var folders = new ArrayList<Path>();
        bunInstall
                .filter(folder -> !folder.isEmpty())
                .ifPresent(folder -> folders.add(directory.resolve(folder).resolve("bin")));
        folders.add(home.resolve(".bun/bin"));
        for (Path folder = directory; folder != null; folder = folder.getParent()) {
            folders.add(folder.resolve("node_modules/.bin"));
        }
        return folders;
    }
}
