package dev.bunctl.cli.full;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SoftLimitsTest {
    @Test
    void lines_giveTheSoftLimitsByName() {
        assertEquals(
                Map.of("cpu", -1L, "nofile", 1024L),
                SoftLimits.read(List.of(
                        "Limit                     Soft Limit           Hard Limit           Units     ",
                        "Max cpu time              unlimited            unlimited            seconds   ",
                        "Max open files            1024                 1048576              files     ",
                        "Max something new         5                    5                    pieces    ")));
    }

    @Test
    void thisProcess_hasThemAll() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "proc(5)");
        assertEquals(16, SoftLimits.own().size());
    }
}
