import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Measures bunctl beside PM2 in the same run. {@code docs/benchmarks.md} says how to start it and what each number means.
 */
final class Bench {
    private static final int STATUS_RUNS = 25;
    private static final int DEATH_RUNS = 5;
    private static final long STEADY_MILLIS = 11_000;
    private static final int START_RUNS = 9;
    private static final int CRASH_RUNS = 11;
    private static final int MANY_RUNS = 5;
    private static final int MANY = 100;
    private static final String MARK = "77123.";
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final Path scratch = Files.createTempDirectory(Path.of("/tmp"), "bb");
    private final String bunctl;
    private final String pm2;
    private final int idleSeconds;

    private Bench(String bunctl, String pm2, int idleSeconds) throws IOException {
        this.bunctl = bunctl;
        this.pm2 = pm2;
        this.idleSeconds = idleSeconds;
    }

    /** Arguments: the programs bunctl and pm2, seconds for the idle measurement. */
    public static void main(String[] arguments) throws Exception {
        Bench bench = new Bench(arguments[0], arguments[1], Integer.parseInt(arguments[2]));
        System.out.println("| | bunctl | PM2 | ratio |\n|---|---|---|---|");
        try {
            bench.status();
            bench.coldStart();
            bench.crash();
            bench.deaths();
            bench.many();
            bench.idle();
        } finally {
            bench.end();
        }
    }

    private void status() throws Exception {
        write("sleepers.json", apps(10, "sleep " + MARK));
        write("sleepers.config.json", pm2Apps(10));
        run(bunctl, "start", "--config", "sleepers.json");
        run(pm2, "start", "sleepers.config.json");
        double node = median(STATUS_RUNS, () -> timed("node", "-e", "0"));
        row("`status` with 10 apps, ms", median(STATUS_RUNS, () -> timed(bunctl, "status")),
                median(STATUS_RUNS, () -> timed(pm2, "list")));
        System.out.printf("| `node -e 0` in the same run, ms | %.1f | | |%n", node);
        List<Long> ours = daemons();
        List<Long> theirs = List.of(pm2Daemon());
        row("daemon and guard with 10 apps: PSS, MB", memory(ours, "Pss:"), memory(theirs, "Pss:"));
        row("daemon and guard with 10 apps: RSS, MB", memory(ours, "Rss:"), memory(theirs, "Rss:"));
        kill();
    }

    private void coldStart() throws Exception {
        write("line.js", "console.log('first'); setInterval(() => {}, 1000);");
        row("cold `start` to the app's first line in its log, ms",
                median(START_RUNS, () -> firstLine(scratch.resolve("h/logs/line-out.log"), bunctl)),
                median(START_RUNS, () -> firstLine(scratch.resolve("p/logs/line-out.log"), pm2)));
    }

    private double firstLine(Path log, String program) throws Exception {
        kill();
        Files.deleteIfExists(log);
        long start = System.nanoTime();
        Process process = start(program, "start", "line.js", "--name", "line", "--interpreter=node");
        until(() -> Files.exists(log) && Files.size(log) > 0);
        double millis = (System.nanoTime() - start) / 1e6;
        process.waitFor();
        run(program, "delete", "all");
        return millis;
    }

    private void crash() throws Exception {
        Path script = write("starts.sh", "#!/bin/sh\ndate +%s%N >>starts\nexec sleep " + MARK + "5\n");
        script.toFile().setExecutable(true);
        write("crash.json", "{\"apps\":[{\"name\":\"crash\",\"command\":\"./starts.sh\",\"max_restarts\":-1,"
                + "\"backoff\":{\"initial\":0,\"max\":0}}]}");
        kill();
        run(bunctl, "start", "--config", "crash.json");
        double ours = median(CRASH_RUNS, this::restart);
        kill();
        run(pm2, "start", "./starts.sh", "--name", "crash");
        double theirs = median(CRASH_RUNS, this::restart);
        kill();
        row("crash to next start without backoff, sh and date included, ms", ours, theirs);
    }

    /** Kills the app and reads from its own clock when the next one began. */
    private double restart() throws Exception {
        Path starts = scratch.resolve("starts");
        until(() -> marked("sleep\0" + MARK + "5").size() == 1);
        LockSupport.parkNanos(1_200_000_000L);
        long size = Files.size(starts);
        long pid = marked("sleep\0" + MARK + "5").getFirst();
        Process clock = new ProcessBuilder("date", "+%s%N").start();
        long before = Long.parseLong(new String(clock.getInputStream().readAllBytes()).strip());
        long anchor = System.nanoTime();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        long killed = before + (System.nanoTime() - anchor);
        until(() -> Files.size(starts) > size);
        List<String> lines = Files.readAllLines(starts);
        return (Long.parseLong(lines.getLast()) - killed) / 1e6;
    }

    private void many() throws Exception {
        write("many.json", apps(MANY, "sleep " + MARK));
        write("many.config.json", pm2Apps(MANY));
        row(MANY + " apps started with --no-wait until the last runs, ms",
                median(MANY_RUNS, () -> allRun(bunctl, "start", "--config", "many.json", "--no-wait")),
                median(MANY_RUNS, () -> allRun(pm2, "start", "many.config.json")));
    }

    private double allRun(String... command) throws Exception {
        kill();
        if (command[0].equals(bunctl)) {
            write("one.json", apps(1, "sleep 1000").replace("app0", "other"));
            run(bunctl, "start", "--config", "one.json");
        } else {
            run(pm2, "ping");
        }
        long start = System.nanoTime();
        Process process = start(command);
        until(() -> marked("sleep\0" + MARK).size() >= MANY);
        double millis = (System.nanoTime() - start) / 1e6;
        process.waitFor();
        return millis;
    }

