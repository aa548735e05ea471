package dev.bunctl.bridge.message;

import dev.bunctl.conf.LimitChanges;
import dev.bunctl.conf.LimitChanges.Wish;
import dev.bunctl.conf.Limits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of changed limits: a member that is not there is kept, null lifts the limit. */
final class LimitChangesCodec {
    private static final String MAX_MEMORY = "max_memory_bytes";
    private static final String MAX_MEMORY_RESTART = "max_memory_restart_bytes";
    private static final String MAX_CPU_PERCENT = "max_cpu_percent";
    private static final String CPU_WEIGHT = "cpu_weight";
    private static final String MAX_PROCESSES = "max_processes";

    private LimitChangesCodec() {}

    static void write(LimitChanges changes, Map<String, @Nullable Object> body) {
        put(body, MAX_MEMORY, changes.maxMemory());
        put(body, MAX_MEMORY_RESTART, changes.maxMemoryRestart());
        put(body, MAX_CPU_PERCENT, changes.maxCpuPercent());
        put(body, CPU_WEIGHT, changes.cpuWeight());
        put(body, MAX_PROCESSES, changes.maxProcesses());
    }

    private static void put(Map<String, @Nullable Object> body, String name, Wish<? extends Number> wish) {
        switch (wish) {
            case Wish.Keep<? extends Number>() -> {}
            case Wish.Lift<? extends Number>() -> body.put(name, null);
            case Wish.Become<? extends Number>(var value) ->
                body.put(name, value instanceof Integer number ? Long.valueOf(number) : value);
        }
    }

    private interface Reader<T> {
        T read(String name) throws MalformedMessageException;
    }

    static LimitChanges read(Fields fields) throws MalformedMessageException {
        LimitChanges changes = new LimitChanges(
                wish(fields, MAX_MEMORY, fields::whole),
                wish(fields, MAX_MEMORY_RESTART, fields::whole),
                wish(fields, MAX_CPU_PERCENT, name -> fields.optionalReal(name).orElseThrow()),
                wish(fields, CPU_WEIGHT, fields::number),
                wish(fields, MAX_PROCESSES, fields::number));
        try {
            Limits _ = Limits.NONE.with(changes);
        } catch (IllegalArgumentException invalid) {
            throw new MalformedMessageException(String.valueOf(invalid.getMessage()), invalid);
        }
        if (changes.isNone()) {
            throw new MalformedMessageException("at least one limit expected");
        }
        return changes;
    }

    private static <T> Wish<T> wish(Fields fields, String name, Reader<T> reader) throws MalformedMessageException {
        if (!fields.map().containsKey(name)) {
            return new Wish.Keep<>();
        }
        return fields.has(name) ? new Wish.Become<>(reader.read(name)) : new Wish.Lift<>();
    }
}
