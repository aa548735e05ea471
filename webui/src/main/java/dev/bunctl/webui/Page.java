package dev.bunctl.webui;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The files of the web page, as the build has made them. */
public final class Page {
    /** Name of the page itself. */
    public static final String INDEX = "index.html";

    private static final String FOLDER = "page/";
    private static final String LIST = "files.txt";
    private static final String HASHED = "assets/";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "woff2", "font/woff2");

    private Page() {}

    /** One file. */
    public static final class File {
        private final String type;
        private final boolean immutable;
        private final String tag;
        private final byte[] compressed;

        private File(String type, boolean immutable, String tag, byte[] compressed) {
            this.type = type;
            this.immutable = immutable;
            this.tag = tag;
            this.compressed = compressed;
        }

        /** Its media type. */
        public String type() {
            return type;
        }

        /** Whether its name changes with its content. */
        public boolean immutable() {
            return immutable;
        }

        /** Its entity tag, in quotes. */
        public String tag() {
            return tag;
        }

        /** Its content in gzip's form. */
        public byte[] compressed() {
            return compressed.clone();
        }

        /** Its content; unpacked each time, for hardly anybody asks. */
        public byte[] content() {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
                return in.readAllBytes();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }

    /**
     * Reads every file, by its path below the page. Blocks.
     *
     * @throws IOException when one is missing from the distribution
     */
    public static Map<String, File> files() throws IOException {
        Map<String, File> files = new LinkedHashMap<>();
        List<String> names =
                new String(read(LIST), StandardCharsets.UTF_8).lines().toList();
        for (String name : names) {
            files.put(name, file(name, read(name)));
        }
        return files;
    }

    private static File file(String name, byte[] content) throws IOException {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        CRC32 sum = new CRC32();
        sum.update(content);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(content);
        }
        return new File(
                TYPES.getOrDefault(ending, "application/octet-stream"),
                name.startsWith(HASHED),
                '"' + Long.toHexString(sum.getValue()) + '-' + content.length + '"',
                compressed.toByteArray());
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IOException(name + " is missing from the distribution");
            }
            return in.readAllBytes();
        }
    }
}
