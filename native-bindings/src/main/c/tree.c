/*
 * Everything that descends from a program. With a cgroup the kernel knows the tree; else it is found by parents and
 * session in /proc, and killed by freezing first (a stopped process cannot fork), until a look finds nothing new.
 */
#include "guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MAX_PROCESSES = 65536,
    FREEZE_ROUNDS = 32,
    CGROUP_ROUNDS = 32,
    CGROUP_DEPTH = 8,
    STRIKE_SIZE = 64,
    STRIKE_ROUNDS = 2000,
    LIST_SIZE = 16 * MAX_ENTRIES + 4096,
};

struct node {
    pid_t pid;
    pid_t parent;
    pid_t session;
    char state;
    bool inside;
};

/* One look at /proc; here and not on the stack, touched only when needed. */
static struct node nodes[MAX_PROCESSES];
static int node_count;

static void scan(void) {
    node_count = 0;
    DIR *proc = opendir("/proc");
    if (proc == NULL) {
        log_errno("/proc");
        return;
    }
    struct dirent *item;
    while (node_count < MAX_PROCESSES && (item = readdir(proc)) != NULL) {
        struct process process;
        char *end;
        long pid = strtol(item->d_name, &end, 10);
        if (*end == '\0' && pid > 0 && process_read((pid_t)pid, &process)) {
            nodes[node_count++] = (struct node){
                .pid = process.pid, .parent = process.parent, .session = process.session, .state = process.state};
        }
    }
    closedir(proc);
}

/* /proc lists processes by ascending number. */
static bool has_inside(pid_t pid) {
    int low = 0;
    int high = node_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (nodes[middle].pid < pid) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < node_count && nodes[low].pid == pid && nodes[low].inside;
}

/* Marks what belongs to the tree; children may come before their parents, so until nothing changes. */
static void mark(pid_t root, bool root_too, pid_t session) {
    bool changed = true;
    pid_t self = getpid();
    for (int i = 0; i < node_count; i++) {
        nodes[i].inside = (session > 0 && nodes[i].session == session) || (root_too && nodes[i].pid == root);
    }
    while (changed) {
        changed = false;
        for (int i = 0; i < node_count; i++) {
            struct node *node = &nodes[i];
            if (!node->inside && node->pid != self && node->pid != root
                && ((root > 0 && node->parent == root) || has_inside(node->parent))) {
                node->inside = changed = true;
            }
        }
    }
}

static bool is_dead(const struct node *node) {
    return node->state == 'Z' || node->state == 'X';
}

static int signal_marked(int signal) {
    int count = 0;
    for (int i = 0; i < node_count; i++) {
        if (nodes[i].inside && !is_dead(&nodes[i]) && (signal != SIGSTOP || nodes[i].state != 'T')) {
            count += kill(nodes[i].pid, signal) == 0;
        }
    }
    return count;
}

bool tree_kill(pid_t root, bool root_too, pid_t session) {
    for (int round = 0; round < FREEZE_ROUNDS; round++) {
        scan();
        mark(root, root_too, session);
        if (signal_marked(SIGSTOP) == 0) {
            break;
        }
    }
    return signal_marked(SIGKILL) == 0;
}

static void tree_signal(pid_t root, int signal) {
    scan();
    mark(root, true, root);
    signal_marked(signal);
}

int own_children(pid_t *pids, int most) {
    char path[64];
    static char list[LIST_SIZE];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    if (!read_small_file(AT_FDCWD, path, list, sizeof list) || strlen(list) == LIST_SIZE - 1) {
        return -1;
    }
    int count = 0;
    char *at = list;
    for (;;) {
        char *end;
        long pid = strtol(at, &end, 10);
        if (end == at) {
            return count;
        }
        if (count < most) {
            pids[count] = (pid_t)pid;
        }
        count++;
        at = end;
    }
}

bool strike_children(pid_t spared) {
    pid_t children[STRIKE_SIZE];
    for (int round = 0; round < STRIKE_ROUNDS; round++) {
        int count = own_children(children, STRIKE_SIZE);
        int seen = 0;
        for (int i = 0; i < count && i < STRIKE_SIZE; i++) {
            if (children[i] != spared) {
                kill(children[i], SIGKILL);
                (void)waitpid(children[i], NULL, WNOHANG);
                seen++;
            }
        }
        if (count < 0 || (seen == 0 && count <= STRIKE_SIZE)) {
            return count >= 0;
        }
    }
    return false;
}

