package dev.bunctl.verticles.supervisor.watch;

import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;
import dev.bunctl.os.api.Processes;
import dev.bunctl.os.api.Processes.Survivor;
import dev.bunctl.os.api.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Ends what a former daemon has run for itself, the programs of health checks above all: nobody waits for what they would
 * say.
 */
public final class ProbeLeftovers {
    private ProbeLeftovers() {}

    /**
     * Kills them with their trees.
     *
     * @param kind with which the names of others begin that are to end as well
     * @return the survivors that are none
     */
    public static List<Survivor> end(Processes processes, List<Survivor> survivors, Executor executor, String kind) {
        List<Survivor> others = new ArrayList<>();
        for (Survivor survivor : survivors) {
            String instance = survivor.key().instance();
            if (instance.startsWith(ExecProbe.PREFIX) || instance.startsWith(kind)) {
                survivor.stdout().close();
                survivor.stderr().close();
                processes.adopt(survivor, new Forgetting(processes), executor);
                processes.signal(survivor.key(), Signal.KILL, Processes.Scope.TREE);
            } else {
                others.add(survivor);
            }
        }
        return others;
    }

    private record Forgetting(Processes processes) implements Processes.ProcessObserver {
        @Override
        public void spawned(ProcessKey key, ProcessIdentity identity, OutputPipe stdout, OutputPipe stderr) {
            throw new IllegalStateException("never asked to spawn " + key);
        }

        @Override
        public void notSpawned(ProcessKey key, NativeException cause) {
            throw new IllegalStateException("never asked to spawn " + key, cause);
        }

        @Override
        public void exited(Processes.Exit exit) {
            processes.forget(exit.key());
        }
    }
}
