/*
 * Packets to and from the daemon. INVARIANT: a packet is read only while none waits to be sent, so the queue holds at
 * most the answers to one message and two packets a process, and descriptors in it stay open (only FORGET closes them).
 */
#include "guard.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SMALL_PACKET = 8192 };

/* What epoll reports besides a hang-up: room while packets wait for it, else packets from the daemon. */
static void set_interest(struct guard *guard, uint32_t events) {
    if (guard->control_events != events) {
        guard->control_events = events;
        rewatch(guard, &guard->control, events);
    }
}

/* 1 sent, 0 not now, -1 the peer is gone. */
static int try_send(struct guard *guard, const struct packet *packet) {
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(MAX_DESCRIPTORS * sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = (void *)packet->bytes, .iov_len = packet->size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (packet->count > 0) {
        size_t length = (size_t)packet->count * sizeof(int);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(length);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(length);
        memcpy(CMSG_DATA(header), packet->descriptors, length);
    }
    for (;;) {
        if (sendmsg(guard->control.fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) {
            return 1;
        }
        if (errno == ETOOMANYREFS) {
            /* Descriptors in flight are limited (unix(7)) and no event tells when there is room again. */
            guard->resend_at = monotonic_ms() + RESEND_MS;
            return 0;
        }
        if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM) {
            return 0;
        }
        if (errno != EINTR) {
            return -1;
        }
    }
}

void flush_packets(struct guard *guard) {
    while (guard->first != NULL && guard->control.fd != NO_DESCRIPTOR) {
        struct packet *packet = guard->first;
        int sent = try_send(guard, packet);
        if (sent == 0) {
            set_interest(guard, guard->resend_at == NO_DEADLINE ? EPOLLOUT : 0);
            return;
        }
        if (sent < 0) {
            drop_packets(guard); /* the hang-up follows as an event */
            return;
        }
        guard->first = packet->next;
        free(packet);
    }
    guard->last = NULL;
    if (guard->control.fd != NO_DESCRIPTOR) {
        set_interest(guard, EPOLLIN);
    }
}

void drop_packets(struct guard *guard) {
    while (guard->first != NULL) {
        struct packet *packet = guard->first;
        guard->first = packet->next;
        free(packet);
    }
    guard->last = NULL;
}

void send_packet(struct guard *guard, struct writer *out, const int *descriptors, int count) {
    size_t size = finish_packet(out);
    if (guard->control.fd == NO_DESCRIPTOR || size == 0) {
        return;
    }
    struct packet *packet = malloc(sizeof *packet + size);
    if (packet == NULL) {
        /* Told again to the next daemon: the table is the truth. */
        daemon_kill(guard, "cannot be told, the guard is out of memory");
        return;
    }
    packet->next = NULL;
    packet->size = size;
    packet->count = count;
    memcpy(packet->bytes, out->start, size);
    for (int i = 0; i < count; i++) {
        packet->descriptors[i] = descriptors[i];
    }
    bool idle = guard->first == NULL;
    if (idle && try_send(guard, packet) == 1) {
        free(packet);
        return;
    }
    if (idle) {
        guard->first = packet;
    } else {
        guard->last->next = packet;
    }
    guard->last = packet;
    if (idle) {
        flush_packets(guard);
    }
}

void send_refused(struct guard *guard, uint32_t sequence, int number, const char *format, ...) {
    uint8_t bytes[SMALL_PACKET];
    char reason[MAX_DETAIL];
    struct writer out = writer_of(bytes, sizeof bytes);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    put_header(&out, REFUSED, sequence);
    put_u32(&out, (uint32_t)number);
    put_text(&out, reason);
    send_packet(guard, &out, NULL, 0);
}

static int readable(const struct guard *guard, const struct stream *stream) {
    return stream->fd != NO_DESCRIPTOR ? stream->fd : guard->null;
}

void send_spawned(struct guard *guard, struct entry *entry) {
    uint8_t bytes[SMALL_PACKET];
    struct writer out = writer_of(bytes, sizeof bytes);
    int pidfd = open_pidfd(entry->pid);
    int descriptors[] = {pidfd < 0 ? guard->null : pidfd, readable(guard, &entry->out), readable(guard, &entry->err)};
    put_header(&out, SPAWNED, entry->sequence);
    put_key(&out, &entry->key);
    put_i32(&out, entry->pid);
    put_u64(&out, entry->start_time);
    entry->told = true;
    send_packet(guard, &out, descriptors, 3);
    if (guard->first == NULL && pidfd >= 0) {
        close(pidfd);
    } else {
        entry->pidfd = pidfd; /* a queued packet must find it open */
    }
}

void send_not_spawned(struct guard *guard, uint32_t sequence, const struct key *key, int number, enum step step, const char *detail) {
    uint8_t bytes[SMALL_PACKET];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, NOT_SPAWNED, sequence);
    put_key(&out, key);
    put_u32(&out, (uint32_t)number);
    put_text(&out, STEPS[step]);
    put_text(&out, detail);
    send_packet(guard, &out, NULL, 0);
}

