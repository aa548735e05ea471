package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code startup} would install, read by systemd itself. */
class SystemdUnitIT {
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

    /** Known from 254 on; before, it is passed over, and apps live in the service's own group. */
    private static final String LATER = "DelegateSubgroup";

    @ParameterizedTest
    @ValueSource(strings = {"system", "user"})
    void unit_isWithoutFault(String scope) {
        assumeTrue(Files.isExecutable(ANALYZE), "this host has no systemd-analyze");
        try (Bunctl bunctl = new Bunctl()) {
            String unit =
                    bunctl.run("startup", "--dry-run", "--" + scope).succeeded().out();
            Path file = bunctl.write("units/bunctl.service", unit);
            bunctl.with("XDG_RUNTIME_DIR", bunctl.folder().toString());
            List<String> words = new ArrayList<>(List.of("verify", "--" + scope));
            words.add(file.toString());
            Bunctl.Result verified =
                    bunctl.program(ANALYZE, words.toArray(String[]::new)).succeeded();
            assertEquals(
                    List.of(),
                    verified.err()
                            .lines()
                            .filter(line -> line.contains("bunctl") && !line.contains(LATER))
                            .toList());
        }
    }
}
