/*
 * The guard becomes another guard program: same pid, same children, same descriptors. The new program is first asked,
 * in a child, whether it reads this version's state; then the state goes into a memfd and the guard execs. When
 * anything fails before the exec, the daemon hears REFUSED and nothing has changed. When the daemon of the new version
 * does not come up, the guard becomes the former program again.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENTRY_SIZE = 2 * MAX_PATH + 2048, FIXED_SIZE = 4 * MAX_PATH };

static void put_flag(struct writer *out, bool flag) {
    put_u32(out, flag ? 1 : 0);
}

static bool get_flag(struct reader *in) {
    return get_u32(in) != 0;
}

static void get_string(struct reader *in, char *to, uint32_t size) {
    struct text text = get_text(in, size - 1);
    memcpy(to, text.bytes, text.length);
    to[text.length] = '\0';
}

static void put_stream(struct writer *out, const struct stream *stream) {
    put_i32(out, stream->fd);
    put_u64(out, stream->spilled);
}

static void get_stream(struct reader *in, struct stream *stream) {
    stream->fd = get_i32(in);
    stream->spilled = get_u64(in);
}

static void put_entry(struct writer *out, const struct entry *entry) {
    put_key(out, &entry->key);
    put_text(out, entry->cgroup == NULL ? "" : entry->cgroup);
    put_i32(out, entry->pid);
    put_i32(out, entry->keeper);
    put_u64(out, entry->keeper_start);
    put_u64(out, entry->start_time);
    put_u64(out, entry->started_ms);
    put_u32(out, entry->sequence);
    put_u32(out, entry->state);
    put_flag(out, entry->foreign);
    put_flag(out, entry->told);
    put_exit(out, &entry->exit);
    put_stream(out, &entry->out);
    put_stream(out, &entry->err);
    put_i32(out, entry->report.fd);
    put_i32(out, entry->channel.fd);
    put_u32(out, entry->failed_step);
    put_i32(out, entry->failed_errno);
    put_text(out, entry->directory);
    put_text(out, entry->executable);
}

static bool get_entry(struct guard *guard, struct reader *in) {
    struct key key;
    char cgroup[MAX_PATH + 1];
    get_key(in, &key);
    struct entry *entry = in->bad ? NULL : entry_new(guard, &key);
    if (entry == NULL) {
        return false;
    }
    get_string(in, cgroup, sizeof cgroup);
    entry->cgroup = cgroup[0] == '\0' ? NULL : strdup(cgroup);
    entry->pid = get_i32(in);
    entry->keeper = get_i32(in);
    entry->keeper_start = get_u64(in);
    entry->start_time = get_u64(in);
    entry->started_ms = get_u64(in);
    entry->sequence = get_u32(in);
    entry->state = get_u32(in);
    entry->foreign = get_flag(in);
    entry->told = get_flag(in);
    get_exit(in, &entry->exit);
    get_stream(in, &entry->out);
    get_stream(in, &entry->err);
    entry->report = (struct source){.fd = get_i32(in), .ready = report_ready};
    entry->channel = (struct source){.fd = get_i32(in), .ready = channel_ready};
    entry->failed_step = get_u32(in);
    entry->failed_errno = get_i32(in);
    get_string(in, entry->directory, sizeof entry->directory);
    get_string(in, entry->executable, sizeof entry->executable);
    return !in->bad;
}

/* The version that the program to become reads: an older one, when the way leads back. */
static uint32_t written_version(const struct guard *guard) {
    return guard->returning ? guard->former_version : STATE_VERSION;
}

static void put_guard(struct writer *out, const struct guard *guard) {
    put_u32(out, written_version(guard));
    put_text(out, guard->home);
    put_text(out, guard->daemon_path);
    put_flag(out, guard->foreground);
    put_flag(out, guard->embedded);
    put_flag(out, guard->attached);
    put_i32(out, guard->watchdog_s);
    put_u64(out, guard->files.rlim_cur);
    put_u64(out, guard->files.rlim_max);
    put_u32(out, guard->mask);
    put_i32(out, guard->run);
    put_i32(out, guard->lock);
    put_i32(out, guard->listening.fd);
    put_i32(out, guard->control.fd);
    put_i32(out, guard->daemon);
    put_flag(out, guard->answering);
    put_flag(out, guard->greeted);
    put_flag(out, guard->ready);
    put_flag(out, guard->finished);
    put_u32(out, guard->tries);
    put_u32(out, guard->failures);
    put_u64(out, (uint64_t)guard->ready_at);
    put_u64(out, (uint64_t)guard->start_at);
    put_u32(out, guard->upgrade_sequence);
    put_u32(out, guard->entry_count);
}

