package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Programs that are restarted when their files change. */
class WatchIT {
    private static final String SERVER =
            "console.log(`version ${VERSION} of ${process.pid}`); setInterval(() => {}, 1000);";

    private static void version(Bunctl bunctl, int version) {
        Path next = bunctl.write("next.ts", SERVER.replace("VERSION", Integer.toString(version)));
        try {
            // In one step: what is first emptied and then written is two changes on a host that is busy in between.
            Files.createDirectories(bunctl.folder().resolve("app"));
            Files.move(next, bunctl.folder().resolve("app/server.ts"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void configure(Bunctl bunctl, String fields) {
        bunctl.write("app/bunctl.json", "{\"apps\": [{\"name\": \"w\", \"script\": \"server.ts\"" + fields + "}]}");
    }

    private static void awaitVersion(Bunctl bunctl, int version) {
        Bunctl.await(
                () -> "version " + version + " ran: " + bunctl.log("w-out.log"),
                () -> bunctl.log("w-out.log").contains("version " + version + " of "));
        bunctl.awaitStatus("w:0", app -> "online".equals(app.get("state")));
    }

    /** Watching begins beside the command that asks for it. */
    private static void awaitWatch(Bunctl bunctl) {
        long daemon = bunctl.daemonPid();
        Bunctl.await(() -> "the folder is watched", () -> watches(daemon) > 0);
    }

    private static void awaitRestart(Bunctl bunctl, long former) {
        bunctl.awaitStatus(
                "w:0",
                app -> "online".equals(app.get("state"))
                        && !Long.valueOf(former).equals(app.get("pid")));
    }

    @Test
    void savedFile_restartsTheApp_andSoDoesAnEditorsRename_andANewFolder() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            version(bunctl, 1);
            configure(bunctl, ", \"watch\": true");
            bunctl.run("start", "app/bunctl.json").succeeded();
            awaitVersion(bunctl, 1);
            awaitWatch(bunctl);
            bunctl.write("app/server.ts", SERVER.replace("VERSION", "2"));
            awaitVersion(bunctl, 2);
            String described = bunctl.run("describe", "w").succeeded().out();
            assertTrue(described.contains("watch: server.ts changed"), described);

            Path saved = bunctl.write("app/.server.ts.swp", SERVER.replace("VERSION", "3"));
            Files.move(saved, bunctl.folder().resolve("app/server.ts"), StandardCopyOption.REPLACE_EXISTING);
            awaitVersion(bunctl, 3);

            long before = bunctl.pid("w:0");
            bunctl.write("app/new/deep/module.ts", "1");
            awaitRestart(bunctl, before);
            long between = bunctl.pid("w:0");
            bunctl.write("app/new/deep/module.ts", "2");
            awaitRestart(bunctl, between);
        }
    }

    @Test
    void whatIsIgnored_restartsNothing() {
        try (Bunctl bunctl = new Bunctl()) {
            version(bunctl, 1);
            configure(bunctl, ", \"watch\": true, \"out_file\": \"out.txt\"");
            bunctl.run("start", "app/bunctl.json").succeeded();
            awaitWatch(bunctl);
            long pid = bunctl.pid("w:0");
            for (String name : List.of("node_modules/x/index.js", ".git/HEAD", "logs/a", "debug.log")) {
                bunctl.write("app/" + name, "changed");
            }
            bunctl.run("rotate", "w").succeeded();
            // The change that counts comes behind all the others: one restart, and its cause, tell that they did not.
            version(bunctl, 2);
            awaitRestart(bunctl, pid);
            String described = bunctl.run("describe", "w").succeeded().out();
            assertTrue(described.contains("watch: server.ts changed"), described);
            assertEquals(1L, bunctl.status("w:0").get("restarts"));
        }
    }

    @Test
    void watch_isTurnedOnAndOffWhileTheAppRuns_andOverADaemonsDeath() {
        try (Bunctl bunctl = new Bunctl()) {
            version(bunctl, 1);
            configure(bunctl, "");
            bunctl.run("start", "app/bunctl.json").succeeded();
            long pid = bunctl.pid("w:0");
            bunctl.run("watch", "w").succeeded();
            assertEquals(pid, bunctl.pid("w:0"));
            awaitWatch(bunctl);
            version(bunctl, 2);
            awaitRestart(bunctl, pid);
            long daemon = bunctl.daemonPid();
            HostProcesses.signal("KILL", daemon);
            Bunctl.await(() -> "another daemon came", () -> bunctl.daemonPid() != daemon);
            awaitWatch(bunctl);
            long adopted = bunctl.pid("w:0");
            version(bunctl, 3);
            awaitRestart(bunctl, adopted);

            bunctl.run("unwatch", "w").succeeded();
            String described = bunctl.run("describe", "w").succeeded().out();
            assertTrue(described.contains("off; "), described);
            long left = bunctl.pid("w:0");
            version(bunctl, 4);
            // Watched again, the app is in step with its files: nothing is owed from the time between.
            bunctl.run("watch", "w").succeeded();
            assertEquals(left, bunctl.pid("w:0"));
            bunctl.run("stop", "w").succeeded();
            version(bunctl, 5);
            assertEquals("stopped", bunctl.status("w:0").get("state"));
        }
    }

    @Test
    void fiftyThousandFiles_areWatchedAtOnceAndForLittle() throws IOException {
        try (Bunctl bunctl = new Bunctl()) {
            version(bunctl, 1);
            for (int i = 0; i < 500; i++) {
                Path folder = Files.createDirectories(bunctl.folder().resolve("app/src/d" + i));
                for (int j = 0; j < 100; j++) {
                    Files.createFile(folder.resolve("f" + j + ".ts"));
                }
            }
            configure(bunctl, ", \"watch\": true");
            bunctl.run("start", "app/bunctl.json").succeeded();
            long daemon = bunctl.daemonPid();
            Bunctl.await(() -> "every folder is watched: " + watches(daemon), () -> watches(daemon) >= 502);
            assertTrue(watches(daemon) < 600, "a watch a folder, not a file: " + watches(daemon));
            long pid = bunctl.pid("w:0");
            bunctl.write("app/src/d499/f99.ts", "changed");
            awaitRestart(bunctl, pid);
        }
    }

    /** The lines of the kernel that name a watch of this process. */
    private static long watches(long pid) {
        long count = 0;
        try (var entries = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fdinfo"))) {
            for (Path entry : entries) {
                count += HostProcesses.read(pid, "fdinfo/" + entry.getFileName())
                        .lines()
                        .filter(line -> line.startsWith("inotify "))
                        .count();
            }
        } catch (IOException gone) {
            return 0;
        }
        return count;
    }

    @Test
    void hostsLimit_isNamed_andTheAppRunsUnwatched() throws Exception {
        List<String> inOwnLimits = List.of("unshare", "--user", "--map-root-user", "--");
        assumeTrue(runs(inOwnLimits), "this host gives no user namespace, in which alone the limit can be lowered");
        try (Bunctl bunctl = new Bunctl()) {
            version(bunctl, 1);
            for (int i = 0; i < 40; i++) {
                bunctl.write("app/src/d" + i + "/f.ts", "");
            }
            configure(bunctl, ", \"watch\": true");
            bunctl.write("lowered", "#!/bin/sh\necho 20 > /proc/sys/user/max_inotify_watches && exec \"$@\"\n")
                    .toFile()
                    .setExecutable(true);
            List<String> command = new ArrayList<>(inOwnLimits);
            command.add(bunctl.folder().resolve("lowered").toString());
            Bunctl.Result started = bunctl.runIn(command, "start", "app/bunctl.json");
            assertEquals(0, started.exit(), started.err());
            Map<String, Object> status = bunctl.awaitStatus("w:0", app -> "online".equals(app.get("state")));
            assertEquals("online", status.get("state"));
            Bunctl.await(
                    () -> "the limit was named",
                    () -> bunctl.run("status").err().contains("fs.inotify.max_user_watches"));
            String warning = bunctl.run("describe", "w").err();
            assertTrue(warning.contains("w:0: its files are not watched"), warning);
        }
    }

    private static boolean runs(List<String> prefix) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException none) {
            return false;
        }
    }
}
