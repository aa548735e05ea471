package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole of it with real Bun on a kernel that has every controller: inside a virtual machine, as root. */
@Tag("vm")
@Timeout(120)
class ContainmentVmTest {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** Grows by 5 MB each 50 ms, and says when it was told to end. */
    private static final String HOG = """
            const held = [];
            process.on("SIGINT", () => { console.log("told to end"); process.exit(0); });
            setInterval(() => held.push(Buffer.alloc(5_000_000, 1)), 50);
            """;

    /** The group of the newest generation of an app's first instance. */
    private static Path group(String app) throws IOException {
        try (Stream<Path> all = Files.walk(CGROUPS, 4)) {
            return all.filter(path -> path.getParent().endsWith("app-" + app + "/0") && Files.isDirectory(path))
                    .max(Comparator.comparing(
                            path -> Integer.valueOf(path.getFileName().toString())))
                    .orElseThrow(() -> new AssertionError("no group of " + app));
        }
    }

    private static String limit(String instance, String file) throws IOException {
        return Files.readString(group(instance).resolve(file)).strip();
    }

    private static boolean hasGroups(String app) throws IOException {
        try (Stream<Path> all = Files.walk(CGROUPS, 3)) {
            return all.anyMatch(path -> path.endsWith("app-" + app));
        }
    }

