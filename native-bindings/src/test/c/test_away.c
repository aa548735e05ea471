/* While the daemon, the guard, or both are away: nothing is lost, nothing is doubled. */
#include "check.h"
#include "harness.h"
#include "scenarios.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static struct host host;
static struct plan_out plan;
static struct process_in process;
static struct packet_in entry;
static struct key key;

static void up_with(const char *program, char *const *extra) {
    host_open(&host);
    guard_start(&host, program, extra);
    daemon_up(&host);
    CHECK_EQUAL(0, hello(&host, NULL));
    key = key_named("api:0", 1);
}

static void up(void) {
    up_with("bunctl-guard", NULL);
}

static void down(void) {
    finish_all(&host);
    host_close(&host);
}

/* What an ENTRY says. */
struct told {
    pid_t pid;
    uint64_t start_time;
    bool over, unheld;
    struct exit_record exit;
    char out_spill[512], err_spill[512];
};

static void take_text(struct reader *in, char to[static 512]) {
    struct text text = get_text(in, 511);
    memcpy(to, text.bytes, text.length);
    to[text.length] = '\0';
}

static struct told told_of(void) {
    struct told told;
    struct key of;
    get_key(&entry.body, &of);
    CHECK(key_equal(&key, &of));
    told.pid = get_i32(&entry.body);
    told.start_time = get_u64(&entry.body);
    get_u64(&entry.body);
    uint32_t state = get_u32(&entry.body);
    told.over = state != ENTRY_RUNNING;
    told.unheld = state == ENTRY_EXITED_UNHELD;
    get_exit(&entry.body, &told.exit);
    take_text(&entry.body, told.out_spill);
    take_text(&entry.body, told.err_spill);
    CHECK(reader_done(&entry.body));
    return told;
}

/* HELLO with this one process; its exit, if it is over or about to be told. */
static struct told greet_one(void) {
    CHECK_EQUAL(1, hello(&host, &entry));
    return told_of();
}

/* Checks numbered lines across any number of reads; gives the bytes seen. */
struct lines {
    long next;
    long bytes;
    char rest[128];
    size_t kept;
};

static void take_lines(struct lines *lines, const char *bytes, size_t length) {
    char expected[64];
    lines->bytes += (long)length;
    for (size_t i = 0; i < length; i++) {
        CHECK(lines->kept < sizeof lines->rest - 1);
        lines->rest[lines->kept++] = bytes[i];
        if (bytes[i] == '\n') {
            lines->rest[lines->kept] = '\0';
            snprintf(expected, sizeof expected, "line %08ld ÄÖÜ\n", lines->next++);
            if (strcmp(expected, lines->rest) != 0) {
                FAIL("%s expected, not %s", expected, lines->rest);
            }
            lines->kept = 0;
        }
    }
}

static void take_file(struct lines *lines, const char *path) {
    static char bytes[1 << 20];
    ssize_t length;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0);
    while ((length = read(fd, bytes, sizeof bytes)) > 0) {
        take_lines(lines, bytes, (size_t)length);
    }
    close(fd);
}

/* Reads the pipe to its end; gives what the program said on standard error. */
static void take_pipe(struct lines *lines, int fd) {
    static char bytes[1 << 16];
    ssize_t length = 1;
    while (length != 0) {
        wait_readable(fd);
        length = read(fd, bytes, sizeof bytes);
        CHECK(length >= 0 || errno == EAGAIN);
        take_lines(lines, bytes, length > 0 ? (size_t)length : 0);
    }
}

/* A daemon is started again but says nothing: for the guard it is still away. */
static void daemon_away(void) {
    daemon_down(&host);
    daemon_up(&host);
}

static void chattyProgram_isNotStoppedWhileTheDaemonIsAway(void) {
    enum { BYTES = 1000000 };
    struct lines lines = {0};
    up();
    plan_app(&plan, "flood", "1000000");
    daemon_away();
    hello(&host, NULL);
    spawn_ok(&host, &key, &plan, &process);
    daemon_away();
    wait_gone(process.pid); /* far more than a pipe holds: it ends only if somebody reads */
    struct told told = greet_one();
    CHECK(told.out_spill[0] == '/');
    take_file(&lines, told.out_spill);
    take_pipe(&lines, entry.descriptors[0]);
    CHECK(lines.bytes >= BYTES);
    /* On a slow machine the two seconds have passed, and standard error lies in its spill file. */
    int said = told.err_spill[0] == '/' ? open(told.err_spill, O_RDONLY | O_CLOEXEC) : entry.descriptors[1];
    CHECK_EQUAL(lines.bytes, atol(read_until(said, "\n")));
    send_key(&host, SPILL_TAKEN, &key);
    told = greet_one();
    CHECK(told.out_spill[0] == '\0');
    CHECK(!run_has(&host, "api%3A0.1.out.spill"));
    CHECK_EQUAL(0, told.exit.value);
    down();
}