    private void idle() throws Exception {
        kill();
        write("idle.json", apps(20, "sleep " + MARK));
        write("idle.config.json", pm2Apps(20));
        run(bunctl, "start", "--config", "idle.json");
        run(pm2, "start", "idle.config.json");
        LockSupport.parkNanos(5_000_000_000L);
        List<Long> ours = daemons();
        List<Long> theirs = List.of(pm2Daemon());
        Map<Path, Double> oursBefore = cpuNanos(ours);
        Map<Path, Double> theirsBefore = cpuNanos(theirs);
        LockSupport.parkNanos(idleSeconds * 1_000_000_000L);
        row("processor time of an idle daemon with 20 apps in " + idleSeconds + " s, ms",
                spentMillis(oursBefore, cpuNanos(ours)), spentMillis(theirsBefore, cpuNanos(theirs)));
    }

    /** Deletes first: what a killed daemon ran comes back with the next. */
    private void kill() throws Exception {
        run(bunctl, "delete", "all");
        run(bunctl, "kill");
        run(pm2, "kill");
    }

    private void end() throws Exception {
        kill();
        try (Stream<Path> all = Files.walk(scratch)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }

    private List<Long> daemons() throws Exception {
        List<Long> found = new ArrayList<>(marked("bunctl-guard\0--home\0" + scratch));
        found.addAll(marked("-Dbunctl.home=" + scratch));
        return found;
    }

    private long pm2Daemon() throws IOException {
        return Long.parseLong(Files.readString(scratch.resolve("p/pm2.pid")).strip());
    }

    private static double memory(List<Long> pids, String field) throws IOException {
        long kilobytes = 0;
        for (long pid : pids) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
                if (line.startsWith(field)) {
                    kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }
        return kilobytes / 1024.0;
    }

    /** Of the threads there are afterwards: what ended in between takes the time it had spent before along. */
    private static double spentMillis(Map<Path, Double> before, Map<Path, Double> after) {
        double nanos = 0;
        for (Map.Entry<Path, Double> thread : after.entrySet()) {
            nanos += thread.getValue() - before.getOrDefault(thread.getKey(), 0.0);
        }
        return nanos / 1e6;
    }

    private static Map<Path, Double> cpuNanos(List<Long> pids) throws IOException {
        Map<Path, Double> nanos = new HashMap<>();
        for (long pid : pids) {
            try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
                for (Path thread : (Iterable<Path>) threads::iterator) {
                    nanos.put(thread, Double.parseDouble(Files.readString(thread.resolve("schedstat")).split(" ")[0]));
                }
            }
        }
        return nanos;
    }

    private static List<Long> marked(String text) throws IOException {
        List<Long> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path entry : (Iterable<Path>) all::iterator) {
                String pid = entry.getFileName().toString();
                if (Character.isDigit(pid.charAt(0)) && read(entry.resolve("cmdline")).contains(text)) {
                    found.add(Long.parseLong(pid));
                }
            }
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private static String apps(int count, String command) {
        List<String> apps = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            apps.add("{\"name\":\"app" + n + "\",\"command\":\"" + command + n + "\"}");
        }
        return "{\"apps\":[" + String.join(",", apps) + "]}";
    }

    private static String pm2Apps(int count) {
        List<String> apps = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            apps.add("{\"name\":\"app" + n + "\",\"script\":\"/bin/sleep\",\"interpreter\":\"none\",\"args\":\"" + MARK
                    + n + "\"}");
        }
        return "{\"apps\":[" + String.join(",", apps) + "]}";
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(scratch.resolve(name), content);
    }

    /** PM2 has nothing to compare: its daemon takes the apps with it, or loses them. */
    private void deaths() throws Exception {
        run(bunctl, "start", "--config", "sleepers.json");
        double back = median(DEATH_RUNS, () -> {
            Thread.sleep(STEADY_MILLIS); // a daemon that lived for less is started again later
            ProcessHandle daemon = ProcessHandle.of(marked("-Dbunctl.home=" + scratch).getFirst()).orElseThrow();
            long start = System.nanoTime();
            daemon.destroyForcibly();
            run(bunctl, "status");
            return (System.nanoTime() - start) / 1e6;
        });
        System.out.printf("| daemon killed, until `status` answers with its 10 apps, ms | %.1f | | |%n", back);
        kill();
    }

    private double timed(String... command) throws Exception {
        long start = System.nanoTime();
        run(command);
        return (System.nanoTime() - start) / 1e6;
    }

    private void run(String... command) throws Exception {
        start(command).waitFor();
    }

    /** Output goes nowhere: a daemon that kept the pipe would keep the reader. */
    private Process start(String... command) throws IOException {
        List<String> words = new ArrayList<>(Arrays.asList(command));
        words.removeIf(word -> word.startsWith("--interpreter") && command[0].equals(bunctl));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(scratch.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(Map.of("BUNCTL_HOME", scratch + "/h", "PM2_HOME", scratch + "/p"));
        return builder.start();
    }

    private static void until(Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited in vain");
            }
            LockSupport.parkNanos(500_000);
        }
    }

    private static double median(int runs, Measurement measurement) throws Exception {
        double[] values = new double[runs];
        for (int n = 0; n < runs; n++) {
            values[n] = measurement.take();
        }
        Arrays.sort(values);
        return values[runs / 2];
    }

    private static void row(String what, double ours, double theirs) {
        System.out.printf("| %s | %.1f | %.1f | %.2f |%n", what, ours, theirs, ours / theirs);
    }

    private interface Measurement {
        double take() throws Exception;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }
}
