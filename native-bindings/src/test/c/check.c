/* See check.h. A test is forked, so that what it leaks or breaks ends with it; its strays are killed by its session. */
#include "check.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEST_SECONDS = 240 };

void check_failed(const char *file, int line, const char *format, ...) {
    va_list arguments;
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

/* What a failed test left comes to us, a subreaper: no process may outlive it. */
static int end_strays(void) {
    int strays = 0;
    char path[64];
    char list[4096];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    for (;;) {
        FILE *children = fopen(path, "r");
        size_t length = children == NULL ? 0 : fread(list, 1, sizeof list - 1, children);
        if (children != NULL) {
            fclose(children);
        }
        list[length] = '\0';
        int found = 0;
        for (char *word = strtok(list, " \n"); word != NULL; word = strtok(NULL, " \n")) {
            pid_t pid = atoi(word);
            found += waitpid(pid, NULL, WNOHANG) != pid && kill(pid, SIGKILL) == 0;
            strays += found;
            (void)waitpid(pid, NULL, 0);
        }
        if (found == 0) {
            return strays;
        }
    }
}

static bool run_test(const struct test *test) {
    int status = 0;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        alarm(TEST_SECONDS);
        test->body();
        exit(0);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    int strays = end_strays();
    if (status != 0) {
        printf("FAILED %s (%s %d)\n", test->name, WIFSIGNALED(status) ? "signal" : "exit",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        return false;
    }
    if (strays > 0) {
        printf("FAILED %s: it left %d processes\n", test->name, strays);
        return false;
    }
    printf("ok %s\n", test->name);
    return true;
}

int run_tests(const struct test *tests, int count, const char *only) {
    int failed = 0;
    int ran = 0;
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    for (int i = 0; i < count; i++) {
        if (only != NULL && strstr(tests[i].name, only) == NULL) {
            continue;
        }
        const char *reason = tests[i].skip == NULL ? NULL : tests[i].skip();
        if (reason != NULL) {
            printf("skipped %s: %s\n", tests[i].name, reason);
            continue;
        }
        ran++;
        failed += !run_test(&tests[i]);
    }
    printf("%d tests, %d failed\n", ran, failed);
    return failed == 0 && (ran > 0 || only != NULL) ? 0 : 1;
}