static void quietProgram_isSpilledAfterTwoSeconds(void) {
    up();
    char path[256];
    snprintf(path, sizeof path, "%s/run", host.home);
    int events = inotify_init1(IN_CLOEXEC);
    CHECK(inotify_add_watch(events, path, IN_CLOSE_WRITE | IN_MODIFY) >= 0);
    plan_app(&plan, "print", "few words");
    spawn_ok(&host, &key, &plan, &process);
    struct pollfd words = {.fd = process.out, .events = POLLIN};
    CHECK_EQUAL(1, poll(&words, 1, WAIT_MS));
    daemon_away();
    while (!run_has(&host, "api%3A0.1.out.spill") || !run_has(&host, "api%3A0.1.err.spill")) {
        char some[4096];
        wait_readable(events);
        CHECK(read(events, some, sizeof some) > 0);
    }
    close(events);
    struct told told = greet_one();
    CHECK(!told.over);
    int fd = open(told.out_spill, O_RDONLY | O_CLOEXEC);
    CHECK(strcmp("few words\n", read_until(fd, "\n")) == 0);
    close(fd);
    fd = open(told.err_spill, O_RDONLY | O_CLOEXEC);
    CHECK(strcmp("error few words\n", read_until(fd, "\n")) == 0);
    close(fd);
    down();
}

static void fullSpill_stopsTheProgramAndLosesNothing(void) {
    enum { SPILL_LIMIT = 1 << 20 };
    struct lines lines = {0};
    struct stat status;
    char path[256];
    up_with("bunctl-guard-faults", NULL);
    snprintf(path, sizeof path, "%s/run/api%%3A0.1.out.spill", host.home);
    plan_app(&plan, "flood", "3000000");
    spawn_ok(&host, &key, &plan, &process);
    int events = inotify_init1(IN_CLOEXEC);
    daemon_away();
    char run[256];
    snprintf(run, sizeof run, "%s/run", host.home);
    CHECK(inotify_add_watch(events, run, IN_MODIFY) >= 0);
    while (stat(path, &status) < 0 || status.st_size < SPILL_LIMIT) {
        char some[65536];
        wait_readable(events);
        CHECK(read(events, some, sizeof some) > 0);
    }
    close(events);
    CHECK_EQUAL(SPILL_LIMIT, status.st_size);
    CHECK(is_alive(process.pid));
    struct told told = greet_one();
    take_file(&lines, told.out_spill);
    CHECK_EQUAL(SPILL_LIMIT, lines.bytes);
    take_pipe(&lines, entry.descriptors[0]);
    CHECK(lines.bytes >= 3000000);
    expect_exit(&host, &key);
    down();
}

static void guardAndDaemonDead_theNextGuardFindsTheProcess(void) {
    up();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* the orphan comes to us, as it would to init, and we reap it */
    plan_app(&plan, "print", "still here");
    spawn_ok(&host, &key, &plan, &process);
    guard_kill(&host);
    daemon_down(&host);
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
    CHECK(is_alive(process.pid));
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    struct told told = greet_one();
    CHECK_EQUAL(process.pid, told.pid);
    CHECK_EQUAL(process.start_time, told.start_time);
    CHECK(!told.over);
    read_until(entry.descriptors[0], "still here\n");
    send_signal(&host, &key, SIGTERM, SCOPE_GROUP);
    int status;
    CHECK_EQUAL(process.pid, waitpid(process.pid, &status, 0));
    struct exit_record exit = expect_exit(&host, &key);
    /* Linux 6.15 and later tell; before, nobody knows. */
    CHECK(exit.how == EXIT_UNKNOWN || (exit.how == EXIT_SIGNAL && exit.value == SIGTERM));
    send_key(&host, FORGET, &key);
    CHECK_EQUAL(0, hello(&host, NULL));
    while (waitpid(host.daemon, NULL, WNOHANG) > 0) {
    }
    down();
}

