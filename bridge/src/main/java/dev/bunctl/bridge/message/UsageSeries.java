package dev.bunctl.bridge.message;

import java.util.List;
import java.util.Map;

/**
 * What one instance used over some time.
 *
 * @param instance {@code api:0}
 * @param values for each quantity one value a sample; not a number where there was none
 */
public record UsageSeries(String instance, Map<Quantity, List<Float>> values) {
    public UsageSeries {
        values = Map.copyOf(values);
    }

    /** What is measured of an instance. */
    public enum Quantity {
        /** Percent of one core. */
        CPU_PERCENT,
        MEMORY_BYTES,
        /** Percent of the time in which it was held back by its CPU limit. */
        THROTTLED_PERCENT,
        CPU_PRESSURE_PERCENT,
        MEMORY_PRESSURE_PERCENT,
        DISK_PRESSURE_PERCENT
    }
}
