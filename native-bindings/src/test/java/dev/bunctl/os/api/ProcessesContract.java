package dev.bunctl.os.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every platform's processes do, real or not. */
@Timeout(120)
public abstract class ProcessesContract {
    protected static final ProcessKey KEY = new ProcessKey("app:0", 1);

    protected abstract Platform platform();

    /** The present daemon is gone: the platform as the next one opens it. */
    protected abstract Platform successor() throws Exception;

    /** A program that does what {@link #print} and {@link #exit} say. */
    protected abstract SpawnPlan program(ProcessKey key) throws Exception;

    /** A plan whose program is not there. */
    protected abstract SpawnPlan missing(ProcessKey key);

    protected abstract void print(ProcessKey key, String text) throws Exception;

    protected abstract void printError(ProcessKey key, String text) throws Exception;

    protected abstract void exit(ProcessKey key, int code) throws Exception;

    private Witness.Told.Spawned start(ProcessKey key, Witness witness) throws Exception {
        platform().processes().spawn(program(key), witness, Runnable::run);
        return witness.next(Witness.Told.Spawned.class);
    }

    protected static String readToEnd(OutputPipe pipe) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
        for (int count = 0; count != OutputPipe.END; ) {
            count = pipe.read(buffer);
            if (count == OutputPipe.EMPTY) {
                CountDownLatch readable = new CountDownLatch(1);
                pipe.onReadable(Runnable::run, readable::countDown);
                readable.await();
            }
        }
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    private Processes.Survivor onlySurvivor(Platform platform) {
        List<Processes.Survivor> survivors = platform.processes().survivors();
        assertEquals(1, survivors.size(), survivors.toString());
        return survivors.getFirst();
    }

    @Test
    void spawn_runs_andTheExitCodeIsTold() throws Exception {
        Witness witness = new Witness();
        Witness.Told.Spawned spawned = start(KEY, witness);
        assertEquals(KEY, spawned.key());
        exit(KEY, 7);
        Processes.Exit exit = witness.next(Witness.Told.Ended.class).exit();
        assertEquals(new ExitStatus.Code(7), exit.status());
        assertEquals(spawned.identity(), exit.identity());
        assertEquals(KEY, exit.key());
        assertTrue(witness.heardNothingMore());
    }

    @Test
    void spawn_keyInUse_isRefused_andTheFirstRunsOn() throws Exception {
        Witness first = new Witness();
        var _ = start(KEY, first);
        Witness second = new Witness();
        platform().processes().spawn(program(KEY), second, Runnable::run);
        assertEquals("plan", second.next(Witness.Told.NotSpawned.class).cause().call());
        exit(KEY, 0);
        assertEquals(
                new ExitStatus.Code(0),
                first.next(Witness.Told.Ended.class).exit().status());
    }

    @Test
    void spawn_missingProgram_namesTheStep_andTheKeyIsFreeAgain() throws Exception {
        Witness witness = new Witness();
        platform().processes().spawn(missing(KEY), witness, Runnable::run);
        NativeException cause = witness.next(Witness.Told.NotSpawned.class).cause();
        assertEquals("exec", cause.call());
        assertEquals(2, cause.errno());
        var _ = start(KEY, witness);
        exit(KEY, 0);
        var _ = witness.next(Witness.Told.Ended.class);
    }

    @Test
    void output_lastWordsOfAnExitingProgram_areReadToTheEnd() throws Exception {
        Witness witness = new Witness();
        Witness.Told.Spawned spawned = start(KEY, witness);
        print(KEY, "hello");
        printError(KEY, "trouble");
        exit(KEY, 1);
        var _ = witness.next(Witness.Told.Ended.class);
        assertEquals("hello", readToEnd(spawned.stdout()));
        assertEquals("trouble", readToEnd(spawned.stderr()));
    }

    @Test
    void signal_kill_endsIt_andTheSignalIsTold() throws Exception {
        Witness witness = new Witness();
        var _ = start(KEY, witness);
        platform().processes().signal(KEY, Signal.KILL, Processes.Scope.PROCESS);
        assertEquals(
                new ExitStatus.Killed(Signal.KILL, false),
                witness.next(Witness.Told.Ended.class).exit().status());
    }

    @Test
    void signal_endedOrUnknown_isNoError() throws Exception {
        Witness witness = new Witness();
        var _ = start(KEY, witness);
        exit(KEY, 0);
        var _ = witness.next(Witness.Told.Ended.class);
        platform().processes().signal(KEY, Signal.TERM, Processes.Scope.TREE);
        platform().processes().signal(new ProcessKey("nobody:0", 1), Signal.TERM, Processes.Scope.GROUP);
        var _ = start(new ProcessKey("app:0", 2), witness);
        assertTrue(witness.heardNothingMore());
    }

    @Test
    void forget_running_changesNothing() throws Exception {
        Witness witness = new Witness();
        var _ = start(KEY, witness);
        platform().processes().forget(KEY);
        exit(KEY, 3);
        assertEquals(
                new ExitStatus.Code(3),
                witness.next(Witness.Told.Ended.class).exit().status());
    }

    @Test
    void successor_adoptsWhatRuns_andIsToldOfItsExit() throws Exception {
        Witness.Told.Spawned spawned = start(KEY, new Witness());
        Platform next = successor();
        Processes.Survivor survivor = onlySurvivor(next);
        assertEquals(spawned.identity(), survivor.identity());
        assertEquals(Optional.empty(), survivor.exit());
        Witness witness = new Witness();
        next.processes().adopt(survivor, witness, Runnable::run);
        print(KEY, "still here");
        exit(KEY, 4);
        assertEquals(
                new ExitStatus.Code(4),
                witness.next(Witness.Told.Ended.class).exit().status());
        assertEquals("still here", readToEnd(survivor.stdout()));
    }

    @Test
    void successor_unacknowledgedExit_isToldAgain_untilForgotten() throws Exception {
        Witness witness = new Witness();
        var _ = start(KEY, witness);
        exit(KEY, 5);
        var _ = witness.next(Witness.Told.Ended.class);
        Platform next = successor();
        Processes.Survivor survivor = onlySurvivor(next);
        Witness later = new Witness();
        next.processes().adopt(survivor, later, Runnable::run);
        assertEquals(
                new ExitStatus.Code(5),
                later.next(Witness.Told.Ended.class).exit().status());
        next.processes().forget(KEY);
        assertEquals(List.of(), successor().processes().survivors());
    }

    @Test
    void adopt_twice_isTheCallersMistake() throws Exception {
        var _ = start(KEY, new Witness());
        Platform next = successor();
        Processes.Survivor survivor = onlySurvivor(next);
        next.processes().adopt(survivor, new Witness(), Runnable::run);
        assertEquals(List.of(), next.processes().survivors());
        assertThrows(
                IllegalArgumentException.class, () -> next.processes().adopt(survivor, new Witness(), Runnable::run));
    }
}
