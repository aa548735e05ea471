package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunctl.os.api.HostSignals;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals reach a daemon that was started with them blocked, as the guard does. */
@Timeout(60)
final class HostSignalsTest {
    /** What a daemon does with signals, in a process of its own: says each request, ends on TERMINATE. */
    static final class Daemon {
        private Daemon() {}

        public static void main(String[] arguments) throws Exception {
            LinuxHostSignals signals = new LinuxHostSignals();
            LinkedBlockingQueue<HostSignals.Request> told = new LinkedBlockingQueue<>();
            try (NativeLoop loop = NativeLoop.open()) {
                signals.open(loop);
                signals.subscribe(Runnable::run, told::add);
                loop.start();
                System.out.println("ready");
                HostSignals.Request request;
                do {
                    request = told.take();
                    System.out.println(request);
                } while (request != HostSignals.Request.TERMINATE);
            }
        }
    }

    @Test
    void blockedSignals_becomeRequests() throws Exception {
        Process daemon = new ProcessBuilder(List.of(
                        "env",
                        "--block-signal=HUP",
                        "--block-signal=TERM",
                        "--block-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xrs",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Daemon.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(daemon.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("ready", said.readLine());
            for (List<String> pair : List.of(List.of("1", "REOPEN_LOGS"), List.of("15", "TERMINATE"))) {
                assertEquals(0, LibC.kill((int) daemon.pid(), Integer.parseInt(pair.get(0))));
                assertEquals(pair.get(1), said.readLine());
            }
            assertEquals(0, daemon.waitFor());
        } finally {
            daemon.destroyForcibly();
        }
    }
}