/* What later versions have more than version 1. */
static void put_rest(struct writer *out, const struct guard *guard) {
    if (written_version(guard) >= 2) {
        put_text(out, guard->self);
        put_flag(out, guard->returning);
    }
    if (written_version(guard) >= 3) {
        put_flag(out, guard->pending_terminate);
    }
}

/* Another program that this guard was can be gone back to, once. */
static void get_origin(struct guard *guard, struct reader *in) {
    get_string(in, guard->former, sizeof guard->former);
    bool returned = get_flag(in);
    if (returned || strcmp(guard->former, guard->self) == 0) {
        guard->former[0] = '\0';
    }
}

static bool get_rest(struct guard *guard, struct reader *in) {
    if (guard->former_version >= 2) {
        get_origin(guard, in);
    }
    if (guard->former_version >= 3) {
        guard->pending_terminate = get_flag(in);
    }
    return !in->bad;
}

static bool get_guard(struct guard *guard, struct reader *in, uint32_t *count) {
    guard->former_version = get_u32(in);
    if (guard->former_version < OLDEST_STATE_VERSION || guard->former_version > STATE_VERSION) {
        return false;
    }
    get_string(in, guard->home, sizeof guard->home);
    get_string(in, guard->daemon_path, sizeof guard->daemon_path);
    guard->foreground = get_flag(in);
    guard->embedded = get_flag(in);
    guard->attached = get_flag(in);
    guard->watchdog_s = get_i32(in);
    guard->files.rlim_cur = get_u64(in);
    guard->files.rlim_max = get_u64(in);
    guard->mask = get_u32(in);
    guard->run = get_i32(in);
    guard->lock = get_i32(in);
    guard->listening.fd = get_i32(in);
    int control = get_i32(in);
    guard->daemon = get_i32(in);
    bool answering = get_flag(in);
    bool greeted = get_flag(in);
    bool ready = get_flag(in);
    guard->finished = get_flag(in);
    guard->tries = get_u32(in);
    guard->failures = get_u32(in);
    guard->ready_at = (int64_t)get_u64(in);
    guard->start_at = (int64_t)get_u64(in);
    guard->upgrade_sequence = get_u32(in);
    *count = get_u32(in);
    if (in->bad) {
        return false;
    }
    if (control != NO_DESCRIPTOR) {
        daemon_control(guard, control);
    }
    guard->greeted = greeted;
    guard->ready = ready;
    guard->answering = answering && watch(guard, &guard->listening, EPOLLIN);
    return true;
}

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

static int save(const struct guard *guard) {
    size_t size = FIXED_SIZE + (size_t)guard->entry_count * ENTRY_SIZE;
    int fd = memfd_create("bunctl-guard", 0);
    if (fd < 0 || ftruncate(fd, (off_t)size) < 0) {
        goto failed;
    }
    void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED) {
        goto failed;
    }
    struct writer out = writer_of(bytes, size);
    put_guard(&out, guard);
    for (const struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        put_entry(&out, entry);
    }
    put_rest(&out, guard);
    munmap(bytes, size);
    if (!out.full) {
        return fd;
    }
    errno = EOVERFLOW;
failed:
    if (fd >= 0) {
        close(fd);
    }
    return -1;
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
    int fd = save(guard);
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
    snprintf(version, sizeof version, "%u", written_version(guard));
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
    struct stat status;
    uint32_t count = 0;
    if (fstat(fd, &status) < 0) {
        return false;
    }
    void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED) {
        return false;
    }
    struct reader in = reader_of(bytes, (size_t)status.st_size);
    bool done = get_guard(guard, &in, &count);
    for (uint32_t i = 0; done && i < count; i++) {
        done = get_entry(guard, &in);
    }
    done = done && get_rest(guard, &in);
    munmap(bytes, (size_t)status.st_size);
    close(fd);
    if (!done) {
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