static void keeper_recordsTheExitWhenTheGuardIsDead(void) {
    up();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    plan_app(&plan, "sleep", NULL);
    plan_field(&plan, TAG_KEEPER, "", 0);
    spawn_ok(&host, &key, &plan, &process);
    guard_kill(&host);
    daemon_down(&host);
    kill(process.pid, SIGUSR1);
    while (waitpid(-1, NULL, 0) > 0) { /* the daemon, the keeper, the program */
    }
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    struct told told = greet_one();
    CHECK(told.over);
    CHECK_EQUAL(EXIT_SIGNAL, told.exit.how);
    CHECK_EQUAL(SIGUSR1, told.exit.value);
    down();
}

static void deadProcessOfADeadGuard_isOver(void) {
    up();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    guard_kill(&host);
    daemon_down(&host);
    kill(process.pid, SIGKILL);
    close(process.out);
    close(process.err);
    while (waitpid(-1, NULL, 0) > 0) {
    }
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    struct told told = greet_one();
    CHECK(told.over);
    CHECK(told.unheld);
    CHECK_EQUAL(EXIT_UNKNOWN, told.exit.how);
    down();
}

/* The daemon's ends of the pipes keep what is in them. */
static void deadProcessOfADeadGuard_whoseOutputIsHeld_losesNone(void) {
    up();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    plan_app(&plan, "print", "last words");
    spawn_ok(&host, &key, &plan, &process);
    int held = dup(process.out);
    int other = dup(process.err);
    CHECK(held >= 0 && other >= 0);
    CHECK_EQUAL(1, poll(&(struct pollfd){.fd = held, .events = POLLIN}, 1, 60 * 1000));
    guard_kill(&host);
    daemon_down(&host);
    kill(process.pid, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0) {
    }
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    struct told told = greet_one();
    CHECK(told.over);
    CHECK(!told.unheld);
    close(held);
    close(other);
    read_until(entry.descriptors[0], "last words\n");
    down();
}

/* Where init is slow to reap, or does not: the process is over all the same, and how it ended can still be read. */
static void unreapedProcessOfADeadGuard_isOverAtOnce(void) {
    siginfo_t info;
    up();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    guard_kill(&host);
    daemon_down(&host);
    kill(process.pid, SIGUSR1);
    CHECK_EQUAL(0, waitid(P_PID, (id_t)process.pid, &info, WEXITED | WNOWAIT));
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    struct told told = greet_one();
    CHECK(told.over);
    CHECK_EQUAL(EXIT_SIGNAL, told.exit.how);
    CHECK_EQUAL(SIGUSR1, told.exit.value);
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
    down();
}

/* The lock's content is the pid of the guard. */
static pid_t guard_in_the_background(void) {
    char path[128];
    char text[32] = "";
    snprintf(path, sizeof path, "%s/run/lock", host.home);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0 && read(fd, text, sizeof text - 1) > 0);
    close(fd);
    return (pid_t)atoi(text);
}

/* A client of the real program, which starts the daemon beside it. */
static void link_client(const char *folder) {
    char program[512];
    char socket_path[128];
    int status;
    snprintf(program, sizeof program, "%s/bunctl-guard", folder);
    snprintf(socket_path, sizeof socket_path, "%s/run/bunctl.sock", host.home);
    char *const arguments[] = {program, "--link", socket_path, "/bin/true", NULL};
    pid_t pid;
    CHECK_EQUAL(0, posix_spawn(&pid, program, NULL, NULL, arguments, environ));
    CHECK_EQUAL(pid, waitpid(pid, &status, 0));
    CHECK_EQUAL(0, status);
}

