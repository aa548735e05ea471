/* What the daemon asks: one function a message. Bodies are read whole before anything is done. */
#include "guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SMALL_PACKET = 1024 };

static void send_simple(struct guard *guard, enum message_type type, uint32_t sequence) {
    uint8_t bytes[HEADER_SIZE];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, type, sequence);
    send_packet(guard, &out, NULL, 0);
}

static void send_welcome(struct guard *guard, uint32_t sequence) {
    uint8_t bytes[SMALL_PACKET];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, WELCOME, sequence);
    put_u32(&out, PROTOCOL_VERSION);
    put_i32(&out, getpid());
    put_text(&out, guard->boot_id);
    put_u32(&out, guard->entry_count);
    send_packet(guard, &out, NULL, 0);
}

void greet(struct guard *guard) {
    if (!guard->greeting) {
        return;
    }
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        if (entry->pid == 0) {
            return; /* its keeper is about to tell */
        }
    }
    guard->greeting = false;
    guard->greeted = true;
    send_welcome(guard, guard->greeting_sequence);
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        send_entry(guard, guard->greeting_sequence, entry);
    }
    send_simple(guard, TABLE_END, guard->greeting_sequence);
    if (guard->pending_terminate) {
        send_request(guard, REQUEST_TERMINATE);
    }
}

static void hello(struct guard *guard, const struct header *header, struct reader *body) {
    uint32_t version = get_u32(body);
    get_text(body, MAX_VERSION);
    if (!reader_done(body)) {
        send_refused(guard, header->sequence, EPROTO, "a malformed HELLO");
        return;
    }
    if (version != PROTOCOL_VERSION) {
        send_refused(guard, header->sequence, EPROTONOSUPPORT, "protocol %u, this guard speaks %d", version, PROTOCOL_VERSION);
        return;
    }
    spill_end(guard);
    guard->greeting = true;
    guard->greeting_sequence = header->sequence;
    greet(guard);
}

static void spawn_asked(struct guard *guard, const struct header *header, struct reader *body) {
    static struct plan plan;
    struct plan_error error;
    struct key key;
    get_key(body, &key);
    if (body->bad) {
        send_refused(guard, header->sequence, EPROTO, "a malformed SPAWN");
        return;
    }
    if (!plan_decode(body, &plan, &error)) {
        send_not_spawned(guard, header->sequence, &key, error.number, STEP_PLAN, error.detail);
        return;
    }
    if (guard->finished || guard->ending) {
        send_not_spawned(guard, header->sequence, &key, ESHUTDOWN, STEP_PLAN, "the guard is ending");
    } else {
        spawn(guard, header->sequence, &key, &plan);
    }
    plan_release(&plan);
}

static void signal_asked(struct guard *guard, const struct header *header, struct reader *body) {
    struct key key;
    get_key(body, &key);
    uint32_t signal = get_u32(body);
    uint32_t scope = get_u32(body);
    struct entry *entry = entry_by_key(guard, &key);
    if (!reader_done(body) || signal < 1 || signal >= NSIG || scope > SCOPE_TREE) {
        send_refused(guard, header->sequence, EPROTO, "a malformed SIGNAL");
    } else if (entry == NULL) {
        send_refused(guard, header->sequence, ESRCH, "no process %s#%u", key.instance, key.generation);
    } else {
        entry_signal(guard, entry, (int)signal, scope);
    }
}

static void forget(struct guard *guard, const struct header *header, struct reader *body) {
    struct key key;
    get_key(body, &key);
    if (!reader_done(body)) {
        send_refused(guard, header->sequence, EPROTO, "a malformed FORGET");
        return;
    }
    FAULT(guard, "forget:received");
    struct entry *entry = entry_by_key(guard, &key);
    if (entry != NULL && entry->state == OVER) {
        entry_remove(guard, entry);
    }
}

