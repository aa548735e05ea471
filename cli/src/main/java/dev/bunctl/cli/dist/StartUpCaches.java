package dev.bunctl.cli.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the start-up caches of both clients and of the daemon by one real run of each. */
final class StartUpCaches {
    /** Variables of {@code lib/java.sh}: a run is recorded, or the cache is assembled from a record in place of a run. */
    private static final String RECORDED = "BUNCTL_RECORD";

    private static final String ASSEMBLED = "BUNCTL_ASSEMBLE";
    private static final String NOTHING = "";
    /** Command lines of the thin client, with commas between; the first meets an inherited link, the others open one. */
    private static final String REHEARSED =
            "list , logs all --nostream --lines 5 , list --json , describe all , ping , restart all , stop all";

    /** Command lines of the full client: every format that a start may read, and every command that reads them. */
    private static final String STARTED =
            "start , start worker.sh --name other --env A=b -i 1 , validate other.yaml other.config.js package.json"
                    + " , config --explain , plan other.yaml , apply --only recorded";

    /** Command lines of the full client to a daemon of another host, which need TLS, in front of what says where that is. */
    private static final List<String> REMOTE = List.of("list", "logs all --nostream --lines 5", "describe all");

    /** The homes of the recorded daemon, and of the one that is reached as on another host. */
    private static final String HOME = "home";

    private static final String AWAY = "away";
    private static final String TOKEN = "BUNCTL_TOKEN";
    private static final Pattern TOKEN_TEXT = Pattern.compile("\"token\":\"([^\"]+)\"");
    private static final Pattern PORT = Pattern.compile("\"port\":([0-9]+)");
    private static final String MADE_FOR = "made-for";
    private static final String VERSION_LINE = "JAVA_VERSION=";
    private static final long PATIENCE_SECONDS = 120;
    private static final String CONFIGURATION = """
            {"apps":[{"name":"recorded","command":"sh -c 'echo a line; exec sleep 600'","cwd":".","env":{"PORT":"3000"},
             "max_memory":536870912,"restart_policy":"always","env_file":".env"}]}
            """;
    /** Read beside it. */
    private static final Map<String, String> OTHERS = Map.of(
            "worker.sh", "#!/bin/sh\nexec sleep 600\n",
            ".env", "FROM_FILE=${HOME:-none}\n",
            "other.yaml", "apps:\n- name: yaml\n  script: worker.sh\n  instances: max\n",
            "other.config.js", "module.exports = {apps: [{name: 'program', script: 'worker.sh'}]};\n",
            "package.json", "{\"name\":\"package\",\"scripts\":{\"start\":\"A=b sh worker.sh\"}}\n");

    private final Path distribution;
    private final Path caches;
    private final String java;
    private final Path scratch;
    private Optional<String> token = Optional.empty();

    /**
     * @param distribution an unpacked one
     * @param caches the folder where they go, which must exist
     * @param java the folder of the Java they are for, as launchers find it
     * @param scratch an empty folder for what is needed on the way
     */
    StartUpCaches(Path distribution, Path caches, String java, Path scratch) {
        this.distribution = distribution;
        this.caches = caches;
        this.java = java;
        this.scratch = scratch;
    }

    /** Runs a daemon with an app through both clients; each process writes down what it loaded as it ends. */
    void record() throws IOException, InterruptedException {
        Files.writeString(scratch.resolve("bunctl.json"), CONFIGURATION);
        for (Map.Entry<String, String> other : OTHERS.entrySet()) {
            Files.writeString(scratch.resolve(other.getKey()), other.getValue());
        }
        try {
            String port = reachable();
            try {
                bunctl(RECORDED, started(port).split(" "));
                bunctl(RECORDED, REHEARSED.split(" "));
                bunctl(NOTHING, "reload", "all");
                bunctl(NOTHING, "delete", "all");
            } finally {
                bunctl(NOTHING, "kill");
            }
        } finally {
            run(NOTHING, AWAY, command("kill"));
        }
        bunctl(ASSEMBLED, "list");
        bunctl(ASSEMBLED, "help");
        run(ASSEMBLED, HOME, List.of(distribution.resolve("lib/bunctld").toString()));
        putInPlace();
    }