static void clientOfADeadGuard_startsAnotherOverItsPrograms(void) {
    char folder[256];
    char guard[512];
    char mine[512];
    up();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    /* As in a distribution: the daemon lies beside the guard, under its own name. */
    snprintf(folder, sizeof folder, "%s/lib", host.home);
    CHECK(mkdir(folder, 0700) == 0);
    snprintf(mine, sizeof mine, "%s/bunctl-guard", programs);
    snprintf(guard, sizeof guard, "%s/bunctl-guard", folder);
    CHECK(link(mine, guard) == 0);
    char daemon[512];
    snprintf(mine, sizeof mine, "%s/fake-daemon", programs);
    snprintf(daemon, sizeof daemon, "%s/bunctld", folder);
    CHECK(link(mine, daemon) == 0);
    link_client(folder); /* somebody listens: nothing is started */
    CHECK_EQUAL(host.guard, guard_in_the_background());
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    pid_t daemon_pid = host.daemon;
    guard_kill(&host);
    daemon_down(&host);
    CHECK_EQUAL(daemon_pid, waitpid(daemon_pid, NULL, 0)); /* until then it holds the listening socket */
    link_client(folder);
    daemon_up(&host);
    host.guard = guard_in_the_background();
    struct told told = greet_one();
    CHECK_EQUAL(process.pid, told.pid);
    CHECK(!told.over);
    finish_all(&host); /* an orphan comes to us, so we can wait for it */
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
    CHECK(!run_has(&host, "bunctl.sock"));
    link_client(folder); /* nothing is left: nothing is started */
    CHECK(!run_has(&host, "bunctl.sock"));
    host_close(&host);
}

static void reusedPid_isRefused(void) {
    char path[256];
    char text[1024];
    up();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    guard_kill(&host);
    daemon_down(&host);
    kill(process.pid, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0) {
    }
    /* The handle now names our parent, which started long before. */
    snprintf(path, sizeof path, "%s/run/api%%3A0.1.handle", host.home);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    ssize_t length = read(fd, text, sizeof text - 1);
    CHECK(length > 0);
    text[length] = '\0';
    char *pid = strstr(text, "\npid ");
    char *rest = strchr(pid + 1, '\n');
    char *end = strstr(rest, "\nend ");
    char changed[1024];
    CHECK(end != NULL);
    /* Without its checksum, as older guards wrote it. */
    int size = snprintf(changed, sizeof changed, "%.*s\npid %d%.*s\nend\n", (int)(pid - text), text, getppid(), (int)(end - rest), rest);
    CHECK(ftruncate(fd, 0) == 0 && pwrite(fd, changed, (size_t)size, 0) == size);
    close(fd);
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    struct told told = greet_one();
    CHECK(told.over);
    CHECK_EQUAL(EXIT_UNKNOWN, told.exit.how);
    down();
}

static void unreadableHandle_isSetAsideAndStrayFilesGo(void) {
    static const char *const NAMES[] = {"bad%3A0.1.handle", "gone%3A0.3.out", "gone%3A0.3.err.spill", "x.12.tmp"};
    char path[256];
    host_open(&host);
    snprintf(path, sizeof path, "%s/run", host.home);
    CHECK(mkdir(path, 0700) == 0);
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/run/%s", host.home, NAMES[i]);
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        CHECK_EQUAL(3, write(fd, "???", 3));
        close(fd);
    }
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    CHECK_EQUAL(0, hello(&host, NULL));
    CHECK(run_has(&host, "bad%3A0.1.handle.unreadable"));
    for (int i = 0; i < 4; i++) {
        CHECK(!run_has(&host, NAMES[i]));
    }
    down();
}

static void damagedHandle_isSetAside(void) {
    char path[256];
    char byte = '9';
    up();
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    guard_kill(&host);
    daemon_down(&host);
    snprintf(path, sizeof path, "%s/run/api%%3A0.1.handle", host.home);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    char text[64];
    CHECK_EQUAL(sizeof text, read(fd, text, sizeof text));
    char *boot = memmem(text, sizeof text, "boot ", 5);
    CHECK(boot != NULL);
    byte = boot[5] == byte ? '8' : byte;
    CHECK_EQUAL(1, pwrite(fd, &byte, 1, boot + 5 - text));
    close(fd);
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    CHECK_EQUAL(0, hello(&host, NULL));
    CHECK(run_has(&host, "api%3A0.1.handle.unreadable"));
    kill(process.pid, SIGKILL);
    down();
}

/* As on a full disk: the program runs, and a later guard finds it once there was room for its handle. */
static void handleThatCannotBeWritten_isTriedAgain(void) {
    char path[256];
    char run[256];
    up();
    snprintf(run, sizeof run, "%s/run", host.home);
    snprintf(path, sizeof path, "%s/run/api%%3A0.1.handle", host.home);
    CHECK_EQUAL(0, mkdir(path, 0700)); /* no file can be renamed over it */
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    int events = inotify_init1(IN_CLOEXEC);
    CHECK(inotify_add_watch(events, run, IN_MOVED_TO) >= 0);
    CHECK_EQUAL(0, rmdir(path));
    while (!run_has(&host, "api%3A0.1.handle")) {
        char some[4096];
        wait_readable(events);
        CHECK(read(events, some, sizeof some) > 0);
    }
    close(events);
    guard_kill(&host);
    daemon_down(&host);
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    struct told told = greet_one();
    CHECK_EQUAL(process.pid, told.pid);
    CHECK(!told.over);
    kill(process.pid, SIGKILL);
    down();
}

