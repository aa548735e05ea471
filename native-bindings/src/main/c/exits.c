/*
 * Exits: seen with WNOWAIT, recorded on file, only then reaped, then told. So a guard that dies in between leaves
 * either a zombie's successor nothing to guess, or the record.
 */
#include "guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FOREIGN_PATIENCE_MS = 1000, /* for the exit status of a process that is no child */
    FOREIGN_LOOK_MS = 20,
    FOREIGN_POLL_MS = 1000, /* where the kernel has no pidfd */
};

static uint64_t microseconds(const struct timeval *time) {
    return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

void exit_record_of(const siginfo_t *info, const struct rusage *usage, struct exit_record *record) {
    *record = (struct exit_record){
        .how = info->si_code == CLD_EXITED ? EXIT_CODE : EXIT_SIGNAL,
        .value = info->si_status,
        .core_dumped = info->si_code == CLD_DUMPED,
        .at_ms = wall_ms(),
        .user_us = microseconds(&usage->ru_utime),
        .system_us = microseconds(&usage->ru_stime),
        .peak_bytes = (uint64_t)usage->ru_maxrss * 1024,
    };
}

static void reap(pid_t pid) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

/* Seen, tree ended, recorded. The caller reaps or lets the keeper go, then calls tell. */
static void record(struct guard *guard, struct entry *entry, const struct exit_record *exit) {
    entry->exit = *exit;
    entry->state = OVER;
    FAULT(guard, "exit:seen");
    tree_finish(guard, entry);
    handle_keep(guard, entry);
    FAULT(guard, "exit:recorded");
}

static void tell(struct guard *guard, struct entry *entry) {
    FAULT(guard, "exit:reaped");
    send_exited(guard, entry);
    FAULT(guard, "exit:told");
    end_when_empty(guard);
}

/* The exit may overtake the report of exec. Gives NULL when it was a failure to start, which is answered. */
static struct entry *settle(struct guard *guard, struct entry *entry) {
    pid_t pid = entry->pid;
    if (entry->state != STARTING) {
        return entry;
    }
    report_ready(guard, &entry->report);
    entry = entry_by_pid(guard, pid);
    if (entry != NULL) {
        entry->state = RUNNING;
    }
    return entry;
}

static void keeper_ended(struct guard *guard, struct entry *entry) {
    reap(entry->keeper);
    if (entry->channel.fd != NO_DESCRIPTOR) {
        channel_ready(guard, &entry->channel); /* its last word, if any */
    }
}

static void child_ended(struct guard *guard, const siginfo_t *info, const struct rusage *usage) {
    struct entry *entry = entry_by_pid(guard, info->si_pid);
    struct exit_record exit;
    if (entry != NULL) {
        entry = settle(guard, entry);
    }
    if (entry == NULL) {
        reap(info->si_pid); /* an orphan of some program, or a child that failed before exec */
        return;
    }
    exit_record_of(info, usage, &exit);
    record(guard, entry, &exit);
    reap(info->si_pid);
    tell(guard, entry);
}

static void take_exit(struct guard *guard, const siginfo_t *info, const struct rusage *usage) {
    struct entry *kept = entry_by_keeper(guard, info->si_pid);
    int status = info->si_code == CLD_EXITED ? info->si_status : 128 + info->si_status;
    if (info->si_pid == guard->daemon) {
        reap(info->si_pid);
        daemon_exited(guard, status);
    } else if (info->si_pid == guard->runner) {
        reap(info->si_pid);
        runner_exited(guard, status);
    } else if (info->si_pid == guard->candidate) {
        reap(info->si_pid);
        upgrade_candidate_exited(guard, status);
    } else if (kept != NULL) {
        keeper_ended(guard, kept);
        kept = entry_by_keeper(guard, info->si_pid);
        if (kept != NULL) {
            kept->keeper = 0;
        }
    } else {
        child_ended(guard, info, usage);
    }
}

void reap_children(struct guard *guard) {
    for (;;) {
        siginfo_t info = {0};
        struct rusage usage = {0};
        long result = syscall(SYS_waitid, P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT, &usage);
        if (result < 0 && errno == EINTR) {
            continue;
        }
        if (result < 0 || info.si_pid == 0) {
            return;
        }
        take_exit(guard, &info, &usage);
    }
}

void channel_ready(struct guard *guard, struct source *source) {
    struct entry *entry = (struct entry *)((char *)source - offsetof(struct entry, channel));
    struct keeper_report report;
    ssize_t got = recv(source->fd, &report, sizeof report, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got != sizeof report) {
        drop(guard, source); /* the keeper was killed: its program is the guard's own child now */
        return;
    }
    entry = settle(guard, entry);
    if (entry == NULL) {
        return;
    }
    record(guard, entry, &report.exit);
    (void)send(entry->channel.fd, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    drop(guard, &entry->channel);
    tell(guard, entry);
}

void foreign_watch(struct guard *guard, struct entry *entry) {
    entry->foreign = true;
    entry->watch.ready = watch_ready;
    entry->watch.fd = open_pidfd(entry->pid);
    /* Opened first, compared after: a pid that was reused before the comparison is refused by its start time. */
    bool alive = process_start_time(entry->pid) == entry->start_time;
    if (alive && entry->watch.fd >= 0 && watch(guard, &entry->watch, EPOLLIN)) {
        return;
    }
    if (!alive) {
        entry->foreign_deadline = monotonic_ms();
    }
    guard->foreign_at = monotonic_ms();
}

void watch_ready(struct guard *guard, struct source *source) {
    struct entry *entry = (struct entry *)((char *)source - offsetof(struct entry, watch));
    unwatch(guard, source);
    entry->foreign_deadline = monotonic_ms() + FOREIGN_PATIENCE_MS;
    guard->foreign_at = monotonic_ms();
}

static bool keeper_works(const struct entry *entry) {
    struct process keeper;
    return entry->keeper != 0 && process_read(entry->keeper, &keeper) && keeper.start_time == entry->keeper_start
        && keeper.state != 'Z';
}

static void foreign_over(struct guard *guard, struct entry *entry, const struct exit_record *exit) {
    entry->foreign_deadline = NO_DEADLINE;
    drop(guard, &entry->watch);
    record(guard, entry, exit);
    tell(guard, entry);
}

/* From /proc while nobody has reaped it, afterwards from the kernel's memory. */
static bool foreign_exit(const struct entry *entry, struct exit_record *exit) {
    return zombie_exit(entry->pid, entry->start_time, exit)
        || (entry->watch.fd != NO_DESCRIPTOR && pidfd_exit(entry->watch.fd, exit));
}

/*
 * An ended foreign process: its keeper's record, else what the kernel says, else nobody knows. Each is asked for after the look
 * that would make it the last to be hoped for.
 */
static void foreign_look(struct guard *guard, struct entry *entry, int64_t now) {
    struct exit_record exit = {.how = EXIT_UNKNOWN, .at_ms = wall_ms()};
    bool kept = keeper_works(entry);
    bool reaped = process_start_time(entry->pid) != entry->start_time;
    bool known = handle_reload(guard, entry);
    if (known) {
        exit = entry->exit;
    } else if (!kept) {
        known = foreign_exit(entry, &exit);
    }
    if (known || (!kept && (reaped || now >= entry->foreign_deadline))) {
        foreign_over(guard, entry, &exit);
    } else {
        guard->foreign_at = now + FOREIGN_LOOK_MS;
    }
}

void foreign_deadlines(struct guard *guard) {
    int64_t now = monotonic_ms();
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        bool alive = entry->foreign && entry->state != OVER && entry->foreign_deadline == NO_DEADLINE;
        if (alive && entry->watch.fd < 0) {
            if (process_start_time(entry->pid) != entry->start_time) {
                entry->foreign_deadline = now;
            } else if (guard->foreign_at == NO_DEADLINE) {
                guard->foreign_at = now + FOREIGN_POLL_MS;
            }
        }
        if (entry->foreign && entry->state != OVER && entry->foreign_deadline != NO_DEADLINE) {
            foreign_look(guard, entry, now);
        }
    }
}
