/* The codec against the golden packets (which the Java codec reads too), and against what no daemon should send. */
#include "check.h"
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *golden_file;

struct golden {
    uint8_t bytes[8192];
    size_t size;
};

static void golden_read(const char *name, struct golden *golden) {
    static char line[32768];
    FILE *file = fopen(golden_file, "r");
    CHECK(file != NULL);
    size_t length = strlen(name);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, length) == 0 && line[length] == ' ') {
            const char *hex = line + length + 1;
            for (golden->size = 0; sscanf(hex + 2 * golden->size, "%2hhx", &golden->bytes[golden->size]) == 1; golden->size++) {
            }
            fclose(file);
            return;
        }
    }
    FAIL("no golden packet %s", name);
}

static struct reader golden_body(const char *name, struct golden *golden, uint16_t type, uint32_t sequence) {
    struct header header;
    golden_read(name, golden);
    struct reader in = reader_of(golden->bytes, golden->size);
    get_header(&in, &header);
    CHECK_EQUAL(type, header.type);
    CHECK_EQUAL(PROTOCOL_VERSION, header.version);
    CHECK_EQUAL(sequence, header.sequence);
    CHECK_EQUAL(golden->size - HEADER_SIZE, header.length);
    CHECK_EQUAL(0, header.zero);
    return in;
}

static void same(const char *name, struct writer *out) {
    struct golden golden;
    size_t size = finish_packet(out);
    golden_read(name, &golden);
    CHECK_EQUAL(golden.size, size);
    for (size_t i = 0; i < size; i++) {
        if (golden.bytes[i] != out->start[i]) {
            FAIL("%s differs at byte %zu: %02x, not %02x", name, i, out->start[i], golden.bytes[i]);
        }
    }
}

static bool text_is(struct text text, const char *expected) {
    return text.length == strlen(expected) && memcmp(text.bytes, expected, text.length) == 0;
}

static struct key key_of(const char *instance, uint32_t generation) {
    struct key key = {.length = (uint32_t)strlen(instance), .generation = generation};
    memcpy(key.instance, instance, key.length);
    return key;
}

static const char *longest(void) {
    static char name[MAX_INSTANCE + 1];
    memset(name, 'a', 156);
    strcpy(name + 156, ":999");
    return name;
}

static uint8_t buffer[MAX_PACKET + 1];

static struct writer packet(enum message_type type, uint32_t sequence) {
    struct writer out = writer_of(buffer, sizeof buffer);
    put_header(&out, type, sequence);
    return out;
}

static void hello_matchesGolden(void) {
    struct golden golden;
    struct reader in = golden_body("HELLO", &golden, HELLO, 1);
    CHECK_EQUAL(1, get_u32(&in));
    CHECK(text_is(get_text(&in, MAX_VERSION), "0.1.0"));
    CHECK(reader_done(&in));
    in = golden_body("HELLO_NO_VERSION", &golden, HELLO, UINT32_MAX);
    CHECK_EQUAL(1, get_u32(&in));
    CHECK(text_is(get_text(&in, MAX_VERSION), ""));
    CHECK(reader_done(&in));
}

static void minimalPlan_decodes(void) {
    struct golden golden;
    struct key key;
    struct plan plan;
    struct plan_error error;
    struct reader in = golden_body("SPAWN_MINIMAL", &golden, SPAWN, 2);
    get_key(&in, &key);
    struct key expected = key_of("api:0", 1);
    CHECK(key_equal(&expected, &key));
    CHECK(plan_decode(&in, &plan, &error));
    CHECK(strcmp("/bin/true", plan.executable) == 0);
    CHECK(strcmp("true", plan.arguments[0]) == 0);
    CHECK(plan.arguments[1] == NULL);
    CHECK(plan.environment[0] == NULL);
    CHECK(strcmp("/", plan.directory) == 0);
    CHECK(plan.output && !plan.keeper && !plan.has_umask && !plan.has_user && plan.cgroup == NULL);
    plan_release(&plan);
}

