package dev.bunctl.cli.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The native libraries inside JNA's and Netty's jars, for the host that builds: the guard is built for it as well.
 *
 * @param jnaFolder JNA's name of the platform, such as {@code linux-x86-64}
 * @param nettySuffix Netty's name of the processor, such as {@code x86_64}
 */
record NativeLibraries(String jnaFolder, String nettySuffix) {
    private static final String NETTY_NATIVE = "io.netty.netty-transport-native-";
    private static final String NETTY_FOLDER = "META-INF/native/";

    static NativeLibraries ofThisHost() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> new NativeLibraries(system + "-x86-64", "x86_64");
            case "aarch64" -> new NativeLibraries(system + "-aarch64", "aarch_64");
            default -> new NativeLibraries(system + "-" + System.getProperty("os.arch"), System.getProperty("os.arch"));
        };
    }

    /** Whether a jar holds nothing but native libraries, such as {@code io.netty.netty-transport-native-epoll-linux-x86_64.jar}. */
    static boolean isOnlyNative(String jar) {
        return jar.startsWith(NETTY_NATIVE) && !jar.equals(NETTY_NATIVE + "unix-common.jar");
    }

    void unpack(Path jar, Path into) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
                if (isWanted(entry.getName())) {
                    Path file = into.resolve(
                            Path.of(entry.getName()).getFileName().toString());
                    try (InputStream content = zip.getInputStream(entry)) {
                        long _ = Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    private boolean isWanted(String entry) {
        boolean library = entry.endsWith(".so") || entry.endsWith(".jnilib") || entry.endsWith(".dylib");
        return library
                && (entry.startsWith("com/sun/jna/" + jnaFolder + "/")
                        || (entry.startsWith(NETTY_FOLDER) && entry.contains(nettySuffix + ".")));
    }
}
