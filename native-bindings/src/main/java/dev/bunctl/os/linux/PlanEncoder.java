package dev.bunctl.os.linux;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.SpawnPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns a plan in the words of no system into the guard's numbers. Pure. */
final class PlanEncoder {
    private static final List<String> RESOURCES = List.of(
            "cpu",
            "fsize",
            "data",
            "stack",
            "core",
            "rss",
            "nproc",
            "nofile",
            "memlock",
            "as",
            "locks",
            "sigpending",
            "msgqueue",
            "nice",
            "rtprio",
            "rttime");

    /** By number, see capabilities(7). */
    private static final List<String> CAPABILITIES = List.of(
            "chown",
            "dac_override",
            "dac_read_search",
            "fowner",
            "fsetid",
            "kill",
            "setgid",
            "setuid",
            "setpcap",
            "linux_immutable",
            "net_bind_service",
            "net_broadcast",
            "net_admin",
            "net_raw",
            "ipc_lock",
            "ipc_owner",
            "sys_module",
            "sys_rawio",
            "sys_chroot",
            "sys_ptrace",
            "sys_pacct",
            "sys_admin",
            "sys_boot",
            "sys_nice",
            "sys_resource",
            "sys_time",
            "sys_tty_config",
            "mknod",
            "lease",
            "audit_write",
            "audit_control",
            "setfcap",
            "mac_override",
            "mac_admin",
            "syslog",
            "wake_alarm",
            "block_suspend",
            "audit_read",
            "perfmon",
            "bpf",
            "checkpoint_restore");

    private PlanEncoder() {}

    /**
     * @param cgroup the folder to join, or empty for none
     * @throws NativeException whose call is the step that would fail: a name nobody knows, a NUL, too many bytes
     */
    static byte[] encode(SpawnPlan plan, Optional<Path> cgroup) throws NativeException {
        PlanWriter out = new PlanWriter()
                .text(PlanWriter.EXECUTABLE, plan.executable().toString())
                .texts(PlanWriter.ARGUMENT, plan.argv())
                .environment(plan.environment().entrySet().stream()
                        .map(PlanEncoder::variable)
                        .toList())
                .text(PlanWriter.DIRECTORY, plan.directory().toString())
                .u32(PlanWriter.UMASK, plan.umask());
        for (SpawnPlan.ResourceLimit limit : plan.limits()) {
            out.limit(resource(limit.resource()), limit.soft(), limit.hard());
        }
        if (plan.credentials().isPresent()) {
            credentials(out, plan.credentials().get());
        }
        if (plan.niceness().isPresent()) {
            out.u32(PlanWriter.NICENESS, plan.niceness().getAsInt());
        }
        if (plan.outOfMemoryScore().isPresent()) {
            out.u32(PlanWriter.OOM_SCORE, plan.outOfMemoryScore().getAsInt());
        }
        if (cgroup.isPresent()) {
            out.text(PlanWriter.CGROUP, cgroup.get().toString());
        } else if (plan.containment().isPresent()) {
            out.flag(PlanWriter.KEEPER);
        }
        return out.toBytes();
    }

    private static String variable(Map.Entry<String, String> entry) {
        return entry.getKey() + "=" + entry.getValue();
    }

    private static void credentials(PlanWriter out, SpawnPlan.Credentials credentials) throws NativeException {
        out.u32(PlanWriter.USER, credentials.user())
                .u32(PlanWriter.GROUP, credentials.group())
                .groups(credentials.groups());
        if (credentials.noNewPrivileges()) {
            out.flag(PlanWriter.NO_NEW_PRIVILEGES);
        }
        long kept = 0;
        for (String name : credentials.keptCapabilities()) {
            kept |= 1L << capability(name);
        }
        out.u64(PlanWriter.CAPABILITIES, kept);
    }

    private static int resource(String name) throws NativeException {
        int number = RESOURCES.indexOf(name.toLowerCase(Locale.ROOT));
        if (number < 0) {
            throw new NativeException(
                    "limits", Errno.EINVAL, "no resource is called " + name + "; there are " + RESOURCES);
        }
        return number;
    }

    /** Reads {@code CAP_NET_BIND_SERVICE} or {@code net_bind_service}. */
    private static int capability(String name) throws NativeException {
        String lower = name.toLowerCase(Locale.ROOT);
        int number = CAPABILITIES.indexOf(lower.startsWith("cap_") ? lower.substring(4) : lower);
        if (number < 0) {
            throw new NativeException("capabilities", Errno.EINVAL, "no capability is called " + name);
        }
        return number;
    }
}
