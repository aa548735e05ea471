/*
 * How the guard comes up: the home, the lock, the listening socket, the background, signals.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

const char FIRST_SOFT_LIMIT[] = "BUNCTL_SOFT_FILES";

enum { FIRST_FREE_FD = 4 };

static void go_to_background(struct guard *guard) {
    pid_t pid = fork();
    if (pid < 0) {
        die("cannot fork", "");
    }
    if (pid > 0) {
        _exit(0);
    }
    setsid();
    dup2(guard->null, STDIN_FILENO);
    dup2(guard->null, STDOUT_FILENO);
    dup2(guard->null, STDERR_FILENO);
}

/* Children put their own descriptors on 0 to 3, so none prepared for them may lie there. */
static void occupy_low_descriptors(struct guard *guard) {
    int fd;
    do {
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (fd < 0) {
            die("cannot open", "/dev/null");
        }
        guard->null = fd;
    } while (fd < FIRST_FREE_FD);
    /* Standard streams that were closed are /dev/null from here on, for children too. */
    for (int i = 0; i <= STDERR_FILENO; i++) {
        int flags = fcntl(i, F_GETFD);
        (void)fcntl(i, F_SETFD, flags & ~FD_CLOEXEC);
    }
}

static void signals_ready(struct guard *guard, struct source *source) {
    struct signalfd_siginfo info;
    if (read(source->fd, &info, sizeof info) != sizeof info) {
        return;
    }
    if (run_forward(guard, (int)info.ssi_signo)) {
        return;
    }
    switch (info.ssi_signo) {
    case SIGCHLD:
        reap_children(guard);
        return;
    case SIGHUP:
        send_request(guard, REQUEST_REOPEN_LOGS);
        return;
    case SIGUSR2:
        notify_reloading();
        send_request(guard, REQUEST_REPLACE_DAEMON);
        return;
    case SIGUSR1:
        upgrade_begin(guard, 0, guard->self);
        return;
    default:
        terminate_asked(guard);
    }
}

static void take_signals(struct guard *guard) {
    sigset_t taken;
    sigemptyset(&taken);
    sigaddset(&taken, SIGCHLD);
    sigaddset(&taken, SIGTERM);
    sigaddset(&taken, SIGINT);
    sigaddset(&taken, SIGHUP);
    sigaddset(&taken, SIGUSR1);
    sigaddset(&taken, SIGUSR2);
    if (guard->ephemeral) {
        sigaddset(&taken, SIGQUIT);
    }
    default_signals();
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_SETMASK, &taken, NULL);
    guard->signals.fd = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
    guard->signals.ready = signals_ready;
}

/* The parts that a guard after an upgrade makes anew as well. */
static void open_loop(struct guard *guard) {
    guard->epoll = epoll_create1(EPOLL_CLOEXEC);
    take_signals(guard);
    guard->listening.ready = listening_ready;
    if (guard->epoll < 0 || guard->signals.fd < 0 || !watch(guard, &guard->signals, EPOLLIN)) {
        die("cannot make the event loop", "");
    }
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) {
        die("cannot become a subreaper", "");
    }
}

static void read_self(struct guard *guard) {
    ssize_t length = readlink("/proc/self/exe", guard->self, MAX_PATH);
    guard->self[length > 0 ? length : 0] = '\0';
    if (!read_boot_id(guard->boot_id)) {
        die("cannot read", "the boot id");
    }
}

static void inherit(struct guard *guard) {
    guard->mask = umask(077);
    if (getrlimit(RLIMIT_NOFILE, &guard->files) < 0) {
        die("cannot read", "the limit of open files");
    }
    /* The daemon has the raised limit, and so has a guard that it starts: what apps get is what the first was given. */
    const char *first = getenv(FIRST_SOFT_LIMIT);
    if (first != NULL) {
        guard->files.rlim_cur = strtoull(first, NULL, 10);
        if (guard->files.rlim_cur > guard->files.rlim_max) {
            guard->files.rlim_cur = guard->files.rlim_max;
        }
    }
    char soft[24];
    snprintf(soft, sizeof soft, "%llu", (unsigned long long)guard->files.rlim_cur);
    if (setenv(FIRST_SOFT_LIMIT, soft, 1) < 0) {
        die("cannot set", FIRST_SOFT_LIMIT);
    }
    raise_files(guard);
}

