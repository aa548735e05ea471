package dev.bunctl.verticles.control;

import dev.bunctl.bridge.message.CrashRecord;
import dev.bunctl.bridge.message.InstanceStatus.State;
import dev.bunctl.conf.AppSpec;
import dev.bunctl.conf.StopPolicy;
import dev.bunctl.conf.WatchPolicy;
import dev.bunctl.os.api.Platform;
import dev.bunctl.os.api.Signal;
import dev.bunctl.verticles.internal.InstanceSnapshot;
import dev.bunctl.verticles.state.DesiredApp;
import dev.bunctl.verticles.state.DesiredState;
import dev.bunctl.verticles.state.Intent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * How a run in the foreground comes to its end: when nothing runs any more and nothing will by itself, and with which exit
 * code. Used from one event loop.
 */
final class Conclusion {
    /** A program could not be started, as a shell says it. */
    static final int NOT_STARTED = 127;

    /** An app failed in a way that has no code of its own. */
    static final int FAILED = 1;

    /** Added to the number of the signal that ended a program. */
    static final int SIGNALLED = 128;

    private final Fleet fleet;
    private final Gate gate;
    private final Supplier<DesiredState> state;
    private final Platform platform;
    /** Exit codes of the instances that ended for good and badly, in the order in which they did. */
    private final Map<String, Integer> failures = new LinkedHashMap<>();

    private boolean begun;
    private boolean killed;

    Conclusion(Fleet fleet, Gate gate, Supplier<DesiredState> state, Platform platform) {
        this.fleet = fleet;
        this.gate = gate;
        this.state = state;
        this.platform = platform;
    }

    /** Takes in what became of an instance. */
    void heard(InstanceSnapshot snapshot) {
        begun = true;
        if (!isAtRest(snapshot)) {
            failures.remove(snapshot.instance());
            return;
        }
        if (snapshot.crashes().isEmpty()) {
            return;
        }
        CrashRecord last = snapshot.crashes().getLast();
        Optional<AppSpec> spec = specOf(snapshot.instance());
        int code = code(last, snapshot.state(), spec);
        if (code != 0) {
            var _ = failures.putIfAbsent(snapshot.instance(), code);
        }
        killed |= last.kind() == CrashRecord.Kind.USER
                && signal(last).equals(Optional.of(Signal.KILL))
                && !spec.map(AppSpec::stop).map(StopPolicy::signal).equals(Optional.of(Signal.KILL.longName()));
    }

    private static boolean isAtRest(InstanceSnapshot snapshot) {
        return switch (snapshot.state()) {
            case STOPPED, ERRORED -> true;
            case LAUNCHING, ONLINE, STOPPING, WAITING_RESTART -> false;
        };
    }

    private Optional<AppSpec> specOf(String instance) {
        String app = instance.substring(0, instance.lastIndexOf(':'));
        return Optional.ofNullable(state.get().apps().get(app)).map(DesiredApp::spec);
    }

    /** 0 for an end that is no failure. */
    private int code(CrashRecord end, State state, Optional<AppSpec> spec) {
        int code = switch (end.kind()) {
            case CODE, SIGNAL, OOM, UNKNOWN -> state == State.STOPPED && isSuccess(end, spec) ? 0 : code(end);
            case NOT_STARTED -> NOT_STARTED;
            case NOT_READY, PROBE, LIMIT -> FAILED;
            case WATCH, CRON, USER, RELOAD, ADOPTION -> 0;
        };
        return code == 0 && state == State.ERRORED ? FAILED : code;
    }

    private int code(CrashRecord end) {
        OptionalInt code = end.exitCode();
        return code.isPresent()
                ? code.getAsInt()
                : signal(end)
                        .map(signal -> SIGNALLED + platform.numberOf(signal))
                        .orElse(FAILED);
    }

    private static Optional<Signal> signal(CrashRecord end) {
        return end.signal().flatMap(Signal::named);
    }

    private static boolean isSuccess(CrashRecord end, Optional<AppSpec> spec) {
        return spec.isPresent()
                && (end.exitCode().isPresent()
                        ? spec.get()
                                .restart()
                                .successExitCodes()
                                .contains(end.exitCode().getAsInt())
                        : end.signal()
                                .filter(spec.get().restart().successSignals()::contains)
                                .isPresent());
    }

    /** Whether nothing runs, and nothing will unless somebody asks for it. */
    boolean isOver() {
        return begun && Choice.everything(state.get()).stream().allMatch(this::isOver);
    }

    private boolean isOver(Target target) {
        Optional<InstanceSnapshot> snapshot = fleet.snapshot(target.name());
        if (fleet.isUnheard(target.name()) || (snapshot.isPresent() && !isAtRest(snapshot.get()))) {
            return false;
        }
        boolean wanted = target.instance().intent() == Intent.RUN;
        return !wanted || (!gate.mayOpen(target) && !isStartedByTimeOrFiles(target.spec()));
    }

    private static boolean isStartedByTimeOrFiles(AppSpec spec) {
        return spec.cronRestart().isPresent()
                || spec.watch().map(WatchPolicy::enabled).orElse(false);
    }

    /** That of the first instance that failed for good; 0 when none did, unless one had to be killed. */
    int exitCode() {
        return failures.values().stream().findFirst().orElse(killed ? SIGNALLED + platform.numberOf(Signal.KILL) : 0);
    }
}