void send_exited(struct guard *guard, struct entry *entry) {
    uint8_t bytes[SMALL_PACKET];
    struct writer out = writer_of(bytes, sizeof bytes);
    if (!guard->greeted) {
        return; /* the table tells */
    }
    put_header(&out, EXITED, 0);
    put_key(&out, &entry->key);
    put_i32(&out, entry->pid);
    put_u64(&out, entry->start_time);
    put_exit(&out, &entry->exit);
    send_packet(guard, &out, NULL, 0);
}

void send_entry(struct guard *guard, uint32_t sequence, struct entry *entry) {
    uint8_t bytes[SMALL_PACKET + 2 * MAX_PATH];
    char path[MAX_PATH + 1];
    struct writer out = writer_of(bytes, sizeof bytes);
    const struct exit_record none = {0};
    int descriptors[] = {readable(guard, &entry->out), readable(guard, &entry->err)};
    put_header(&out, ENTRY, sequence);
    put_key(&out, &entry->key);
    put_i32(&out, entry->pid);
    put_u64(&out, entry->start_time);
    put_u64(&out, entry->started_ms);
    put_u32(&out, entry->state != OVER ? ENTRY_RUNNING : entry->unheld ? ENTRY_EXITED_UNHELD : ENTRY_EXITED);
    put_exit(&out, entry->state == OVER ? &entry->exit : &none);
    spill_path(guard, &entry->out, path, sizeof path);
    put_text(&out, path);
    spill_path(guard, &entry->err, path, sizeof path);
    put_text(&out, path);
    entry->told = true;
    send_packet(guard, &out, descriptors, 2);
}

void send_request(struct guard *guard, enum request request) {
    uint8_t bytes[SMALL_PACKET];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, REQUEST, 0);
    put_u32(&out, request);
    send_packet(guard, &out, NULL, 0);
}

static int take_descriptors(struct msghdr *message, int *descriptors) {
    int count = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        size_t length = header->cmsg_len - CMSG_LEN(0);
        for (size_t at = 0; at + sizeof(int) <= length; at += sizeof(int)) {
            int fd;
            memcpy(&fd, CMSG_DATA(header) + at, sizeof fd);
            if (count < MAX_DESCRIPTORS) {
                descriptors[count++] = fd;
            } else {
                close(fd);
            }
        }
    }
    return count;
}

static void take_packet(struct guard *guard, const uint8_t *bytes, size_t size, bool whole, int *descriptors, int count) {
    struct reader in = reader_of(bytes, size);
    struct header header;
    get_header(&in, &header);
    if (!whole) {
        send_refused(guard, header.sequence, EMSGSIZE, "a packet of more than %d bytes", MAX_PACKET);
    } else if (in.bad || header.length != size - HEADER_SIZE || header.zero != 0) {
        send_refused(guard, header.sequence, EPROTO, "a malformed header");
    } else if (header.version != PROTOCOL_VERSION) {
        send_refused(guard, header.sequence, EPROTONOSUPPORT, "protocol %u, this guard speaks %d", header.version, PROTOCOL_VERSION);
    } else {
        handle_message(guard, &header, &in, descriptors, count);
    }
    for (int i = 0; i < count; i++) {
        if (descriptors[i] != NO_DESCRIPTOR) {
            close(descriptors[i]); /* taken ones are cleared by the handler */
        }
    }
}

enum outcome { TAKEN, NOTHING, HANGUP };

static enum outcome take_next(struct guard *guard) {
    static uint8_t bytes[MAX_PACKET];
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(MAX_DESCRIPTORS * sizeof(int))];
    } control;
    int descriptors[MAX_DESCRIPTORS];
    if (guard->first != NULL) {
        flush_packets(guard);
        if (guard->first != NULL) {
            return NOTHING;
        }
    }
    struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t got = recvmsg(guard->control.fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (got < 0 && errno == ECONNRESET) {
        return TAKEN; /* the peer closed without reading all: told once, before what it had sent */
    }
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return NOTHING;
    }
    if (got <= 0) {
        return HANGUP;
    }
    int count = take_descriptors(&message, descriptors);
    take_packet(guard, bytes, (size_t)got, (message.msg_flags & MSG_TRUNC) == 0, descriptors, count);
    return TAKEN;
}

void control_ready(struct guard *guard, struct source *source) {
    (void)source;
    if (take_next(guard) == HANGUP) {
        daemon_lost(guard);
    }
}

void drain_control(struct guard *guard) {
    while (guard->control.fd != NO_DESCRIPTOR && take_next(guard) == TAKEN) {
    }
}
