/*
 * One guard a home.
 *
 * The lock file carries two open-file-description locks (fcntl(2)): byte 0 for the life of a guard, byte 1 while one
 * comes up or goes down. Who wants to start takes byte 1 first, waiting: so when it finds byte 0 taken, that guard
 * listens already, and a guard that is about to end is waited for.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>

enum { DYING_MS = 5000, DYING_PAUSE_NS = 5 * 1000 * 1000 };
enum { SETUP_BYTE = 1 };

bool take_lock(const struct guard *guard, off_t byte, int command, short type) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    int result;
    do {
        result = fcntl(guard->lock, command, &lock);
    } while (result < 0 && errno == EINTR);
    return result == 0;
}

void setup_lock(struct guard *guard, bool take) {
    if (!take_lock(guard, SETUP_BYTE, take ? F_OFD_SETLKW : F_OFD_SETLK, take ? F_WRLCK : F_UNLCK)) {
        log_errno("run/lock");
    }
}

/* The guard before may have closed its control socket and not yet its lock: a process that is killed lets go bit by bit. */
static bool take_life(const struct guard *guard, bool after_another) {
    const struct timespec pause = {.tv_nsec = DYING_PAUSE_NS};
    int64_t until = monotonic_ms() + (after_another ? DYING_MS : 0);
    while (!take_lock(guard, LIFE_BYTE, F_OFD_SETLK, F_WRLCK)) {
        if ((errno != EAGAIN && errno != EACCES) || monotonic_ms() >= until) {
            return false;
        }
        nanosleep(&pause, NULL);
    }
    return true;
}

void lock_take(struct guard *guard, bool after_another) {
    guard->lock = openat(guard->run, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (guard->lock < 0 || !take_lock(guard, SETUP_BYTE, F_OFD_SETLKW, F_WRLCK)) {
        die("cannot lock", "run/lock");
    }
    if (!take_life(guard, after_another)) {
        if (errno != EAGAIN && errno != EACCES) {
            die("cannot lock", "run/lock");
        }
        fprintf(stderr, "bunctl-guard: another guard runs in %s\n", guard->home);
        exit(EXIT_LOCKED);
    }
}
