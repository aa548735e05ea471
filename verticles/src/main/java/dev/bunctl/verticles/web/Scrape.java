package dev.bunctl.verticles.web;

import dev.bunctl.bridge.message.Accounting;
import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.bridge.message.Metrics;
import dev.bunctl.bridge.server.BridgeTraffic;
import dev.bunctl.verticles.internal.InstanceEvent;
import dev.bunctl.verticles.log.LogVolume;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What {@code /metrics} tells, brought up to date with every sample. Used from one event loop. */
final class Scrape implements Traffic {
    private static final String INSTANCE = "instance";
    private static final String APP = "app";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Watched> instances = new HashMap<>();
    private final AtomicInteger connections = registry.gauge("bunctl_web_connections", new AtomicInteger());

    /** One instance with what is registered for it. */
    private static final class Watched {
        private final List<Meter> meters = new ArrayList<>();
        private InstanceStatus status;
        private @Nullable Accounting usage;

        Watched(InstanceStatus status) {
            this.status = status;
        }

        double held(ToDoubleFunction<Accounting.Held> value) {
            Accounting now = usage;
            return now == null || now.held().isEmpty()
                    ? Double.NaN
                    : value.applyAsDouble(now.held().get());
        }
    }

    /**
     * @param logs what was written and dropped of the output of apps
     * @param bridge what passes through the sockets of commands and other programs
     */
    Scrape(LogVolume logs, BridgeTraffic bridge) {
        Runtime java = Runtime.getRuntime();
        Gauge.builder("bunctl_daemon_heap_bytes", java, one -> (double) one.totalMemory() - one.freeMemory())
                .description("Heap in use by the daemon")
                .register(registry);
        Gauge.builder("bunctl_daemon_heap_max_bytes", java, one -> (double) one.maxMemory())
                .register(registry);
        FunctionCounter.builder("bunctl_log_bytes", logs, one -> (double) one.written())
                .description("Output of apps that was written to logs")
                .register(registry);
        FunctionCounter.builder("bunctl_log_dropped_bytes", logs, one -> (double) one.dropped())
                .description("Output of apps that could not be kept")
                .register(registry);
        Gauge.builder("bunctl_bridge_connections", bridge, BridgeTraffic::connections)
                .register(registry);
        frames("in", bridge, BridgeTraffic::received);
        frames("out", bridge, BridgeTraffic::sent);
        FunctionCounter.builder("bunctl_bridge_dropped_frames", bridge, BridgeTraffic::dropped)
                .description("Frames that clients were too slow for")
                .register(registry);
        FunctionCounter.builder("bunctl_bridge_cut_connections", bridge, BridgeTraffic::cuts)
                .description("Clients that were cut off for being too slow")
                .register(registry);
    }

    private void frames(String direction, BridgeTraffic bridge, ToDoubleFunction<BridgeTraffic> count) {
        FunctionCounter.builder("bunctl_bridge_frames", bridge, count)
                .tag("direction", direction)
                .register(registry);
    }

    /** The text form of Prometheus. */
    String text() {
        return registry.scrape();
    }

    /** The media type of {@link #text}. */
    static String type() {
        return "text/plain; version=0.0.4; charset=utf-8";
    }

    /** How late the event loop came to something that was due. */
    void delayed(Duration delay) {
        registry.timer("bunctl_event_loop_delay").record(delay);
    }

    /** An instance has changed; ends of processes are counted by their cause. */
    void add(InstanceEvent event) {
        List<CrashRecord> crashes = event.snapshot().crashes();
        if (event.type().equals("exited") && !crashes.isEmpty()) {
            String cause = crashes.getLast().kind().name().toLowerCase(Locale.ROOT);
            registry.counter("bunctl_exits", APP, app(event.snapshot().instance()), "cause", cause)
                    .increment();
        }
    }

    private static String app(String instance) {
        return instance.substring(0, instance.lastIndexOf(':'));
    }

    /** Takes a sample in; instances that are gone are told no more. */
    void add(Metrics sample) {
        Map<String, Accounting> usage = new HashMap<>();
        sample.usage().forEach(one -> usage.put(one.instance(), one));
        Set<String> present = new HashSet<>();
        for (InstanceStatus status : sample.instances()) {
            String name = status.name() + ":" + status.instance();
            present.add(name);
            Watched watched = instances.computeIfAbsent(name, _ -> watch(new Watched(status)));
            watched.status = status;
            watched.usage = usage.get(name);
        }
        instances.entrySet().removeIf(entry -> !present.contains(entry.getKey()) && forget(entry.getValue()));
    }

    private boolean forget(Watched gone) {
        gone.meters.forEach(registry::remove);
        return true;
    }

    private Watched watch(Watched one) {
        Tags tags = Tags.of(APP, one.status.name(), INSTANCE, Integer.toString(one.status.instance()));
        gauge(one, "bunctl_instance_up", tags, it -> it.status.state() == InstanceStatus.State.ONLINE ? 1 : 0);
        gauge(one, "bunctl_instance_uptime_seconds", tags, it -> it.status.uptimeMillis() / 1000.0);
        gauge(
                one,
                "bunctl_instance_cpu_percent",
                tags,
                it -> it.status.cpuPercent().orElse(Double.NaN));
        gauge(
                one,
                "bunctl_instance_memory_bytes",
                tags,
                it -> it.status.memoryBytes().stream()
                        .mapToDouble(bytes -> (double) bytes)
                        .findFirst()
                        .orElse(Double.NaN));
        gauge(one, "bunctl_instance_processes", tags, it -> it.usage == null ? Double.NaN : it.usage.processes());
        pressure(one, tags, "cpu", Accounting.Held::cpuPressure);
        pressure(one, tags, "memory", Accounting.Held::memoryPressure);
        pressure(one, tags, "disk", Accounting.Held::diskPressure);
        counter(one, "bunctl_instance_restarts", tags, it -> it.status.restarts());
        counter(
                one,
                "bunctl_instance_cpu_seconds",
                tags,
                it -> it.usage == null ? 0 : it.usage.cpu().toMillis() / 1000.0);
        counter(
                one,
                "bunctl_instance_throttled_seconds",
                tags,
                it -> it.held(held -> held.throttled().toMillis() / 1000.0));
        return one;
    }

    private void pressure(Watched one, Tags tags, String resource, ToDoubleFunction<Accounting.Held> percent) {
        gauge(one, "bunctl_instance_pressure_percent", tags.and("resource", resource), it -> it.held(percent));
    }

    private void gauge(Watched one, String name, Tags tags, ToDoubleFunction<Watched> value) {
        one.meters.add(Gauge.builder(name, one, value).tags(tags).register(registry));
    }

    private void counter(Watched one, String name, Tags tags, ToDoubleFunction<Watched> value) {
        one.meters.add(FunctionCounter.builder(name, one, value).tags(tags).register(registry));
    }

    @Override
    public void connections(int count) {
        connections.set(count);
    }

    @Override
    public void received() {
        registry.counter("bunctl_web_messages", "direction", "in").increment();
    }

    @Override
    public void sent() {
        registry.counter("bunctl_web_messages", "direction", "out").increment();
    }

    @Override
    public void dropped() {
        registry.counter("bunctl_web_dropped_messages").increment();
    }

    @Override
    public void cut() {
        registry.counter("bunctl_web_cut_pages").increment();
    }

    void close() {
        registry.close();
    }
}
