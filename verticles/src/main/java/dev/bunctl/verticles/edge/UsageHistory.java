package dev.bunctl.verticles.edge;

import dev.bunctl.bridge.message.Accounting;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.Metrics;
import dev.bunctl.bridge.message.UsageSeries;
import dev.bunctl.bridge.message.UsageSeries.Quantity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What instances used in the last {@value #SAMPLES} samples: at two seconds each, ten minutes. Takes 7 KiB an instance, so 3.6 MiB
 * at most. Used from one event loop.
 */
final class UsageHistory {
    static final int SAMPLES = 300;

    /** Of those with the lowest ids. */
    static final int MAX_INSTANCES = 500;

    private final long[] times = new long[SAMPLES];
    private final Map<String, Series> series = new HashMap<>();
    private long taken;

    /** One instance; its values lie at the places of their times. */
    private static final class Series {
        private final Map<Quantity, float[]> values = new EnumMap<>(Quantity.class);
        private long lastSeen;
        private long throttledMillis = -1;

        Series() {
            for (Quantity quantity : Quantity.values()) {
                float[] none = new float[SAMPLES];
                Arrays.fill(none, Float.NaN);
                values.put(quantity, none);
            }
        }

        void set(Quantity quantity, int place, double value) {
            Objects.requireNonNull(values.get(quantity))[place] = (float) value;
        }

        void clear(int place) {
            values.values().forEach(each -> each[place] = Float.NaN);
        }
    }

    /** Takes a sample in, in place of the eldest. */
    void add(Metrics metrics) {
        int place = (int) (taken % SAMPLES);
        long before = taken == 0 ? 0 : times[(int) ((taken - 1) % SAMPLES)];
        times[place] = metrics.at().toEpochMilli();
        taken++;
        series.values().removeIf(one -> taken - one.lastSeen > SAMPLES);
        series.values().forEach(one -> one.clear(place));
        Map<String, Accounting> usage = new HashMap<>();
        metrics.usage().forEach(one -> usage.put(one.instance(), one));
        for (InstanceStatus status : metrics.instances()) {
            String name = status.name() + ":" + status.instance();
            if (status.pid().isPresent() && (series.containsKey(name) || series.size() < MAX_INSTANCES)) {
                Series one = series.computeIfAbsent(name, _ -> new Series());
                one.lastSeen = taken;
                status.cpuPercent().ifPresent(cpu -> one.set(Quantity.CPU_PERCENT, place, cpu));
                status.memoryBytes().ifPresent(bytes -> one.set(Quantity.MEMORY_BYTES, place, (double) bytes));
                Optional.ofNullable(usage.get(name))
                        .flatMap(Accounting::held)
                        .ifPresent(held -> hold(one, held, place, times[place] - before));
            }
        }
    }

    private static void hold(Series one, Accounting.Held held, int place, long sinceMillis) {
        long throttled = held.throttled().toMillis();
        if (one.throttledMillis >= 0 && throttled >= one.throttledMillis && sinceMillis > 0) {
            one.set(Quantity.THROTTLED_PERCENT, place, 100.0 * (throttled - one.throttledMillis) / sinceMillis);
        }
        one.throttledMillis = throttled;
        one.set(Quantity.CPU_PRESSURE_PERCENT, place, held.cpuPressure());
        one.set(Quantity.MEMORY_PRESSURE_PERCENT, place, held.memoryPressure());
        one.set(Quantity.DISK_PRESSURE_PERCENT, place, held.diskPressure());
    }

    /** What is kept of one app, or of all. */
    Answer.UsageHistory of(Optional<String> app) {
        int[] places = places();
        List<UsageSeries> asked = new ArrayList<>();
        new TreeMap<>(series).forEach((name, one) -> {
            if (app.isEmpty() || name.substring(0, name.lastIndexOf(':')).equals(app.get())) {
                asked.add(new UsageSeries(name, values(one, places)));
            }
        });
        List<Instant> at = Arrays.stream(places)
                .mapToObj(place -> Instant.ofEpochMilli(times[place]))
                .toList();
        return new Answer.UsageHistory(at, asked);
    }

    /** Oldest first. */
    private int[] places() {
        int count = (int) Math.min(taken, SAMPLES);
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = (int) ((taken - count + i) % SAMPLES);
        }
        return places;
    }

    private static Map<Quantity, List<Float>> values(Series one, int[] places) {
        Map<Quantity, List<Float>> values = new EnumMap<>(Quantity.class);
        one.values.forEach((quantity, all) -> {
            List<Float> chosen = new ArrayList<>(places.length);
            for (int place : places) {
                chosen.add(all[place]);
            }
            if (chosen.stream().anyMatch(value -> !value.isNaN())) {
                values.put(quantity, chosen);
            }
        });
        return values;
    }
}
