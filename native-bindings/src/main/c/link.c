/*
 * A client's link, made before its program is there: "--link SOCKET PROGRAM ARG..." connects, makes the socket the
 * program's descriptor 0 and moves what was there to another, whose number it tells as a first argument,
 * -Dbunctl.stdin=N. A Java that opens a Unix socket itself seeds a random generator for it, which takes longer than the
 * whole exchange; a stream over descriptor 0 costs nothing. Where nobody listens the program runs as it is and says so,
 * unless guard and daemon were killed over running programs.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { STDIN_MOVED_FROM = 3, OPTION_LENGTH = 40 };

int connected(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        return -1;
    }
    strcpy(address.sun_path, path);
    int link = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (link < 0) {
        return -1;
    }
    int result;
    do {
        result = connect(link, (struct sockaddr *)&address, sizeof address);
    } while (result < 0 && errno == EINTR);
    if (result < 0) {
        close(link);
        return -1;
    }
    return link;
}

/* Where standard input went, or -1 when the program keeps it and has no link. */
static int linked(const char *path) {
    int link = connected(path);
    if (link < 0 && revive(path)) {
        link = connected(path);
    }
    if (link < 0) {
        return -1;
    }
    int input = fcntl(STDIN_FILENO, F_DUPFD, STDIN_MOVED_FROM);
    if (input < 0 || dup2(link, STDIN_FILENO) < 0) {
        if (input >= 0) {
            close(input);
        }
        close(link);
        return -1;
    }
    if (link != STDIN_FILENO) {
        close(link);
    }
    return input;
}

_Noreturn void link_and_run(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "bunctl-guard: --link SOCKET PROGRAM ARG...\n");
        exit(2);
    }
    char option[OPTION_LENGTH];
    char **words = calloc((size_t)argc + 1, sizeof *words);
    int input = words == NULL ? -1 : linked(argv[0]);
    if (input < 0) {
        execv(argv[1], argv + 1);
    } else {
        snprintf(option, sizeof option, "-Dbunctl.stdin=%d", input);
        words[0] = argv[1];
        words[1] = option;
        memcpy(words + 2, argv + 2, (size_t)(argc - 2) * sizeof *words);
        execv(argv[1], words);
    }
    fprintf(stderr, "bunctl-guard: cannot run %s: %s\n", argv[1], strerror(errno));
    exit(127);
}
