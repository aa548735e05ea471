package dev.bunctl.os.api;

/**
 * One operating system, opened once by the daemon. Closing it ends the native event loop and gives back every
 * descriptor; running processes are left alone.
 */
public interface Platform extends AutoCloseable {
    /** What this host can do, probed once when the platform was opened. */
    Capabilities capabilities();

    /** The processes this daemon owns. */
    Processes processes();

    /** Readings of CPU and memory, taken when asked and never by themselves. */
    ProcessSampler sampler();

    /** Requests of the outside that this daemon should end, reload and so on. */
    HostSignals hostSignals();

    @Override
    void close();
}