void raise_files(const struct guard *guard) {
    struct rlimit most = {.rlim_cur = guard->files.rlim_max, .rlim_max = guard->files.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &most) < 0) {
        log_errno("cannot raise the limit of open files");
    }
}

static void come_up(struct guard *guard, const struct options *options) {
    bool own = !guard->embedded && !guard->attached;
    inherit(guard);
    if (guard->home[0] == '\0' && !run_make_home(guard)) {
        die("cannot make a folder for the run", "in XDG_RUNTIME_DIR, /run, /dev/shm, TMPDIR or /tmp");
    }
    if (setenv("BUNCTL_HOME", guard->home, 1) < 0 || (guard->ephemeral && !run_announce())) {
        die("cannot set", "BUNCTL_HOME");
    }
    const char *what = home_open(guard);
    if (what != NULL) {
        die(what, guard->home);
    }
    lock_take(guard, options->after > 0);
    what = run_claim(guard, options->after > 0);
    if (what != NULL) {
        die(what, guard->home);
    }
    guard->listening.fd = options->listening;
    if (guard->listening.fd == NO_DESCRIPTOR) {
        guard->listening.fd = home_listen(guard);
        if (guard->listening.fd < 0) {
            die("cannot listen on", "run/bunctl.sock");
        }
    }
    if (own && !guard->foreground) {
        go_to_background(guard);
    }
    home_write_pid(guard);
    open_loop(guard);
    handles_load(guard);
    home_watch(guard);
    setup_lock(guard, false);
    if (own && options->after > 0) {
        daemon_await(guard, options->after);
    } else if (own) {
        daemon_start(guard);
        if (guard->ephemeral && !runner_start(guard, options->rest)) {
            die("cannot fork", "");
        }
    } else {
        daemon_attach(guard, guard->embedded ? options->control : options->attach);
    }
}

static void clear(struct guard *guard) {
    guard->control.fd = guard->listening.fd = guard->daemon_watch.fd = guard->folder.fd = NO_DESCRIPTOR;
    guard->restore_at = guard->handles_at = NO_DEADLINE;
    guard->start_at = guard->hangup_at = guard->spill_at = guard->ping_at = guard->pong_by = NO_DEADLINE;
    guard->terminate_at = guard->resend_at = guard->foreign_at = guard->upgrade_by = guard->ready_at = NO_DEADLINE;
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--link") == 0) {
        link_and_run(argc - 2, argv + 2);
    }
    if (argc == 3 && strcmp(argv[1], "--revive") == 0) {
        return revive(argv[2]) ? 0 : 1;
    }
    static struct guard guard;
    struct options options = options_take(argc, argv);
    clear(&guard);
    if (!home_readers(&guard)) {
        errno = 0;
        die("BUNCTL_SOCKET_GROUP names no group:", getenv("BUNCTL_SOCKET_GROUP"));
    }
    if (options.resume != NO_DESCRIPTOR) {
        occupy_low_descriptors(&guard);
        umask(077);
        read_self(&guard);
        open_loop(&guard);
        if (!upgrade_resume(&guard, options.resume)) {
            die("cannot take over", "from the guard before");
        }
        home_watch(&guard);
        run_loop(&guard);
    }
    options_apply(&options, &guard);
    if (options.control == NO_DESCRIPTOR && options.attach == NO_DESCRIPTOR) {
        close_from(STDERR_FILENO + 1);
    } else {
        /* What the starter left open is not for our children. */
        (void)syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    }
    occupy_low_descriptors(&guard);
    read_self(&guard);
    come_up(&guard, &options);
    run_loop(&guard);
}
