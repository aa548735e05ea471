/*
 * The daemon's life: start, backoff, watchdog, and what clients hear while it cannot come up. It gets its control
 * socket as descriptor 3, the listening socket as 4, and TERM, INT, HUP, USR2 blocked, so that it can take them by
 * signalfd from whatever thread it likes.
 */
#include "guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONTROL_FD = 3,
    LISTEN_FD = 4,
    SPARE_FD = 10,
    SOCKET_BYTES = 1 << 20, /* a packet must fit in the send buffer whole (unix(7)) */
    BOOT_FACTOR = 2, /* a daemon may take this many watchdog times to say READY */
};

/* In the daemon's own log, since nobody else could say it. */
static _Noreturn void daemon_exec(const struct guard *guard, int control) {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGHUP);
    sigaddset(&blocked, SIGUSR2);
    char *const arguments[] = {(char *)guard->daemon_path, NULL};
    setsid();
    /* Both out of the way first: either may be where the other belongs. */
    int from = fcntl(control, F_DUPFD, SPARE_FD);
    int listening = fcntl(guard->listening.fd, F_DUPFD, SPARE_FD);
    default_signals();
    if (from < 0 || listening < 0 || dup2(from, CONTROL_FD) < 0 || dup2(listening, LISTEN_FD) < 0
        || chdir(guard->home) < 0) {
        log_errno("cannot prepare the daemon");
        _exit(CHILD_FAILED);
    }
    close_from(LISTEN_FD + 1);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    execv(guard->daemon_path, arguments);
    log_errno(guard->daemon_path);
    _exit(CHILD_FAILED);
}

/* So that the daemon's own log is a fresh descriptor for each daemon, whatever was rotated meanwhile. */
static void open_log(const struct guard *guard) {
    char path[MAX_HOME + 16];
    if (guard->foreground || guard->embedded) {
        return;
    }
    snprintf(path, sizeof path, "%s/daemon.log", guard->home);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        log_errno(path);
        return;
    }
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    close(fd);
}

void daemon_control(struct guard *guard, int fd) {
    int size = SOCKET_BYTES;
    /* Refused sizes are cut to the system's most, which is enough for a packet. */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    guard->control.fd = fd;
    guard->control.ready = control_ready;
    guard->control_events = EPOLLIN;
    guard->greeted = guard->greeting = guard->ready = false;
    if (!watch(guard, &guard->control, EPOLLIN)) {
        log_errno("epoll_ctl");
        exit(1);
    }
}

static void arm_boot_limit(struct guard *guard) {
    guard->pong_by = guard->watchdog_s == 0 ? NO_DEADLINE : monotonic_ms() + (int64_t)guard->watchdog_s * 1000 * BOOT_FACTOR;
}

static void try_later(struct guard *guard) {
    int64_t wait = guard->failures == 0 ? 0 : BACKOFF_FIRST_MS;
    for (uint32_t i = 1; i < guard->failures && wait < BACKOFF_MOST_MS; i++) {
        wait *= 2;
    }
    guard->failures++;
    guard->start_at = monotonic_ms() + (wait < BACKOFF_MOST_MS ? wait : BACKOFF_MOST_MS);
}

void daemon_start(struct guard *guard) {
    int pair[2];
    int size = SOCKET_BYTES;
    open_log(guard);
    if (guard->tries >= DAEMON_TRIES && guard->ephemeral) {
        log_line("the daemon did not come up in %u starts", guard->tries);
        guard->exit_code = NEVER_SERVED_CODE;
        terminate(guard);
        return;
    }
    if (guard->tries >= DAEMON_TRIES && !guard->answering) {
        log_line("the daemon did not come up in %u starts, clients are told so until it does", guard->tries);
        guard->answering = watch(guard, &guard->listening, EPOLLIN);
    }
    guard->tries++;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
        log_errno("socketpair");
        try_later(guard);
        return;
    }
    (void)setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    pid_t pid = fork();
    if (pid == 0) {
        daemon_exec(guard, pair[1]);
    }
    close(pair[1]);
    if (pid < 0) {
        log_errno("fork");
        close(pair[0]);
        try_later(guard);
        return;
    }
    guard->daemon = pid;
    daemon_control(guard, pair[0]);
    arm_boot_limit(guard);
}

static void daemon_watch_ready(struct guard *guard, struct source *source) {
    drop(guard, source);
    daemon_exited(guard, CHILD_FAILED);
}

/* Starts no daemon before that one, whose guard died, has ended: it still reads the pipes. */
void daemon_await(struct guard *guard, pid_t pid) {
    guard->daemon = pid;
    guard->ready_at = monotonic_ms();
    guard->daemon_watch = (struct source){.fd = open_pidfd(pid), .ready = daemon_watch_ready};
    if (guard->daemon_watch.fd < 0 || !watch(guard, &guard->daemon_watch, EPOLLIN)) {
        drop(guard, &guard->daemon_watch);
        daemon_exited(guard, CHILD_FAILED); /* it has ended already */
        return;
    }
    guard->hangup_at = guard->watchdog_s == 0 ? NO_DEADLINE : monotonic_ms() + (int64_t)guard->watchdog_s * 1000;
}

