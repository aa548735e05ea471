package dev.bunctl.conf.resolve;

import dev.bunctl.conf.Program.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which program runs a script, by its shebang and its extension. */
public final class Interpreter {
    private static final int MAX_SHEBANG = 256;

    private Interpreter() {}

    /** Programs that can run a file of that name, best first; empty when the extension says nothing. */
    static List<String> byExtension(String fileName) {
        return switch (extension(fileName)) {
            case "ts", "tsx", "mts", "cts", "jsx" -> List.of("bun");
            case "js", "mjs", "cjs" -> List.of("bun", "node");
            case "py" -> List.of("python3", "python");
            case "sh" -> List.of("sh");
            case "bash" -> List.of("bash");
            case "zsh" -> List.of("zsh");
            case "rb" -> List.of("ruby");
            case "pl" -> List.of("perl");
            case "php" -> List.of("php");
            case "lua" -> List.of("lua");
            case "jar" -> List.of("java");
            default -> List.of();
        };
    }

    /** The extension in lower case, without its point; empty when there is none. */
    static String extension(String fileName) {
        int point = fileName.lastIndexOf('.');
        return point <= fileName.lastIndexOf('/') + 1
                ? ""
                : fileName.substring(point + 1).toLowerCase(Locale.ROOT);
    }

    /** Whether a name has the extension of a script, so that it means a file even where there is none. */
    public static boolean isScriptName(String name) {
        return !byExtension(name).isEmpty();
    }

    /** Arguments that the interpreter needs before the script. */
    static List<String> flags(String interpreter) {
        return fileName(interpreter).equals("java") ? List.of("-jar") : List.of();
    }

    static Engine engine(String program) {
        return switch (fileName(program)) {
            case "bun", "bunx", "bun-debug" -> Engine.BUN;
            case "node", "nodejs" -> Engine.NODE;
            default -> Engine.OTHER;
        };
    }

    static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * The words of the first line after {@code #!}, {@code env} and its options left out; empty when there is none.
     *
     * @throws IOException when the file cannot be read
     */
    static Optional<List<String>> shebang(Path file) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(MAX_SHEBANG);
        }
        if (start.length < 2 || start[0] != '#' || start[1] != '!') {
            return Optional.empty();
        }
        String line = new String(start, 2, start.length - 2, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
        List<String> words = List.of(line.strip().split("\\s+"));
        int first = 0;
        if (fileName(words.get(0)).equals("env")) {
            first = 1;
            while (first < words.size()
                    && (words.get(first).startsWith("-") || words.get(first).indexOf('=') > 0)) {
                first++;
            }
        }
        List<String> program = words.subList(first, words.size());
        return program.isEmpty() || program.get(0).isEmpty() ? Optional.empty() : Optional.of(program);
    }
}