/* The daemon lives on while its guard dies: it starts the next one itself and hands over what it holds. */
static void liveDaemon_handsOverToANewGuard(void) {
    char program[512];
    char daemon[512];
    int pair[2];
    int size = 1 << 20;
    posix_spawn_file_actions_t actions;
    char *const arguments[] = {program, "--foreground", "--home", host.home, "--daemon", daemon, "--attach-fd", "3", "--listen-fd", "4", NULL};
    up();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    plan_app(&plan, "print", "once");
    spawn_ok(&host, &key, &plan, &process);
    guard_kill(&host);
    expect_hangup(&host);
    /* As if the handle had been lost: only the daemon still knows. */
    char path[256];
    snprintf(path, sizeof path, "%s/run/api%%3A0.1.handle", host.home);
    CHECK(unlink(path) == 0);
    snprintf(program, sizeof program, "%s/bunctl-guard", programs);
    snprintf(daemon, sizeof daemon, "%s/fake-daemon", programs);
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
    CHECK(setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0);
    int theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, 50);
    int listening = fcntl(host.listening, F_DUPFD_CLOEXEC, 50);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, theirs, 3);
    posix_spawn_file_actions_adddup2(&actions, listening, 4);
    CHECK_EQUAL(0, posix_spawn(&host.guard, program, &actions, NULL, arguments, environ));
    posix_spawn_file_actions_destroy(&actions);
    close(theirs);
    close(pair[1]);
    close(listening);
    close(host.control);
    host.control = pair[0];
    CHECK_EQUAL(0, hello(&host, NULL));
    uint8_t bytes[512];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, ADOPT, ++host.sequence);
    put_key(&out, &key);
    put_i32(&out, process.pid);
    put_u64(&out, process.start_time);
    int ends[2] = {process.out, process.err};
    send_raw(&host, bytes, finish_packet(&out), ends, 2);
    struct told told = greet_one();
    CHECK_EQUAL(process.pid, told.pid);
    CHECK(!told.over);
    read_until(entry.descriptors[0], "once\n");
    CHECK(run_has(&host, "api%3A0.1.handle"));
    kill(process.pid, SIGKILL);
    CHECK_EQUAL(process.pid, waitpid(process.pid, NULL, 0));
    struct exit_record exit = expect_exit(&host, &key);
    CHECK(exit.how == EXIT_UNKNOWN || exit.value == SIGKILL);
    int client = connect_client(&host);
    CHECK(client >= 0);
    close(client);
    /* The daemon here is this test, so the guard sees its end only by the socket. */
    kill(host.daemon, SIGKILL);
    CHECK_EQUAL(host.daemon, waitpid(host.daemon, NULL, 0));
    send_empty(&host, FINISHED);
    hello(&host, NULL);
    kill(host.guard, SIGKILL);
    guard_wait(&host);
    close(host.control);
    close(host.listening);
    close(host.order);
    host_close(&host);
}

static void guardUpgradesItself_inPlace(void) {
    static struct packet_in packet;
    char program[512];
    char path[64];
    uint8_t bytes[1024];
    struct process_in kept;
    struct key second = key_named("kept:0", 1);
    up();
    send_empty(&host, READY);
    plan_app(&plan, "print", "through");
    spawn_ok(&host, &key, &plan, &process);
    plan_field(&plan, TAG_KEEPER, "", 0);
    spawn_ok(&host, &second, &plan, &kept);
    snprintf(program, sizeof program, "%s/bunctl-guard", programs);
    for (int i = 0; i < 2; i++) {
        struct writer out = writer_of(bytes, sizeof bytes);
        put_header(&out, UPGRADE, ++host.sequence);
        put_text(&out, program);
        send_raw(&host, bytes, finish_packet(&out), NULL, 0);
        expect(&host, UPGRADED, &packet);
        CHECK_EQUAL(host.sequence, packet.header.sequence);
        CHECK_EQUAL(PROTOCOL_VERSION, get_u32(&packet.body));
        CHECK_EQUAL(host.guard, get_i32(&packet.body));
        CHECK(reader_done(&packet.body));
    }
    CHECK_EQUAL(2, hello(&host, NULL));
    snprintf(path, sizeof path, "/proc/%d/fd", host.guard);
    /* Two processes with two pipes each, one keeper's channel. */
    CHECK_EQUAL(GUARD_DESCRIPTORS + 5, count_items(path));
    send_signal(&host, &second, SIGKILL, SCOPE_TREE);
    CHECK_EQUAL(SIGKILL, expect_exit(&host, &second).value);
    send_signal(&host, &key, SIGTERM, SCOPE_PROCESS);
    struct exit_record exit = expect_exit(&host, &key);
    CHECK_EQUAL(EXIT_SIGNAL, exit.how);
    CHECK_EQUAL(SIGTERM, exit.value);
    struct host other = host;
    guard_start(&other, "bunctl-guard", NULL);
    CHECK_EQUAL(3, guard_wait(&other)); /* the lock went along */
    down();
}

