/* See wire.h. Little-endian, byte by byte, so that alignment and host order do not matter. */
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader reader_of(const void *bytes, size_t length) {
    const uint8_t *at = bytes;
    return (struct reader){.at = at, .end = at + length, .bad = false};
}

static const uint8_t *take(struct reader *in, size_t length) {
    if (in->bad || (size_t)(in->end - in->at) < length) {
        in->bad = true;
        return NULL;
    }
    const uint8_t *bytes = in->at;
    in->at += length;
    return bytes;
}

static uint64_t get_number(struct reader *in, size_t size) {
    const uint8_t *bytes = take(in, size);
    uint64_t value = 0;
    for (size_t i = size; bytes != NULL && i > 0; i--) {
        value = value << 8 | bytes[i - 1];
    }
    return value;
}

uint16_t get_u16(struct reader *in) {
    return (uint16_t)get_number(in, 2);
}

uint32_t get_u32(struct reader *in) {
    return (uint32_t)get_number(in, 4);
}

int32_t get_i32(struct reader *in) {
    return (int32_t)get_u32(in);
}

uint64_t get_u64(struct reader *in) {
    return get_number(in, 8);
}

struct text get_text(struct reader *in, uint32_t limit) {
    uint32_t length = get_u32(in);
    const uint8_t *bytes = length <= limit ? take(in, length) : NULL;
    if (bytes == NULL || (length > 0 && memchr(bytes, 0, length) != NULL)) {
        in->bad = true;
        return (struct text){.bytes = "", .length = 0};
    }
    return (struct text){.bytes = (const char *)bytes, .length = length};
}

void get_key(struct reader *in, struct key *key) {
    struct text instance = get_text(in, MAX_INSTANCE);
    memset(key, 0, sizeof *key);
    memcpy(key->instance, instance.bytes, instance.length);
    key->length = instance.length;
    key->generation = get_u32(in);
    if (key->length == 0 || key->generation == 0) {
        in->bad = true;
    }
}

void get_exit(struct reader *in, struct exit_record *record) {
    record->how = get_u32(in);
    record->value = get_i32(in);
    record->core_dumped = get_u32(in);
    record->at_ms = get_u64(in);
    record->user_us = get_u64(in);
    record->system_us = get_u64(in);
    record->peak_bytes = get_u64(in);
    if (record->how > EXIT_UNKNOWN) {
        in->bad = true;
    }
}

void get_header(struct reader *in, struct header *header) {
    header->type = get_u16(in);
    header->version = get_u16(in);
    header->sequence = get_u32(in);
    header->length = get_u32(in);
    header->zero = get_u32(in);
}

bool reader_done(const struct reader *in) {
    return !in->bad && in->at == in->end;
}

struct writer writer_of(void *bytes, size_t capacity) {
    uint8_t *start = bytes;
    return (struct writer){.start = start, .at = start, .end = start + capacity, .full = false};
}

void put_bytes(struct writer *out, const void *bytes, size_t length) {
    if (out->full || (size_t)(out->end - out->at) < length) {
        out->full = true;
        return;
    }
    if (length > 0) {
        memcpy(out->at, bytes, length);
    }
    out->at += length;
}

static void put_number(struct writer *out, uint64_t value, size_t size) {
    uint8_t bytes[8];
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    put_bytes(out, bytes, size);
}

void put_u16(struct writer *out, uint16_t value) {
    put_number(out, value, 2);
}

void put_u32(struct writer *out, uint32_t value) {
    put_number(out, value, 4);
}

void put_i32(struct writer *out, int32_t value) {
    put_number(out, (uint32_t)value, 4);
}

void put_u64(struct writer *out, uint64_t value) {
    put_number(out, value, 8);
}

void put_text(struct writer *out, const char *text) {
    size_t length = strlen(text);
    put_u32(out, (uint32_t)length);
    put_bytes(out, text, length);
}

void put_key(struct writer *out, const struct key *key) {
    put_u32(out, key->length);
    put_bytes(out, key->instance, key->length);
    put_u32(out, key->generation);
}

void put_exit(struct writer *out, const struct exit_record *record) {
    put_u32(out, record->how);
    put_i32(out, record->value);
    put_u32(out, record->core_dumped);
    put_u64(out, record->at_ms);
    put_u64(out, record->user_us);
    put_u64(out, record->system_us);
    put_u64(out, record->peak_bytes);
}

void put_header(struct writer *out, enum message_type type, uint32_t sequence) {
    put_u16(out, (uint16_t)type);
    put_u16(out, PROTOCOL_VERSION);
    put_u32(out, sequence);
    put_u32(out, 0);
    put_u32(out, 0);
}

size_t finish_packet(struct writer *out) {
    size_t size = (size_t)(out->at - out->start);
    if (out->full || size < HEADER_SIZE || size > MAX_PACKET) {
        return 0;
    }
    struct writer length = writer_of(out->start + 8, 4);
    put_u32(&length, (uint32_t)(size - HEADER_SIZE));
    return size;
}

bool key_equal(const struct key *a, const struct key *b) {
    return a->generation == b->generation && a->length == b->length && memcmp(a->instance, b->instance, a->length) == 0;
}