/* Signals each process of the cgroup and of those below; gives how many. */
static int cgroup_signal(int parent, const char *path, int signal, int depth) {
    int count = 0;
    int folder = openat(parent, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return 0; /* gone, so empty */
    }
    int procs = openat(folder, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    FILE *list = procs < 0 ? NULL : fdopen(procs, "r");
    int pid;
    while (list != NULL && fscanf(list, "%d", &pid) == 1) {
        count += pid > 0 && kill(pid, signal) == 0;
    }
    if (list != NULL) {
        fclose(list);
    }
    DIR *items = fdopendir(folder);
    struct dirent *item;
    while (items != NULL && depth < CGROUP_DEPTH && (item = readdir(items)) != NULL) {
        if (item->d_type == DT_DIR && item->d_name[0] != '.') {
            count += cgroup_signal(folder, item->d_name, signal, depth + 1);
        }
    }
    if (items != NULL) {
        closedir(items);
    } else {
        close(folder);
    }
    return count;
}

static void cgroup_kill(const char *path) {
    char file[MAX_PATH + 32];
    snprintf(file, sizeof file, "%s/cgroup.kill", path);
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t written = write(fd, "1", 1);
        close(fd);
        if (written == 1) {
            return;
        }
    }
    /* Before Linux 5.14. */
    for (int round = 0; round < CGROUP_ROUNDS && cgroup_signal(AT_FDCWD, path, SIGKILL, 0) > 0; round++) {
    }
}

static bool keeper_lives(const struct entry *entry) {
    return entry->keeper != 0 && process_start_time(entry->keeper) == entry->keeper_start;
}

static bool still_there(const struct entry *entry) {
    return !entry->foreign || process_start_time(entry->pid) == entry->start_time;
}

static void signal_tree(struct entry *entry, int signal) {
    if (signal == SIGKILL && keeper_lives(entry)) {
        kill(entry->keeper, SIGTERM);
    }
    if (entry->cgroup != NULL && signal == SIGKILL) {
        cgroup_kill(entry->cgroup);
    } else if (entry->cgroup != NULL) {
        cgroup_signal(AT_FDCWD, entry->cgroup, signal, 0);
    } else if (signal != SIGKILL) {
        tree_signal(entry->pid, signal);
    } else if (!keeper_lives(entry)) {
        tree_kill(entry->pid, true, entry->pid);
    }
}

void entry_signal(struct guard *guard, struct entry *entry, int signal, enum scope scope) {
    (void)guard;
    if (entry->state == OVER) {
        if (scope == SCOPE_TREE && signal == SIGKILL && entry->cgroup != NULL) {
            cgroup_kill(entry->cgroup);
        }
        return; /* pid and group may belong to others by now; its tree was ended with it */
    }
    if (entry->pid == 0 || !still_there(entry)) {
        return;
    }
    if (scope == SCOPE_TREE) {
        signal_tree(entry, signal);
    } else if (scope == SCOPE_PROCESS || kill(-entry->pid, signal) < 0) {
        /* A child that has not yet made its session has no group of its own. */
        kill(entry->pid, signal);
    }
}

/* Whether this process has a child that is no entry's: perhaps an orphan of the program that has just ended. */
static bool has_orphans(struct guard *guard, const struct entry *entry) {
    static pid_t children[MAX_ENTRIES];
    int count = own_children(children, MAX_ENTRIES);
    if (count < 0 || count > MAX_ENTRIES) {
        return true;
    }
    for (int i = 0; i < count; i++) {
        if (children[i] != entry->pid && children[i] != guard->daemon && children[i] != guard->candidate && entry_by_pid(guard, children[i]) == NULL
            && entry_by_keeper(guard, children[i]) == NULL) {
            return true;
        }
    }
    return false;
}

void tree_finish(struct guard *guard, const struct entry *entry) {
    if (entry->cgroup != NULL) {
        cgroup_kill(entry->cgroup);
    } else if (entry->keeper == 0 && !entry->foreign && has_orphans(guard, entry)) {
        tree_kill(0, false, entry->pid);
    }
}
