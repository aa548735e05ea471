/*
 * Decodes a spawn plan: two passes, the first to count, so that one block holds every string and both vectors.
 * This is what a fuzzer is pointed at (src/test/c/fuzz_plan.c).
 */
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct field {
    uint16_t tag;
    uint16_t flags;
    struct reader bytes;
    uint32_t length;
};

/* What a decode needs beside the plan. */
struct decoding {
    struct plan *plan;
    struct plan_error *error;
    char *free_bytes; /* where the next string goes; the block was sized for all of them */
    uint32_t arguments;
    uint32_t environment;
    uint32_t seen; /* one bit a tag */
};

static bool fail(struct plan_error *error, int number, const char *detail) {
    error->number = number;
    snprintf(error->detail, sizeof error->detail, "%s", detail);
    return false;
}

static struct field next_field(struct reader *in) {
    struct field field = {.tag = get_u16(in), .flags = get_u16(in), .length = get_u32(in)};
    if (in->bad || (size_t)(in->end - in->at) < field.length) {
        in->bad = true;
        field.length = 0;
    }
    field.bytes = reader_of(in->at, field.length);
    in->at += field.length;
    return field;
}

static char *copy_string(struct decoding *to, const struct field *field) {
    char *string = to->free_bytes;
    if (field->length > 0) {
        memcpy(string, field->bytes.at, field->length);
    }
    string[field->length] = '\0';
    to->free_bytes += field->length + 1;
    return string;
}

static bool is_string(const struct field *field) {
    return field->length == 0 || memchr(field->bytes.at, 0, field->length) == NULL;
}

static bool is_absolute(const struct field *field) {
    return is_string(field) && field->length > 0 && field->length <= MAX_PATH && field->bytes.at[0] == '/';
}

static bool is_assignment(const struct field *field) {
    return is_string(field) && field->length > 1 && field->bytes.at[0] != '=' && memchr(field->bytes.at, '=', field->length) != NULL;
}

static bool take_limit(struct plan *plan, struct reader *in) {
    uint32_t resource = get_u32(in);
    uint64_t soft = get_u64(in);
    uint64_t hard = get_u64(in);
    if (plan->limit_count == MAX_LIMITS || resource >= RLIM_NLIMITS || (soft > hard && hard != KEEP_HARD)) {
        return false;
    }
    plan->limits[plan->limit_count++] = (struct plan_limit){.resource = resource, .limit = {.rlim_cur = soft, .rlim_max = hard}};
    return true;
}

static bool take_groups(struct plan *plan, const struct field *field) {
    if (field->length % 4 != 0 || field->length / 4 > MAX_GROUPS) {
        return false;
    }
    struct reader in = field->bytes;
    for (plan->group_count = 0; plan->group_count < field->length / 4; plan->group_count++) {
        plan->groups[plan->group_count] = get_u32(&in);
    }
    return plan->has_groups = true;
}

static bool take_path(struct decoding *to, const struct field *field, char **path) {
    if (!is_absolute(field)) {
        return false;
    }
    *path = copy_string(to, field);
    return true;
}

static bool in_range(int32_t value, int32_t least, int32_t most) {
    return value >= least && value <= most;
}

/* Takes one field in; false when its bytes are not what its tag asks for. */
static bool take_field(struct decoding *to, struct field *field) {
    struct plan *plan = to->plan;
    struct reader *in = &field->bytes;
    uint32_t number;
    switch ((enum plan_tag)field->tag) {
    case TAG_EXECUTABLE:
        return take_path(to, field, &plan->executable);
    case TAG_ARGUMENT:
        return is_string(field) && (plan->arguments[to->arguments++] = copy_string(to, field)) != NULL;
    case TAG_ENVIRONMENT:
        return is_assignment(field) && (plan->environment[to->environment++] = copy_string(to, field)) != NULL;
    case TAG_DIRECTORY:
        return take_path(to, field, &plan->directory);
    case TAG_UMASK:
        plan->umask = get_u32(in);
        plan->has_umask = true;
        return reader_done(in) && plan->umask <= 0777;
    case TAG_LIMIT:
        return take_limit(plan, in) && reader_done(in);
    case TAG_USER:
        plan->user = get_u32(in);
        plan->has_user = true;
        return reader_done(in) && plan->user != UINT32_MAX;
    case TAG_GROUP:
        plan->group = get_u32(in);
        plan->has_group = true;
        return reader_done(in) && plan->group != UINT32_MAX;
    case TAG_GROUPS:
        return take_groups(plan, field);
    case TAG_NO_NEW_PRIVILEGES:
        plan->no_new_privileges = true;
        return field->length == 0;
    case TAG_CAPABILITIES:
        plan->capabilities = get_u64(in);
        plan->has_capabilities = true;
        return reader_done(in);
    case TAG_NICENESS:
        plan->niceness = get_i32(in);
        plan->has_niceness = true;
        return reader_done(in) && in_range(plan->niceness, -20, 19);
    case TAG_OOM_SCORE:
        plan->oom_score = get_i32(in);
        plan->has_oom_score = true;
        return reader_done(in) && in_range(plan->oom_score, -1000, 1000);
    case TAG_CGROUP:
        return take_path(to, field, &plan->cgroup);
    case TAG_OUTPUT:
        number = get_u32(in);
        plan->output = number == 1;
        return reader_done(in) && number <= 1;
    case TAG_KEEPER:
        plan->keeper = true;
        return field->length == 0;
    case TAG_END:
        break;
    }
    return false;
}