static void uselessUpgrade_leavesTheGuardAsItIs(void) {
    static struct packet_in packet;
    static const char *const PROGRAMS[] = {"/bin/false", "/bin/true", "/nowhere/guard"};
    uint8_t bytes[256];
    up();
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    for (int i = 0; i < 3; i++) {
        struct writer out = writer_of(bytes, sizeof bytes);
        put_header(&out, UPGRADE, ++host.sequence);
        put_text(&out, PROGRAMS[i]);
        send_raw(&host, bytes, finish_packet(&out), NULL, 0);
        expect(&host, REFUSED, &packet);
        CHECK_EQUAL(host.sequence, packet.header.sequence);
    }
    CHECK_EQUAL(1, hello(&host, NULL));
    CHECK(is_alive(process.pid));
    down();
}

static void hungDaemon_isReplaced(void) {
    char *const extra[] = {"--watchdog", "1", NULL};
    static struct packet_in packet;
    up_with("bunctl-guard", extra);
    send_empty(&host, READY);
    expect(&host, PING, &packet);
    send_empty(&host, PONG);
    pid_t hung = host.daemon;
    wait_gone(hung);
    close(host.control);
    close(host.listening);
    close(host.order);
    daemon_up(&host);
    CHECK(hung != host.daemon);
    CHECK_EQUAL(0, hello(&host, NULL));
    down();
}

static void daemonThatLetsGo_isReplaced(void) {
    up();
    /* The fake daemon keeps its own copies, so a hang-up needs a shutdown here. */
    CHECK(shutdown(host.control, SHUT_RDWR) == 0);
    pid_t first = host.daemon;
    wait_gone(first);
    close(host.control);
    close(host.listening);
    close(host.order);
    daemon_up(&host);
    hello(&host, NULL);
    down();
}

/* The daemon dies at this point of a spawn and an exit: one process, its exit known, whatever the point. */
static void survive(const char *point) {
    setenv("BUNCTL_GUARD_FAULT", point, 1);
    up_with("bunctl-guard-faults", NULL);
    bool forgotten = strcmp(point, "forget:received") == 0;
    plan_app(&plan, "exit", "9");
    send_spawn(&host, &key, &plan);
    if (forgotten) {
        static struct packet_in packet;
        expect(&host, SPAWNED, &packet);
        CHECK_EQUAL(9, expect_exit(&host, &key).value);
        send_key(&host, FORGET, &key);
    }
    wait_gone(host.daemon);
    close(host.control);
    close(host.listening);
    close(host.order);
    daemon_up(&host);
    unsetenv("BUNCTL_GUARD_FAULT");
    uint32_t count = hello(&host, &entry);
    if (forgotten) {
        CHECK_EQUAL(0, count);
    } else {
        CHECK_EQUAL(1, count);
        struct told told = told_of();
        struct exit_record exit = told.over ? told.exit : expect_exit(&host, &key);
        CHECK_EQUAL(EXIT_CODE, exit.how);
        CHECK_EQUAL(9, exit.value);
        send_key(&host, FORGET, &key);
        CHECK_EQUAL(0, hello(&host, NULL));
    }
    down();
}

static void daemonKilledBetweenEveryTwoSteps_losesAndDoublesNothing(void) {
    static const char *const POINTS[] = {"spawn:received", "spawn:forked", "spawn:executed", "spawn:answered", "exit:seen",
        "exit:recorded", "exit:reaped", "exit:told", "forget:received"};
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        survive(POINTS[i]);
    }
}

