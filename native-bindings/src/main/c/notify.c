/*
 * The service manager's protocol (sd_notify(3)): datagrams to $NOTIFY_SOCKET. The guard is the main process, so it
 * says READY when the daemon does, and feeds the watchdog only when the daemon has answered it.
 */
#include "guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void notify(const char *text) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = path == NULL ? 0 : strlen(path);
    if (length < 2 || length >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@')) {
        return;
    }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') {
        address.sun_path[0] = '\0'; /* the abstract name space (unix(7)) */
    }
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (path[0] == '/'));
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&address, size) < 0) {
        log_errno("cannot notify the service manager");
    }
    if (fd >= 0) {
        close(fd);
    }
}

void notify_ready(const struct guard *guard) {
    char text[64];
    if (!guard->embedded) {
        snprintf(text, sizeof text, "READY=1\nMAINPID=%d", getpid());
        notify(text);
    }
}

void notify_stopping(void) {
    notify("STOPPING=1");
}

void notify_reloading(void) {
    char text[64];
    snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)monotonic_ms() * 1000);
    notify(text);
}

void notify_alive(void) {
    if (getenv("WATCHDOG_USEC") != NULL) {
        notify("WATCHDOG=1");
    }
}

int64_t notify_interval_ms(void) {
    const char *microseconds = getenv("WATCHDOG_USEC");
    long long value = microseconds == NULL ? 0 : atoll(microseconds);
    /* Three times within its limit. */
    return value > 0 ? value / 3000 : INT64_MAX;
}
