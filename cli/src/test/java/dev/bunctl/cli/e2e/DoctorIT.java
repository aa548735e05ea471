package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The doctor on this host. */
class DoctorIT {
    @Test
    void coldHome_looksAndChangesNothing() {
        try (Bunctl bunctl = new Bunctl()) {
            Bunctl.Result text = bunctl.run("doctor").succeeded();
            assertTrue(text.out().contains("no daemon runs"), text.out());
            assertFalse(Files.exists(bunctl.home()), "doctor made the home");
        }
    }

    @Test
    void runningDaemon_isSeenWithItsGuard() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.run("start", "a", "--command", "sleep 1000").succeeded();
            String detail = detail(bunctl.run("doctor", "--json").succeeded(), "daemon");
            assertTrue(detail.contains("guard " + bunctl.guardPid()), detail);
        }
    }

    @Test
    void spoiledState_isBrokenAndLeftAlone() {
        try (Bunctl bunctl = new Bunctl()) {
            bunctl.write("h/state/desired.json", "{\"version\":1,");
            Bunctl.Result result = bunctl.run("doctor", "--json").failedWith(12);
            assertEquals(false, result.json().get("healthy"));
            assertEquals("{\"version\":1,", Bunctl.read(bunctl.home().resolve("state/desired.json")));
        }
    }

    private static String detail(Bunctl.Result result, String name) {
        for (Object check : (List<?>) result.json().get("checks")) {
            if (check instanceof Map<?, ?> finding && name.equals(finding.get("name"))) {
                return String.valueOf(finding.get("detail"));
            }
        }
        throw new AssertionError("no check " + name + " in " + result.out());
    }
}