void daemon_watch(struct guard *guard) {
    guard->daemon_watch = (struct source){.fd = open_pidfd(guard->daemon), .ready = daemon_watch_ready};
    if (guard->daemon_watch.fd < 0 || !watch(guard, &guard->daemon_watch, EPOLLIN)) {
        log_errno("cannot watch the daemon, its control socket alone tells of its end");
    }
}

void daemon_attach(struct guard *guard, int fd) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    daemon_control(guard, fd);
    if (guard->embedded) {
        return;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid > 0) {
        guard->daemon = peer.pid;
        daemon_watch(guard);
    }
    arm_boot_limit(guard);
}

static void forget_daemon(struct guard *guard) {
    guard->greeted = guard->greeting = guard->ready = false;
    guard->pong_by = guard->ping_at = guard->resend_at = NO_DEADLINE;
    drop_packets(guard);
    drop(guard, &guard->control);
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        entry->told = false;
    }
}

void daemon_lost(struct guard *guard) {
    forget_daemon(guard);
    if (guard->embedded) {
        kill_everything(guard);
        return;
    }
    spill_begin(guard);
    if (guard->daemon != 0) {
        guard->hangup_at = monotonic_ms() + HANGUP_MS;
    } else if (guard->start_at == NO_DEADLINE) {
        daemon_exited(guard, CHILD_FAILED); /* attached, and its end could not be watched */
    }
}

void daemon_exited(struct guard *guard, int status) {
    guard->daemon = 0;
    guard->attached = false; /* the next is a child */
    drain_control(guard);
    bool was_ready = guard->ready_at != NO_DEADLINE;
    guard->hangup_at = NO_DEADLINE;
    drop(guard, &guard->daemon_watch);
    bool was_spilling = guard->control.fd == NO_DESCRIPTOR && guard->spill_at != NO_DEADLINE;
    forget_daemon(guard);
    if (!was_spilling) {
        spill_begin(guard);
    }
    if (guard->finished || guard->ending) {
        if (guard->finished && guard->ephemeral && guard->exit_code == 0) {
            guard->exit_code = status;
        }
        kill_everything(guard);
        return;
    }
    if (guard->pending_terminate && status != HANDED_OVER_CODE) {
        terminate(guard);
        return;
    }
    log_line("the daemon ended with %d%s", status, was_ready ? "" : " before it was ready");
    if (guard->ready_at != NO_DEADLINE && monotonic_ms() - guard->ready_at >= STEADY_MS) {
        guard->failures = 0;
    }
    guard->ready_at = NO_DEADLINE;
    if (!was_ready && upgrade_failed(guard)) {
        return;
    }
    try_later(guard);
}

/* Often enough that two pings fit in the watchdog's time. */
static int64_t ping_interval(const struct guard *guard) {
    int64_t half = (int64_t)guard->watchdog_s * 1000 / 2;
    int64_t most = notify_interval_ms() < PING_MS ? notify_interval_ms() : PING_MS;
    return half < most ? half : most;
}

void daemon_ready(struct guard *guard) {
    guard->ready = true;
    guard->ready_at = monotonic_ms();
    upgrade_proven(guard);
    guard->tries = 0;
    guard->pong_by = NO_DEADLINE;
    guard->ping_at = guard->watchdog_s > 0 && !guard->embedded ? monotonic_ms() + ping_interval(guard) : NO_DEADLINE;
    notify_ready(guard);
    if (guard->answering) {
        unwatch(guard, &guard->listening);
        guard->answering = false;
    }
}

void daemon_ping(struct guard *guard) {
    uint8_t bytes[HEADER_SIZE];
    struct writer out = writer_of(bytes, sizeof bytes);
    if (!guard->ready) {
        return;
    }
    guard->ping_at = monotonic_ms() + ping_interval(guard);
    if (guard->pong_by == NO_DEADLINE) {
        guard->pong_by = monotonic_ms() + (int64_t)guard->watchdog_s * 1000;
    }
    if (guard->first == NULL) {
        put_header(&out, PING, 0);
        send_packet(guard, &out, NULL, 0);
    }
}

void daemon_kill(struct guard *guard, const char *why) {
    if (guard->daemon != 0) {
        log_line("the daemon %s: killed", why);
        kill(guard->daemon, SIGKILL);
    }
}

/* One frame of the client protocol: a big-endian length, then JSON. */
static void answer_client(int client) {
    static const char BODY[] = "{\"type\":\"err\",\"failureCode\":8,\"failureType\":\"NO_DAEMON\","
                               "\"message\":\"the daemon does not start; daemon.log in the bunctl home says why\"}";
    char frame[sizeof BODY + 4];
    uint32_t length = htonl(sizeof BODY - 1);
    memcpy(frame, &length, 4);
    memcpy(frame + 4, BODY, sizeof BODY - 1);
    /* A client that is gone already, or has no room for its first frame, hears nothing: both are its own doing. */
    ssize_t sent = send(client, frame, sizeof frame - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent;
}

void listening_ready(struct guard *guard, struct source *source) {
    int client = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) {
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
            /* Out of descriptors: the client stays in the queue, and would be reported again at once. */
            log_errno("accept");
            unwatch(guard, source);
            guard->answering = false;
        }
        return;
    }
    answer_client(client);
    close(client);
}