    /**
     * Starts a daemon for the client to reach as on another host; the result is its port. It is not the recorded one: what TLS
     * needs would be in the memory of every daemon then.
     */
    private String reachable() throws IOException, InterruptedException {
        String port = told(PORT, asked("listen", "--port", "0", "--json"));
        token = Optional.of(told(TOKEN_TEXT, asked("token", "create", "--name", "recorded", "--json")));
        return port;
    }

    private static String told(Pattern what, String said) throws IOException {
        Matcher found = what.matcher(said);
        if (!found.find()) {
            throw new IOException(what + " expected in: " + said);
        }
        return found.group(1);
    }

    /** What the full client is recorded with. */
    private String started(String port) {
        StringBuilder lines = new StringBuilder(STARTED);
        String where = " , --host 127.0.0.1:" + port + " --ca " + AWAY + "/tls/certificate.pem ";
        REMOTE.forEach(line -> lines.append(where).append(line));
        return lines.toString();
    }

    private void bunctl(String variable, String... words) throws IOException, InterruptedException {
        run(variable, HOME, command(words));
    }

    /** What a command to the daemon that is reached from elsewhere prints. */
    private String asked(String... words) throws IOException, InterruptedException {
        run(NOTHING, AWAY, command(words));
        return Files.readString(output());
    }

    private List<String> command(String... words) {
        List<String> command = new ArrayList<>();
        command.add(distribution.resolve("bin/bunctl").toString());
        command.addAll(List.of(words));
        return command;
    }

    private Path output() {
        return scratch.resolve("output");
    }

    /** Runs a command to its end, which must be a good one. */
    private void run(String variable, String home, List<String> command) throws IOException, InterruptedException {
        Path output = output();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("BUNCTL_HOME", scratch.resolve(home).toString());
        environment.put("BUNCTL_JAVA_HOME", java);
        environment.remove(RECORDED);
        environment.remove(ASSEMBLED);
        token.ifPresent(text -> environment.put(TOKEN, text));
        if (!variable.equals(NOTHING)) {
            environment.put(variable, scratch.toString());
        }
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " did not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ":\n"
                    + Files.readString(output) + daemonLog(home));
        }
    }

    private String daemonLog(String home) throws IOException {
        Path log = scratch.resolve(home).resolve("daemon.log");
        return Files.exists(log) ? "daemon.log:\n" + Files.readString(log) : "";
    }

    /**
     * By rename, and what they were made for last: until then, and while they are replaced, no launcher takes them. The
     * version is read where the launcher reads it.
     */
    private void putInPlace() throws IOException {
        Files.deleteIfExists(caches.resolve(MADE_FOR));
        for (String cache : List.of("thin", "full", "daemon")) {
            Path file = scratch.resolve(cache + ".aot");
            if (!Files.exists(file) || Files.size(file) == 0) {
                throw new IOException("no start-up cache was made for " + cache + "\n" + daemonLog(HOME));
            }
            rename(file, cache + ".aot");
        }
        String build = Files.readString(distribution.resolve("lib/build")).strip();
        rename(Files.writeString(scratch.resolve("java-home"), java + "\n"), "java-home");
        rename(
                Files.writeString(scratch.resolve(MADE_FOR), build + "\n" + java + "\n" + version(java) + "\n"),
                MADE_FOR);
    }

    /** From another file system too. A distribution is for everybody, whatever mask the maker has. */
    private void rename(Path from, String name) throws IOException {
        Path near = caches.resolve(name + ".new");
        Files.copy(from, near, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(near, PosixFilePermissions.fromString("rw-r--r--"));
        var _ = Files.move(near, caches.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String version(String java) throws IOException {
        return Files.readAllLines(Path.of(java, "release")).stream()
                .filter(line -> line.startsWith(VERSION_LINE))
                .map(line -> line.substring(VERSION_LINE.length()).replace("\"", ""))
                .findFirst()
                .orElseThrow(() -> new IOException("no version in " + java + "/release"));
    }
}