static void fullPlan_decodes(void) {
    struct golden golden;
    struct key key;
    struct plan plan;
    struct plan_error error;
    struct reader in = golden_body("SPAWN_FULL", &golden, SPAWN, 3);
    get_key(&in, &key);
    CHECK(strcmp("zürich:12", key.instance) == 0);
    CHECK_EQUAL(2147483647, key.generation);
    CHECK(plan_decode(&in, &plan, &error));
    CHECK(strcmp("/usr/bin/bün", plan.executable) == 0);
    CHECK(strcmp("bun", plan.arguments[0]) == 0);
    CHECK(strcmp("", plan.arguments[1]) == 0);
    CHECK(strcmp("--name=ä b", plan.arguments[2]) == 0);
    CHECK(plan.arguments[3] == NULL);
    CHECK(strcmp("A=", plan.environment[0]) == 0);
    CHECK(strcmp("PATH=/usr/bin:/bin", plan.environment[1]) == 0);
    CHECK(strcmp("Ü=x=y", plan.environment[2]) == 0);
    CHECK(plan.environment[3] == NULL);
    CHECK(strcmp("/srv/app", plan.directory) == 0);
    CHECK_EQUAL(027, plan.umask);
    CHECK_EQUAL(2, plan.limit_count);
    CHECK_EQUAL(7, plan.limits[0].resource);
    CHECK_EQUAL(1024, plan.limits[0].limit.rlim_cur);
    CHECK_EQUAL(4096, plan.limits[0].limit.rlim_max);
    CHECK(plan.limits[1].limit.rlim_max == RLIM_INFINITY);
    CHECK_EQUAL(1000, plan.user);
    CHECK_EQUAL(1001, plan.group);
    CHECK_EQUAL(3, plan.group_count);
    CHECK_EQUAL(4294967294u, plan.groups[2]);
    CHECK(plan.no_new_privileges && plan.output && plan.keeper);
    CHECK_EQUAL(1LL << 10 | 1LL << 40, plan.capabilities);
    CHECK_EQUAL(-20, plan.niceness);
    CHECK_EQUAL(1000, plan.oom_score);
    CHECK(strcmp("/sys/fs/cgroup/bunctl/app-z/12/1", plan.cgroup) == 0);
    plan_release(&plan);
}

static void emptyGroups_areGroups(void) {
    struct golden golden;
    struct key key;
    struct plan plan;
    struct plan_error error;
    struct reader in = golden_body("SPAWN_NO_GROUPS", &golden, SPAWN, 4);
    get_key(&in, &key);
    CHECK(plan_decode(&in, &plan, &error));
    CHECK(plan.has_groups);
    CHECK_EQUAL(0, plan.group_count);
    CHECK(plan.has_capabilities && plan.capabilities == 0);
    CHECK_EQUAL(19, plan.niceness);
    CHECK_EQUAL(-1000, plan.oom_score);
    CHECK(!plan.output);
    plan_release(&plan);
}

static void signals_matchGolden(void) {
    static const char *const NAMES[] = {"SIGNAL_PROCESS", "SIGNAL_GROUP", "SIGNAL_TREE"};
    static const uint32_t NUMBERS[] = {15, 2, 9};
    for (uint32_t i = 0; i < 3; i++) {
        struct golden golden;
        struct key key;
        struct reader in = golden_body(NAMES[i], &golden, SIGNAL, 5 + i);
        get_key(&in, &key);
        CHECK_EQUAL(NUMBERS[i], get_u32(&in));
        CHECK_EQUAL(i, get_u32(&in));
        CHECK(reader_done(&in));
    }
}

