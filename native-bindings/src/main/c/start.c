/*
 * How the guard comes up: arguments, the home, the lock, the listening socket, the background.
 *
 * The lock file carries two open-file-description locks (fcntl(2)): byte 0 for the life of a guard, byte 1 while one
 * comes up or goes down. Who wants to start takes byte 1 first, waiting: so when it finds byte 0 taken, that guard
 * listens already, and a guard that is about to end is waited for.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef BUNCTL_VERSION
#define BUNCTL_VERSION "unknown"
#endif

const char FIRST_SOFT_LIMIT[] = "BUNCTL_SOFT_FILES";
static const char WATCHDOG_SETTING[] = "BUNCTL_WATCHDOG";

enum { DYING_MS = 5000, DYING_PAUSE_NS = 5 * 1000 * 1000 };
enum { SETUP_BYTE = 1, FIRST_FREE_FD = 4, MAX_WATCHDOG_S = 86400 };

struct options {
    const char *home, *daemon;
    int control, attach, listening, resume, after, state;
    bool foreground, run;
    int watchdog;
    char *const *rest; /* behind the options: the runner */
};

static _Noreturn void die(const char *what, const char *detail) {
    if (errno != 0) {
        fprintf(stderr, "bunctl-guard: %s %s: %s\n", what, detail, strerror(errno));
    } else {
        fprintf(stderr, "bunctl-guard: %s %s\n", what, detail);
    }
    exit(1);
}

static _Noreturn void usage(const char *what) {
    fprintf(stderr,
        "bunctl-guard: %s\n"
        "usage: bunctl-guard --home DIR --daemon PROGRAM [--foreground] [--watchdog SECONDS] [--after PID]\n"
        "       bunctl-guard --home DIR --daemon PROGRAM --attach-fd N [--listen-fd N]\n"
        "       bunctl-guard [--home DIR] --daemon PROGRAM --run RUNNER ARG...\n"
        "       bunctl-guard --home DIR --control-fd N\n"
        "       bunctl-guard --link SOCKET PROGRAM ARG...\n"
        "       bunctl-guard --version\n",
        what);
    exit(2);
}

bool take_lock(const struct guard *guard, off_t byte, int command, short type) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    int result;
    do {
        result = fcntl(guard->lock, command, &lock);
    } while (result < 0 && errno == EINTR);
    return result == 0;
}

void setup_lock(struct guard *guard, bool take) {
    if (!take_lock(guard, SETUP_BYTE, take ? F_OFD_SETLKW : F_OFD_SETLK, take ? F_WRLCK : F_UNLCK)) {
        log_errno("run/lock");
    }
}

/* The guard before may have closed its control socket and not yet its lock: a process that is killed lets go bit by bit. */
static bool take_life(const struct guard *guard, bool after_another) {
    const struct timespec pause = {.tv_nsec = DYING_PAUSE_NS};
    int64_t until = monotonic_ms() + (after_another ? DYING_MS : 0);
    while (!take_lock(guard, LIFE_BYTE, F_OFD_SETLK, F_WRLCK)) {
        if ((errno != EAGAIN && errno != EACCES) || monotonic_ms() >= until) {
            return false;
        }
        nanosleep(&pause, NULL);
    }
    return true;
}

static void acquire(struct guard *guard, bool after_another) {
    guard->lock = openat(guard->run, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (guard->lock < 0 || !take_lock(guard, SETUP_BYTE, F_OFD_SETLKW, F_WRLCK)) {
        die("cannot lock", "run/lock");
    }
    if (!take_life(guard, after_another)) {
        if (errno != EAGAIN && errno != EACCES) {
            die("cannot lock", "run/lock");
        }
        fprintf(stderr, "bunctl-guard: another guard runs in %s\n", guard->home);
        exit(EXIT_LOCKED);
    }
}

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

static int number(const char *text, int most) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < 0 || value > most) {
        usage("a number is not valid");
    }
    return (int)value;
}

static void set_path(char *to, size_t size, const char *path, const char *what) {
    if (path[0] != '/' || strlen(path) >= size) {
        usage(what);
    }
    memcpy(to, path, strlen(path) + 1);
}

