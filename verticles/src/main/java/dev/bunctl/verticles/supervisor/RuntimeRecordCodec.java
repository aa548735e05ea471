package dev.bunctl.verticles.supervisor;

import dev.bunctl.verticles.lifecycle.Cause;
import dev.bunctl.verticles.lifecycle.Counters;
import dev.bunctl.verticles.lifecycle.Ending;
import dev.bunctl.verticles.lifecycle.Memory;
import dev.bunctl.verticles.lifecycle.Slot;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@link RuntimeRecord} as JSON. */
final class RuntimeRecordCodec {
    private static final int VERSION = 2;

    private RuntimeRecordCodec() {}

    static JsonObject encode(RuntimeRecord runtime) {
        Memory memory = runtime.memory();
        JsonObject told = new JsonObject();
        memory.told().forEach((generation, cause) -> told.put(generation.toString(), EndingCodec.encode(cause)));
        JsonObject json = new JsonObject()
                .put("version", VERSION)
                .put("boot", runtime.bootId())
                .put("saved_at", runtime.savedAt().toString())
                .put("generation", memory.counters().generation())
                .put("restarts", memory.counters().restarts())
                .put("attempt", memory.counters().attempt())
                .put(
                        "restart_ages_ms",
                        new JsonArray(runtime.restartAges().stream()
                                .map(Duration::toMillis)
                                .toList()))
                .put("ready_generation", memory.readyGeneration())
                .put("told", told)
                .put(
                        "history",
                        new JsonArray(memory.history().stream()
                                .map(EndingCodec::encode)
                                .toList()));
        memory.exitCode().ifPresent(code -> json.put("exit_code", code));
        memory.ended()
                .ifPresent(ended -> json.put(
                        "ended",
                        new JsonObject().put("errored", ended.errored()).put("reason", ended.reason())));
        return json;
    }

    /** @throws DecodeException when it is not one of ours */
    static RuntimeRecord decode(JsonObject json) {
        try {
            if (json.getInteger("version") != VERSION) {
                throw new DecodeException("version " + VERSION + " expected, not " + json.getInteger("version"));
            }
            List<Duration> ages = numbers(json.getJsonArray("restart_ages_ms"))
                    .map(number -> Duration.ofMillis(number.longValue()))
                    .toList();
            Counters counters = new Counters(
                    json.getInteger("generation"), json.getInteger("restarts"), json.getInteger("attempt"), List.of());
            Memory memory = new Memory(
                    counters,
                    history(json.getJsonArray("history")),
                    exitCode(json),
                    json.getInteger("ready_generation"),
                    told(json.getJsonObject("told")),
                    ended(json));
            return new RuntimeRecord(json.getString("boot"), Instant.parse(json.getString("saved_at")), ages, memory);
        } catch (ClassCastException
                | NullPointerException
                | IllegalArgumentException
                | ArithmeticException
                | DateTimeException e) {
            throw new DecodeException("not a runtime record: " + e.getMessage(), e);
        }
    }

    private static Stream<Number> numbers(JsonArray array) {
        if (array.size() > Counters.MAX_WINDOW) {
            throw new IllegalArgumentException("at most " + Counters.MAX_WINDOW + " restarts expected");
        }
        return array.stream().map(Number.class::cast);
    }

    private static OptionalInt exitCode(JsonObject json) {
        return json.containsKey("exit_code") ? OptionalInt.of(json.getInteger("exit_code")) : OptionalInt.empty();
    }

    private static Map<Integer, Cause> told(JsonObject json) {
        Map<Integer, Cause> told = new TreeMap<>();
        for (String generation : json.fieldNames()) {
            told.put(Integer.valueOf(generation), EndingCodec.cause(json.getJsonObject(generation)));
        }
        return told;
    }

    private static Optional<Memory.Ended> ended(JsonObject json) {
        return Optional.ofNullable(json.getJsonObject("ended"))
                .map(ended -> new Memory.Ended(ended.getBoolean("errored"), ended.getString("reason")));
    }

    private static List<Ending> history(JsonArray array) {
        if (array.size() > Slot.MAX_HISTORY) {
            throw new IllegalArgumentException("at most " + Slot.MAX_HISTORY + " ends expected");
        }
        return array.stream()
                .map(JsonObject.class::cast)
                .map(EndingCodec::decode)
                .toList();
    }
}
