package dev.bunctl.verticles.lifecycle;

import dev.bunctl.conf.AppSpec;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.lifecycle.Event.Occasion;
import dev.bunctl.verticles.lifecycle.Event.Trouble;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One example of each state and of each event, reached by steps of the lifecycle itself. */
final class Situations {
    static final AppSpec SPEC = Specs.DEFAULT.spec();
    static final Now NOW = new Now(Duration.ofHours(1), PureWorld.EPOCH, 0.5);

    private Situations() {}

    static Map<String, Slot> states() {
        Slot starting = after(Slot.NEW, new Event.StartAsked());
        Slot launching = after(starting, spawned(1));
        Slot online = after(launching, alive(1));
        Slot awaited = after(online, new Event.ReloadAsked());
        Slot unready = after(awaited, spawned(2));
        Slot swapped = after(unready, alive(2));
        Map<String, Slot> states = new LinkedHashMap<>();
        states.put("stopped", Slot.NEW);
        states.put("starting", starting);
        states.put("launching", launching);
        states.put("online", online);
        states.put("stopping, spawn unanswered", after(starting, new Event.StopAsked()));
        states.put("stopping, told", after(online, new Event.StopAsked()));
        states.put("stopping, killed", after(online, new Event.StopAsked(), timer(TimerName.Kind.STOP, 1)));
        states.put("stopping, draining", after(online, new Event.StopAsked(), exited(1, 0)));
        states.put("stopping, to start again", after(online, new Event.RestartAsked()));
        states.put("stopping, draining, to start again", after(online, new Event.RestartAsked(), exited(1, 0)));
        states.put("crashed, draining", after(online, exited(1, 1)));
        states.put("waiting", after(online, exited(1, 1), drained(1)));
        states.put("errored", givenUp(online));
        states.put("reloading, spawn unanswered", awaited);
        states.put("reloading, incoming launching", unready);
        states.put("online, retiring told", swapped);
        states.put("online, retiring draining", after(swapped, exited(1, 0)));
        states.put("online, failed incoming draining", after(unready, exited(2, 1)));
        return states;
    }

    private static Slot givenUp(Slot online) {
        Step exit = Lifecycle.step(
                online,
                exited(1, 1),
                Specs.DEFAULT
                        .with(Specs.policy(dev.bunctl.conf.RestartPolicy.Mode.NO))
                        .spec(),
                NOW);
        return after(exit.next(), drained(1));
    }

    /** By name; the number of the generation is that of the process the event is most likely about. */
    static Map<String, Event> events(Slot slot) {
        int newest = slot.counters().generation();
        int generation = Math.max(1, newest);
        int oldest = slot.leaving().isEmpty()
                ? generation
                : slot.leaving().getFirst().generation();
        int current = slot.process().map(Generation::number).orElse(generation);
        Map<String, Event> events = new LinkedHashMap<>();
        events.put("start", new Event.StartAsked());
        events.put("stop", new Event.StopAsked());
        events.put("restart", new Event.RestartAsked());
        events.put("reload", new Event.ReloadAsked());
        events.put("reset", new Event.ResetAsked());
        events.put("signal", new Event.SignalAsked(Signal.USR2));
        events.put("cron is due", new Event.RestartDue(Occasion.CRON, "cron"));
        events.put("files changed", new Event.RestartDue(Occasion.FILE_CHANGE, "app.ts changed"));
        events.put("healthy", new Event.WellSeen(current));
        events.put("unhealthy", new Event.TroubleSeen(current, Trouble.HEALTH, "unhealthy"));
        events.put("too much memory", new Event.TroubleSeen(current, Trouble.MEMORY, "too much memory"));
        events.put("spawned", spawned(generation));
        events.put("not spawned", new Event.NotSpawned(generation, "exec: no such file", false));
        events.put("exited 0", exited(current, 0));
        events.put("exited 1", exited(current, 1));
        if (generation != current) {
            events.put("other generation exited", exited(generation, 1));
        }
        events.put("ready sign", new Event.ReadySignSeen(generation));
        events.put("drained", drained(oldest));
        events.put("timer BACKOFF", timer(TimerName.Kind.BACKOFF, 0));
        events.put("timer ALIVE", timer(TimerName.Kind.ALIVE, generation));
        events.put("timer READY", timer(TimerName.Kind.READY, generation));
        events.put("timer STOP", timer(TimerName.Kind.STOP, oldest));
        events.put("timer KILL", timer(TimerName.Kind.KILL, oldest));
        events.put("timer DRAIN", timer(TimerName.Kind.DRAIN, oldest));
        return events;
    }

    static Slot after(Slot slot, Event... events) {
        Slot now = slot;
        for (Event event : List.of(events)) {
            now = Lifecycle.step(now, event, SPEC, NOW).next();
        }
        return now;
    }

    static Event spawned(int generation) {
        return new Event.Spawned(generation, identity(generation));
    }

    static Event exited(int generation, int code) {
        return new Event.Exited(generation, identity(generation), new ExitStatus.Code(code), NOW.wall(), false);
    }

    static Event drained(int generation) {
        return new Event.Drained(generation, List.of());
    }

    static Event timer(TimerName.Kind kind, int generation) {
        return new Event.TimerFired(new TimerName(kind, generation));
    }

    static Event alive(int generation) {
        return timer(TimerName.Kind.ALIVE, generation);
    }

    private static ProcessIdentity identity(int generation) {
        return new ProcessIdentity(1000 + generation, generation);
    }
}
