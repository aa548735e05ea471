/*
 * The home: its folders, its socket, and what is done when somebody deletes them under a running guard. They are made
 * anew; a daemon that was started with the socket that is gone is replaced, so that clients reach the next one.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024, RESTORE_MS = 1000, RUN_PATH = MAX_HOME + 8 };

static const char SOCKET_NAME[] = "bunctl.sock";

/* NULL when it is there, ours and closed to others; else what failed, with errno, 0 when it is no call that failed. */
static const char *make_folder(const char *path, gid_t readers) {
    bool shared = readers != (gid_t)-1;
    struct stat status;
    if (mkdir(path, 0700) < 0 && errno != EEXIST) {
        return "cannot make";
    }
    if (stat(path, &status) < 0) {
        return "cannot read";
    }
    errno = 0;
    if (!S_ISDIR(status.st_mode)) {
        return "not a folder:";
    }
    if (status.st_uid != geteuid()) {
        return "belongs to another user:";
    }
    /* A group may pass through, to the socket, and read nothing on the way. */
    if ((shared && chown(path, (uid_t)-1, readers) < 0)
        || ((status.st_mode & 077) != (shared ? 010 : 0) && chmod(path, shared ? 0710 : 0700) < 0)) {
        return "cannot protect";
    }
    return NULL;
}

bool home_readers(struct guard *guard) {
    const char *wanted = getenv("BUNCTL_SOCKET_GROUP");
    char line[1024];
    char *end;
    guard->readers = (gid_t)-1;
    if (wanted == NULL || wanted[0] == '\0') {
        return true;
    }
    unsigned long number = strtoul(wanted, &end, 10);
    if (*end == '\0') {
        guard->readers = (gid_t)number;
        return number < (gid_t)-1;
    }
    /* Not getgrnam(3), which a static program has not: group(5) itself. */
    FILE *groups = fopen("/etc/group", "re");
    size_t length = strlen(wanted);
    while (groups != NULL && fgets(line, sizeof line, groups) != NULL) {
        char *id = strncmp(line, wanted, length) == 0 && line[length] == ':' ? strchr(line + length + 1, ':') : NULL;
        if (id != NULL) {
            guard->readers = (gid_t)strtoul(id + 1, NULL, 10);
            break;
        }
    }
    if (groups != NULL) {
        fclose(groups);
    }
    return guard->readers != (gid_t)-1;
}

static void run_path(const struct guard *guard, char path[static RUN_PATH]) {
    snprintf(path, RUN_PATH, "%s/run", guard->home);
}

const char *home_open(struct guard *guard) {
    char run[RUN_PATH];
    run_path(guard, run);
    const char *failed = make_folder(guard->home, guard->readers);
    if (failed == NULL) {
        failed = make_folder(run, guard->readers);
    }
    if (failed != NULL) {
        return failed;
    }
    guard->run = open(run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return guard->run < 0 ? "cannot open" : NULL;
}

static bool open_to_readers(const struct guard *guard) {
    return guard->readers == (gid_t)-1
        || (fchownat(guard->run, "bunctl.sock.tmp", (uid_t)-1, guard->readers, AT_SYMLINK_NOFOLLOW) == 0
            && fchmodat(guard->run, "bunctl.sock.tmp", 0660, 0) == 0);
}

/* Through the folder's descriptor, since a home may be longer than a socket address; renamed once it listens. */
int home_listen(struct guard *guard) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/bunctl.sock.tmp", guard->run);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)unlinkat(guard->run, "bunctl.sock.tmp", 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0
        && fchmodat(guard->run, "bunctl.sock.tmp", 0600, 0) == 0 && open_to_readers(guard) && listen(fd, BACKLOG) == 0
        && renameat(guard->run, "bunctl.sock.tmp", guard->run, SOCKET_NAME) == 0) {
        return fd;
    }
    int number = errno;
    if (fd >= 0) {
        close(fd);
    }
    errno = number;
    return NO_DESCRIPTOR;
}

void home_write_pid(struct guard *guard) {
    char text[16];
    int length = snprintf(text, sizeof text, "%d\n", getpid());
    if (ftruncate(guard->lock, 0) < 0 || pwrite(guard->lock, text, (size_t)length, 0) != length) {
        log_errno("run/lock");
    }
}

