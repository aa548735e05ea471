/*
 * libFuzzer target for the plan decoder: mvn -Pfuzz -pl native-bindings test (clang with compiler-rt needed).
 * Whatever comes, the decoder stays inside the packet, and what it accepts keeps its promises.
 */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

static size_t length_of(char *const *vector) {
    size_t length = 0;
    while (vector[length] != NULL) {
        length += strlen(vector[length]) + 1 > 0; /* reads every byte of it */
    }
    return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static struct plan plan;
    struct plan_error error;
    struct key key;
    struct reader in = reader_of(bytes, size > MAX_PACKET ? MAX_PACKET : size);
    get_key(&in, &key);
    if (in.bad) {
        in = reader_of(bytes, size); /* most inputs would end here: take them as a plan alone */
    }
    if (!plan_decode(&in, &plan, &error)) {
        return 0;
    }
    if (plan.executable[0] != '/' || plan.directory[0] != '/' || length_of(plan.arguments) == 0
        || plan.limit_count > MAX_LIMITS || plan.group_count > MAX_GROUPS || plan.umask > 0777) {
        abort();
    }
    (void)length_of(plan.environment);
    plan_release(&plan);
    return 0;
}
