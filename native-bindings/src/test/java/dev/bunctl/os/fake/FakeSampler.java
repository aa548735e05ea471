package dev.bunctl.os.fake;

import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessSampler;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Readings set by the test. */
public final class FakeSampler implements ProcessSampler {
    private final Map<ProcessIdentity, Usage> readings = new HashMap<>();
    private int samples;

    public synchronized void set(ProcessIdentity process, Usage usage) {
        readings.put(process, usage);
    }

    public synchronized void remove(ProcessIdentity process) {
        readings.remove(process);
    }

    /** How often somebody asked: nobody should while nobody looks. */
    public synchronized int samples() {
        return samples;
    }

    @Override
    public synchronized Map<ProcessIdentity, Usage> sample(Collection<ProcessIdentity> processes) {
        samples++;
        Map<ProcessIdentity, Usage> found = new HashMap<>();
        for (ProcessIdentity process : processes) {
            Usage usage = readings.get(process);
            if (usage != null) {
                found.put(process, usage);
            }
        }
        return found;
    }
}
