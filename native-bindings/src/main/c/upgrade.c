/*
 * The guard becomes another guard program: same pid, same children, same descriptors. The new program is first asked,
 * in a child, whether it reads this version's state; then the state goes into a memfd and the guard execs. When
 * anything fails before the exec, the daemon hears REFUSED and nothing has changed. When the daemon of the new version
 * does not come up, the guard becomes the former program again.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static void keep(int fd, bool kept) {
    if (fd != NO_DESCRIPTOR) {
        (void)fcntl(fd, F_SETFD, kept ? 0 : FD_CLOEXEC);
    }
}

/* Lets every descriptor that the state names outlive the exec, or, if it failed, no longer. */
static void keep_all(const struct guard *guard, bool kept) {
    keep(guard->run, kept);
    keep(guard->lock, kept);
    keep(guard->listening.fd, kept);
    keep(guard->control.fd, kept);
    for (const struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        keep(entry->out.fd, kept);
        keep(entry->err.fd, kept);
        keep(entry->report.fd, kept);
        keep(entry->channel.fd, kept);
    }
}

static void refuse(struct guard *guard, int number, const char *what) {
    log_line("no upgrade to %s: %s: %s", guard->upgrade_path, what, strerror(number));
    if (guard->returning) {
        guard->returning = false;
        guard->former[0] = '\0'; /* there is no way back: the new daemon is tried again and again */
        if (guard->start_at == NO_DEADLINE && guard->daemon == 0) {
            guard->start_at = monotonic_ms() + BACKOFF_FIRST_MS;
        }
    }
    send_refused(guard, guard->upgrade_sequence, number, "%s: %s", guard->upgrade_path, what);
}

static void become(struct guard *guard) {
    char state[16];
    if (guard->first != NULL || guard->greeting) {
        refuse(guard, EAGAIN, "the daemon does not read");
        return;
    }
    int fd = state_save(guard);
    if (fd < 0) {
        refuse(guard, errno, "the state cannot be handed over");
        return;
    }
    snprintf(state, sizeof state, "%d", fd);
    char *const arguments[] = {guard->upgrade_path, "--resume", state, NULL};
    keep_all(guard, true);
    notify_reloading();
    execv(guard->upgrade_path, arguments);
    int number = errno;
    keep_all(guard, false);
    close(fd);
    notify_ready(guard);
    refuse(guard, number, "cannot be executed");
}

void upgrade_begin(struct guard *guard, uint32_t sequence, const char *path) {
    char version[16];
    if (guard->candidate != 0) {
        send_refused(guard, sequence, EBUSY, "an upgrade is under way");
        return;
    }
    if (guard->ephemeral) {
        send_refused(guard, sequence, EPERM, "the guard of a run stays what it is; run it anew");
        return;
    }
    guard->upgrade_sequence = sequence;
    snprintf(guard->upgrade_path, sizeof guard->upgrade_path, "%s", path);
    snprintf(version, sizeof version, "%u", state_written(guard));
    char *const arguments[] = {guard->upgrade_path, "--can-resume", version, NULL};
    pid_t pid = fork();
    if (pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        default_signals();
        sigprocmask(SIG_SETMASK, &none, NULL);
        close_from(STDERR_FILENO + 1);
        execv(guard->upgrade_path, arguments);
        _exit(CHILD_FAILED);
    }
    if (pid < 0) {
        refuse(guard, errno, "cannot be asked");
        return;
    }
    guard->candidate = pid;
    guard->upgrade_by = monotonic_ms() + UPGRADE_MS;
}

void upgrade_expired(struct guard *guard) {
    if (guard->candidate != 0) {
        kill(guard->candidate, SIGKILL);
    }
}

void upgrade_candidate_exited(struct guard *guard, int status) {
    guard->candidate = 0;
    guard->upgrade_by = NO_DEADLINE;
    if (status == EXIT_CAN_RESUME) {
        become(guard);
    } else {
        refuse(guard, ENOEXEC, "is no guard that can take over from this one");
    }
}

static void send_upgraded(struct guard *guard) {
    uint8_t bytes[HEADER_SIZE + 8];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, UPGRADED, guard->upgrade_sequence);
    put_u32(&out, PROTOCOL_VERSION);
    put_i32(&out, getpid());
    send_packet(guard, &out, NULL, 0);
}

static void rewatch_entries(struct guard *guard) {
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        bool watched = (entry->report.fd == NO_DESCRIPTOR || watch(guard, &entry->report, EPOLLIN))
            && (entry->channel.fd == NO_DESCRIPTOR || watch(guard, &entry->channel, EPOLLIN));
        if (!watched) {
            log_errno("epoll_ctl");
        }
        if (entry->foreign && entry->state != OVER) {
            foreign_watch(guard, entry);
        }
    }
}

/* The daemon of the new version lies beside its guard. */
static void own_daemon(struct guard *guard) {
    char path[2 * MAX_PATH];
    const char *name = strrchr(guard->daemon_path, '/');
    const char *slash = strrchr(guard->self, '/');
    if (name == NULL || slash == NULL) {
        return;
    }
    int length = snprintf(path, sizeof path, "%.*s%s", (int)(slash - guard->self), guard->self, name);
    if (length > 0 && length <= MAX_PATH && access(path, X_OK) == 0) {
        memcpy(guard->daemon_path, path, (size_t)length + 1);
    }
}

void upgrade_proven(struct guard *guard) {
    guard->former[0] = '\0';
}

bool upgrade_failed(struct guard *guard) {
    if (guard->former[0] == '\0' || ++guard->trials < TRIALS) {
        return false;
    }
    log_line("the daemon %s does not come up, going back to %s", guard->daemon_path, guard->former);
    guard->returning = true;
    guard->failures = 0;
    upgrade_begin(guard, 0, guard->former);
    return guard->candidate != 0;
}

bool upgrade_resume(struct guard *guard, int fd) {
    bool loaded = state_load(guard, fd);
    close(fd);
    if (!loaded) {
        return false;
    }
    keep_all(guard, false);
    own_daemon(guard);
    rewatch_entries(guard);
    if (guard->control.fd != NO_DESCRIPTOR) {
        send_upgraded(guard);
    } else {
        spill_begin(guard);
        if (guard->daemon == 0 && guard->start_at == NO_DEADLINE) {
            guard->start_at = monotonic_ms();
        }
    }
    if (guard->attached && guard->daemon != 0) {
        daemon_watch(guard);
    }
    if (guard->ready && guard->watchdog_s > 0 && !guard->embedded) {
        daemon_ping(guard);
    }
    reap_children(guard); /* SIGCHLD may have been taken by the program before */
    return true;
}
