/* The processes of this home: a list, since it is walked far more often than searched and holds some hundred at most. */
#include "guard.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void stream_init(struct stream *stream, struct entry *owner, const char *suffix) {
    *stream = (struct stream){.source = {.fd = NO_DESCRIPTOR}, .owner = owner, .suffix = suffix, .fd = NO_DESCRIPTOR, .spill = NO_DESCRIPTOR};
}

void stem_of(const struct key *key, char stem[static MAX_STEM + 1]) {
    static const char HEX[] = "0123456789ABCDEF";
    char *at = stem;
    for (uint32_t i = 0; i < key->length; i++) {
        unsigned char byte = (unsigned char)key->instance[i];
        if ((byte < 0x80 && isalnum(byte)) || byte == '_' || byte == '-') {
            *at++ = (char)byte;
        } else {
            *at++ = '%';
            *at++ = HEX[byte >> 4];
            *at++ = HEX[byte & 15];
        }
    }
    snprintf(at, (size_t)(stem + MAX_STEM + 1 - at), ".%u", key->generation);
}

struct entry *entry_new(struct guard *guard, const struct key *key) {
    if (guard->entry_count >= MAX_ENTRIES) {
        errno = ENOSPC;
        return NULL;
    }
    struct entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL) {
        return NULL;
    }
    entry->key = *key;
    stem_of(key, entry->stem);
    stream_init(&entry->out, entry, ".out");
    stream_init(&entry->err, entry, ".err");
    entry->report.fd = entry->channel.fd = entry->watch.fd = entry->pidfd = NO_DESCRIPTOR;
    entry->foreign_deadline = NO_DEADLINE;
    entry->started_ms = wall_ms();
    entry->next = guard->entries;
    guard->entries = entry;
    guard->entry_count++;
    return entry;
}

struct entry *entry_by_key(struct guard *guard, const struct key *key) {
    struct entry *entry = guard->entries;
    while (entry != NULL && !key_equal(&entry->key, key)) {
        entry = entry->next;
    }
    return entry;
}

struct entry *entry_by_pid(struct guard *guard, pid_t pid) {
    struct entry *entry = guard->entries;
    while (entry != NULL && (entry->state == OVER || entry->pid != pid)) {
        entry = entry->next;
    }
    return entry;
}

struct entry *entry_by_keeper(struct guard *guard, pid_t pid) {
    struct entry *entry = guard->entries;
    while (entry != NULL && (entry->foreign || entry->keeper != pid)) {
        entry = entry->next;
    }
    return entry;
}

static void stream_close(struct guard *guard, struct stream *stream) {
    if (stream->watched) {
        unwatch(guard, &stream->source);
    }
    if (stream->fd != NO_DESCRIPTOR) {
        close(stream->fd);
    }
    if (stream->spill != NO_DESCRIPTOR) {
        close(stream->spill);
    }
}

void entry_free(struct guard *guard, struct entry *entry) {
    struct entry **link = &guard->entries;
    while (*link != entry) {
        link = &(*link)->next;
    }
    *link = entry->next;
    guard->entry_count--;
    drop(guard, &entry->report);
    drop(guard, &entry->channel);
    drop(guard, &entry->watch);
    if (entry->pidfd != NO_DESCRIPTOR) {
        close(entry->pidfd);
    }
    stream_close(guard, &entry->out);
    stream_close(guard, &entry->err);
    free(entry->cgroup);
    free(entry);
}

void entry_remove(struct guard *guard, struct entry *entry) {
    files_unlink(guard, entry->stem);
    entry_free(guard, entry);
}
