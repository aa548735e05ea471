/*
 * For tests only: BUNCTL_GUARD_FAULT=<point>[:count] kills the daemon when that point is reached for the count-th time.
 * Not in the binary that is shipped.
 */
#include "guard.h"

#include <stdlib.h>
#include <string.h>

#ifdef BUNCTL_FAULTS
void fault(struct guard *guard, const char *point) {
    static long seen;
    const char *asked = getenv("BUNCTL_GUARD_FAULT");
    size_t length = strlen(point);
    if (asked == NULL || strncmp(asked, point, length) != 0 || (asked[length] != '\0' && asked[length] != ':')) {
        return;
    }
    long count = asked[length] == ':' ? strtol(asked + length + 1, NULL, 10) : 1;
    if (++seen == count && guard->daemon != 0) {
        log_line("fault %s", point);
        kill(guard->daemon, SIGKILL);
    }
}
#else
/* An empty translation unit is not standard C. */
typedef int no_faults;
#endif