static void spill_was_taken(struct guard *guard, const struct header *header, struct reader *body) {
    struct key key;
    get_key(body, &key);
    if (!reader_done(body)) {
        send_refused(guard, header->sequence, EPROTO, "a malformed SPILL_TAKEN");
        return;
    }
    struct entry *entry = entry_by_key(guard, &key);
    if (entry != NULL) {
        spill_taken(guard, entry);
    }
}

static void adopt_stream(struct stream *stream, int *descriptor) {
    if (stream->fd == NO_DESCRIPTOR) {
        stream->fd = *descriptor;
        *descriptor = NO_DESCRIPTOR;
    }
}

static void adopt(struct guard *guard, const struct header *header, struct reader *body, int *descriptors, int count) {
    struct key key;
    get_key(body, &key);
    int32_t pid = get_i32(body);
    uint64_t start_time = get_u64(body);
    if (!reader_done(body) || pid <= 0 || count != 2) {
        send_refused(guard, header->sequence, EPROTO, "a malformed ADOPT");
        return;
    }
    struct entry *entry = entry_by_key(guard, &key);
    bool is_new = entry == NULL;
    if (is_new && (entry = entry_new(guard, &key)) == NULL) {
        send_refused(guard, header->sequence, errno, "the table of processes is full");
        return;
    }
    adopt_stream(&entry->out, &descriptors[0]);
    adopt_stream(&entry->err, &descriptors[1]);
    if (!is_new) {
        return; /* found by its handle already */
    }
    entry->pid = pid;
    entry->start_time = start_time;
    entry->state = RUNNING;
    entry->told = true;
    handle_keep(guard, entry);
    foreign_watch(guard, entry);
}

static void upgrade_asked(struct guard *guard, const struct header *header, struct reader *body) {
    struct text path = get_text(body, MAX_PATH);
    if (!reader_done(body) || path.length == 0 || path.bytes[0] != '/') {
        send_refused(guard, header->sequence, EPROTO, "a malformed UPGRADE");
        return;
    }
    char name[MAX_PATH + 1];
    memcpy(name, path.bytes, path.length);
    name[path.length] = '\0';
    upgrade_begin(guard, header->sequence, name);
}

static void finished(struct guard *guard) {
    if (!guard->finished) {
        guard->finished = true;
        setup_lock(guard, true); /* who starts a guard now waits until this one has ended */
    }
}

static void take(struct guard *guard, const struct header *header, struct reader *body, int *descriptors, int count) {
    switch ((enum message_type)header->type) {
    case HELLO:
        hello(guard, header, body);
        return;
    case SPAWN:
        spawn_asked(guard, header, body);
        return;
    case SIGNAL:
        signal_asked(guard, header, body);
        return;
    case FORGET:
        forget(guard, header, body);
        return;
    case ADOPT:
        adopt(guard, header, body, descriptors, count);
        return;
    case SPILL_TAKEN:
        spill_was_taken(guard, header, body);
        return;
    case UPGRADE:
        upgrade_asked(guard, header, body);
        return;
    case READY:
        daemon_ready(guard);
        return;
    case FINISHED:
        finished(guard);
        return;
    case PONG:
        guard->pong_by = NO_DEADLINE;
        notify_alive();
        return;
    default:
        send_refused(guard, header->sequence, EOPNOTSUPP, "unknown message type %u", header->type);
        return;
    }
}

void handle_message(struct guard *guard, const struct header *header, struct reader *body, int *descriptors, int count) {
    bool empty = header->type == READY || header->type == FINISHED || header->type == PONG;
    if (empty && header->length != 0) {
        send_refused(guard, header->sequence, EPROTO, "message type %u has no body", header->type);
    } else if (header->type != HELLO && header->type <= UPGRADE && header->type > 0 && !guard->greeted) {
        send_refused(guard, header->sequence, EPROTO, "HELLO comes first");
    } else {
        take(guard, header, body, descriptors, count);
    }
}
