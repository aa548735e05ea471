/*
 * run/<stem>.handle: what a later guard needs to find a process again, or how it ended. Lines of "name value", and a
 * checksum at the end; without fsync: it must outlive processes, not the machine (the boot id tells them apart). A new one is
 * written beside and renamed. One that is there is written over by a single write within one page, which no kill can cut:
 * renaming over it would make ext4 flush the file first, at ten times the cost.
 */
#include "guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HANDLE_VERSION = 1, HANDLE_SIZE = 8192, ONE_PAGE = 4096, READS = 100, AGAIN_MS = 1000, FILE_NAME = MAX_STEM + 32 };

static bool write_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* FNV-1a, which tells a text from a mixture of two. */
static uint32_t sum_of(const char *text, size_t length) {
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < length; i++) {
        sum = (sum ^ (unsigned char)text[i]) * 16777619u;
    }
    return sum;
}

static int format(const char *boot_id, const struct entry *entry, char *text, size_t size) {
    const struct exit_record *exit = &entry->exit;
    int length = snprintf(text, size,
        "handle %d\nboot %s\npid %d\nstart %" PRIu64 "\nstarted %" PRIu64 "\nkeeper %d %" PRIu64 "\nstate %s\n"
        "exit %u %d %u %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\ncgroup %s\n",
        HANDLE_VERSION, boot_id, entry->pid, entry->start_time, entry->started_ms, entry->keeper, entry->keeper_start,
        entry->state == OVER ? "exited" : "running", exit->how, exit->value, exit->core_dumped, exit->at_ms, exit->user_us,
        exit->system_us, exit->peak_bytes, entry->cgroup == NULL ? "-" : entry->cgroup);
    return length + snprintf(text + length, size - (size_t)length, "end %" PRIu32 "\n", sum_of(text, (size_t)length));
}

static bool write_over(int run, const char *name, const char *text, size_t length) {
    int fd = length > ONE_PAGE ? -1 : openat(run, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    bool done = fd >= 0 && pwrite(fd, text, length, 0) == (ssize_t)length;
    if (fd >= 0) {
        close(fd);
    }
    return done;
}

bool handle_write(int run, const char *boot_id, const struct entry *entry) {
    char text[HANDLE_SIZE];
    char name[FILE_NAME];
    char fresh[FILE_NAME];
    int length = format(boot_id, entry, text, sizeof text);
    snprintf(name, sizeof name, "%s.handle", entry->stem);
    if (write_over(run, name, text, (size_t)length)) {
        return true;
    }
    /* A keeper and a new guard may write at once: each its own temporary. */
    snprintf(fresh, sizeof fresh, "%s.%d.tmp", entry->stem, getpid());
    int fd = openat(run, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return false;
    }
    bool done = write_all(fd, text, (size_t)length) && renameat(run, fresh, run, name) == 0;
    int number = errno;
    close(fd);
    if (!done) {
        (void)unlinkat(run, fresh, 0);
    }
    errno = number;
    return done;
}

/* A later guard finds the process, and how it ended, by its handle. A full disk must not keep an app from running. */
void handle_keep(struct guard *guard, struct entry *entry) {
    bool written = handle_write(guard->run, guard->boot_id, entry);
    if (!written) {
        if (!entry->unsaved) {
            log_line("%s.handle: %s; tried again, a new guard would not find the process", entry->stem, strerror(errno));
        }
        guard->handles_at = monotonic_ms() + AGAIN_MS;
    }
    entry->unsaved = !written;
}

void handles_again(struct guard *guard) {
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        if (entry->unsaved) {
            handle_keep(guard, entry);
        }
    }
}

/* What a handle says; strings point into the text. */
struct handle {
    const char *boot_id;
    const char *state;
    const char *cgroup;
    int pid, keeper;
    uint64_t start, started, keeper_start;
    struct exit_record exit;
    bool complete;
};

