package dev.bunctl.cli.dist;

import dev.bunctl.bridge.command.Completion;
import dev.bunctl.conf.source.ConfigSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Lays out {@code target/bunctl}: {@code bin}, {@code lib} with jars, the guard and unpacked native libraries, {@code share};
 * then makes the start-up caches by running it.
 */
public final class DistributionBuild {
    private static final String OWN_GROUP = "dev.bunctl.";
    private static final int FINGERPRINT_BYTES = 12;

    private final Path module;
    private final Path target;
    private final Path root;
    private final Path lib;

    private DistributionBuild(Path module, Path target) {
        this.module = module;
        this.target = target;
        this.root = target.resolve("bunctl");
        this.lib = root.resolve("lib");
    }

    /** Arguments: the module's folder, its build folder, its jar's name, the version. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        DistributionBuild build = new DistributionBuild(Path.of(arguments[0]), Path.of(arguments[1]));
        build.layOut(arguments[2], arguments[3]);
        Path scratch = Files.createTempDirectory("bunctl-record");
        Path caches = Files.createDirectories(build.lib.resolve("aot"));
        new StartUpCaches(build.root, caches, System.getProperty("java.home"), scratch).record();
        deleteTree(scratch);
    }

    private void layOut(String jar, String version) throws IOException {
        deleteTree(root);
        copyTree(module.resolve("src/main/dist"), root);
        makeExecutable(root.resolve("bin/bunctl"));
        makeExecutable(lib.resolve("bunctld"));
        copy(guard(), lib.resolve("bunctl-guard"));
        makeExecutable(lib.resolve("bunctl-guard"));
        copy(target.resolve(jar), lib.resolve("bunctl-cli.jar"));
        copyJars();
        copyTree(target.resolve("cluster-jars"), lib.resolve("cluster"));
        Files.writeString(lib.resolve("version"), version + "\n");
        Files.writeString(lib.resolve("build"), fingerprint() + "\n");
        writeShare();
    }

    private Path guard() throws IOException {
        Path built = module.resolveSibling("native-bindings/target/native/bunctl-guard");
        if (!Files.isExecutable(built)) {
            throw new IOException("the guard is not built: " + built + " is missing");
        }
        return built;
    }

    /** Native libraries leave their jars: a temporary folder may be cleaned, or mounted noexec. */
    private void copyJars() throws IOException {
        Path natives = Files.createDirectories(lib.resolve("native"));
        NativeLibraries wanted = NativeLibraries.ofThisHost();
        for (Path jar : list(target.resolve("jars"))) {
            String name = jar.getFileName().toString();
            wanted.unpack(jar, natives);
            if (!NativeLibraries.isOnlyNative(name)) {
                copy(jar, lib.resolve(name.startsWith(OWN_GROUP) ? name.substring(OWN_GROUP.length()) : name));
            }
        }
    }

    /** Of the jars, by name and content: a start-up cache is valid only for the very classes it was made of. */
    private String fingerprint() throws IOException {
        MessageDigest digest = sha256();
        for (Path file : list(lib)) {
            if (file.toString().endsWith(".jar")) {
                digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, FINGERPRINT_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private void writeShare() throws IOException {
        Path completion = Files.createDirectories(root.resolve("share/completion"));
        for (Completion.Shell shell : Completion.Shell.values()) {
            Path file = completion.resolve("bunctl." + shell.name().toLowerCase(Locale.ROOT));
            Files.writeString(file, Completion.script(shell));
        }
        copy(module.resolveSibling("LICENSE"), root.resolve("share/LICENSE"));
        Files.writeString(root.resolve("share/bunctl.schema.json"), ConfigSchema.text());
        Path examples = module.resolveSibling("conf/examples");
        if (Files.isDirectory(examples)) {
            copyTree(examples, root.resolve("share/examples"));
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path source : (Iterable<Path>) all::iterator) {
                Path copy = to.resolve(from.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(copy);
                } else {
                    copy(source, copy);
                }
            }
        }
    }

    /** Keeps the time of the file, by which Java and packagers tell one build from the next. */
    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static void makeExecutable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static void deleteTree(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(path);
                }
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
