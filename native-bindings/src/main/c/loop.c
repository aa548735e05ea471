/*
 * The one loop: epoll and the nearest deadline. INVARIANT: one event is taken at a time, so a handler may free any
 * source, its own included, without a later event of the same batch finding it gone.
 */
#include "guard.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

bool watch(struct guard *guard, struct source *source, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = source};
    return epoll_ctl(guard->epoll, EPOLL_CTL_ADD, source->fd, &event) == 0;
}

void rewatch(struct guard *guard, struct source *source, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = source};
    if (epoll_ctl(guard->epoll, EPOLL_CTL_MOD, source->fd, &event) < 0) {
        log_errno("epoll_ctl");
    }
}

void unwatch(struct guard *guard, struct source *source) {
    /* A descriptor that was never watched (ENOENT) is as good as one no longer watched. */
    if (epoll_ctl(guard->epoll, EPOLL_CTL_DEL, source->fd, NULL) < 0 && errno != ENOENT) {
        log_errno("epoll_ctl");
    }
}

void drop(struct guard *guard, struct source *source) {
    if (source->fd != NO_DESCRIPTOR) {
        unwatch(guard, source);
        close(source->fd);
        source->fd = NO_DESCRIPTOR;
    }
}

static void sooner(int64_t *nearest, int64_t deadline) {
    if (deadline != NO_DEADLINE && (*nearest == NO_DEADLINE || deadline < *nearest)) {
        *nearest = deadline;
    }
}

static int64_t nearest_deadline(const struct guard *guard) {
    int64_t nearest = NO_DEADLINE;
    sooner(&nearest, guard->start_at);
    sooner(&nearest, guard->hangup_at);
    sooner(&nearest, guard->spill_at);
    sooner(&nearest, guard->ping_at);
    sooner(&nearest, guard->pong_by);
    sooner(&nearest, guard->terminate_at);
    sooner(&nearest, guard->resend_at);
    sooner(&nearest, guard->foreign_at);
    sooner(&nearest, guard->upgrade_by);
    sooner(&nearest, guard->restore_at);
    sooner(&nearest, guard->handles_at);
    return nearest;
}

static bool due(int64_t *deadline, int64_t now) {
    if (*deadline == NO_DEADLINE || now < *deadline) {
        return false;
    }
    *deadline = NO_DEADLINE;
    return true;
}

static void run_deadlines(struct guard *guard) {
    int64_t now = monotonic_ms();
    if (due(&guard->start_at, now)) {
        daemon_start(guard);
    }
    if (due(&guard->hangup_at, now)) {
        daemon_kill(guard, "closed its control socket but did not end");
    }
    if (due(&guard->spill_at, now)) {
        spill_all(guard);
    }
    if (due(&guard->ping_at, now)) {
        daemon_ping(guard);
    }
    if (due(&guard->pong_by, now)) {
        daemon_kill(guard, "did not answer the watchdog");
    }
    if (due(&guard->terminate_at, now)) {
        kill_everything(guard);
    }
    if (due(&guard->resend_at, now)) {
        flush_packets(guard);
    }
    if (due(&guard->foreign_at, now)) {
        foreign_deadlines(guard);
    }
    if (due(&guard->upgrade_by, now)) {
        upgrade_expired(guard);
    }
    if (due(&guard->handles_at, now)) {
        handles_again(guard);
    }
    if (due(&guard->restore_at, now)) {
        home_restore(guard);
    }
}

static int timeout_of(const struct guard *guard) {
    int64_t nearest = nearest_deadline(guard);
    if (nearest == NO_DEADLINE) {
        return -1;
    }
    int64_t wait = nearest - monotonic_ms();
    return wait < 0 ? 0 : wait > INT_MAX ? INT_MAX : (int)wait;
}

void run_loop(struct guard *guard) {
    for (;;) {
        struct epoll_event event;
        int count = epoll_wait(guard->epoll, &event, 1, timeout_of(guard));
        if (count < 0 && errno != EINTR) {
            log_errno("epoll_wait");
            exit(1);
        }
        if (count == 1) {
            struct source *source = event.data.ptr;
            source->ready(guard, source);
        }
        run_deadlines(guard);
    }
}