static void serviceManager_hearsWhatTheDaemonSays(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[128];
    char expected[64];
    static struct packet_in packet;
    host_open(&host);
    int manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/notify.sock", host.home);
    CHECK(bind(manager, (struct sockaddr *)&address, sizeof address) == 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    setenv("WATCHDOG_USEC", "300000", 1);
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    hello(&host, NULL);
    send_empty(&host, READY);
    ssize_t length = recv(manager, text, sizeof text - 1, 0);
    CHECK(length > 0);
    text[length] = '\0';
    snprintf(expected, sizeof expected, "READY=1\nMAINPID=%d", host.guard);
    CHECK(strcmp(expected, text) == 0);
    expect(&host, PING, &packet);
    CHECK_EQUAL(-1, recv(manager, text, sizeof text, MSG_DONTWAIT)); /* not before the answer */
    send_empty(&host, PONG);
    wait_readable(manager);
    CHECK_EQUAL(10, recv(manager, text, sizeof text, 0));
    CHECK(memcmp(text, "WATCHDOG=1", 10) == 0);
    kill(host.guard, SIGUSR2);
    expect(&host, REQUEST, &packet);
    do {
        wait_readable(manager);
        length = recv(manager, text, sizeof text, 0);
    } while (length == 10 && text[0] == 'W');
    CHECK(length > 27 && memcmp(text, "RELOADING=1\nMONOTONIC_USEC=", 27) == 0);
    kill(host.guard, SIGTERM);
    expect(&host, REQUEST, &packet);
    do {
        wait_readable(manager);
        length = recv(manager, text, sizeof text, 0);
    } while (length == 10 && text[0] == 'W');
    CHECK(length == 10 && memcmp(text, "STOPPING=1", 10) == 0);
    close(manager);
    down();
}

static void fullTable_refusesTheNext(void) {
    enum { MOST = 8 };
    char step[32];
    up_with("bunctl-guard-faults", NULL);
    plan_app(&plan, "sleep", NULL);
    for (uint32_t i = 1; i <= MOST; i++) {
        key = key_named("api:0", i);
        spawn_ok(&host, &key, &plan, &process);
    }
    key = key_named("api:0", MOST + 1);
    send_spawn(&host, &key, &plan);
    CHECK_EQUAL(ENOSPC, expect_not_spawned(&host, step));
    CHECK(strcmp("plan", step) == 0);
    key = key_named("api:0", 1);
    send_signal(&host, &key, SIGKILL, SCOPE_PROCESS);
    expect_exit(&host, &key);
    send_key(&host, FORGET, &key);
    key = key_named("api:0", MOST + 1);
    spawn_ok(&host, &key, &plan, &process);
    down();
}

int run_away_tests(const char *only) {
    static const struct test TESTS[] = {
        TEST(chattyProgram_isNotStoppedWhileTheDaemonIsAway), TEST(quietProgram_isSpilledAfterTwoSeconds),
        TEST(fullSpill_stopsTheProgramAndLosesNothing), TEST(guardAndDaemonDead_theNextGuardFindsTheProcess),
        TEST(keeper_recordsTheExitWhenTheGuardIsDead), TEST(deadProcessOfADeadGuard_isOver),
        TEST(deadProcessOfADeadGuard_whoseOutputIsHeld_losesNone),
        TEST(unreapedProcessOfADeadGuard_isOverAtOnce), TEST(clientOfADeadGuard_startsAnotherOverItsPrograms), TEST(reusedPid_isRefused),
        TEST(unreadableHandle_isSetAsideAndStrayFilesGo), TEST(damagedHandle_isSetAside),
        TEST(handleThatCannotBeWritten_isTriedAgain), TEST(liveDaemon_handsOverToANewGuard),
        TEST(guardUpgradesItself_inPlace), TEST(uselessUpgrade_leavesTheGuardAsItIs), TEST(hungDaemon_isReplaced),
        TEST(daemonThatLetsGo_isReplaced), TEST(serviceManager_hearsWhatTheDaemonSays), TEST(fullTable_refusesTheNext),
        TEST(daemonKilledBetweenEveryTwoSteps_losesAndDoublesNothing),
    };
    return run_tests(TESTS, sizeof TESTS / sizeof *TESTS, only);
}
