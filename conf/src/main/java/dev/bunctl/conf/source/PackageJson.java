package dev.bunctl.conf.source;

import dev.bunctl.conf.AppName;
import dev.bunctl.conf.tree.CommandWords;
import dev.bunctl.conf.tree.ConfigException;
import dev.bunctl.conf.tree.Location;
import dev.bunctl.conf.tree.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@code package.json} says about apps: its {@code bunctl} section, else {@code pm2}, else the {@code start}
 * script. That script becomes the program it starts, so that signals reach it; only a line that needs a shell is left to
 * {@code bun run} or {@code npm run}, where the whole group is signalled.
 */
final class PackageJson {
    /** What only a shell understands, outside quotes. */
    private static final String SHELL = "&|;<>()$`*?[]{}~#!\n";

    private final Node.Members root;
    private final Path folder;

    private PackageJson(Node.Members root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    /**
     * The part of the file that is the configuration.
     *
     * @param folder that the file is in
     */
    static Node section(Node file, Path folder) throws ConfigException {
        if (!(file instanceof Node.Members root)) {
            throw ConfigException.invalid(file.at(), "an object expected, not " + file.shown());
        }
        for (String name : List.of("bunctl", "pm2")) {
            Optional<Node> section = root.value(name);
            if (section.isPresent()) {
                return section.get();
            }
        }
        Optional<Node> start = root.value("scripts")
                .filter(Node.Members.class::isInstance)
                .flatMap(scripts -> ((Node.Members) scripts).value("start"));
        if (start.isEmpty() || !(start.get() instanceof Node.Text(String line, Location at)) || line.isBlank()) {
            throw ConfigException.invalid(root.at(), "a 'bunctl' or 'pm2' section or a 'start' script expected");
        }
        return new PackageJson(root, folder).app(line, at);
    }

    private Node app(String line, Location at) throws ConfigException {
        var members = new LinkedHashMap<String, Node.Member>();
        name().ifPresent(name -> members.put("name", new Node.Member(name.at(), name)));
        var environment = new LinkedHashMap<String, Node.Member>();
        List<String> command = needsShell(line) ? viaRunner() : direct(line, at, environment);
        if (Files.isDirectory(folder.resolve("node_modules/.bin"))) {
            environment.putIfAbsent(
                    "PATH", member(folder.resolve("node_modules/.bin") + ":${PATH:-/usr/bin:/bin}", at));
        }
        members.put("command", new Node.Member(at, items(command, at)));
        members.put("env", new Node.Member(at, new Node.Members(environment, at)));
        return new Node.Members(members, at);
    }

    private static Node items(List<String> words, Location at) {
        List<Node> items = new ArrayList<>();
        words.forEach(word -> items.add(new Node.Text(word, at)));
        return new Node.Items(items, at);
    }

    private static Node.Member member(String text, Location at) {
        return new Node.Member(at, new Node.Text(text, at));
    }

    /** The package's name without its scope, if an app can be called that. */
    private Optional<Node> name() {
        return root.value("name")
                .filter(Node.Text.class::isInstance)
                .map(Node.Text.class::cast)
                .map(text -> new Node.Text(text.value().substring(text.value().lastIndexOf('/') + 1), text.at()))
                .filter(text -> AppName.problemOf(text.value()) == null)
                .map(Node.class::cast);
    }

    static boolean needsShell(String line) {
        char quote = 0;
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else if (quote != '\'' && (quote == 0 ? SHELL : "$`").indexOf(c) >= 0) {
                return true;
            }
        }
        return false;
    }

    private List<String> viaRunner() {
        boolean npm = Files.exists(folder.resolve("package-lock.json"))
                && !Files.exists(folder.resolve("bun.lock"))
                && !Files.exists(folder.resolve("bun.lockb"));
        return npm ? List.of("npm", "run", "start") : List.of("bun", "run", "start");
    }

    private static List<String> direct(String line, Location at, Map<String, Node.Member> environment)
            throws ConfigException {
        List<String> words;
        try {
            words = CommandWords.split(line);
        } catch (IllegalArgumentException unsplittable) {
            throw ConfigException.invalid(at, "'scripts.start': " + unsplittable.getMessage());
        }
        int first = 0;
        while (first < words.size() && (isEnv(words.get(first)) || isAssignment(words.get(first)))) {
            String word = words.get(first++);
            int equals = word.indexOf('=');
            if (equals > 0) {
                environment.put(word.substring(0, equals), member(word.substring(equals + 1), at));
            }
        }
        if (first == words.size()) {
            throw ConfigException.invalid(at, "'scripts.start': a program expected after the variables");
        }
        return words.subList(first, words.size());
    }

    private static boolean isEnv(String word) {
        return word.equals("cross-env") || word.equals("env");
    }

    private static boolean isAssignment(String word) {
        int equals = word.indexOf('=');
        if (equals <= 0 || Character.isDigit(word.charAt(0))) {
            return false;
        }
        for (int at = 0; at < equals; at++) {
            char c = word.charAt(at);
            if (!Character.isLetterOrDigit(c) && c != '_') {
                return false;
            }
        }
        return true;
    }
}