static void keyMessages_matchGolden(void) {
    struct golden golden;
    struct key key;
    struct reader in = golden_body("FORGET", &golden, FORGET, 8);
    get_key(&in, &key);
    CHECK(reader_done(&in));
    in = golden_body("FORGET_LONGEST", &golden, FORGET, 9);
    get_key(&in, &key);
    CHECK(reader_done(&in));
    CHECK_EQUAL(MAX_INSTANCE, key.length);
    CHECK(strcmp(longest(), key.instance) == 0);
    in = golden_body("SPILL_TAKEN", &golden, SPILL_TAKEN, 13);
    get_key(&in, &key);
    CHECK(reader_done(&in));
    in = golden_body("ADOPT", &golden, ADOPT, 12);
    get_key(&in, &key);
    CHECK_EQUAL(4242, get_i32(&in));
    CHECK_EQUAL(123456789, get_u64(&in));
    CHECK(reader_done(&in));
    in = golden_body("UPGRADE", &golden, UPGRADE, 14);
    CHECK(text_is(get_text(&in, MAX_PATH), "/opt/bunctl/lib/bunctl-guard"));
    CHECK(reader_done(&in));
}

static void emptyMessages_matchGolden(void) {
    struct golden golden;
    struct reader in = golden_body("READY", &golden, READY, 10);
    CHECK(reader_done(&in));
    in = golden_body("FINISHED", &golden, FINISHED, 11);
    CHECK(reader_done(&in));
    in = golden_body("PONG", &golden, PONG, 0);
    CHECK(reader_done(&in));
}

static void welcome_matchesGolden(void) {
    struct writer out = packet(WELCOME, 1);
    put_u32(&out, 1);
    put_i32(&out, 4000);
    put_text(&out, "0b2f3c4d-0000-4000-8000-00000000000a");
    put_u32(&out, 2);
    same("WELCOME", &out);
    out = packet(TABLE_END, 1);
    same("TABLE_END", &out);
}

static void put_entry(struct writer *out, const struct key *key, int32_t pid, uint64_t start, enum entry_state state,
    const struct exit_record *exit, const char *out_spill, const char *err_spill) {
    put_key(out, key);
    put_i32(out, pid);
    put_u64(out, start);
    put_u64(out, 1700000000123);
    put_u32(out, state);
    put_exit(out, exit);
    put_text(out, out_spill);
    put_text(out, err_spill);
}

static void entries_matchGolden(void) {
    struct key api = key_of("api:0", 1);
    struct key zurich = key_of("zürich:12", 2147483647);
    struct exit_record exit = {.value = 3, .at_ms = 1700000001123, .user_us = 1500, .system_us = 2500, .peak_bytes = 28311552};
    struct writer out = packet(ENTRY, 1);
    put_entry(&out, &api, 4242, 123456789, ENTRY_RUNNING, &(struct exit_record){0}, "", "");
    same("ENTRY_RUNNING", &out);
    out = packet(ENTRY, 1);
    put_entry(&out, &zurich, INT32_MAX, INT64_MAX, ENTRY_EXITED, &exit, "/h/run/z%C3%BCrich%3A12.2147483647.out.spill",
        "/h/run/z%C3%BCrich%3A12.2147483647.err.spill");
    same("ENTRY_EXITED", &out);
    out = packet(ENTRY, 1);
    put_entry(&out, &api, 4242, 123456789, ENTRY_EXITED_UNHELD, &exit, "", "");
    same("ENTRY_EXITED_UNHELD", &out);
}

static void spawnAnswers_matchGolden(void) {
    struct key api = key_of("api:0", 1);
    struct key next = key_of("api:0", 2);
    struct key zurich = key_of("zürich:12", 2147483647);
    struct writer out = packet(SPAWNED, 2);
    put_key(&out, &api);
    put_i32(&out, 4242);
    put_u64(&out, 123456789);
    same("SPAWNED", &out);
    out = packet(NOT_SPAWNED, 3);
    put_key(&out, &zurich);
    put_u32(&out, 2);
    put_text(&out, "exec");
    put_text(&out, "/usr/bin/bün");
    same("NOT_SPAWNED", &out);
    out = packet(NOT_SPAWNED, 4);
    put_key(&out, &next);
    put_u32(&out, 11);
    put_text(&out, "fork");
    put_text(&out, "");
    same("NOT_SPAWNED_NO_DETAIL", &out);
}

