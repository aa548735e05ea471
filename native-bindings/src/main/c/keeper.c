/*
 * The keeper: a small process above one program where no cgroup can hold its tree. It is a subreaper, so whatever
 * descends from the program stays below it, however it forks or changes session. When the program ends, or on SIGTERM,
 * it kills all that is left, and only then tells the guard how the program ended. It outlives a guard that dies, and
 * then writes the exit into the handle itself.
 *
 * It is a fork of the guard that never execs, to cost no more than its few dirty pages.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    KEPT = 7,
    PAUSE_NS = 5 * 1000 * 1000, /* between two looks at what SIGKILL has not yet ended */
    PATIENCE_MS = 5000, /* then the exit is told although something unkillable is left */
};

static void sort(int *numbers, int count) {
    for (int i = 1; i < count; i++) {
        for (int j = i; j > 0 && numbers[j - 1] > numbers[j]; j--) {
            int swap = numbers[j];
            numbers[j] = numbers[j - 1];
            numbers[j - 1] = swap;
        }
    }
}

static void close_all_but(int *kept, int count) {
    sort(kept, count);
    for (int i = 0; i < count; i++) {
        int from = kept[i] + 1;
        int to = i + 1 < count ? kept[i + 1] - 1 : -1;
        if (to < 0) {
            close_from(from);
        } else if (from <= to && syscall(SYS_close_range, from, to, 0) < 0) {
            for (int fd = from; fd <= to; fd++) {
                close(fd);
            }
        }
    }
}

static pid_t fork_program(const struct child *child) {
    /* The keeper has nothing to do before the exec, so it lends its memory: half the cost of a fork. */
    pid_t pid = vfork();
    if (pid == 0) {
        child_exec(child);
    }
    if (pid < 0) {
        struct report report = {.step = STEP_FORK, .value = errno};
        ssize_t written = write(child->report, &report, sizeof report);
        (void)written;
        _exit(CHILD_FAILED);
    }
    close(child->report);
    close(child->out);
    close(child->err);
    return pid;
}

/* Reaps all dead children but the program. Gives true when the program is dead, and how it ended. */
static bool look(pid_t program, struct exit_record *record) {
    pid_t children[64];
    siginfo_t info = {0};
    struct rusage usage;
    int count = own_children(children, 64);
    for (int i = 0; i < count && i < 64; i++) {
        if (children[i] != program) {
            (void)waitpid(children[i], NULL, WNOHANG);
        }
    }
    if (syscall(SYS_waitid, P_PID, program, &info, WEXITED | WNOHANG | WNOWAIT, &usage) < 0 || info.si_pid == 0) {
        return false;
    }
    exit_record_of(&info, &usage, record);
    return true;
}

static bool alone(pid_t program) {
    pid_t children[2];
    int count = own_children(children, 2);
    return count == 0 || (count == 1 && children[0] == program);
}

/* Where the kernel does not list children, one reap per stray that has ended, never of the program. */
static void reap_strays(pid_t program) {
    siginfo_t info = {0};
    while (syscall(SYS_waitid, P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT, NULL) == 0 && info.si_pid != 0
        && info.si_pid != program) {
        (void)waitpid(info.si_pid, NULL, WNOHANG);
        info.si_pid = 0;
    }
}

static void end_tree(pid_t program, const sigset_t *signals) {
    int64_t until = monotonic_ms() + PATIENCE_MS;
    struct exit_record ignored;
    while (!alone(program) && monotonic_ms() < until) {
        if (strike_children(program) || tree_kill(getpid(), false, program)) {
            return;
        }
        const struct timespec pause = {.tv_nsec = PAUSE_NS};
        (void)sigtimedwait(signals, NULL, &pause);
        (void)look(program, &ignored);
    }
}

/* True once the guard has the exit on file. */
static bool tell_guard(int channel, const struct exit_record *record) {
    struct keeper_report report = {.exit = *record};
    char acknowledged;
    ssize_t got;
    if (send(channel, &report, sizeof report, MSG_NOSIGNAL) < 0) {
        return false;
    }
    do {
        got = recv(channel, &acknowledged, 1, 0);
    } while (got < 0 && errno == EINTR);
    return got == 1;
}

static void write_exit(struct guard *guard, struct entry *entry, const struct exit_record *record) {
    char name[MAX_STEM + 16];
    snprintf(name, sizeof name, "%s.handle", entry->stem);
    /* Without a handle the guard has already given the program up. */
    if (faccessat(guard->run, name, F_OK, 0) == 0) {
        entry->exit = *record;
        entry->state = OVER;
        if (!handle_write(guard->run, guard->boot_id, entry)) {
            log_errno("keeper: cannot write the exit");
        }
    }
}

_Noreturn void keeper_run(struct guard *guard, struct entry *entry, const struct child *child, int channel) {
    int kept[KEPT] = {STDERR_FILENO, guard->run, child->out, child->err, child->null, child->report, channel};
    sigset_t signals;
    sigfillset(&signals);
    sigprocmask(SIG_SETMASK, &signals, NULL);
    prctl(PR_SET_NAME, "bunctl-keeper", 0, 0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    setsid();
    close_all_but(kept, KEPT);
    pid_t program = fork_program(child);
    entry->pid = program;
    entry->start_time = process_start_time(program);
    entry->keeper = getpid();
    entry->keeper_start = process_start_time(entry->keeper);

    struct exit_record record;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    while (!look(program, &record)) {
        reap_strays(program);
        int signal = sigwaitinfo(&signals, NULL);
        if (signal == SIGTERM) {
            kill(program, SIGKILL); /* the rest follows */
        }
    }
    end_tree(program, &signals);
    if (!tell_guard(channel, &record)) {
        write_exit(guard, entry, &record);
    }
    _exit(0);
}
