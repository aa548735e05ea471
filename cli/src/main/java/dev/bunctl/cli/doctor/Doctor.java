package dev.bunctl.cli.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes every check there is. Each looks for itself: one that fails is a finding, and the others go on. */
public final class Doctor {
    private Doctor() {}

    private interface Check {
        Finding look() throws IOException;
    }

    /** Looks at everything. Blocks on the host's files and on the runtimes, each for some seconds at most. */
    public static List<Finding> examine(Patient patient) {
        List<Finding> findings = new ArrayList<>();
        JavaChecks java = new JavaChecks(patient.lib(), patient.home());
        add(findings, "java", java::java);
        add(findings, "java.caches", java::caches);
        Programs programs = new Programs(patient.environment());
        add(findings, "bun", programs::bun);
        add(findings, "node", programs::node);
        KernelChecks kernel = new KernelChecks(patient);
        add(findings, "kernel", kernel::kernel);
        add(findings, "cgroups", kernel::cgroups);
        LimitChecks limits = new LimitChecks(patient);
        add(findings, "limits.files", limits::files);
        add(findings, "limits.processes", limits::processes);
        add(findings, "limits.pipes", limits::pipes);
        add(findings, "limits.inotify", limits::inotify);
        HomeChecks home = new HomeChecks(patient);
        add(findings, "home", home::home);
        add(findings, "disk", home::disk);
        add(findings, "state", home::state);
        add(findings, "stale", home::leftovers);
        add(findings, "clock", home::clock);
        DaemonChecks daemon = new DaemonChecks(patient);
        add(findings, "socket", daemon::socket);
        add(findings, "daemon", daemon::daemon);
        add(findings, "bridge", daemon::bridge);
        return findings;
    }

    private static void add(List<Finding> findings, String name, Check check) {
        try {
            findings.add(check.look());
        } catch (IOException cannot) {
            findings.add(Finding.broken(name, "it cannot be looked at: " + cannot, "mend what the message names"));
        }
    }
}