static void take_arguments(int argc, char **argv, struct options *options) {
    enum { HOME = 1, DAEMON, FOREGROUND, WATCHDOG, CONTROL, ATTACH, LISTEN, VERSION, RESUME, CAN_RESUME, AFTER, RUN };
    static const struct option KNOWN[] = {
        {"home", required_argument, NULL, HOME}, {"daemon", required_argument, NULL, DAEMON},
        {"foreground", no_argument, NULL, FOREGROUND}, {"watchdog", required_argument, NULL, WATCHDOG},
        {"control-fd", required_argument, NULL, CONTROL}, {"attach-fd", required_argument, NULL, ATTACH},
        {"listen-fd", required_argument, NULL, LISTEN}, {"version", no_argument, NULL, VERSION},
        {"resume", required_argument, NULL, RESUME}, {"can-resume", required_argument, NULL, CAN_RESUME},
        {"after", required_argument, NULL, AFTER}, {"run", no_argument, NULL, RUN}, {0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "+", KNOWN, NULL)) != -1) {
        switch (option) {
        case HOME:
            options->home = optarg;
            break;
        case DAEMON:
            options->daemon = optarg;
            break;
        case FOREGROUND:
            options->foreground = true;
            break;
        case WATCHDOG:
            options->watchdog = number(optarg, MAX_WATCHDOG_S);
            break;
        case CONTROL:
            options->control = number(optarg, INT_MAX);
            break;
        case ATTACH:
            options->attach = number(optarg, INT_MAX);
            break;
        case LISTEN:
            options->listening = number(optarg, INT_MAX);
            break;
        case RESUME:
            options->resume = number(optarg, INT_MAX);
            break;
        case CAN_RESUME:
            options->state = number(optarg, INT_MAX);
            exit(options->state >= OLDEST_STATE_VERSION && options->state <= STATE_VERSION ? EXIT_CAN_RESUME : 1);
        case AFTER:
            options->after = number(optarg, INT_MAX);
            break;
        case RUN:
            options->run = options->foreground = true;
            break;
        case VERSION:
            printf("bunctl-guard %s protocol %d\n", BUNCTL_VERSION, PROTOCOL_VERSION);
            exit(0);
        default:
            usage("an option is not known");
        }
    }
    if (options->run != (optind < argc)) {
        usage(options->run ? "--run needs a program" : "an argument is not expected");
    }
    options->rest = argv + optind;
}

static void require_open(int fd, const char *what) {
    if (fd != NO_DESCRIPTOR && fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        usage(what);
    }
}

static void check(struct guard *guard, const struct options *options) {
    guard->embedded = options->control != NO_DESCRIPTOR;
    guard->attached = options->attach != NO_DESCRIPTOR;
    guard->foreground = options->foreground;
    guard->ephemeral = options->run;
    guard->watchdog_s = options->watchdog;
    if (options->home == NULL && !options->run) {
        usage("--home is required");
    }
    if (options->home != NULL) {
        set_path(guard->home, sizeof guard->home, options->home, "--home must be an absolute path of at most 2048 bytes");
    }
    if (guard->embedded == (options->daemon != NULL)) {
        usage("either --daemon or --control-fd is required");
    }
    if (options->daemon != NULL) {
        set_path(guard->daemon_path, sizeof guard->daemon_path, options->daemon, "--daemon must be an absolute path");
    }
    require_open(options->control, "--control-fd is not open");
    require_open(options->attach, "--attach-fd is not open");
    require_open(options->listening, "--listen-fd is not open");
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
    acquire(guard, options->after > 0);
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
    static struct guard guard;
    struct options options = {
        .control = NO_DESCRIPTOR, .attach = NO_DESCRIPTOR, .listening = NO_DESCRIPTOR, .resume = NO_DESCRIPTOR, .watchdog = WATCHDOG_S};
    if (getenv(WATCHDOG_SETTING) != NULL) {
        options.watchdog = number(getenv(WATCHDOG_SETTING), MAX_WATCHDOG_S);
    }
    take_arguments(argc, argv, &options);
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
    check(&guard, &options);
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
