/* What the kernel tells about processes: /proc/<pid>/stat (proc(5)), pidfds (pidfd_open(2), ioctl_pidfd(2)). */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STAT_SIZE = 1024 };

bool read_small_file(int folder, const char *path, char *buffer, size_t size) {
    int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    size_t used = 0;
    ssize_t got = 1;
    while (got != 0 && used < size - 1) {
        got = read(fd, buffer + used, size - 1 - used);
        if (got < 0 && errno != EINTR) {
            close(fd);
            return false;
        }
        used += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    buffer[used] = '\0';
    return true;
}

static bool stat_read(pid_t pid, char *stat, size_t size) {
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    return read_small_file(AT_FDCWD, path, stat, size);
}

static bool parse(const char *stat, pid_t pid, struct process *process) {
    /* The name may hold anything, a closing bracket too: only the last one ends it. */
    const char *after = strrchr(stat, ')');
    if (after == NULL) {
        return false;
    }
    unsigned long long start = 0;
    int fields = sscanf(after + 1, " %c %d %d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
        &process->state, &process->parent, &process->group, &process->session, &start);
    process->pid = pid;
    process->start_time = start;
    return fields == 5;
}

bool process_read(pid_t pid, struct process *process) {
    char stat[STAT_SIZE];
    return stat_read(pid, stat, sizeof stat) && parse(stat, pid, process);
}

uint64_t process_start_time(pid_t pid) {
    struct process process;
    return process_read(pid, &process) ? process.start_time : 0;
}

uint64_t boot_ticks(void) {
    static long hertz;
    struct timespec now;
    hertz = hertz == 0 ? sysconf(_SC_CLK_TCK) : hertz;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (uint64_t)now.tv_sec * (uint64_t)hertz + (uint64_t)(now.tv_nsec / (1000000000L / hertz));
}

uint64_t child_start_time(pid_t pid, uint64_t before) {
    static bool agrees; /* proc(5) and the clock, as seen once */
    bool same_tick = boot_ticks() == before;
    if (same_tick && agrees) {
        return before;
    }
    uint64_t told = process_start_time(pid);
    agrees = agrees || (same_tick && told == before);
    return told;
}

bool read_boot_id(char to[static BOOT_ID_SIZE]) {
    if (!read_small_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id", to, BOOT_ID_SIZE)) {
        return false;
    }
    to[strcspn(to, "\n")] = '\0';
    return true;
}

int open_pidfd(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* <linux/pidfd.h> of older systems does not have these. */
struct pidfd_info_1 {
    uint64_t mask;
    uint64_t cgroup_id;
    uint32_t pid, tgid, ppid;
    uint32_t ids[8];
    int32_t exit_code;
};
#define PIDFD_GET_INFO_1 _IOWR(0xFF, 11, struct pidfd_info_1)
enum { PIDFD_INFO_EXIT_BIT = 1 << 3 };

/* A status as waitpid(2) gives it. */
static void record_status(int status, struct exit_record *record) {
    *record = (struct exit_record){.at_ms = wall_ms()};
    if (WIFSIGNALED(status)) {
        record->how = EXIT_SIGNAL;
        record->value = WTERMSIG(status);
        record->core_dumped = WCOREDUMP(status) != 0;
    } else {
        record->how = EXIT_CODE;
        record->value = WEXITSTATUS(status);
    }
}

bool pidfd_exit(int pidfd, struct exit_record *record) {
    struct pidfd_info_1 info = {.mask = PIDFD_INFO_EXIT_BIT};
    if (ioctl(pidfd, PIDFD_GET_INFO_1, &info) < 0 || (info.mask & PIDFD_INFO_EXIT_BIT) == 0) {
        return false;
    }
    record_status(info.exit_code, record);
    return true;
}

/* Zero is also what the kernel tells those who may not know: that is believed of the own user's processes alone. */
static bool may_know(pid_t pid) {
    char path[32];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d", pid);
    return stat(path, &status) == 0 && status.st_uid == geteuid() && status.st_gid == getegid();
}

bool zombie_exit(pid_t pid, uint64_t start_time, struct exit_record *record) {
    char stat[STAT_SIZE];
    struct process process;
    if (!stat_read(pid, stat, sizeof stat) || !parse(stat, pid, &process) || process.start_time != start_time || process.state != 'Z') {
        return false;
    }
    const char *last = strrchr(stat, ' ');
    int code = last == NULL ? 0 : atoi(last);
    if (code == 0 && !may_know(pid)) {
        return false;
    }
    record_status(code, record);
    return true;
}