static bool take_line(struct handle *handle, const char *name, const char *value) {
    struct exit_record *exit = &handle->exit;
    if (strcmp(name, "handle") == 0) {
        return atoi(value) == HANDLE_VERSION;
    } else if (strcmp(name, "boot") == 0) {
        handle->boot_id = value;
    } else if (strcmp(name, "pid") == 0) {
        handle->pid = atoi(value);
    } else if (strcmp(name, "start") == 0) {
        handle->start = strtoull(value, NULL, 10);
    } else if (strcmp(name, "started") == 0) {
        handle->started = strtoull(value, NULL, 10);
    } else if (strcmp(name, "keeper") == 0) {
        return sscanf(value, "%d %" SCNu64, &handle->keeper, &handle->keeper_start) == 2;
    } else if (strcmp(name, "state") == 0) {
        handle->state = value;
    } else if (strcmp(name, "exit") == 0) {
        return sscanf(value, "%u %d %u %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64, &exit->how, &exit->value,
            &exit->core_dumped, &exit->at_ms, &exit->user_us, &exit->system_us, &exit->peak_bytes) == 7;
    } else if (strcmp(name, "cgroup") == 0) {
        handle->cgroup = value;
    } else if (strcmp(name, "end") == 0) {
        handle->complete = true;
    }
    return true;
}

/* Nothing behind the end counts: a longer text may have been there before. */
static bool parse(char *text, struct handle *handle) {
    *handle = (struct handle){.boot_id = "", .state = "", .cgroup = "-"};
    const char *end = strstr(text, "\nend ");
    size_t length = end == NULL ? 0 : (size_t)(end + 1 - text);
    char *rest = text;
    char *line;
    if (end != NULL && strtoul(end + 5, NULL, 10) != sum_of(text, length)) {
        return false;
    }
    while (!handle->complete && (line = strsep(&rest, "\n")) != NULL) {
        char *value = strchr(line, ' ');
        if (value != NULL) {
            *value++ = '\0';
        }
        if (!take_line(handle, line, value == NULL ? "" : value)) {
            return false;
        }
    }
    return handle->complete && handle->pid >= 0 && handle->exit.how <= EXIT_UNKNOWN;
}

/* Again while a keeper is writing it. */
static bool read_handle(int run, const char *name, char *text, size_t size, struct handle *handle) {
    for (int i = 0; i < READS; i++) {
        if (!read_small_file(run, name, text, size)) {
            return false;
        }
        if (parse(text, handle)) {
            return true;
        }
    }
    return false;
}

bool handle_reload(struct guard *guard, struct entry *entry) {
    char text[HANDLE_SIZE];
    char name[FILE_NAME];
    struct handle handle;
    snprintf(name, sizeof name, "%s.handle", entry->stem);
    if (!read_handle(guard->run, name, text, sizeof text, &handle) || strcmp(handle.state, "exited") != 0) {
        return false;
    }
    entry->exit = handle.exit;
    return true;
}

static int hex_digit(char digit) {
    return digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* The key a file name stands for: <instance with %XX>.<generation><suffix>. */
static bool key_of(const char *name, const char *suffix, struct key *key) {
    size_t length = strlen(name);
    size_t tail = strlen(suffix);
    if (length <= tail || strcmp(name + length - tail, suffix) != 0) {
        return false;
    }
    memset(key, 0, sizeof *key);
    const char *at = name;
    for (; *at != '.' && *at != '\0' && key->length < MAX_INSTANCE; at++) {
        int byte = (unsigned char)*at;
        if (byte == '%') {
            int high = hex_digit(at[1]);
            int low = high < 0 ? -1 : hex_digit(at[2]);
            if (low < 0) {
                return false;
            }
            byte = high << 4 | low;
            at += 2;
        }
        key->instance[key->length++] = (char)byte;
    }
    char *end;
    unsigned long generation = *at == '.' ? strtoul(at + 1, &end, 10) : 0;
    key->generation = (uint32_t)generation;
    return key->length > 0 && generation > 0 && generation <= UINT32_MAX && end == name + length - tail;
}

static void unlink_one(struct guard *guard, const char *stem, const char *suffix) {
    char name[FILE_NAME];
    snprintf(name, sizeof name, "%s%s", stem, suffix);
    if (unlinkat(guard->run, name, 0) < 0 && errno != ENOENT) {
        log_errno(name);
    }
}

void files_unlink(struct guard *guard, const char *stem) {
    static const char *const SUFFIXES[] = {".handle", ".out", ".err", ".out.spill", ".err.spill"};
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        unlink_one(guard, stem, SUFFIXES[i]);
    }
}

