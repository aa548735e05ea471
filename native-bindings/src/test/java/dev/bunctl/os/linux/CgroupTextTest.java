package dev.bunctl.os.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is read from and written to the kernel's files. */
final class CgroupTextTest {
    @Test
    void mount_isTheFirstOfVersionTwo() {
        String mountinfo = """
                25 30 0:23 / /sys rw,nosuid - sysfs sysfs rw
                30 25 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
                31 25 0:27 / /sys/fs/cgroup\\040unified rw,relatime - cgroup2 cgroup2 rw
                """;
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup unified")), CgroupBase.mount(mountinfo));
        assertEquals(Optional.empty(), CgroupBase.mount("30 25 0:26 / /sys/fs/cgroup rw - cgroup cgroup rw\n"));
    }

    @Test
    void own_isTheUnifiedLine() {
        assertEquals(Optional.of("user.slice/x.scope"), CgroupBase.own("4:memory:/a\n0::/user.slice/x.scope\n"));
        assertEquals(Optional.of(""), CgroupBase.own("0::/\n"));
        assertEquals(Optional.empty(), CgroupBase.own("4:memory:/a\n"));
        assertEquals(Optional.empty(), CgroupBase.own("0::/gone (deleted)\n"));
    }

    @Test
    void escaped_neverLeavesTheFolder() {
        assertEquals("my%20app", CgroupTree.escaped("my app"));
        assertEquals("%2E%2E%2Fz%C3%BCrich_a-9", CgroupTree.escaped("../zürich_a-9"));
    }

    @Test
    void cpuMax_hundredPercentIsOneCore_andTheSmallestQuotaIsTheKernels() {
        assertEquals("100000 100000", CgroupTree.cpuMax(Optional.of(100.0)));
        assertEquals("250000 100000", CgroupTree.cpuMax(Optional.of(250.0)));
        assertEquals("20500 100000", CgroupTree.cpuMax(Optional.of(20.5)));
        assertEquals("1000 100000", CgroupTree.cpuMax(Optional.of(0.01)));
        assertEquals("max 100000", CgroupTree.cpuMax(Optional.empty()));
    }

    @Test
    void pressure_isTheTenSecondAverage() {
        assertEquals(
                1.25, CgroupTree.averagePressure("some avg10=1.25 avg60=0.10 avg300=0.00 total=9\nfull avg10=7.00\n"));
        assertEquals(0, CgroupTree.averagePressure(""));
    }

    @Test
    void counters_passOverWhatIsNone() {
        assertEquals(Map.of("oom_kill", 2L), KernelFile.counters("oom_kill 2\nhigh max\nsome a b\n\n"));
    }

    @Test
    void capabilities_nameTheCauseOfWhatIsMissing() {
        CgroupBase.Result partly = new CgroupBase.Result.Found(Path.of("/sys/fs/cgroup/bunctl-1"), Set.of("pids"));
        var some = LinuxCapabilities.probe(partly);
        assertTrue(some.has("limits.processes"));
        assertFalse(some.has("limits.memory"));
        assertEquals(
                "the cgroup v2 controller memory is not available in /sys/fs/cgroup",
                some.find("limits.memory").orElseThrow().cause());
        var none = LinuxCapabilities.probe(new CgroupBase.Result.Missing("no cgroup v2 tree is mounted"));
        assertEquals(
                "no cgroup v2 group can be used: no cgroup v2 tree is mounted",
                none.find("limits.cpu").orElseThrow().cause());
        assertTrue(none.has("tree.end"));
    }

    @Test
    void kernelVersion_isCompared() {
        assertTrue(LinuxCapabilities.atLeast("6.15.0-1-amd64", 6, 15));
        assertTrue(LinuxCapabilities.atLeast("7.0", 6, 15));
        assertFalse(LinuxCapabilities.atLeast("6.14.9", 6, 15));
        assertFalse(LinuxCapabilities.atLeast("strange", 6, 15));
    }
}
