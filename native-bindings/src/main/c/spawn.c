/*
 * From a plan to a running process: FIFOs, fork, and the report pipe. The guard never waits for the child: the pipe's
 * writing end closes by exec, and what was written before is the step that failed.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_NAME = MAX_STEM + 32 };

/* What exists only between the plan and the fork. */
struct preparing {
    int out, err;
    int report;
    int keeper_end;
    int cgroup;
};

static void close_if_open(int fd) {
    if (fd >= 0) {
        close(fd);
    }
}

static void fifo_name(const struct stream *stream, char name[static FILE_NAME]) {
    snprintf(name, FILE_NAME, "%s%s", stream->owner->stem, stream->suffix);
}

bool fifo_reopen(struct guard *guard, struct stream *stream) {
    char name[FILE_NAME];
    struct stat status;
    fifo_name(stream, name);
    int fd = openat(guard->run, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return false;
    }
    if (fstat(fd, &status) < 0 || !S_ISFIFO(status.st_mode)) {
        close(fd);
        return false;
    }
    stream->fd = fd;
    return true;
}

/* Makes a FIFO, opens the guard's end, and gives the child's, which reads too: so a program outlives every reader. */
static int fifo_open(struct guard *guard, struct stream *stream) {
    char name[FILE_NAME];
    fifo_name(stream, name);
    if (mkfifoat(guard->run, name, 0600) < 0) {
        if (errno != EEXIST || unlinkat(guard->run, name, 0) < 0 || mkfifoat(guard->run, name, 0600) < 0) {
            return -1;
        }
    }
    if (!fifo_reopen(guard, stream)) {
        return -1;
    }
    int size = fcntl(stream->fd, F_GETPIPE_SZ);
    if (size >= 0 && size < FIFO_BYTES) {
        /* EPERM past pipe-user-pages-soft: a smaller pipe works too. */
        (void)fcntl(stream->fd, F_SETPIPE_SZ, FIFO_BYTES);
    }
    return openat(guard->run, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
}

static enum step prepare_output(struct guard *guard, struct entry *entry, const struct plan *plan, struct preparing *ends) {
    if (!plan->output) {
        ends->out = fcntl(guard->null, F_DUPFD_CLOEXEC, 0);
        ends->err = fcntl(guard->null, F_DUPFD_CLOEXEC, 0);
    } else {
        ends->out = fifo_open(guard, &entry->out);
        ends->err = ends->out < 0 ? -1 : fifo_open(guard, &entry->err);
    }
    return ends->out < 0 || ends->err < 0 ? STEP_FIFO : 0;
}

static enum step prepare_pipes(struct entry *entry, const struct plan *plan, struct preparing *ends) {
    int report[2];
    int channel[2];
    if (pipe2(report, O_CLOEXEC) < 0) {
        return STEP_FORK;
    }
    entry->report.fd = report[0];
    ends->report = report[1];
    if (fcntl(report[0], F_SETFL, O_NONBLOCK) < 0) {
        return STEP_FORK;
    }
    if (plan->keeper) {
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0) {
            return STEP_FORK;
        }
        entry->channel.fd = channel[0];
        ends->keeper_end = channel[1];
    }
    return 0;
}

