/* How the guard ends: apps first, then its files, then the lock. */
#include "guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ORPHAN_ROUNDS = 100, ORPHAN_PAUSE_NS = 5 * 1000 * 1000 };

/* Asked twice from a terminal: whoever sits there does not want to wait. A parent that passes on the same Ctrl-C is no second. */
static bool is_impatient(const struct guard *guard) {
    return guard->ephemeral && guard->pending_terminate && monotonic_ms() - guard->asked_ms >= SECOND_ASKING_MS;
}

void terminate_asked(struct guard *guard) {
    bool again = guard->pending_terminate;
    bool comes = guard->daemon != 0 && guard->tries <= DAEMON_TRIES;
    if (!again) {
        guard->asked_ms = monotonic_ms();
    }
    if (is_impatient(guard)) {
        guard->exit_code = KILLED_CODE;
        kill_everything(guard);
    } else if (guard->greeted) {
        notify_stopping();
        guard->pending_terminate = true;
        send_request(guard, REQUEST_TERMINATE);
    } else if (comes && !again) {
        guard->pending_terminate = true; /* told with the table */
    } else {
        terminate(guard);
    }
}

/* Without a daemon nobody else can stop the apps. */
void terminate(struct guard *guard) {
    if (guard->ending) {
        return;
    }
    notify_stopping();
    guard->ending = true;
    guard->start_at = NO_DEADLINE;
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        entry_signal(guard, entry, SIGTERM, SCOPE_GROUP);
    }
    guard->terminate_at = monotonic_ms() + TERMINATE_MS;
    end_when_empty(guard);
}

static bool any_alive(const struct guard *guard) {
    for (const struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        if (entry->state != OVER) {
            return true;
        }
    }
    return false;
}

void end_when_empty(struct guard *guard) {
    if (guard->ending && !any_alive(guard)) {
        finish(guard);
    }
}

void kill_everything(struct guard *guard) {
    if (guard->killed) {
        log_line("some process cannot be killed, it is left behind");
        finish(guard);
    }
    guard->ending = guard->killed = true;
    guard->start_at = NO_DEADLINE;
    guard->terminate_at = monotonic_ms() + TERMINATE_MS;
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        entry_signal(guard, entry, SIGKILL, SCOPE_TREE);
    }
    end_when_empty(guard);
}

/* Orphans that only a subreaper still sees, and keepers about to end: nothing below the guard outlives it. */
static void end_orphans(void) {
    const struct timespec pause = {.tv_nsec = ORPHAN_PAUSE_NS};
    pid_t children[1];
    for (int round = 0; round < ORPHAN_ROUNDS && own_children(children, 1) != 0 && !strike_children(0) && !tree_kill(getpid(), false, 0); round++) {
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
        nanosleep(&pause, NULL);
    }
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
}

void finish(struct guard *guard) {
    while (guard->entries != NULL) {
        entry_remove(guard, guard->entries);
    }
    end_orphans();
    if (unlinkat(guard->run, "bunctl.sock", 0) < 0 && errno != ENOENT) {
        log_errno("bunctl.sock");
    }
    if (guard->ephemeral) {
        run_remove_home(guard);
    }
    exit(guard->exit_code);
}
