package dev.bunctl.conf.codec;

import static dev.bunctl.conf.codec.AppSpecCodec.object;

import dev.bunctl.conf.Limits;
import dev.bunctl.conf.RunAs;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Limits and the user. */
final class LimitsCodec {
    private LimitsCodec() {}

    static Map<String, Object> limits(Limits limits) {
        return object(
                "max_memory_bytes",
                limits.maxMemory().orElse(null),
                "max_memory_restart_bytes",
                limits.maxMemoryRestart().orElse(null),
                "max_cpu_percent",
                limits.maxCpuPercent().orElse(null),
                "cpu_weight",
                orNull(limits.cpuWeight()),
                "max_processes",
                orNull(limits.maxProcesses()),
                "strict",
                limits.strict(),
                "resources",
                limits.resources().stream().map(LimitsCodec::resource).toList(),
                "niceness",
                orNull(limits.niceness()),
                "out_of_memory_score",
                orNull(limits.outOfMemoryScore()),
                "inherited",
                new TreeMap<>(limits.inherited()));
    }

    static Limits limits(Members members) {
        return new Limits(
                members.optionalWhole("max_memory_bytes"),
                members.optionalWhole("max_memory_restart_bytes"),
                members.optionalReal("max_cpu_percent"),
                members.optionalNumber("cpu_weight"),
                members.optionalNumber("max_processes"),
                members.flag("strict", false),
                members.<Limits.Resource>list("resources", LimitsCodec::resource),
                members.optionalNumber("niceness"),
                members.optionalNumber("out_of_memory_score"),
                members.wholes("inherited"));
    }

    private static @Nullable Long orNull(OptionalInt number) {
        return number.isPresent() ? (long) number.getAsInt() : null;
    }

    private static Map<String, Object> resource(Limits.Resource resource) {
        return object("name", resource.name(), "soft", resource.soft(), "hard", resource.hard());
    }

    private static Limits.Resource resource(Members members) {
        return new Limits.Resource(members.text("name"), members.whole("soft"), members.whole("hard"));
    }

    static Map<String, Object> user(RunAs user) {
        return object(
                "user",
                user.user(),
                "group",
                user.group().orElse(null),
                "no_new_privileges",
                user.noNewPrivileges(),
                "capabilities",
                user.capabilities());
    }

    static RunAs user(Members members) {
        return new RunAs(
                members.text("user"),
                members.optionalText("group"),
                members.flag("no_new_privileges", true),
                members.texts("capabilities"));
    }
}