    private static String fetch(String path) throws IOException {
        try (var in = URI.create("http://127.0.0.1:3456" + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Bunctl with(String app) {
        Bunctl bunctl = new Bunctl();
        bunctl.write("bunctl.json", "{\"apps\":[" + app + "]}");
        return bunctl;
    }

    private static String cause(Bunctl bunctl, String app) {
        return bunctl.run("describe", app).succeeded().out();
    }

    @Test
    void bunUnder100Megabytes_serves_andIsEndedForItsMemoryWhenItGrows() throws Exception {
        try (Bunctl bunctl = with("""
                {"name":"s","script":"s.ts","max_memory":"100M","restart_policy":"no","ready":{"port":3456}}""")) {
            bunctl.write("s.ts", """
                    const held = [];
                    Bun.serve({ port: 3456, fetch(request) {
                      if (request.url.endsWith("/grow")) setInterval(() => held.push(Buffer.alloc(5_000_000, 1)), 10);
                      return new Response("hello"); } });""");
            bunctl.run("start").succeeded();
            assertEquals("hello", fetch("/"));
            assertEquals("104857600", limit("s", "memory.max"));
            assertEquals("hello", fetch("/grow"));
            bunctl.awaitStatus("s:0", app -> "errored".equals(app.get("state")));
            assertTrue(cause(bunctl, "s").contains("out of memory, signal SIGKILL"), cause(bunctl, "s"));
            assertFalse(hasGroups("s"), "its group is gone with it");
        }
    }

    @Test
    void anonymousHog_isRestartedGracefullyBeforeItIsKilled() {
        try (Bunctl bunctl = with("""
                {"name":"hog","script":"hog.ts","max_memory_restart":"150M","max_memory":"400M"}""")) {
            bunctl.write("hog.ts", HOG);
            bunctl.run("start").succeeded();
            bunctl.awaitStatus("hog:0", app -> (Long) app.get("restarts") >= 1);
            assertTrue(bunctl.log("hog-out.log").contains("told to end"), bunctl.log("hog-out.log"));
            assertTrue(cause(bunctl, "hog").contains("passed max_memory_restart of 150.0 MiB"), cause(bunctl, "hog"));
            assertFalse(cause(bunctl, "hog").contains("out of memory"), cause(bunctl, "hog"));
        }
    }

    @Test
    void readerOfALargeFile_isLeftAlone() throws Exception {
        try (Bunctl bunctl = with("""
                {"name":"reader","script":"reader.ts","max_memory_restart":"90M"}""")) {
            // More than the limit, on a disk; what is cached is charged to whoever read it first.
            Path large = Path.of(System.getProperty("java.home"), "lib", "modules");
            assertTrue(Files.size(large) > 100 << 20);
            Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "1");
            bunctl.write("reader.ts", """
                    import { openSync, readSync } from "node:fs";
                    const buffer = Buffer.alloc(1 << 20);
                    for (let round = 0; round < 3; round++) {
                      const file = openSync(process.env.LARGE, "r");
                      while (readSync(file, buffer) > 0);
                    }
                    console.log("read");
                    setInterval(() => {}, 1000);""");
            bunctl.with("LARGE", large.toString()).run("start").succeeded();
            Bunctl.await(
                    () -> "the file was read",
                    () -> bunctl.log("reader-out.log").contains("read"));
            String passed = Files.readString(group("reader").resolve("memory.events"));
            assertFalse(passed.contains("high 0\n"), "the soft limit was passed: " + passed);
            assertEquals(0L, bunctl.status("reader:0").get("restarts"));
        }
    }

    @Test
    void setLimit_isInTheKernelAtOnce_andDescribeShowsItsAccounts() throws Exception {
        try (Bunctl bunctl = with("""
                {"name":"busy","command":["sh","-c","while :; do :; done"]}""")) {
            bunctl.run("start").succeeded();
            long pid = bunctl.pid("busy:0");
            bunctl.run(
                            "set-limit",
                            "busy",
                            "--max-memory",
                            "64M",
                            "--max-cpu",
                            "20",
                            "--max-pids",
                            "9",
                            "--cpu-weight",
                            "50")
                    .succeeded();
            assertEquals("67108864", limit("busy", "memory.max"));
            assertEquals("20000 100000", limit("busy", "cpu.max"));
            assertEquals("9", limit("busy", "pids.max"));
            assertEquals("50", limit("busy", "cpu.weight"));
            bunctl.run("set-limit", "busy", "--max-memory", "none").succeeded();
            assertEquals("max", limit("busy", "memory.max"));
            assertEquals("20000 100000", limit("busy", "cpu.max"));
            Bunctl.await(
                    () -> "it was throttled: " + usage(bunctl),
                    () -> ((Long) usage(bunctl).get("throttled_ms")) > 0);
            assertTrue(
                    (Long) usage(bunctl).get("peak_memory_bytes") > 0,
                    usage(bunctl).toString());
            assertEquals(pid, bunctl.pid("busy:0"));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> usage(Bunctl bunctl) {
        var app = bunctl.run("describe", "busy", "--json").succeeded().apps().getFirst();
        return ((List<Map<String, Object>>) app.get("usage")).getFirst();
    }

    /** As by a service's TasksMax. */
    @Test
    void groupAboveAllApps_thatHasNoRoom_isTold_andTheAppStartsWhenThereIsSome() throws IOException {
        try (Bunctl bunctl = with("""
                {"name":"a","command":"sleep 1000"}""")) {
            bunctl.run("start").succeeded();
            long first = bunctl.pid("a:0");
            Path all = group("a").getParent().getParent().getParent();
            Files.writeString(all.resolve("pids.max"), Files.readString(all.resolve("pids.current")));
            Bunctl.Result refused =
                    bunctl.run("start", "b", "--command", "sleep 1000").failedWith(1);
            assertTrue(refused.err().contains("resource temporarily unavailable"), refused.err());
            bunctl.awaitStatus("b:0", b -> "waiting_restart".equals(b.get("state"))); // between two attempts
            Files.writeString(all.resolve("pids.max"), "max");
            bunctl.awaitStatus("b:0", b -> "online".equals(b.get("state")));
            assertEquals(first, bunctl.pid("a:0"));
        }
    }

    @Test
    void forkBomb_isHeldByMaxPids_andTheDaemonAnswers() {
        try (Bunctl bunctl = with("""
                {"name":"bomb","command":["sh","-c","b() { b & b & wait; }; b 2>/dev/null; sleep 1000"],
                 "max_pids":40,"max_cpu_percent":50,"cpu_weight":1}""")) {
            bunctl.run("start").succeeded();
            bunctl.run("ping").succeeded();
            bunctl.run("stop", "bomb").succeeded();
            assertEquals("stopped", bunctl.status("bomb:0").get("state"));
        }
    }
}
