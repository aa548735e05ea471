/*
 * A program to be guarded; its first argument says what it does. It needs no shell and no files.
 *
 * exit N | signal N | sleep | print TEXT (then sleeps) | last TEXT (prints, ends) | report (what it was given, ends)
 * flood BYTES (writes so many, in lines, then says how many on standard error, ends) | stubborn (ignores TERM and INT)
 * tree (sleepers: a child, one in a session of its own, one forked twice; prints their pids, then sleeps)
 * orphans (the same, then ends with code 5)
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void sleep_on(void) {
    for (;;) {
        pause();
    }
}

static void child(const char *kind, int ready) {
    pid_t pid = fork();
    if (pid != 0) {
        return;
    }
    if (kind[0] != 'c') {
        setsid();
    }
    if (kind[0] == 'd' && fork() != 0) {
        _exit(0);
    }
    dprintf(STDOUT_FILENO, "%s %d\n", kind, getpid());
    ssize_t told = write(ready, "r", 1);
    (void)told;
    close(ready);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    sleep_on();
}

static void grow_tree(void) {
    int ends[2];
    char byte;
    if (pipe(ends) < 0) {
        exit(99);
    }
    child("child", ends[1]);
    child("session", ends[1]);
    child("double", ends[1]);
    close(ends[1]);
    for (int i = 0; i < 3; i++) {
        if (read(ends[0], &byte, 1) != 1) {
            exit(98);
        }
    }
    close(ends[0]);
    dprintf(STDOUT_FILENO, "grown\n");
}

static void flood(long bytes) {
    char line[64];
    long done = 0;
    for (long i = 0; done < bytes; i++) {
        int length = snprintf(line, sizeof line, "line %08ld ÄÖÜ\n", i);
        for (int at = 0; at < length;) {
            ssize_t written = write(STDOUT_FILENO, line + at, (size_t)(length - at));
            if (written < 0) {
                exit(97);
            }
            at += (int)written;
        }
        done += length;
    }
    dprintf(STDERR_FILENO, "%ld\n", done);
}

static void report_status(void) {
    static const char *const WANTED[] = {"Uid:", "Gid:", "Groups:", "SigBlk:", "SigIgn:", "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:"};
    char line[512];
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        for (size_t i = 0; i < sizeof WANTED / sizeof *WANTED; i++) {
            if (strncmp(line, WANTED[i], strlen(WANTED[i])) == 0) {
                fputs(line, stdout);
            }
        }
    }
    if (status != NULL) {
        fclose(status);
    }
}

static void report_descriptors(void) {
    char path[300];
    char target[300];
    DIR *items = opendir("/proc/self/fd");
    struct dirent *item;
    int count = 0;
    while (items != NULL && (item = readdir(items)) != NULL) {
        snprintf(path, sizeof path, "/proc/self/fd/%s", item->d_name);
        ssize_t length = readlink(path, target, sizeof target - 1);
        if (length > 0 && atoi(item->d_name) != dirfd(items)) {
            count++;
        }
    }
    printf("descriptors %d\n", count);
    if (items != NULL) {
        closedir(items);
    }
}

static void report_file(const char *name, const char *path) {
    char text[512] = "";
    FILE *file = fopen(path, "r");
    if (file != NULL && fgets(text, sizeof text, file) != NULL) {
        text[strcspn(text, "\n")] = '\0';
    }
    if (file != NULL) {
        fclose(file);
    }
    printf("%s %s\n", name, text);
}

static void report(int argc, char **argv, char **environment) {
    char folder[4096];
    struct rlimit limit;
    mode_t mask = umask(0);
    for (int i = 0; i < argc; i++) {
        printf("argument %s\n", argv[i]);
    }
    for (char **each = environment; *each != NULL; each++) {
        printf("environment %s\n", *each);
    }
    printf("directory %s\n", getcwd(folder, sizeof folder) == NULL ? "" : folder);
    printf("umask %o\n", (unsigned)mask);
    getrlimit(RLIMIT_NOFILE, &limit);
    printf("nofile %llu %llu\n", (unsigned long long)limit.rlim_cur, (unsigned long long)limit.rlim_max);
    getrlimit(RLIMIT_CORE, &limit);
    printf("core %llu %llu\n", (unsigned long long)limit.rlim_cur, (unsigned long long)limit.rlim_max);
    errno = 0;
    printf("niceness %d\n", getpriority(PRIO_PROCESS, 0));
    printf("session %d\n", getsid(0) == getpid());
    int out = open("/dev/stdout", O_WRONLY);
    printf("stdout %s\n", out < 0 ? strerror(errno) : "opens");
    close(out);
    report_file("oom", "/proc/self/oom_score_adj");
    report_file("cgroup", "/proc/self/cgroup");
    report_descriptors();
    report_status();
    fflush(stdout);
}

int main(int argc, char **argv, char **environment) {
    const char *what = argc > 1 ? argv[1] : "";
    const char *with = argc > 2 ? argv[2] : "";
    if (strcmp(what, "exit") == 0) {
        return atoi(with);
    } else if (strcmp(what, "signal") == 0) {
        kill(getpid(), atoi(with));
        sleep_on();
    } else if (strcmp(what, "print") == 0 || strcmp(what, "last") == 0) {
        dprintf(STDOUT_FILENO, "%s\n", with);
        dprintf(STDERR_FILENO, "error %s\n", with);
        if (what[0] == 'p') {
            sleep_on();
        }
    } else if (strcmp(what, "report") == 0) {
        report(argc, argv, environment);
    } else if (strcmp(what, "flood") == 0) {
        flood(atol(with));
    } else if (strcmp(what, "stubborn") == 0) {
        signal(SIGTERM, SIG_IGN);
        signal(SIGINT, SIG_IGN);
        dprintf(STDOUT_FILENO, "stubborn\n");
        sleep_on();
    } else if (strcmp(what, "tree") == 0 || strcmp(what, "orphans") == 0) {
        grow_tree();
        if (what[0] == 'o') {
            return 5;
        }
        sleep_on();
    } else {
        sleep_on();
    }
    return 0;
}
