package dev.bunctl.bridge.render;

import dev.bunctl.bridge.message.Accounting;
import dev.bunctl.bridge.message.Answer;
import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.bridge.message.InstanceStatus;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.EnvironmentMask;
import dev.bunctl.conf.Limits;
import dev.bunctl.conf.Origin;
import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.conf.plan.SpecFields;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** All that is known of apps, as lines of a label and a value. */
final class DescribeView {
    private static final int LABEL = 14;

    private DescribeView() {}

    static String render(List<Answer.AppDescription> apps, Presentation how) {
        StringBuilder out = new StringBuilder();
        for (Answer.AppDescription app : apps) {
            out.append(out.isEmpty() ? "" : "\n");
            new View(out, how).app(app);
        }
        return out.toString();
    }

    /** One view being written. */
    private record View(StringBuilder out, Presentation how) {
        void app(Answer.AppDescription app) {
            AppSpec spec = app.spec();
            title(spec.name().value());
            line("namespace", spec.namespace());
            line("script", spec.program().script());
            line("program", String.join(" ", spec.program().arguments()));
            line("executable", spec.program().executable().toString());
            line("cwd", spec.directory().toString());
            line("instances", Integer.toString(spec.instances().count()));
            line("restart", restart(spec.restart()));
            line("stop", SignWords.stop(spec.stop()));
            line("ready", SignWords.ready(spec.readiness()));
            spec.health().ifPresent(check -> line("health", SignWords.health(check)));
            spec.cronRestart().ifPresent(_ -> line("cron", SignWords.cron(spec)));
            spec.watch().ifPresent(policy -> line("watch", SignWords.watch(policy)));
            limits(spec.limits());
            environment(spec);
            app.origin().ifPresent(origin -> line("from", from(origin)));
            given(spec);
            app.instances().forEach(status -> instance(status, usageOf(status, app.usage())));
            app.crashes().reversed().forEach(this::crash);
        }

        private void title(String text) {
            out.append(Paint.BOLD.on(cut(Text.clean(text), 0), how)).append('\n');
        }

        private void line(String label, String value) {
            out.append("  ").append(label).repeat(' ', Math.max(1, LABEL - label.length()));
            out.append(cut(Text.clean(value), LABEL + 2)).append('\n');
        }

        /** Cuts what would pass the terminal's edge. */
        private String cut(String text, int before) {
            return how.columns() == 0 ? text : Text.fit(text, how.columns() - before);
        }

        private static String restart(RestartPolicy policy) {
            String mode = policy.mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
            return policy.maxRestarts() < 0
                    ? mode + ", without limit"
                    : mode + ", at most " + policy.maxRestarts() + " in "
                            + Quantities.time(policy.window().toMillis());
        }

        private void limits(Limits limits) {
            limits.maxMemory().ifPresent(bytes -> line("max memory", Quantities.bytes(bytes)));
            limits.maxMemoryRestart().ifPresent(bytes -> line("restart at", Quantities.bytes(bytes)));
            limits.maxCpuPercent().ifPresent(percent -> line("max cpu", Quantities.percent(percent)));
            limits.cpuWeight().ifPresent(weight -> line("cpu weight", Integer.toString(weight)));
            limits.maxProcesses().ifPresent(count -> line("max pids", Integer.toString(count)));
        }

        private void environment(AppSpec spec) {
            String label = "environment";
            for (Map.Entry<String, String> variable :
                    EnvironmentMask.hidden(spec.environment()).entrySet()) {
                String source = spec.sources().get("env." + variable.getKey());
                line(
                        label,
                        variable.getKey() + "=" + variable.getValue() + (source == null ? "" : "  (" + source + ")"));
                label = "";
            }
        }

        private static String from(Origin origin) {
            return origin.file()
                    + origin.environmentName()
                            .map(name -> ", environment " + name)
                            .orElse("")
                    + (origin.watched() ? ", applied when it is saved" : "");
        }

        /** What has not its default, with where it stands. */
        private void given(AppSpec spec) {
            String label = "given";
            for (SpecFields.Sourced value : SpecFields.sourced(spec)) {
                if (!value.source().equals(SpecFields.DEFAULT) && !value.field().startsWith("env.")) {
                    line(label, value.field() + " = " + value.value() + "  (" + value.source() + ")");
                    label = "";
                }
            }
        }

        private static Optional<Accounting> usageOf(InstanceStatus status, List<Accounting> all) {
            String instance = status.name() + ":" + status.instance();
            return all.stream()
                    .filter(usage -> usage.instance().equals(instance))
                    .findFirst();
        }

        private void instance(InstanceStatus status, Optional<Accounting> usage) {
            title(status.name() + ":" + status.instance());
            line("id", Integer.toString(status.id()));
            String state = status.state().wireName();
            out.append("  state").repeat(' ', LABEL - 5);
            out.append(Paint.of(status.state()).on(state, how)).append('\n');
            if (!status.reason().isEmpty()) {
                line("reason", status.reason());
            }
            if (status.pid().isPresent()) {
                line("pid", Long.toString(status.pid().getAsLong()));
                line("uptime", Quantities.time(status.uptimeMillis()));
            }
            line("restarts", Integer.toString(status.restarts()));
            line("generation", Integer.toString(status.generation()));
            exitCode(status.exitCode());
            status.cpuPercent().ifPresent(percent -> line("cpu", Quantities.percent(percent)));
            status.memoryBytes().ifPresent(bytes -> line("memory", Quantities.bytes(bytes)));
            usage.ifPresent(this::usage);
            line("out log", status.outLog().isEmpty() ? "none" : status.outLog());
            line("err log", status.errLog().isEmpty() ? "none" : status.errLog());
        }

        private void usage(Accounting usage) {
            line("cpu time", Quantities.time(usage.cpu().toMillis()));
            line("processes", Integer.toString(usage.processes()));
            usage.held().ifPresent(this::held);
        }

        private void held(Accounting.Held held) {
            if (held.throttled().isPositive()) {
                line("throttled", Quantities.time(held.throttled().toMillis()));
            }
            held.heldMemoryBytes().ifPresent(bytes -> line("held memory", Quantities.bytes(bytes)));
            held.peakMemoryBytes().ifPresent(bytes -> line("peak memory", Quantities.bytes(bytes)));
            line(
                    "waited",
                    "cpu %s, memory %s, disk %s of the last 10s"
                            .formatted(
                                    Quantities.percent(held.cpuPressure()),
                                    Quantities.percent(held.memoryPressure()),
                                    Quantities.percent(held.diskPressure())));
        }

        private void exitCode(OptionalInt code) {
            if (code.isPresent()) {
                line("exit code", Integer.toString(code.getAsInt()));
            }
        }

        private void crash(CrashRecord crash) {
            title(crash.instance() + " ended " + crash.at());
            line("cause", crash.cause());
            line("decision", crash.decision());
            line("pid", crash.pid() + ", generation " + crash.generation());
            line("uptime", Quantities.time(crash.uptime().toMillis()));
            crash.lastLines().forEach(text -> line("", "| " + text));
        }
    }
}