static void exited(const char *name, const struct key *key, int32_t pid, uint64_t start, const struct exit_record *exit) {
    struct writer out = packet(EXITED, 0);
    put_key(&out, key);
    put_i32(&out, pid);
    put_u64(&out, start);
    put_exit(&out, exit);
    same(name, &out);
    struct golden golden;
    struct key ignored;
    struct exit_record read;
    memset(&read, 0, sizeof read);
    struct reader in = golden_body(name, &golden, EXITED, 0);
    get_key(&in, &ignored);
    get_i32(&in);
    get_u64(&in);
    get_exit(&in, &read);
    CHECK(reader_done(&in));
    CHECK(memcmp(&read, exit, sizeof read) == 0);
}

static void exits_matchGolden(void) {
    struct key api = key_of("api:0", 1);
    struct key last = key_of(longest(), 1);
    struct exit_record record;
    memset(&record, 0, sizeof record); /* compared as bytes, padding too */
    record.at_ms = 1700000001123;
    record.user_us = 1;
    record.system_us = 2;
    record.peak_bytes = 4096;
    exited("EXITED_CODE", &api, 4242, 123456789, &record);
    memset(&record, 0, sizeof record);
    record.how = EXIT_SIGNAL;
    record.value = 11;
    record.core_dumped = 1;
    record.at_ms = 1700000001123;
    exited("EXITED_SIGNAL", &api, 4242, 123456789, &record);
    memset(&record, 0, sizeof record);
    record.how = EXIT_UNKNOWN;
    record.at_ms = record.user_us = record.system_us = record.peak_bytes = INT64_MAX;
    exited("EXITED_UNKNOWN", &last, 1, 0, &record);
}

static void others_matchGolden(void) {
    struct writer out = packet(REFUSED, 99);
    put_u32(&out, 71);
    put_text(&out, "unknown message type 77");
    same("REFUSED", &out);
    out = packet(PING, 0);
    same("PING", &out);
    static const char *const NAMES[] = {"REQUEST_TERMINATE", "REQUEST_REOPEN_LOGS", "REQUEST_REPLACE_DAEMON"};
    for (uint32_t what = 0; what < 3; what++) {
        out = packet(REQUEST, 0);
        put_u32(&out, what);
        same(NAMES[what], &out);
    }
    out = packet(UPGRADED, 14);
    put_u32(&out, 1);
    put_i32(&out, 4000);
    same("UPGRADED", &out);
}

/* A plan of one field after the required ones. */
static bool decode_with(uint16_t tag, uint16_t flags, const void *bytes, uint32_t length, struct plan_error *error) {
    static const struct {
        uint16_t tag;
        const char *text;
    } REQUIRED[] = {{TAG_EXECUTABLE, "/x"}, {TAG_ARGUMENT, "x"}, {TAG_DIRECTORY, "/"}};
    struct writer out = writer_of(buffer, sizeof buffer);
    struct plan plan;
    put_u32(&out, 4);
    for (size_t i = 0; i < 3; i++) {
        put_u16(&out, REQUIRED[i].tag);
        put_u16(&out, FLAG_CRITICAL);
        put_text(&out, REQUIRED[i].text);
    }
    put_u16(&out, tag);
    put_u16(&out, flags);
    put_u32(&out, length);
    put_bytes(&out, bytes, length);
    struct reader in = reader_of(buffer, (size_t)(out.at - out.start));
    bool done = plan_decode(&in, &plan, error);
    if (done) {
        plan_release(&plan);
    }
    return done;
}

