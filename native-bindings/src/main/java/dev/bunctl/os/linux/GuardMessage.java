package dev.bunctl.os.linux;

import dev.bunctl.os.api.ProcessIdentity;
import dev.bunctl.os.api.ProcessKey;

/** What daemon and guard say to each other; {@code docs/guard-protocol.md} is the contract. */
sealed interface GuardMessage {
    int PROTOCOL = 1;

    /** From the daemon. */
    sealed interface ToGuard extends GuardMessage {}

    /** From the guard. */
    sealed interface FromGuard extends GuardMessage {}

    record Hello(int protocol, String daemonVersion) implements ToGuard {}

    /** The plan is its fields as {@link PlanWriter} lays them out, their count included */
    @SuppressWarnings("ArrayRecordComponent") // only carried to the encoder, never compared
    record Spawn(ProcessKey key, byte[] plan) implements ToGuard {}

    /** The scope is 0 process, 1 group, 2 tree */
    record SendSignal(ProcessKey key, int signal, int scope) implements ToGuard {}

    record Forget(ProcessKey key) implements ToGuard {}

    record Ready() implements ToGuard {}

    record Finished() implements ToGuard {}

    /** Goes with the descriptors of stdout and stderr. */
    record Adopt(ProcessKey key, ProcessIdentity identity) implements ToGuard {}

    record Pong() implements ToGuard {}

    record SpillTaken(ProcessKey key) implements ToGuard {}

    record Upgrade(String program) implements ToGuard {}

    record Welcome(int protocol, int guardPid, String bootId, int entries) implements FromGuard {}

    /** Comes with the descriptors of stdout and stderr. Spill paths are empty where there is none. */
    record Entry(
            ProcessKey key,
            ProcessIdentity identity,
            long startedAtMillis,
            EntryState state,
            ExitRecord exit,
            String stdoutSpill,
            String stderrSpill)
            implements FromGuard {}

    /** By number. */
    enum EntryState {
        RUNNING,
        EXITED,
        /** And guard and daemon were dead before: nobody had its output open, so what the pipes held is gone. */
        EXITED_UNHELD
    }

    record TableEnd() implements FromGuard {}

    /** Comes with a pidfd and the descriptors of stdout and stderr. */
    record Spawned(ProcessKey key, ProcessIdentity identity) implements FromGuard {}

    record NotSpawned(ProcessKey key, int errno, String step, String detail) implements FromGuard {}

    record Exited(ProcessKey key, ProcessIdentity identity, ExitRecord exit) implements FromGuard {}

    record Refused(int errno, String reason) implements FromGuard {}

    record Ping() implements FromGuard {}

    /** What is 0 terminate, 1 reopen logs, 2 replace the daemon */
    record Requested(int what) implements FromGuard {}

    record Upgraded(int protocol, int guardPid) implements FromGuard {}
}
