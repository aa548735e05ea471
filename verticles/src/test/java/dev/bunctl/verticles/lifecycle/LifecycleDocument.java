package dev.bunctl.verticles.lifecycle;

import dev.bunctl.conf.RestartPolicy;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code docs/lifecycle.md}, rendered from what {@link Lifecycle} does. */
final class LifecycleDocument {
    private static final String HEAD = """
            # The life of an instance

            Rendered from the state machine by `LifecycleDocumentTest`; do not edit. To write it anew:
            `mvn verify -pl verticles -am -Dtest=LifecycleDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -Dbunctl.write.docs=true`.

            What the user wants (*desired*) and what is (*phase*) are kept apart. Policies never change the first. A
            slot has one generation; only during a reload it has two, the retiring and the incoming one. People see
            `starting` and `launching` as `launching`, and a reload as `online`.

            """;

    private LifecycleDocument() {}

    static String render() {
        return HEAD + chart() + policies() + table();
    }

    private static String chart() {
        Map<String, TreeSet<String>> edges = new TreeMap<>();
        Situations.states()
                .forEach((name, slot) -> Situations.events(slot).forEach((what, event) -> {
                    Slot next = step(slot, event).next();
                    if (!phase(next).equals(phase(slot))) {
                        edges.computeIfAbsent(phase(slot) + " --> " + phase(next), edge -> new TreeSet<>())
                                .add(what);
                    }
                }));
        StringBuilder out = new StringBuilder("## Phases\n\n```mermaid\nstateDiagram-v2\n    [*] --> stopped\n");
        edges.forEach((edge, events) -> out.append("    %s: %s\n".formatted(edge, String.join(", ", events))));
        return out.append("```\n\n").toString();
    }

    private static String policies() {
        Map<String, ExitStatus> ends = new LinkedHashMap<>();
        ends.put("exit code 0", new ExitStatus.Code(0));
        ends.put("exit code 1", new ExitStatus.Code(1));
        ends.put("a stop_exit_code (7)", new ExitStatus.Code(7));
        ends.put("a signal", new ExitStatus.Killed(Signal.SEGV, false));
        ends.put("unknown", new ExitStatus.Unknown());
        StringBuilder out = new StringBuilder("""
                ## After an end that nobody asked for

                | end | always | on-failure | no |
                |---|---|---|---|
                """);
        ends.forEach((name, status) -> out.append("| %s | %s |\n"
                .formatted(
                        name,
                        List.of(RestartPolicy.Mode.values()).stream()
                                .map(mode -> outcome(mode, status))
                                .collect(Collectors.joining(" | ")))));
        return out.append("""

                        A restart waits for the backoff, or for `restart_delay` when one is given. The backoff begins anew after a run
                        that was ready and lasted `min_uptime`. Past `max_restarts` within `restart_window` the instance is `errored`.
                        Restarts by people, by cron and by file changes do not lead towards that.

                        """).toString();
    }

    static String outcome(RestartPolicy.Mode mode, ExitStatus status) {
        Slot online = Situations.states().get("online");
        if (online == null) {
            throw new IllegalStateException("no such state");
        }
        Event exit =
                new Event.Exited(1, online.process().orElseThrow().identity(), status, Situations.NOW.wall(), false);
        var spec = Specs.DEFAULT.with(Specs.policy(mode)).spec();
        Slot ended = Lifecycle.step(online, exit, spec, Situations.NOW).next();
        return phase(Lifecycle.step(ended, Situations.drained(1), spec, Situations.NOW)
                .next());
    }

    private static String table() {
        StringBuilder out = new StringBuilder("""
                ## Every state and event

                An event that is not listed changes nothing in that state.
                """);
        Situations.states().forEach((name, slot) -> {
            out.append("\n### ").append(name).append("\n\n| event | next | effects |\n|---|---|---|\n");
            Situations.events(slot).forEach((what, event) -> {
                Step step = step(slot, event);
                if (!step.next().equals(slot) || !step.effects().isEmpty()) {
                    out.append("| %s | %s | %s |\n".formatted(what, describe(step.next()), effects(step)));
                }
            });
        });
        return out.toString();
    }

    private static Step step(Slot slot, Event event) {
        return Lifecycle.step(slot, event, Situations.SPEC, Situations.NOW);
    }

    static String phase(Slot slot) {
        return switch (slot.phase()) {
            case Phase.Stopped _ -> "stopped";
            case Phase.Errored _ -> "errored";
            case Phase.Waiting _ -> "waiting_restart";
            case Phase.Starting _ -> "starting";
            case Phase.Launching _ -> "launching";
            case Phase.Online _ -> "online";
            case Phase.Reloading _ -> "reloading";
            case Phase.Stopping _ -> "stopping";
        };
    }

    private static String describe(Slot slot) {
        List<String> parts = new ArrayList<>();
        switch (slot.phase()) {
            case Phase.Starting(int generation) -> parts.add("starting " + generation);
            case Phase.Launching(Generation process) -> parts.add("launching " + process.number());
            case Phase.Online(Generation process, boolean then) ->
                parts.add("online " + process.number() + (then ? ", then reload" : ""));
            case Phase.Reloading(Generation retiring, Phase.Incoming incoming) ->
                parts.add("reloading %d by %d".formatted(retiring.number(), incoming.generation()));
            case Phase.Stopping(Verdict next) ->
                parts.add("stopping, then "
                        + switch (next) {
                            case Verdict.StartAgain _ -> "start";
                            case Verdict.Rest _ -> "stopped";
                            case Verdict.GiveUp _ -> "errored";
                        });
            case Phase.Stopped _, Phase.Errored _, Phase.Waiting _ -> parts.add(phase(slot));
        }
        slot.leaving()
                .forEach(gone -> parts.add(
                        "%d %s".formatted(gone.generation(), gone.stage().name().toLowerCase(Locale.ROOT))));
        return String.join("; ", parts);
    }

    private static String effects(Step step) {
        return step.effects().stream().map(LifecycleDocument::name).collect(Collectors.joining(", "));
    }

    private static String name(Effect effect) {
        return switch (effect) {
            case Effect.Spawn(int generation) -> "spawn " + generation;
            case Effect.SendSignal(int generation, var signal, var scope) ->
                "%s to the %s of %d".formatted(signal.longName(), scope.name().toLowerCase(Locale.ROOT), generation);
            case Effect.SendShutdownMessage(int generation, var signal, var scope) -> "shutdown message " + generation;
            case Effect.EaseMemory(int generation) -> "ease memory of " + generation;
            case Effect.ArmTimer(TimerName timer, var after) ->
                "arm %s %d ms".formatted(timer.kind(), after.toMillis());
            case Effect.CancelTimer(TimerName timer) -> "cancel " + timer.kind();
            case Effect.WatchReadiness(int generation) -> "watch readiness of " + generation;
            case Effect.WatchHealth(int generation) -> "watch health of " + generation;
            case Effect.EndWatch(int generation) -> "end watch of " + generation;
            case Effect.Drain(int generation, var lines) -> "drain " + generation;
            case Effect.Save() -> "save";
            case Effect.Acknowledge(int generation) -> "acknowledge exit of " + generation;
            case Effect.Announce(var happening) -> "*" + happening.name().toLowerCase(Locale.ROOT) + "*";
        };
    }
}