static enum step prepare_cgroup(struct entry *entry, const struct plan *plan, struct preparing *ends) {
    if (plan->cgroup == NULL) {
        return 0;
    }
    entry->cgroup = strdup(plan->cgroup);
    ends->cgroup = open(plan->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return entry->cgroup == NULL || ends->cgroup < 0 ? STEP_CGROUP : 0;
}

static enum step fork_child(struct guard *guard, struct entry *entry, const struct plan *plan, const struct preparing *ends) {
    struct child child = {
        .plan = plan, .out = ends->out, .err = ends->err, .null = guard->null, .report = ends->report,
        .tell_pid = plan->keeper, .files = &guard->files, .mask = guard->mask,
    };
    uint64_t before = boot_ticks();
    pid_t pid = fork_into(ends->cgroup, &child.in_cgroup);
    if (pid < 0) {
        return STEP_FORK;
    }
    if (pid == 0 && plan->keeper) {
        keeper_run(guard, entry, &child, ends->keeper_end);
    }
    if (pid == 0) {
        child_exec(&child);
    }
    if (plan->keeper) {
        entry->keeper = pid;
        entry->keeper_start = child_start_time(pid, before);
    } else {
        entry->pid = pid;
        entry->start_time = child_start_time(pid, before);
    }
    return 0;
}

static enum step start(struct guard *guard, struct entry *entry, const struct plan *plan, struct preparing *ends) {
    enum step failed = prepare_output(guard, entry, plan, ends);
    failed = failed != 0 ? failed : prepare_cgroup(entry, plan, ends);
    failed = failed != 0 ? failed : prepare_pipes(entry, plan, ends);
    failed = failed != 0 ? failed : fork_child(guard, entry, plan, ends);
    if (failed != 0) {
        return failed;
    }
    handle_keep(guard, entry);
    entry->report.ready = report_ready;
    entry->channel.ready = channel_ready;
    if (!watch(guard, &entry->report, EPOLLIN) || (plan->keeper && !watch(guard, &entry->channel, EPOLLIN))) {
        /* Only ENOMEM or ENOSPC get here; the child is ended and reaped as a stray. */
        int number = errno;
        kill(entry->keeper != 0 ? entry->keeper : entry->pid, SIGKILL);
        errno = number;
        return STEP_FORK;
    }
    return 0;
}

static const char *detail_of(enum step step, const struct plan *plan) {
    switch (step) {
    case STEP_CGROUP:
        return plan->cgroup;
    case STEP_DIRECTORY:
        return plan->directory;
    case STEP_EXEC:
        return plan->executable;
    default:
        return "";
    }
}

void spawn(struct guard *guard, uint32_t sequence, const struct key *key, const struct plan *plan) {
    FAULT(guard, "spawn:received");
    if (entry_by_key(guard, key) != NULL) {
        send_not_spawned(guard, sequence, key, EEXIST, STEP_PLAN, "this generation exists");
        return;
    }
    struct entry *entry = entry_new(guard, key);
    if (entry == NULL) {
        send_not_spawned(guard, sequence, key, errno, STEP_PLAN, "the table of processes is full");
        return;
    }
    entry->sequence = sequence;
    struct preparing ends = {.out = -1, .err = -1, .report = -1, .keeper_end = -1, .cgroup = -1};
    enum step failed = start(guard, entry, plan, &ends);
    int number = errno;
    close_if_open(ends.out);
    close_if_open(ends.err);
    close_if_open(ends.report);
    close_if_open(ends.keeper_end);
    close_if_open(ends.cgroup);
    if (failed != 0) {
        send_not_spawned(guard, sequence, key, number, failed, detail_of(failed, plan));
        entry_remove(guard, entry);
        return;
    }
    snprintf(entry->directory, sizeof entry->directory, "%s", plan->directory);
    snprintf(entry->executable, sizeof entry->executable, "%s", plan->executable);
    FAULT(guard, "spawn:forked");
}

static const char *failed_detail(const struct entry *entry) {
    switch ((enum step)entry->failed_step) {
    case STEP_CGROUP:
        return entry->cgroup != NULL ? entry->cgroup : "";
    case STEP_DIRECTORY:
        return entry->directory;
    case STEP_EXEC:
        return entry->executable;
    default:
        return "";
    }
}

static void has_failed(struct guard *guard, struct entry *entry) {
    if (entry->told) {
        /* A daemon that came meanwhile has the pid from the table: it hears of an exit with code 127 by the reaper. */
        entry->state = RUNNING;
        return;
    }
    send_not_spawned(guard, entry->sequence, &entry->key, entry->failed_errno, entry->failed_step, failed_detail(entry));
    /* The child is about to end and is reaped as a stray. */
    entry_remove(guard, entry);
}

static void has_executed(struct guard *guard, struct entry *entry) {
    entry->state = RUNNING;
    FAULT(guard, "spawn:executed");
    if (!guard->greeted || entry->told) {
        return; /* the table tells the next daemon, or has told this one */
    }
    send_spawned(guard, entry);
    FAULT(guard, "spawn:answered");
}

static void take_report(struct guard *guard, struct entry *entry, const struct report *report) {
    if (report->step == REPORT_PID) {
        entry->pid = report->value;
        entry->start_time = process_start_time(entry->pid);
        handle_keep(guard, entry);
    } else if (report->step > 0 && report->step < STEP_END) {
        entry->failed_step = report->step;
        entry->failed_errno = report->value;
    }
}

void report_ready(struct guard *guard, struct source *source) {
    struct entry *entry = (struct entry *)((char *)source - offsetof(struct entry, report));
    struct report report;
    ssize_t got;
    /* Whole reports only: eight bytes into a pipe are one write. */
    while ((got = read(source->fd, &report, sizeof report)) == sizeof report) {
        take_report(guard, entry, &report);
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    drop(guard, source);
    if (entry->failed_step == 0 && entry->pid == 0) {
        entry->failed_step = STEP_FORK;
        entry->failed_errno = ECHILD; /* the keeper died before it could fork */
    }
    if (entry->failed_step != 0) {
        has_failed(guard, entry);
    } else {
        has_executed(guard, entry);
    }
    greet(guard);
}
