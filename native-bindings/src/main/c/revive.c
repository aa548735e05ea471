/*
 * When guard and daemon were killed together, programs run on and nobody is there to say so. The next client starts both
 * again, in a home where handles of this boot are left: a guard that ends by itself leaves none.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ROUNDS = 50, /* a service manager that is about to start the guard anew comes first */
    ROUND_NS = 20 * 1000 * 1000,
    NOT_STARTED = -1,
};

static const char SOCKET[] = "/run/bunctl.sock";
static const char DAEMON[] = "/bunctld"; /* beside the guard */
static const char RUN_MARK[] = "ephemeral"; /* a run's home is not to be served again */

/* The home of a socket. False: it lies elsewhere. */
static bool home_of(const char *socket, char home[static MAX_HOME + 1]) {
    size_t length = strlen(socket);
    size_t tail = sizeof SOCKET - 1;
    if (length <= tail || length - tail > MAX_HOME || strcmp(socket + length - tail, SOCKET) != 0) {
        return false;
    }
    memcpy(home, socket, length - tail);
    home[length - tail] = '\0';
    return true;
}

static bool is_abandoned(const char *home) {
    int folder = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int run = folder < 0 ? -1 : openat(folder, "run", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool abandoned = run >= 0 && faccessat(folder, RUN_MARK, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && handles_left(run);
    if (run >= 0) {
        close(run);
    }
    if (folder >= 0) {
        close(folder);
    }
    return abandoned;
}

static bool comes_back(const char *socket) {
    const struct timespec pause = {.tv_nsec = ROUND_NS};
    for (int round = 0; round < ROUNDS; round++) {
        int link = connected(socket);
        if (link >= 0) {
            close(link);
            return true;
        }
        nanosleep(&pause, NULL);
    }
    return false;
}

/* The guard's exit code: 0 when it has gone into the background, EXIT_LOCKED when another has come first. */
static int start_guard(const char *home) {
    char guard[MAX_PATH + 1];
    char daemon[MAX_PATH + sizeof DAEMON];
    ssize_t length = readlink("/proc/self/exe", guard, MAX_PATH);
    if (length <= 0) {
        return NOT_STARTED;
    }
    guard[length] = '\0';
    snprintf(daemon, sizeof daemon, "%.*s%s", (int)(strrchr(guard, '/') - guard), guard, DAEMON);
    pid_t pid = fork();
    if (pid == 0) {
        execl(guard, guard, "--home", home, "--daemon", daemon, (char *)NULL);
        _exit(CHILD_FAILED);
    }
    int status;
    pid_t ended;
    do {
        ended = pid < 0 ? -1 : waitpid(pid, &status, 0);
    } while (ended < 0 && pid > 0 && errno == EINTR);
    return ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : NOT_STARTED;
}

bool revive(const char *socket) {
    char home[MAX_HOME + 1];
    if (!home_of(socket, home) || !is_abandoned(home)) {
        return false;
    }
    if (comes_back(socket)) {
        return true;
    }
    int code = start_guard(home);
    if (code == 0) {
        fprintf(stderr, "bunctl: guard and daemon were gone and are started again; apps ran on\n");
    }
    return code == 0 || code == EXIT_LOCKED;
}
