/*
 * The child's way from fork to exec. Only system calls on what was prepared before the fork: no allocation, no locks,
 * nothing that could not run in a forked copy of any process. The first step that fails is reported and ends the child.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <sched.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { REPORT_FD = 3, LAST_CAPABILITY = 63, CGROUP_PATH = MAX_PATH + 16 };

const char *const STEPS[] = {
    "", "plan", "fifo", "fork", "cgroup", "session", "limits", "niceness", "oom_score", "stdio", "directory", "umask",
    "groups", "group", "user", "capabilities", "no_new_privileges", "exec",
};
_Static_assert(sizeof STEPS / sizeof *STEPS == STEP_END, "a name for each step");

static void tell(const struct child *child, uint32_t step, int32_t value) {
    struct report report = {.step = step, .value = value};
    ssize_t written;
    do {
        written = write(child->report, &report, sizeof report);
    } while (written < 0 && errno == EINTR);
}

static void require(const struct child *child, enum step step, bool done) {
    if (!done) {
        tell(child, step, errno);
        _exit(CHILD_FAILED);
    }
}

static bool write_number(const char *path, long number) {
    char text[24];
    char *at = text + sizeof text;
    unsigned long rest = number < 0 ? 0UL - (unsigned long)number : (unsigned long)number;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        *--at = '-';
    }
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t written = write(fd, at, (size_t)(text + sizeof text - at));
    int number_of_error = errno;
    close(fd);
    errno = number_of_error;
    return written > 0;
}

static bool join_cgroup(const struct child *child) {
    const char *folder = child->plan->cgroup;
    if (folder == NULL || child->in_cgroup) {
        return true;
    }
    static const char FILE[] = "/cgroup.procs";
    char path[CGROUP_PATH];
    size_t length = strlen(folder);
    memcpy(path, folder, length);
    memcpy(path + length, FILE, sizeof FILE);
    return write_number(path, 0);
}

static bool set_limit(__rlimit_resource_t resource, struct rlimit wanted) {
    struct rlimit present;
    if (wanted.rlim_max == KEEP_HARD) {
        if (getrlimit(resource, &present) < 0) {
            return false;
        }
        wanted.rlim_max = present.rlim_max;
        wanted.rlim_cur = wanted.rlim_cur < present.rlim_max ? wanted.rlim_cur : present.rlim_max;
    }
    return setrlimit(resource, &wanted) == 0;
}

static bool set_limits(const struct child *child) {
    /* The guard raised its own; the program gets what the first starter had, then what its plan says. */
    bool done = setrlimit(RLIMIT_NOFILE, child->files) == 0;
    for (uint32_t i = 0; done && i < child->plan->limit_count; i++) {
        done = set_limit((__rlimit_resource_t)child->plan->limits[i].resource, child->plan->limits[i].limit);
    }
    return done;
}

void close_from(int first) {
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) {
        return;
    }
    /* Before Linux 5.9. */
    struct rlimit limit;
    int end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (1 << 20) ? (int)limit.rlim_cur : 1 << 20;
    for (int fd = first; fd < end; fd++) {
        close(fd);
    }
}

/* The writing ends belong to the program's user, so that it may open /dev/stdout anew. */
static bool own_output(const struct child *child) {
    const struct plan *plan = child->plan;
    if (!plan->output || !plan->has_user || plan->user == geteuid()) {
        return true;
    }
    return fchown(child->out, plan->user, (gid_t)-1) == 0 && fchown(child->err, plan->user, (gid_t)-1) == 0;
}

static bool set_stdio(struct child *child) {
    if (!own_output(child) || dup2(child->null, 0) < 0 || dup2(child->out, 1) < 0 || dup2(child->err, 2) < 0) {
        return false;
    }
    /* INVARIANT: the guard keeps 0 to 3 open, so no descriptor prepared for a child lies among them. */
    if (dup3(child->report, REPORT_FD, O_CLOEXEC) < 0) {
        return false;
    }
    child->report = REPORT_FD;
    close_from(REPORT_FD + 1);
    return true;
}

static bool set_user(const struct plan *plan) {
    if (!plan->has_user) {
        return true;
    }
    /* Keeps the right to lower the bounding set afterwards. */
    if (plan->has_capabilities && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0) {
        return false;
    }
    return setresuid(plan->user, plan->user, plan->user) == 0;
}