static bool same_file(const struct stat *one, const struct stat *other) {
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* Whether run/ is still the folder that is held open, and the lock in it the one that is held: else another guard could take it. */
static bool folder_is_there(const struct guard *guard) {
    char run[RUN_PATH];
    struct stat held, named, held_lock, named_lock;
    run_path(guard, run);
    return fstat(guard->run, &held) == 0 && stat(run, &named) == 0 && same_file(&held, &named)
        && fstat(guard->lock, &held_lock) == 0 && fstatat(guard->run, "lock", &named_lock, AT_SYMLINK_NOFOLLOW) == 0
        && same_file(&held_lock, &named_lock);
}

static bool socket_is_there(const struct guard *guard) {
    struct stat status;
    return fstatat(guard->run, SOCKET_NAME, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISSOCK(status.st_mode);
}

/* What was spilled into the folder that is gone is gone; the pipes are still open. */
static void rewrite_handles(struct guard *guard) {
    for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
        entry->out.spilled = entry->err.spilled = 0;
        if (entry->pid != 0) {
            handle_keep(guard, entry);
        }
    }
}

/* The same descriptors, of the new folder and the new lock file. False: not now, or it is another guard's by now. */
static bool restore_folder(struct guard *guard) {
    struct guard fresh = {.lock = NO_DESCRIPTOR, .run = NO_DESCRIPTOR, .readers = guard->readers};
    memcpy(fresh.home, guard->home, sizeof fresh.home);
    const char *failed = home_open(&fresh);
    if (failed != NULL) {
        log_errno(failed);
        return false;
    }
    fresh.lock = openat(fresh.run, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool done = fresh.lock >= 0 && take_lock(&fresh, LIFE_BYTE, F_OFD_SETLK, F_WRLCK)
        && dup3(fresh.run, guard->run, O_CLOEXEC) >= 0 && dup3(fresh.lock, guard->lock, O_CLOEXEC) >= 0;
    if (!done) {
        log_errno("cannot take the home that was made anew");
    }
    close(fresh.run);
    if (fresh.lock >= 0) {
        close(fresh.lock);
    }
    if (done) {
        home_write_pid(guard);
        rewrite_handles(guard);
    }
    return done;
}

static bool restore_socket(struct guard *guard) {
    int fd = home_listen(guard);
    if (fd < 0) {
        log_errno("cannot listen on run/bunctl.sock");
        return false;
    }
    bool answering = guard->answering;
    drop(guard, &guard->listening);
    guard->listening.fd = fd;
    guard->answering = answering && watch(guard, &guard->listening, EPOLLIN);
    if (guard->greeted) {
        send_request(guard, REQUEST_REPLACE_DAEMON);
    } else {
        daemon_kill(guard, "has a socket that was deleted");
    }
    return true;
}

void home_restore(struct guard *guard) {
    bool folder = folder_is_there(guard);
    if (guard->finished || guard->ending || (folder && socket_is_there(guard))) {
        return;
    }
    log_line("%s was deleted, it is made anew", folder ? "run/bunctl.sock" : "the home");
    if ((folder || restore_folder(guard)) && restore_socket(guard)) {
        drop(guard, &guard->folder);
        home_watch(guard);
    } else {
        guard->restore_at = monotonic_ms() + RESTORE_MS;
    }
}

static void folder_ready(struct guard *guard, struct source *source) {
    _Alignas(struct inotify_event) char bytes[4096];
    /* What happened is looked up, so what the events say does not matter. */
    while (read(source->fd, bytes, sizeof bytes) > 0) {
    }
    home_restore(guard);
}

static bool watch_file(const struct guard *guard, const char *name, uint32_t events) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d/%s", guard->run, name);
    return inotify_add_watch(guard->folder.fd, path, events) >= 0;
}

/*
 * The socket and the lock themselves, whose deletion is a change of their link count: a watch for what is deleted from run/
 * would wake the guard at each start and exit of an app.
 */
void home_watch(struct guard *guard) {
    const uint32_t itself = IN_DELETE_SELF | IN_MOVE_SELF;
    guard->folder = (struct source){.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), .ready = folder_ready};
    if (guard->folder.fd < 0 || !watch_file(guard, ".", itself) || !watch_file(guard, SOCKET_NAME, itself | IN_ATTRIB)
        || !watch_file(guard, "lock", itself | IN_ATTRIB) || inotify_add_watch(guard->folder.fd, guard->home, itself) < 0
        || !watch(guard, &guard->folder, EPOLLIN)) {
        log_errno("a deleted socket will not be noticed");
        drop(guard, &guard->folder);
    }
}
