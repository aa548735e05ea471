/*
 * The state that one guard program hands to the next, in a memfd: versioned, each version's additions behind the ones before.
 * Descriptors are numbers in it: they outlive the exec.
 */
#include "guard.h"

#include <errno.h>
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

uint32_t state_written(const struct guard *guard) {
    return guard->returning ? guard->former_version : STATE_VERSION;
}

static void put_guard(struct writer *out, const struct guard *guard) {
    put_u32(out, state_written(guard));
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
    if (state_written(guard) >= 2) {
        put_text(out, guard->self);
        put_flag(out, guard->returning);
    }
    if (state_written(guard) >= 3) {
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

int state_save(const struct guard *guard) {
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

bool state_load(struct guard *guard, int fd) {
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
    return done;
}
