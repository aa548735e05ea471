/*
 * What the guard is told by its arguments, and by BUNCTL_WATCHDOG.
 */
#include "guard.h"

#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#ifndef BUNCTL_VERSION
#define BUNCTL_VERSION "unknown"
#endif

static const char WATCHDOG_SETTING[] = "BUNCTL_WATCHDOG";

enum { MAX_WATCHDOG_S = 86400 };

static _Noreturn void usage(const char *what) {
    fprintf(stderr,
        "bunctl-guard: %s\n"
        "usage: bunctl-guard --home DIR --daemon PROGRAM [--foreground] [--watchdog SECONDS] [--after PID]\n"
        "       bunctl-guard --home DIR --daemon PROGRAM --attach-fd N [--listen-fd N]\n"
        "       bunctl-guard [--home DIR] --daemon PROGRAM --run RUNNER ARG...\n"
        "       bunctl-guard --home DIR --control-fd N\n"
        "       bunctl-guard --link SOCKET PROGRAM ARG...\n"
        "       bunctl-guard --revive SOCKET\n"
        "       bunctl-guard --version\n",
        what);
    exit(2);
}

static int number(const char *text, int most) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < 0 || value > most) {
        usage("a number is not valid");
    }
    return (int)value;
}

static void set_path(char *to, size_t size, const char *path, const char *what) {
    if (path[0] != '/' || strlen(path) >= size) {
        usage(what);
    }
    memcpy(to, path, strlen(path) + 1);
}

static void take_arguments(int argc, char **argv, struct options *options) {
    enum { HOME = 1, DAEMON, FOREGROUND, WATCHDOG, CONTROL, ATTACH, LISTEN, VERSION, RESUME, CAN_RESUME, AFTER, RUN };
    static const struct option KNOWN[] = {
        {"home", required_argument, NULL, HOME}, {"daemon", required_argument, NULL, DAEMON},
        {"foreground", no_argument, NULL, FOREGROUND}, {"watchdog", required_argument, NULL, WATCHDOG},
        {"control-fd", required_argument, NULL, CONTROL}, {"attach-fd", required_argument, NULL, ATTACH},
        {"listen-fd", required_argument, NULL, LISTEN}, {"version", no_argument, NULL, VERSION},
        {"resume", required_argument, NULL, RESUME}, {"can-resume", required_argument, NULL, CAN_RESUME},
        {"after", required_argument, NULL, AFTER}, {"run", no_argument, NULL, RUN}, {0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "+", KNOWN, NULL)) != -1) {
        switch (option) {
        case HOME:
            options->home = optarg;
            break;
        case DAEMON:
            options->daemon = optarg;
            break;
        case FOREGROUND:
            options->foreground = true;
            break;
        case WATCHDOG:
            options->watchdog = number(optarg, MAX_WATCHDOG_S);
            break;
        case CONTROL:
            options->control = number(optarg, INT_MAX);
            break;
        case ATTACH:
            options->attach = number(optarg, INT_MAX);
            break;
        case LISTEN:
            options->listening = number(optarg, INT_MAX);
            break;
        case RESUME:
            options->resume = number(optarg, INT_MAX);
            break;
        case CAN_RESUME:
            options->state = number(optarg, INT_MAX);
            exit(options->state >= OLDEST_STATE_VERSION && options->state <= STATE_VERSION ? EXIT_CAN_RESUME : 1);
        case AFTER:
            options->after = number(optarg, INT_MAX);
            break;
        case RUN:
            options->run = options->foreground = true;
            break;
        case VERSION:
            printf("bunctl-guard %s protocol %d\n", BUNCTL_VERSION, PROTOCOL_VERSION);
            exit(0);
        default:
            usage("an option is not known");
        }
    }
    if (options->run != (optind < argc)) {
        usage(options->run ? "--run needs a program" : "an argument is not expected");
    }
    options->rest = argv + optind;
}

static void require_open(int fd, const char *what) {
    if (fd != NO_DESCRIPTOR && fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        usage(what);
    }
}

void options_apply(const struct options *options, struct guard *guard) {
    guard->embedded = options->control != NO_DESCRIPTOR;
    guard->attached = options->attach != NO_DESCRIPTOR;
    guard->foreground = options->foreground;
    guard->ephemeral = options->run;
    guard->watchdog_s = options->watchdog;
    if (options->home == NULL && !options->run) {
        usage("--home is required");
    }
    if (options->home != NULL) {
        set_path(guard->home, sizeof guard->home, options->home, "--home must be an absolute path of at most 2048 bytes");
    }
    if (guard->embedded == (options->daemon != NULL)) {
        usage("either --daemon or --control-fd is required");
    }
    if (options->daemon != NULL) {
        set_path(guard->daemon_path, sizeof guard->daemon_path, options->daemon, "--daemon must be an absolute path");
    }
    require_open(options->control, "--control-fd is not open");
    require_open(options->attach, "--attach-fd is not open");
    require_open(options->listening, "--listen-fd is not open");
}

struct options options_take(int argc, char **argv) {
    struct options options = {
        .control = NO_DESCRIPTOR, .attach = NO_DESCRIPTOR, .listening = NO_DESCRIPTOR, .resume = NO_DESCRIPTOR, .watchdog = WATCHDOG_S};
    if (getenv(WATCHDOG_SETTING) != NULL) {
        options.watchdog = number(getenv(WATCHDOG_SETTING), MAX_WATCHDOG_S);
    }
    take_arguments(argc, argv, &options);
    return options;
}
