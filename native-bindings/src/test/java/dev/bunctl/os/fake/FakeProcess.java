package dev.bunctl.os.fake;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.os.api.ExitStatus;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Processes.Exit;
import dev.bunctl.os.api.Signal;
import dev.bunctl.os.api.SpawnPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pretended process. KILL ends it always; other signals only when {@link #diesOf} says so. */
public final class FakeProcess {
    /** A signal that was sent. */
    public record Sent(Signal signal, Processes.Scope scope) {}

    private final FakeProcesses owner;
    private final SpawnPlan plan;
    private final ProcessIdentity identity;
    private final FakePipe stdout;
    private final FakePipe stderr;
    private final List<Sent> signals;
    private final Set<Signal> deadly;
    private boolean heldOpen;
    private @Nullable Exit exit;

    FakeProcess(FakeProcesses owner, SpawnPlan plan, ProcessIdentity identity, Set<Signal> deadly) {
        this(owner, plan, identity, deadly, new FakePipe(), new FakePipe(), new ArrayList<>());
    }

    private FakeProcess(
            FakeProcesses owner,
            SpawnPlan plan,
            ProcessIdentity identity,
            Set<Signal> deadly,
            FakePipe stdout,
            FakePipe stderr,
            List<Sent> signals) {
        this.owner = owner;
        this.plan = plan;
        this.identity = identity;
        this.deadly = EnumSet.of(Signal.KILL);
        this.deadly.addAll(deadly);
        this.stdout = stdout;
        this.stderr = stderr;
        this.signals = signals;
    }

    FakeProcess handedOver(FakeProcesses successor) {
        FakeProcess next =
                new FakeProcess(successor, plan, identity, deadly, stdout.handedOver(), stderr.handedOver(), signals);
        next.heldOpen = heldOpen;
        next.exit = exit;
        return next;
    }

    public ProcessKey key() {
        return plan.key();
    }

    public SpawnPlan plan() {
        return plan;
    }

    public ProcessIdentity identity() {
        return identity;
    }

    public FakePipe stdout() {
        return stdout;
    }

    public FakePipe stderr() {
        return stderr;
    }

    /** Signals sent so far, oldest first. */
    public List<Sent> signals() {
        synchronized (owner) {
            return List.copyOf(signals);
        }
    }

    /** It ends when one of these comes. */
    @CanIgnoreReturnValue
    public FakeProcess diesOf(Signal... some) {
        synchronized (owner) {
            deadly.addAll(List.of(some));
            return this;
        }
    }

    /** It ignores all signals but KILL from now on. */
    @CanIgnoreReturnValue
    public FakeProcess ignoresSignals() {
        synchronized (owner) {
            deadly.clear();
            deadly.add(Signal.KILL);
            return this;
        }
    }

    /** A descendant keeps the pipes: they do not hang up with the exit, only by {@link FakePipe#hangUp}. */
    @CanIgnoreReturnValue
    public FakeProcess descendantHoldsPipes() {
        synchronized (owner) {
            heldOpen = true;
            return this;
        }
    }

    public void exit(int code) {
        exit(new ExitStatus.Code(code));
    }

    /** It ends; its pipes hang up unless a descendant holds them. Ending twice is the test's mistake. */
    public void exit(ExitStatus status) {
        synchronized (owner) {
            if (exit != null) {
                throw new IllegalStateException(key() + " has already ended");
            }
            Exit ended = new Exit(key(), identity, status, Instant.EPOCH, Duration.ZERO, Duration.ZERO, 0);
            exit = ended;
            owner.ended(ended);
            if (!heldOpen) {
                stdout.hangUp();
                stderr.hangUp();
            }
        }
    }

    public boolean running() {
        synchronized (owner) {
            return exit == null;
        }
    }

    Optional<Exit> recordedExit() {
        return Optional.ofNullable(exit);
    }

    void receive(Signal signal, Processes.Scope scope) {
        signals.add(new Sent(signal, scope));
        if (exit == null && deadly.contains(signal)) {
            exit(new ExitStatus.Killed(signal, false));
        }
    }
}