static bool may_repeat(uint16_t tag) {
    return tag == TAG_ARGUMENT || tag == TAG_ENVIRONMENT || tag == TAG_LIMIT;
}

static bool take_known(struct decoding *to, struct field *field) {
    char detail[MAX_DETAIL];
    if ((to->seen & 1u << field->tag) != 0 && !may_repeat(field->tag)) {
        snprintf(detail, sizeof detail, "field %u is given twice", field->tag);
        return fail(to->error, EINVAL, detail);
    }
    to->seen |= 1u << field->tag;
    if (!take_field(to, field)) {
        snprintf(detail, sizeof detail, "field %u is not valid", field->tag);
        return fail(to->error, EINVAL, detail);
    }
    return true;
}

static bool take_fields(struct decoding *to, struct reader in, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        struct field field = next_field(&in);
        bool known = field.tag >= TAG_EXECUTABLE && field.tag < TAG_END;
        if (known && !take_known(to, &field)) {
            return false;
        }
        if (!known && (field.flags & FLAG_CRITICAL) != 0) {
            char detail[MAX_DETAIL];
            snprintf(detail, sizeof detail, "field %u is not known to this guard", field.tag);
            return fail(to->error, EOPNOTSUPP, detail);
        }
    }
    if (to->plan->executable == NULL || to->plan->directory == NULL || to->arguments == 0) {
        return fail(to->error, EINVAL, "executable, directory and an argument are required");
    }
    return true;
}

/* Room for the vectors, then for all strings with their ends. */
static bool allocate(struct decoding *to, const struct reader *fields, uint32_t count) {
    struct reader in = *fields;
    size_t bytes = 0;
    size_t pointers = 2;
    for (uint32_t i = 0; i < count; i++) {
        struct field field = next_field(&in);
        pointers += field.tag == TAG_ARGUMENT || field.tag == TAG_ENVIRONMENT;
        bytes += field.length + 1;
    }
    if (!reader_done(&in)) {
        return fail(to->error, EINVAL, "the list of fields is malformed");
    }
    size_t arguments = 1;
    in = *fields;
    for (uint32_t i = 0; i < count; i++) {
        arguments += next_field(&in).tag == TAG_ARGUMENT;
    }
    char **block = calloc(1, pointers * sizeof(char *) + bytes);
    if (block == NULL) {
        return fail(to->error, ENOMEM, "out of memory");
    }
    to->plan->block = block;
    to->plan->arguments = block;
    to->plan->environment = block + arguments;
    to->free_bytes = (char *)(block + pointers);
    return true;
}

bool plan_decode(struct reader *in, struct plan *plan, struct plan_error *error) {
    memset(plan, 0, sizeof *plan);
    plan->output = true;
    uint32_t count = get_u32(in);
    if (in->bad || count > (size_t)(in->end - in->at) / FIELD_HEADER_SIZE) {
        return fail(error, EINVAL, "the list of fields is malformed");
    }
    struct decoding decoding = {.plan = plan, .error = error};
    if (!allocate(&decoding, in, count)) {
        return false;
    }
    if (!take_fields(&decoding, *in, count)) {
        plan_release(plan);
        return false;
    }
    in->at = in->end;
    return true;
}

void plan_release(struct plan *plan) {
    free(plan->block);
    plan->block = NULL;
}
