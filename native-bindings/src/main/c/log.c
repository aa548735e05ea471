/* One line a message on standard error, which is the daemon's log when the guard is in the background. */
#include "guard.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LINE = 1024 };

void log_line(const char *format, ...) {
    char line[MAX_LINE];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t used = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &utc);
    used += (size_t)snprintf(line + used, sizeof line - used, ".%03ldZ guard: ", now.tv_nsec / 1000000);
    va_list arguments;
    va_start(arguments, format);
    int text = vsnprintf(line + used, sizeof line - used - 1, format, arguments);
    va_end(arguments);
    used += text < 0 ? 0 : (size_t)text;
    if (used > sizeof line - 2) {
        used = sizeof line - 2;
    }
    line[used++] = '\n';
    /* A full disk or a closed terminal must not end the guard: there is nowhere left to say so. */
    ssize_t written = write(STDERR_FILENO, line, used);
    (void)written;
}

void log_errno(const char *what) {
    int number = errno;
    log_line("%s: %s", what, strerror(number));
    errno = number;
}

_Noreturn void die(const char *what, const char *detail) {
    if (errno != 0) {
        fprintf(stderr, "bunctl-guard: %s %s: %s\n", what, detail, strerror(errno));
    } else {
        fprintf(stderr, "bunctl-guard: %s %s\n", what, detail);
    }
    exit(1);
}

int64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
