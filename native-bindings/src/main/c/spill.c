/*
 * While no daemon reads, the guard does, so that programs are not stopped by a full pipe: a pipe found over half full
 * at once, all of them after SPILL_AFTER_MS. What was read is appended to run/<stem>.out.spill (or .err), which the
 * next daemon takes in before it reads the pipe. HELLO ends it. Past SPILL_BYTES the pipe fills and the program waits.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { FILE_NAME = MAX_STEM + 32, CHUNK = 65536 };

static void name_of(const struct stream *stream, char name[static FILE_NAME]) {
    snprintf(name, FILE_NAME, "%s%s.spill", stream->owner->stem, stream->suffix);
}

void spill_path(const struct guard *guard, const struct stream *stream, char *path, size_t size) {
    char name[FILE_NAME];
    name_of(stream, name);
    if (stream->spilled == 0) {
        path[0] = '\0';
    } else {
        snprintf(path, size, "%s/run/%s", guard->home, name);
    }
}

static void complain(struct stream *stream, const char *what) {
    if (!stream->complained) {
        stream->complained = true;
        log_line("%s%s: %s; the program waits until a daemon reads", stream->owner->stem, stream->suffix, what);
    }
}

static bool open_spill(struct guard *guard, struct stream *stream) {
    char name[FILE_NAME];
    if (stream->spill != NO_DESCRIPTOR) {
        return true;
    }
    name_of(stream, name);
    /* Not O_APPEND, which splice(2) refuses. What was left of a file that was taken in and could not be unlinked goes. */
    int fresh = stream->spilled == 0 ? O_TRUNC : 0;
    stream->spill = openat(guard->run, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | fresh, 0600);
    return stream->spill >= 0;
}

/* For a file system that splice(2) does not know: a guard killed between the two calls loses what it read. */
static bool copy(struct stream *stream, size_t length) {
    static char bytes[CHUNK];
    ssize_t got = read(stream->fd, bytes, length);
    for (ssize_t done = 0; done < got;) {
        ssize_t written = pwrite(stream->spill, bytes + done, (size_t)(got - done), (off_t)stream->spilled);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        done += written > 0 ? written : 0;
        stream->spilled += written > 0 ? (uint64_t)written : 0;
    }
    return true;
}

/* Inside one system call: a byte is in the pipe or in the file, whoever is killed. */
static bool move(struct stream *stream, size_t length) {
    loff_t at = (loff_t)stream->spilled;
    ssize_t moved = splice(stream->fd, NULL, stream->spill, &at, length, SPLICE_F_NONBLOCK);
    if (moved < 0 && errno == EINVAL) {
        return copy(stream, length);
    }
    stream->spilled += moved > 0 ? (uint64_t)moved : 0;
    return moved >= 0 || errno == EAGAIN || errno == EINTR;
}

/* Space is taken before the pipe is read, so that a full disk stops the program and loses nothing. */
static bool reserve(struct stream *stream, size_t length) {
    return fallocate(stream->spill, FALLOC_FL_KEEP_SIZE, (off_t)stream->spilled, (off_t)length) == 0 || errno == EOPNOTSUPP;
}

static void drain(struct guard *guard, struct stream *stream) {
    for (;;) {
        size_t room = SPILL_BYTES - stream->spilled;
        size_t length = room < CHUNK ? room : CHUNK;
        if (length == 0) {
            complain(stream, "the spill file is full");
            return;
        }
        int waiting = 0;
        if (ioctl(stream->fd, FIONREAD, &waiting) < 0 || waiting <= 0) {
            return;
        }
        length = (size_t)waiting < length ? (size_t)waiting : length;
        uint64_t before = stream->spilled;
        if (!open_spill(guard, stream) || !reserve(stream, length) || !move(stream, length)) {
            complain(stream, strerror(errno));
            return;
        }
        if (stream->spilled == before) {
            return; /* another reader was faster */
        }
    }
}

static bool over_half(const struct stream *stream) {
    int waiting = 0;
    int size = fcntl(stream->fd, F_GETPIPE_SZ);
    return size > 0 && ioctl(stream->fd, FIONREAD, &waiting) == 0 && waiting > size / 2;
}

static bool away_long(const struct guard *guard) {
    return guard->spill_at == NO_DEADLINE;
}

static void stream_ready(struct guard *guard, struct source *source) {
    struct stream *stream = (struct stream *)source;
    if (away_long(guard) || over_half(stream)) {
        drain(guard, stream);
    }
}

static void stream_watch(struct guard *guard, struct stream *stream) {
    if (stream->fd == NO_DESCRIPTOR || stream->watched) {
        return;
    }
    stream->source.fd = stream->fd;
    stream->source.ready = stream_ready;
    /* Edge-triggered: one event a write, none while a pipe stays as it is. */
    stream->watched = watch(guard, &stream->source, EPOLLIN | EPOLLET);
    if (!stream->watched) {
        log_errno("epoll_ctl");
    }
}

static void stream_unwatch(struct guard *guard, struct stream *stream) {
    if (stream->watched) {
        unwatch(guard, &stream->source);
        stream->watched = false;
    }
    if (stream->spill >= 0) {
        close(stream->spill);
    }
    stream->spill = NO_DESCRIPTOR;
    stream->complained = false;
}

void spill_watch(struct guard *guard, struct entry *entry) {
    stream_watch(guard, &entry->out);
    stream_watch(guard, &entry->err);
}

void spill_begin(struct guard *guard) {
    guard->spill_at = monotonic_ms() + SPILL_AFTER_MS;
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        spill_watch(guard, entry);
    }
}

void spill_all(struct guard *guard) {
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        if (entry->out.watched) {
            drain(guard, &entry->out);
        }
        if (entry->err.watched) {
            drain(guard, &entry->err);
        }
    }
}

void spill_end(struct guard *guard) {
    guard->spill_at = NO_DEADLINE;
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        stream_unwatch(guard, &entry->out);
        stream_unwatch(guard, &entry->err);
    }
}

static void unlink_spill(struct guard *guard, struct stream *stream) {
    char name[FILE_NAME];
    name_of(stream, name);
    if (stream->spilled > 0 && unlinkat(guard->run, name, 0) < 0 && errno != ENOENT) {
        log_errno(name);
    }
    stream->spilled = 0;
}

void spill_taken(struct guard *guard, struct entry *entry) {
    unlink_spill(guard, &entry->out);
    unlink_spill(guard, &entry->err);
}