static bool write_capabilities(uint64_t permitted, uint64_t effective, uint64_t inheritable) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2] = {
        {.effective = (uint32_t)effective, .permitted = (uint32_t)permitted, .inheritable = (uint32_t)inheritable},
        {.effective = (uint32_t)(effective >> 32), .permitted = (uint32_t)(permitted >> 32), .inheritable = (uint32_t)(inheritable >> 32)},
    };
    return syscall(SYS_capset, &header, data) == 0;
}

static bool read_permitted(uint64_t *permitted) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0) {
        return false;
    }
    *permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    return true;
}

/* Drops all but the kept from the bounding set; a program that left root keeps the kept ones as ambient. */
static bool set_capabilities(const struct plan *plan) {
    uint64_t permitted;
    if (!plan->has_capabilities) {
        return true;
    }
    if (!read_permitted(&permitted) || !write_capabilities(permitted, permitted, 0)) {
        return false;
    }
    for (int i = 0; i <= LAST_CAPABILITY; i++) {
        bool kept = (plan->capabilities >> i & 1) != 0;
        /* EINVAL: the kernel has fewer. */
        if (!kept && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0 && errno != EINVAL) {
            return false;
        }
    }
    uint64_t kept = permitted & plan->capabilities;
    if (!write_capabilities(kept, kept, kept)) {
        return false;
    }
    for (int i = 0; i <= LAST_CAPABILITY && geteuid() != 0; i++) {
        if ((kept >> i & 1) != 0 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) < 0) {
            return false;
        }
    }
    return true;
}

void default_signals(void) {
    /* The kernel's own call, since the C library hides the two signals it uses: a starter may have left them ignored. */
    const unsigned long none[8] = {0};
    for (int signal = 1; signal < NSIG; signal++) {
        /* KILL and STOP refuse; they are default anyway. */
        (void)syscall(SYS_rt_sigaction, signal, none, NULL, NSIG / 8);
    }
}

static void clean_signals(void) {
    sigset_t none;
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&none);
    /* The only one the guard ignores. */
    (void)sigaction(SIGPIPE, &action, NULL);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn void child_exec(const struct child *prepared) {
    struct child child = *prepared;
    const struct plan *plan = child.plan;
    if (child.tell_pid) {
        tell(&child, REPORT_PID, getpid());
    }
    require(&child, STEP_CGROUP, join_cgroup(&child));
    require(&child, STEP_SESSION, setsid() >= 0);
    require(&child, STEP_LIMITS, set_limits(&child));
    require(&child, STEP_NICENESS, !plan->has_niceness || setpriority(PRIO_PROCESS, 0, plan->niceness) == 0);
    require(&child, STEP_OOM_SCORE, !plan->has_oom_score || write_number("/proc/self/oom_score_adj", plan->oom_score));
    require(&child, STEP_STDIO, set_stdio(&child));
    require(&child, STEP_DIRECTORY, chdir(plan->directory) == 0);
    umask(plan->has_umask ? plan->umask : child.mask);
    require(&child, STEP_GROUPS, !plan->has_groups || setgroups(plan->group_count, plan->groups) == 0);
    require(&child, STEP_GROUP, !plan->has_group || setresgid(plan->group, plan->group, plan->group) == 0);
    require(&child, STEP_USER, set_user(plan));
    require(&child, STEP_CAPABILITIES, set_capabilities(plan));
    require(&child, STEP_NO_NEW_PRIVILEGES, !plan->no_new_privileges || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    clean_signals();
    execve(plan->executable, plan->arguments, plan->environment);
    require(&child, STEP_EXEC, false);
    _exit(CHILD_FAILED);
}

pid_t fork_into(int cgroup, bool *placed) {
    *placed = false;
#ifdef CLONE_INTO_CGROUP
    if (cgroup >= 0) {
        struct clone_args arguments = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)cgroup};
        pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
        if (pid >= 0) {
            *placed = true;
            return pid;
        }
        if (errno == EAGAIN || errno == ENOMEM) {
            return pid; /* no room in the group, as by a pids.max above it, which one who moves in could pass */
        }
    }
#else
    (void)cgroup;
#endif
    /* Without it (before Linux 5.7, or forbidden) the child writes itself into cgroup.procs and reports why it cannot. */
    return fork();
}
