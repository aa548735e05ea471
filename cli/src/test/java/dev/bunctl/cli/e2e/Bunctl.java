package dev.bunctl.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.bunctl.bridge.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The real command of the packaged distribution, in a home of its own. Closing it kills the daemon through the command and
 * then fails when any process of this home is left.
 */
final class Bunctl implements AutoCloseable {
    static final Path DISTRIBUTION = Path.of("target/bunctl").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 60;

    private final Path distribution;
    private final Path scratch;
    private final Map<String, String> environment = new TreeMap<>();
    private Path input = Path.of("/dev/null");
    private final List<AutoCloseable> things = new ArrayList<>();
    private int runs;

    Bunctl() {
        this(DISTRIBUTION);
    }

    Bunctl(Path distribution) {
        this.distribution = distribution;
        try {
            // Short: the path of a socket has at most 107 bytes.
            this.scratch = Files.createTempDirectory(Path.of("/tmp"), "be");
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        environment.put("PATH", BunOnHost.folder() + ":" + System.getenv("PATH"));
        environment.put("HOME", scratch.toString());
        environment.put("BUNCTL_HOME", home().toString());
        environment.put("BUNCTL_JAVA_HOME", System.getProperty("java.home"));
    }

    /** What one run printed and ended with. */
    record Result(int exit, String out, String err) {
        @CanIgnoreReturnValue
        Result succeeded() {
            assertEquals(0, exit, () -> "exit code of a command that printed:\n" + out + err);
            return this;
        }

        @CanIgnoreReturnValue
        Result failedWith(int expected) {
            assertEquals(expected, exit, () -> "exit code of a command that printed:\n" + out + err);
            return this;
        }

        Map<String, Object> json() {
            try {
                return Json.readObject(out);
            } catch (IOException malformed) {
                throw new AssertionError("no JSON: " + out, malformed);
            }
        }

        /** The entries of {@code apps}. */
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> apps() {
            return (List<Map<String, Object>>) json().get("apps");
        }
    }

    Path home() {
        return scratch.resolve("h");
    }

    /** The current folder of the commands. */
    Path folder() {
        return scratch;
    }

    @CanIgnoreReturnValue
    Bunctl with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    @CanIgnoreReturnValue
    Bunctl without(String variable) {
        environment.remove(variable);
        return this;
    }

    @CanIgnoreReturnValue
    Path write(String name, String content) {
        try {
            Path file = scratch.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    @CanIgnoreReturnValue
    Result run(String... words) {
        return await(start(words));
    }

    /** Runs a command that reads a file as its standard input. */
    @CanIgnoreReturnValue
    Result runWithInput(Path file, String... words) {
        Path usual = input;
        input = file;
        try {
            return run(words);
        } finally {
            input = usual;
        }
    }

    /** Runs a command under a soft limit of open files. */
    @CanIgnoreReturnValue
    Result runWithFiles(int limit, String... words) {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "ulimit -S -n $0 && exec \"$@\"", Integer.toString(limit)));
        command.add(distribution.resolve("bin/bunctl").toString());
        command.addAll(List.of(words));
        return await(start(command));
    }

    /** Starts a command without waiting for its end. */
    Running start(String... words) {
        List<String> command = new ArrayList<>();
        command.add(distribution.resolve("bin/bunctl").toString());
        command.addAll(List.of(words));
        return start(command);
    }

    /** Runs another program, such as the command of another installation, in this home. */
    @CanIgnoreReturnValue
    Result program(Path program, String... words) {
        return await(startProgram(program, words));
    }

    /** The same without waiting for its end. */
    Running startProgram(Path program, String... words) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(List.of(words));
        return start(command);
    }

    /** Runs a command by means of another program, whose words come before it. */
    Result runIn(List<String> prefix, String... words) {
        List<String> command = new ArrayList<>(prefix);
        command.add(distribution.resolve("bin/bunctl").toString());
        command.addAll(List.of(words));
        return await(start(command));
    }

    private synchronized Running start(List<String> command) {
        try {
            Path out = scratch.resolve("command-" + ++runs + ".out");
            Path err = scratch.resolve("command-" + runs + ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(scratch.toFile())
                    .redirectInput(input.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return new Running(builder.start(), out, err);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /** A command that may still run. */
    record Running(Process process, Path out, Path err) {
        String printed() {
            return read(out);
        }
    }

    @CanIgnoreReturnValue
    Result await(Running running) {
        try {
            if (!running.process().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                running.process().destroyForcibly();
                fail("a command did not end; it printed:\n" + read(running.out()) + read(running.err()) + daemonLog());
            }
            return new Result(running.process().exitValue(), read(running.out()), read(running.err()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    List<Map<String, Object>> status() {
        return run("status", "--json").succeeded().apps();
    }

    /** The entry of one instance such as {@code api:0}. */
    Map<String, Object> status(String instance) {
        return status().stream()
                .filter(app -> instance.equals(app.get("name") + ":" + app.get("instance")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + instance + " in " + status()));
    }

    /** The ends of an app's processes, oldest first. */
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> history(String app) {
        return (List<Map<String, Object>>)
                run("history", app, "--json").succeeded().json().get("crashes");
    }

    long pid(String instance) {
        return status(instance).get("pid") instanceof Long pid
                ? pid
                : fail(instance + " has no pid: " + status(instance));
    }

    /** Waits until an instance is as wanted. */
    @CanIgnoreReturnValue
    Map<String, Object> awaitStatus(String instance, Predicate<Map<String, Object>> wanted) {
        List<Map<String, Object>> last = new ArrayList<>();
        await(() -> "an instance came where it should; it is " + last, () -> {
            last.clear();
            last.add(status(instance));
            return wanted.test(last.getFirst());
        });
        return last.getFirst();
    }

    /** Waits for something that another process does, and that announces itself to nobody. */
    static void await(java.util.function.Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("waited in vain until " + what.get());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    long daemonPid() {
        return (Long) run("ping", "--json").succeeded().json().get("daemon_pid");
    }

    long guardPid() {
        return (Long) run("ping", "--json").succeeded().json().get("guard_pid");
    }

    String log(String name) {
        return read(home().resolve("logs").resolve(name));
    }

    /**
     * Waits until a log has this in it. An app without a sign of readiness is online once it has lived for a while, however
     * little of it a busy host has let it run by then.
     */
    @CanIgnoreReturnValue
    String awaitLog(String name, String text) {
        await(
                () -> name + " had " + text + ", not " + log(name),
                () -> log(name).contains(text));
        return log(name);
    }

    String daemonLog() {
        return "daemon.log:\n" + read(home().resolve("daemon.log"));
    }

    static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /** Every process that belongs to this home. */
    List<String> processes() {
        return HostProcesses.of(home());
    }

    /** Something that is to be closed when no process of this home is left. */
    @CanIgnoreReturnValue
    <T extends AutoCloseable> T owns(T thing) {
        things.add(thing);
        return thing;
    }

    private void closeThings() {
        for (AutoCloseable thing : things) {
            try {
                thing.close();
            } catch (Exception failure) {
                throw new AssertionError(thing + " cannot be closed", failure);
            }
        }
    }

    @Override
    public void close() {
        try {
            Result kill = run("kill");
            await(
                    () -> "nothing of this home was left: " + processes() + "\n" + kill + "\n" + daemonLog(),
                    () -> processes().isEmpty());
        } finally {
            HostProcesses.killAll(home());
            closeThings();
        }
        HostProcesses.deleteTree(scratch);
    }
}
