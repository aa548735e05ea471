package dev.bunctl.conf.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in the repository that is rendered from code. With {@code -Dbunctl.render=true} it is written, else compared. */
final class Rendered {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Rendered() {}

    static void assertCurrent(String path, String text) throws IOException {
        Path file = ROOT.resolve(path);
        if (Boolean.getBoolean("bunctl.render")) {
            Files.writeString(file, text);
        }
        assertEquals(
                text,
                Files.exists(file) ? Files.readString(file) : "",
                path + " is rendered from the table of fields: run the tests of conf with -Dbunctl.render=true");
    }

    /** The part of a file between the lines {@code <!-- NAME -->} and {@code <!-- /NAME -->} replaced. */
    static void assertSectionCurrent(String path, String name, String text) throws IOException {
        Path file = ROOT.resolve(path);
        String whole = Files.readString(file);
        String start = "<!-- " + name + " -->\n";
        int from = whole.indexOf(start) + start.length();
        int to = whole.indexOf("<!-- /" + name + " -->");
        assertCurrent(path, whole.substring(0, from) + text + whole.substring(to));
    }
}