static void unknownField_isRefusedOnlyWhenCritical(void) {
    struct plan_error error;
    CHECK(decode_with(999, 0, "x", 1, &error));
    CHECK(!decode_with(999, FLAG_CRITICAL, "x", 1, &error));
    CHECK_EQUAL(EOPNOTSUPP, error.number);
    CHECK(!decode_with(0, FLAG_CRITICAL, "", 0, &error));
}

static void invalidFields_areRefused(void) {
    struct plan_error error;
    static const uint8_t INF[20] = {7, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1};
    CHECK(!decode_with(TAG_EXECUTABLE, 1, "/y", 2, &error)); /* twice */
    CHECK_EQUAL(EINVAL, error.number);
    CHECK(!decode_with(TAG_ARGUMENT, 1, "a\0b", 3, &error));
    CHECK(!decode_with(TAG_ENVIRONMENT, 1, "=x", 2, &error));
    CHECK(!decode_with(TAG_ENVIRONMENT, 1, "novalue", 7, &error));
    CHECK(!decode_with(TAG_CGROUP, 1, "relative", 8, &error));
    CHECK(!decode_with(TAG_CGROUP, 1, "", 0, &error));
    CHECK(!decode_with(TAG_UMASK, 1, "\0\2\0\0", 4, &error)); /* 01000 */
    CHECK(decode_with(TAG_UMASK, 1, "\377\1\0\0", 4, &error)); /* 0777 */
    CHECK(!decode_with(TAG_UMASK, 1, "\0\0\0", 3, &error));
    CHECK(!decode_with(TAG_LIMIT, 1, INF, 20, &error)); /* soft above hard */
    CHECK(!decode_with(TAG_LIMIT, 1, "\20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20, &error)); /* resource 16 */
    CHECK(!decode_with(TAG_USER, 1, "\377\377\377\377", 4, &error));
    CHECK(!decode_with(TAG_GROUPS, 1, "\1\0\0", 3, &error));
    CHECK(!decode_with(TAG_NO_NEW_PRIVILEGES, 1, "x", 1, &error));
    CHECK(!decode_with(TAG_NICENESS, 1, "\24\0\0\0", 4, &error)); /* 20 */
    CHECK(!decode_with(TAG_OOM_SCORE, 1, "\351\3\0\0", 4, &error)); /* 1001 */
    CHECK(!decode_with(TAG_OUTPUT, 1, "\2\0\0\0", 4, &error));
    CHECK(!decode_with(TAG_KEEPER, 1, "\1\0\0\0", 4, &error));
}

static void groups_areLimited(void) {
    static uint8_t groups[4 * (MAX_GROUPS + 1)];
    struct plan_error error;
    CHECK(decode_with(TAG_GROUPS, 1, groups, 4 * MAX_GROUPS, &error));
    CHECK(!decode_with(TAG_GROUPS, 1, groups, 4 * (MAX_GROUPS + 1), &error));
}

static void limits_areLimited(void) {
    struct plan plan;
    struct plan_error error;
    for (uint32_t count = MAX_LIMITS; count <= MAX_LIMITS + 1; count++) {
        struct writer out = writer_of(buffer, sizeof buffer);
        put_u32(&out, count + 3);
        put_bytes(&out, "\1\0\1\0\2\0\0\0/x\2\0\1\0\1\0\0\0x\4\0\1\0\1\0\0\0/", 28);
        for (uint32_t i = 0; i < count; i++) {
            put_u16(&out, TAG_LIMIT);
            put_u16(&out, 1);
            put_u32(&out, 20);
            put_u32(&out, i % 16);
            put_u64(&out, 1);
            put_u64(&out, 1);
        }
        struct reader in = reader_of(buffer, (size_t)(out.at - out.start));
        bool done = plan_decode(&in, &plan, &error);
        CHECK_EQUAL(count == MAX_LIMITS, done);
        if (done) {
            plan_release(&plan);
        }
    }
}

static void everyCutPlan_isRefused(void) {
    struct golden golden;
    struct key key;
    struct plan plan;
    struct plan_error error;
    struct reader whole = golden_body("SPAWN_FULL", &golden, SPAWN, 3);
    get_key(&whole, &key);
    for (const uint8_t *end = whole.at; end < whole.end; end++) {
        struct reader in = {.at = whole.at, .end = end};
        CHECK(!plan_decode(&in, &plan, &error));
    }
    /* A byte too many. */
    golden.bytes[golden.size] = 0;
    struct reader in = {.at = whole.at, .end = whole.end + 1};
    CHECK(!plan_decode(&in, &plan, &error));
}

static void hugeCount_isRefused(void) {
    struct plan plan;
    struct plan_error error;
    struct reader in = reader_of("\377\377\377\377\1\0\1\0\2\0\0\0/x", 14);
    CHECK(!plan_decode(&in, &plan, &error));
}

static void keys_areChecked(void) {
    struct key key;
    uint8_t bytes[512];
    static const char NAME[MAX_INSTANCE + 2] = {[0 ... MAX_INSTANCE] = 'a'};
    for (uint32_t length = MAX_INSTANCE; length <= MAX_INSTANCE + 1; length++) {
        struct writer out = writer_of(bytes, sizeof bytes);
        put_u32(&out, length);
        put_bytes(&out, NAME, length);
        put_u32(&out, 1);
        struct reader in = reader_of(bytes, (size_t)(out.at - out.start));
        get_key(&in, &key);
        CHECK_EQUAL(length > MAX_INSTANCE, in.bad);
    }
    struct reader empty = reader_of("\0\0\0\0\1\0\0\0", 8);
    get_key(&empty, &key);
    CHECK(empty.bad);
    struct reader zeroth = reader_of("\1\0\0\0a\0\0\0\0", 9);
    get_key(&zeroth, &key);
    CHECK(zeroth.bad);
    struct reader with_nul = reader_of("\2\0\0\0a\0\1\0\0\0", 10);
    get_key(&with_nul, &key);
    CHECK(with_nul.bad);
}

static void packet_isLimited(void) {
    static const uint8_t ZEROS[MAX_PACKET];
    struct writer out = packet(PING, 0);
    put_bytes(&out, ZEROS, MAX_PACKET - HEADER_SIZE);
    CHECK_EQUAL(MAX_PACKET, finish_packet(&out));
    put_bytes(&out, ZEROS, 1);
    CHECK_EQUAL(0, finish_packet(&out));
    put_bytes(&out, ZEROS, 1);
    CHECK(out.full);
    CHECK_EQUAL(0, finish_packet(&out));
}

int main(int argc, char **argv) {
    static const struct test TESTS[] = {
        TEST(hello_matchesGolden), TEST(minimalPlan_decodes), TEST(fullPlan_decodes), TEST(emptyGroups_areGroups),
        TEST(signals_matchGolden), TEST(keyMessages_matchGolden), TEST(emptyMessages_matchGolden), TEST(welcome_matchesGolden),
        TEST(entries_matchGolden), TEST(spawnAnswers_matchGolden), TEST(exits_matchGolden), TEST(others_matchGolden),
        TEST(unknownField_isRefusedOnlyWhenCritical), TEST(invalidFields_areRefused), TEST(groups_areLimited),
        TEST(limits_areLimited), TEST(everyCutPlan_isRefused), TEST(hugeCount_isRefused), TEST(keys_areChecked),
        TEST(packet_isLimited),
    };
    if (argc < 2) {
        fprintf(stderr, "usage: test-wire GOLDEN_FILE [NAME]\n");
        return 2;
    }
    golden_file = argv[1];
    return run_tests(TESTS, sizeof TESTS / sizeof *TESTS, argc > 2 ? argv[2] : NULL);
}
