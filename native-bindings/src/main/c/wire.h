/*
 * The protocol's bytes (docs/guard-protocol.md): bounded readers and writers, message numbers, and the spawn plan.
 * Nothing here touches a descriptor; every function is safe on any input.
 */
#ifndef BUNCTL_WIRE_H
#define BUNCTL_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

enum {
    PROTOCOL_VERSION = 1,
    HEADER_SIZE = 16,
    MAX_PACKET = 262144,
    MAX_INSTANCE = 160,
    MAX_LIMITS = 16,
    MAX_GROUPS = 1024,
    MAX_PATH = 4095,
    MAX_DETAIL = 512,
    MAX_VERSION = 64,
    BOOT_ID_SIZE = 64,
    FIELD_HEADER_SIZE = 8,
};

enum message_type {
    HELLO = 1, SPAWN, SIGNAL, FORGET, READY, FINISHED, ADOPT, PONG, SPILL_TAKEN, UPGRADE,
    WELCOME = 101, ENTRY, TABLE_END, SPAWNED, NOT_SPAWNED, EXITED, REFUSED, PING, REQUEST, UPGRADED,
};

enum scope { SCOPE_PROCESS, SCOPE_GROUP, SCOPE_TREE };
enum request { REQUEST_TERMINATE, REQUEST_REOPEN_LOGS, REQUEST_REPLACE_DAEMON };
enum how { EXIT_CODE, EXIT_SIGNAL, EXIT_UNKNOWN };
enum entry_state { ENTRY_RUNNING, ENTRY_EXITED, ENTRY_EXITED_UNHELD };

enum plan_tag {
    TAG_EXECUTABLE = 1, TAG_ARGUMENT, TAG_ENVIRONMENT, TAG_DIRECTORY, TAG_UMASK, TAG_LIMIT, TAG_USER, TAG_GROUP,
    TAG_GROUPS, TAG_NO_NEW_PRIVILEGES, TAG_CAPABILITIES, TAG_NICENESS, TAG_OOM_SCORE, TAG_CGROUP, TAG_OUTPUT, TAG_KEEPER,
    TAG_END,
};
enum { FLAG_CRITICAL = 1 };

/* A run of bytes inside a packet; not terminated. */
struct text {
    const char *bytes;
    uint32_t length;
};

struct reader {
    const uint8_t *at;
    const uint8_t *end;
    bool bad; /* once set, every read gives zero */
};

struct writer {
    uint8_t *start;
    uint8_t *at;
    uint8_t *end;
    bool full; /* once set, nothing more is written */
};

struct header {
    uint16_t type;
    uint16_t version;
    uint32_t sequence;
    uint32_t length;
    uint32_t zero;
};

/* Names one process: one generation in one slot. */
struct key {
    char instance[MAX_INSTANCE + 1];
    uint32_t length;
    uint32_t generation;
};

struct exit_record {
    uint32_t how;
    int32_t value;
    uint32_t core_dumped;
    uint64_t at_ms;
    uint64_t user_us;
    uint64_t system_us;
    uint64_t peak_bytes;
};

/* As hard limit: the one there is stays, and a soft limit above it is lowered to it. */
#define KEEP_HARD (UINT64_MAX - 1)

struct plan_limit {
    uint32_t resource;
    struct rlimit limit;
};

/* Everything that is settled before exec. Strings lie in one block that plan_release frees. */
struct plan {
    void *block;
    char *executable;
    char **arguments;
    char **environment;
    char *directory;
    char *cgroup; /* NULL: stay */
    uint32_t umask;
    uint32_t limit_count;
    struct plan_limit limits[MAX_LIMITS];
    uint32_t user, group;
    uint32_t group_count;
    uint32_t groups[MAX_GROUPS];
    uint64_t capabilities;
    int32_t niceness, oom_score;
    bool has_umask, has_user, has_group, has_groups, has_capabilities, has_niceness, has_oom_score;
    bool no_new_privileges, output, keeper;
};

/* Why a plan was refused. */
struct plan_error {
    int number;
    char detail[MAX_DETAIL];
};

struct reader reader_of(const void *bytes, size_t length);
uint16_t get_u16(struct reader *in);
uint32_t get_u32(struct reader *in);
int32_t get_i32(struct reader *in);
uint64_t get_u64(struct reader *in);
/* A string without NUL of at most `limit` bytes. */
struct text get_text(struct reader *in, uint32_t limit);
void get_key(struct reader *in, struct key *key);
void get_exit(struct reader *in, struct exit_record *record);
void get_header(struct reader *in, struct header *header);
/* True when all was read and nothing was malformed. */
bool reader_done(const struct reader *in);

struct writer writer_of(void *bytes, size_t capacity);
void put_u16(struct writer *out, uint16_t value);
void put_u32(struct writer *out, uint32_t value);
void put_i32(struct writer *out, int32_t value);
void put_u64(struct writer *out, uint64_t value);
void put_bytes(struct writer *out, const void *bytes, size_t length);
void put_text(struct writer *out, const char *text);
void put_key(struct writer *out, const struct key *key);
void put_exit(struct writer *out, const struct exit_record *record);
/* Starts a packet; finish_packet sets its body length and gives its size, or 0 when it did not fit. */
void put_header(struct writer *out, enum message_type type, uint32_t sequence);
size_t finish_packet(struct writer *out);

bool key_equal(const struct key *a, const struct key *b);

/*
 * Reads a plan up to the end of `in`. On false nothing is to be released and `error` says why: EINVAL malformed,
 * EOPNOTSUPP an unknown critical tag, ENOMEM.
 */
bool plan_decode(struct reader *in, struct plan *plan, struct plan_error *error);
void plan_release(struct plan *plan);

#endif
