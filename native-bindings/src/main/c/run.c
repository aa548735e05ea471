/*
 * The guard of `bunctl run`: it stays in the foreground, as PID 1 of a container for example, with a home that lives no
 * longer than it does. A client, the runner, tells the daemon what to start; its failure is the guard's, and afterwards
 * the guard ends with the code that the daemon ends with.
 */
#include "guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char RUN_SETTING[] = "BUNCTL_RUN"; /* for runner and daemon */
static const char MARK[] = "ephemeral"; /* in the home: it belongs to a run */
static const int FORWARDED[] = {SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

bool run_make_home(struct guard *guard) {
    const char *const places[] = {getenv("XDG_RUNTIME_DIR"), "/run", "/dev/shm", getenv("TMPDIR"), "/tmp"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *place = places[i];
        if (place == NULL || place[0] != '/') {
            continue;
        }
        int length = snprintf(guard->home, sizeof guard->home, "%s/bunctl-XXXXXX", place);
        if (length > 0 && (size_t)length < MAX_EPHEMERAL_HOME && mkdtemp(guard->home) != NULL) {
            return true;
        }
    }
    return false;
}

static void remove_tree(int folder, const char *name);

static bool is_itself_or_above(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Takes the descriptor. */
static void remove_contents(int folder) {
    DIR *items = fdopendir(folder);
    struct dirent *item;
    if (items == NULL) {
        log_errno("a folder of the run");
        close(folder);
        return;
    }
    while ((item = readdir(items)) != NULL) {
        if (!is_itself_or_above(item->d_name)) {
            remove_tree(dirfd(items), item->d_name);
        }
    }
    closedir(items);
}

/* Whatever it is, links themselves included; what cannot be removed stays, and is said. */
static void remove_tree(int folder, const char *name) {
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT) {
        return;
    }
    int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inner >= 0) {
        remove_contents(inner);
    }
    if (unlinkat(folder, name, AT_REMOVEDIR) < 0) {
        log_errno(name);
    }
}

static int open_home(const struct guard *guard) {
    return open(guard->home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool contains(int home, const char *name) {
    return faccessat(home, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* But for what this guard has made itself. */
static bool is_empty(int home) {
    int again = openat(home, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *items = again < 0 ? NULL : fdopendir(again);
    struct dirent *item;
    bool empty = items != NULL;
    while (empty && (item = readdir(items)) != NULL) {
        empty = is_itself_or_above(item->d_name) || strcmp(item->d_name, "run") == 0;
    }
    if (items != NULL) {
        closedir(items);
    }
    return empty;
}

static const char *take_home(const struct guard *guard, int home) {
    if (!contains(home, MARK)) {
        if (!is_empty(home)) {
            errno = 0;
            return "a run keeps nothing, so its home must be empty:";
        }
        int mark = openat(home, MARK, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (mark < 0) {
            return "cannot write in";
        }
        close(mark);
    } else if (!guard->abandoned) {
        remove_tree(home, "state"); /* of a run that was killed */
    }
    return NULL;
}

/* Another guard's home is left alone; one that a killed run has left becomes an ordinary one again. */
static void give_back(int home) {
    if (contains(home, MARK)) {
        remove_tree(home, "state");
        remove_tree(home, MARK);
    }
}

const char *run_claim(struct guard *guard, bool after_another) {
    int home = open_home(guard);
    const char *failed = NULL;
    if (home < 0) {
        return "cannot open";
    }
    /* The run itself was killed, and its daemon has started this guard: all that is left to do is to end what runs. */
    guard->abandoned = !guard->ephemeral && after_another && contains(home, MARK);
    if (guard->abandoned) {
        guard->ephemeral = guard->pending_terminate = true;
    }
    if (guard->ephemeral) {
        failed = take_home(guard, home);
    } else {
        give_back(home);
    }
    int number = errno;
    close(home);
    errno = number;
    return failed;
}

void run_remove_home(const struct guard *guard) {
    int home = open_home(guard);
    if (home < 0) {
        return;
    }
    remove_contents(home);
    if (rmdir(guard->home) < 0) {
        log_errno(guard->home); /* a mount point, for example */
    }
}

bool run_announce(void) {
    return setenv(RUN_SETTING, "1", 1) == 0;
}

/* It passes on to apps what the caller had, so it gets that. */
static _Noreturn void runner_exec(const struct guard *guard, char *const *arguments) {
    sigset_t none;
    sigemptyset(&none);
    default_signals();
    sigprocmask(SIG_SETMASK, &none, NULL);
    umask(guard->mask);
    if (setrlimit(RLIMIT_NOFILE, &guard->files) < 0) {
        log_errno("cannot restore the limit of open files");
    }
    unsetenv(FIRST_SOFT_LIMIT);
    close_from(STDERR_FILENO + 1);
    execv(arguments[0], arguments);
    log_errno(arguments[0]);
    _exit(CHILD_FAILED);
}

bool runner_start(struct guard *guard, char *const *arguments) {
    pid_t pid = fork();
    if (pid == 0) {
        runner_exec(guard, arguments);
    }
    guard->runner = pid > 0 ? pid : 0;
    return pid > 0;
}

void runner_exited(struct guard *guard, int status) {
    guard->runner = 0;
    if (status == 0 || guard->pending_terminate) {
        return;
    }
    guard->exit_code = status;
    if (guard->entries == NULL) {
        kill_everything(guard); /* nothing was started: nobody need wait for the daemon */
    } else {
        terminate_asked(guard);
    }
}

bool run_forward(struct guard *guard, int signal) {
    for (size_t i = 0; i < sizeof FORWARDED / sizeof *FORWARDED; i++) {
        if (guard->ephemeral && FORWARDED[i] == signal) {
            for (struct entry *entry = guard->entries; entry != NULL; entry = entry->next) {
                if (entry->state == RUNNING) {
                    entry_signal(guard, entry, signal, SCOPE_PROCESS);
                }
            }
            return true;
        }
    }
    return false;
}