/* What a FIFO holds goes with the last who has it open (fifo(7)); a program has its own open for reading too. */
static bool is_unheld(const struct guard *guard, const struct stream *stream) {
    char name[FILE_NAME];
    snprintf(name, sizeof name, "%s%s", stream->owner->stem, stream->suffix);
    int fd = openat(guard->run, name, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    bool unheld = fd < 0 && errno == ENXIO;
    if (fd >= 0) {
        close(fd);
    }
    return unheld;
}

static void reopen(struct guard *guard, struct stream *stream) {
    char name[FILE_NAME];
    struct stat status;
    (void)fifo_reopen(guard, stream); /* absent: the program writes to /dev/null */
    snprintf(name, sizeof name, "%s%s.spill", stream->owner->stem, stream->suffix);
    if (fstatat(guard->run, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode)) {
        stream->spilled = (uint64_t)status.st_size;
    }
}

static void load(struct guard *guard, const char *name, const struct key *key) {
    char text[HANDLE_SIZE];
    struct handle handle;
    if (!read_handle(guard->run, name, text, sizeof text, &handle)) {
        char aside[FILE_NAME];
        snprintf(aside, sizeof aside, "%s.unreadable", name);
        log_line("%s is no handle this guard can read, it is set aside as %s", name, aside);
        (void)renameat(guard->run, name, guard->run, aside);
        return;
    }
    /* Of another boot, or of a child that never came to be: nothing of it lives. */
    if (strcmp(handle.boot_id, guard->boot_id) != 0 || handle.pid == 0) {
        return;
    }
    struct entry *entry = entry_new(guard, key);
    if (entry == NULL) {
        log_errno(name);
        return;
    }
    entry->pid = handle.pid;
    entry->start_time = handle.start;
    entry->started_ms = handle.started;
    entry->keeper = handle.keeper;
    entry->keeper_start = handle.keeper_start;
    entry->foreign = true;
    entry->exit = handle.exit;
    entry->cgroup = strcmp(handle.cgroup, "-") == 0 ? NULL : strdup(handle.cgroup);
    entry->unheld = is_unheld(guard, &entry->out) || is_unheld(guard, &entry->err);
    reopen(guard, &entry->out);
    reopen(guard, &entry->err);
    entry->state = strcmp(handle.state, "exited") == 0 ? OVER : RUNNING;
    if (entry->state == RUNNING) {
        foreign_watch(guard, entry);
    }
}

static bool belongs_to_nobody(struct guard *guard, const char *name) {
    static const char *const SUFFIXES[] = {".handle", ".out", ".err", ".out.spill", ".err.spill"};
    struct key key;
    size_t length = strlen(name);
    if (length > 4 && strcmp(name + length - 4, ".tmp") == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        if (key_of(name, SUFFIXES[i], &key)) {
            return entry_by_key(guard, &key) == NULL;
        }
    }
    return false;
}

void handles_load(struct guard *guard) {
    int again = openat(guard->run, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *items = again < 0 ? NULL : fdopendir(again);
    struct dirent *item;
    struct key key;
    if (items == NULL) {
        log_errno("run/");
        return;
    }
    while ((item = readdir(items)) != NULL) {
        if (key_of(item->d_name, ".handle", &key)) {
            load(guard, item->d_name, &key);
        }
    }
    rewinddir(items);
    while ((item = readdir(items)) != NULL) {
        if (belongs_to_nobody(guard, item->d_name) && unlinkat(guard->run, item->d_name, 0) < 0) {
            log_errno(item->d_name);
        }
    }
    closedir(items);
}

static bool is_of_this_boot(int run, const char *name, const char *boot_id) {
    char text[HANDLE_SIZE];
    struct key key;
    struct handle handle;
    return key_of(name, ".handle", &key) && read_handle(run, name, text, sizeof text, &handle)
        && strcmp(handle.boot_id, boot_id) == 0 && handle.pid != 0;
}

bool handles_left(int run) {
    char boot_id[BOOT_ID_SIZE];
    int again = openat(run, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *items = again < 0 ? NULL : fdopendir(again);
    struct dirent *item;
    bool left = false;
    if (items == NULL) {
        return false;
    }
    if (read_boot_id(boot_id)) {
        while (!left && (item = readdir(items)) != NULL) {
            left = is_of_this_boot(run, item->d_name, boot_id);
        }
    }
    closedir(items);
    return left;
}
