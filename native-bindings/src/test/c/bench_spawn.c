/*
 * What the guard adds to a spawn: times from the request to the program's first instruction in main, to the answer, and
 * to the end, of a bare posix_spawn and through the guard, plain and with a keeper. Run by hand: target/native/bench-spawn
 * target/native [COUNT]. On a busy machine the best tenth says what the work costs, the median also how long it waited.
 */
#include "check.h"
#include "harness.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 100000 };

static double to_main[MOST];
static double to_spawned[MOST];
static double to_reaped[MOST];

static double now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b) {
    double difference = *(const double *)a - *(const double *)b;
    return difference < 0 ? -1 : difference > 0;
}

static void show(const char *name, double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, compare);
    printf("%-44s p10 %7.0f us   median %7.0f us   p90 %7.0f us\n", name, values[count / 10], values[count / 2], values[count * 9 / 10]);
}

/* What the program says of the moment its main began. */
static double stamp_us(int fd) {
    char text[64];
    wait_readable(fd);
    ssize_t length = read(fd, text, sizeof text - 1);
    CHECK(length > 0);
    text[length] = '\0';
    return (double)atoll(text) / 1e3;
}

static void bare(int count) {
    char path[4200];
    char *const arguments[] = {path, "stamp", NULL};
    char *const environment[] = {NULL};
    snprintf(path, sizeof path, "%s/test-app", programs);
    for (int i = 0; i < count; i++) {
        int ends[2];
        pid_t pid;
        posix_spawn_file_actions_t actions;
        CHECK(pipe2(ends, O_CLOEXEC) == 0);
        double start = now_us();
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        CHECK_EQUAL(0, posix_spawn(&pid, path, &actions, NULL, arguments, environment));
        to_spawned[i] = now_us() - start;
        CHECK_EQUAL(pid, waitpid(pid, NULL, 0));
        to_reaped[i] = now_us() - start;
        to_main[i] = stamp_us(ends[0]) - start;
        posix_spawn_file_actions_destroy(&actions);
        close(ends[0]);
        close(ends[1]);
    }
    show("posix_spawn to exec (its return)", to_spawned, count);
    show("posix_spawn to the program's main", to_main, count);
    show("posix_spawn to reaped", to_reaped, count);
}

static void guarded(struct host *host, int count, bool keeper, uint32_t generation) {
    static struct plan_out plan;
    plan_app(&plan, "stamp", NULL);
    if (keeper) {
        plan_field(&plan, TAG_KEEPER, "", 0);
    }
    for (int i = 0; i < count; i++) {
        struct process_in process;
        struct key key = key_named("bench:0", generation + (uint32_t)i);
        double start = now_us();
        spawn_ok(host, &key, &plan, &process);
        to_spawned[i] = now_us() - start;
        expect_exit(host, &key);
        to_reaped[i] = now_us() - start;
        to_main[i] = stamp_us(process.out) - start;
        send_key(host, FORGET, &key);
        hello(host, NULL); /* what the guard still has to do for this one is not the next one's */
        close(process.pidfd);
        close(process.out);
        close(process.err);
    }
    show(keeper ? "guard with keeper, SPAWN to main" : "guard, SPAWN to the program's main", to_main, count);
    show(keeper ? "guard with keeper, SPAWN to SPAWNED" : "guard, SPAWN to SPAWNED (exec known)", to_spawned, count);
    show(keeper ? "guard with keeper, SPAWN to EXITED" : "guard, SPAWN to EXITED (recorded, reaped)", to_reaped, count);
}

int main(int argc, char **argv) {
    struct host host;
    int count = argc > 2 ? atoi(argv[2]) : 2000;
    if (argc < 2 || count < 1 || count > MOST || (programs = realpath(argv[1], NULL)) == NULL) {
        fprintf(stderr, "usage: bench-spawn PROGRAM_FOLDER [COUNT]\n");
        return 2;
    }
    host_open(&host);
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    hello(&host, NULL);
    bare(count);
    guarded(&host, count, false, 1);
    guarded(&host, count, true, (uint32_t)count + 1);
    bare(count);
    finish_all(&host);
    host_close(&host);
    return 0;
}
