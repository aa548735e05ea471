package dev.bunctl.conf.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunctl.conf.unit.ServiceUnit.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServiceUnitTest {
    private static final String AWKWARD = "/tmp/a \"b\" 100% $HOME \\ ü";

    private static ServiceUnit unit(Scope scope, String home, String distribution) {
        return new ServiceUnit(scope, home, distribution, Map.of("BUNCTL_JAVA_HOME", "/opt/jdk 25"));
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void text_isCompleteAndKeepsAppsAlive(Scope scope) throws IOException {
        String text = unit(scope, "/h", "/opt/bunctl").text();
        assertFalse(text.contains("@"), text);
        for (String line : List.of(
                "Type=notify",
                "NotifyAccess=all",
                "Delegate=yes",
                "DelegateSubgroup=bunctld",
                "KillMode=process",
                "OOMPolicy=continue",
                "ExecReload=\"/opt/bunctl/bin/bunctl\" update",
                "Environment=\"BUNCTL_HOME=/h\" \"BUNCTL_JAVA_HOME=/opt/jdk 25\"")) {
            assertTrue(text.lines().anyMatch(line::equals), line + " is not in\n" + text);
        }
    }

    /** Whatever is set for the service is inherited by every app. */
    @ParameterizedTest
    @EnumSource(Scope.class)
    void text_hardensNothingThatAppsInherit(Scope scope) throws IOException {
        for (String line : unit(scope, "/h", "/d").text().lines().toList()) {
            assertFalse(
                    line.matches(
                            "(Protect|Private|Restrict|NoNewPrivileges|SystemCall|Capability|Read(Only|Write)|Limit).*"),
                    line);
        }
    }

    @Test
    void paths_areQuotedAsSystemdReadsThem() throws IOException {
        String text = unit(Scope.USER, AWKWARD, "/d").text();
        assertTrue(text.contains("--home \"/tmp/a \\\"b\\\" 100%% $$HOME \\\\ ü\""), text);
        assertTrue(text.contains("\"BUNCTL_HOME=/tmp/a \\\"b\\\" 100%% $HOME \\\\ ü\""), text);
    }

    @Test
    void lineBreak_isRefused() {
        ServiceUnit unit = unit(Scope.USER, "/h\nExecStartPre=/bin/evil", "/d");
        assertThrows(IllegalArgumentException.class, unit::text);
    }

    @Test
    void systemdAnalyze_findsNothingWrong(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(onPath("systemd-analyze"), "this host has no systemd-analyze");
        Path bin = Files.createDirectories(folder.resolve("a b/bin"));
        Path lib = Files.createDirectories(folder.resolve("a b/lib"));
        for (Path program : List.of(bin.resolve("bunctl"), lib.resolve("bunctl-guard"), lib.resolve("bunctld"))) {
            Files.writeString(program, "#!/bin/sh\n");
            assertTrue(program.toFile().setExecutable(true));
        }
        Path file = folder.resolve(ServiceUnit.NAME);
        Files.writeString(
                file,
                unit(Scope.SYSTEM, AWKWARD, folder.resolve("a b").toString()).text());
        Process verify = new ProcessBuilder("systemd-analyze", "verify", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, verify.waitFor(), said);
        // Before version 254 the daemon makes its leaf itself.
        List<String> complaints = said.lines()
                .filter(line -> line.contains(ServiceUnit.NAME) && !line.contains("DelegateSubgroup"))
                .toList();
        assertEquals(List.of(), complaints);
    }

    private static boolean onPath(String program) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
