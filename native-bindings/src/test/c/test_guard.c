/* The guard's life with a daemon: coming up, spawning, signals, exits, restarts, the end. */
#include "check.h"
#include "harness.h"
#include "scenarios.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HANDED_OVER = 75 }; /* exit code of a daemon that makes room for another */

static void up(struct host *host) {
    host_open(host);
    guard_start(host, "bunctl-guard", NULL);
    daemon_up(host);
    CHECK_EQUAL(0, hello(host, NULL));
}

static void down(struct host *host) {
    finish_all(host);
    host_close(host);
}

static void daemon_getsItsDescriptorsAndMask(void) {
    struct host host;
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    int accepting = 0;
    socklen_t length = sizeof accepting;
    up(&host);
    CHECK(getsockopt(host.listening, SOL_SOCKET, SO_ACCEPTCONN, &accepting, &length) == 0 && accepting);
    CHECK(getsockname(host.listening, (struct sockaddr *)&address, &size) == 0 && address.ss_family == AF_UNIX);
    CHECK(sigismember(&host.daemon_mask, SIGTERM) && sigismember(&host.daemon_mask, SIGINT));
    CHECK(sigismember(&host.daemon_mask, SIGHUP) && sigismember(&host.daemon_mask, SIGUSR2));
    CHECK(!sigismember(&host.daemon_mask, SIGCHLD) && !sigismember(&host.daemon_mask, SIGUSR1));
    down(&host);
}

static void secondGuard_isToldOfTheFirst(void) {
    struct host host;
    up(&host);
    struct host second = host;
    guard_start(&second, "bunctl-guard", NULL);
    CHECK_EQUAL(3, guard_wait(&second));
    int client = connect_client(&host);
    CHECK(client >= 0);
    close(client);
    down(&host);
}

/* Ten at once, in the background: one wins, and when any of them returns, clients can connect. */
static void tenStarts_makeOneGuard(void) {
    enum { STARTS = 10 };
    struct host host;
    pid_t starters[STARTS];
    char guard[512];
    char daemon[512];
    int won = 0;
    host_open(&host);
    snprintf(guard, sizeof guard, "%s/bunctl-guard", programs);
    snprintf(daemon, sizeof daemon, "%s/fake-daemon", programs);
    for (int i = 0; i < STARTS; i++) {
        starters[i] = fork();
        if (starters[i] == 0) {
            if (freopen("/dev/null", "w", stderr) == NULL) {
                _exit(98);
            }
            execl(guard, guard, "--home", host.home, "--daemon", daemon, NULL);
            _exit(99);
        }
    }
    for (int i = 0; i < STARTS; i++) {
        int status;
        CHECK_EQUAL(starters[i], waitpid(starters[i], &status, 0));
        CHECK(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3));
        won += WEXITSTATUS(status) == 0;
        int client = connect_client(&host);
        CHECK(client >= 0);
        close(client);
    }
    CHECK_EQUAL(1, won);
    char path[512];
    snprintf(path, sizeof path, "%s/run/lock", host.home);
    daemon_up(&host);
    FILE *lock = fopen(path, "r");
    CHECK(lock != NULL && fscanf(lock, "%d", &host.guard) == 1);
    fclose(lock);
    hello(&host, NULL);
    send_empty(&host, FINISHED);
    daemon_exit(&host, 0);
    wait_gone(host.guard);
    CHECK(!run_has(&host, "bunctl.sock"));
    host_close(&host);
}

static void spawn_runsAndExitIsToldUntilForgotten(void) {
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    up(&host);
    plan_app(&plan, "exit", "7");
    spawn_ok(&host, &key, &plan, &process);
    struct exit_record exit = expect_exit(&host, &key);
    CHECK_EQUAL(EXIT_CODE, exit.how);
    CHECK_EQUAL(7, exit.value);
    CHECK(exit.at_ms > 0 && exit.peak_bytes > 0);
    CHECK(run_has(&host, "api%3A0.1.handle") && run_has(&host, "api%3A0.1.out") && run_has(&host, "api%3A0.1.err"));
    CHECK_EQUAL(1, hello(&host, NULL));
    send_key(&host, FORGET, &key);
    send_key(&host, FORGET, &key);
    CHECK_EQUAL(0, hello(&host, NULL));
    CHECK(!run_has(&host, "api%3A0.1.handle") && !run_has(&host, "api%3A0.1.out") && !run_has(&host, "api%3A0.1.err"));
    down(&host);
}

static void death_bySignal_isTold(void) {
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    up(&host);
    plan_app(&plan, "signal", "15");
    spawn_ok(&host, &key, &plan, &process);
    struct exit_record exit = expect_exit(&host, &key);
    CHECK_EQUAL(EXIT_SIGNAL, exit.how);
    CHECK_EQUAL(15, exit.value);
    down(&host);
}

static void output_comesThroughTheHandedPipes(void) {
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    up(&host);
    plan_app(&plan, "last", "words ÄÖÜ");
    spawn_ok(&host, &key, &plan, &process);
    expect_exit(&host, &key);
    CHECK(strcmp("words ÄÖÜ\n", read_until(process.out, NULL)) == 0);
    CHECK(strcmp("error words ÄÖÜ\n", read_until(process.err, NULL)) == 0);
    down(&host);
}

static void output_canBeNull(void) {
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    up(&host);
    plan_app(&plan, "last", "words");
    plan_u32(&plan, TAG_OUTPUT, 0);
    spawn_ok(&host, &key, &plan, &process);
    expect_exit(&host, &key);
    CHECK(!run_has(&host, "api%3A0.1.out"));
    CHECK(strcmp("", read_until(process.out, NULL)) == 0);
    down(&host);
}

static void failedSteps_areNamed(void) {
    struct host host;
    struct plan_out plan;
    struct key key = key_named("api:0", 1);
    char step[32];
    up(&host);
    plan_begin(&plan);
    plan_text(&plan, TAG_EXECUTABLE, "/nowhere/program");
    plan_text(&plan, TAG_ARGUMENT, "program");
    plan_text(&plan, TAG_DIRECTORY, "/");
    send_spawn(&host, &key, &plan);
    CHECK_EQUAL(ENOENT, expect_not_spawned(&host, step));
    CHECK(strcmp("exec", step) == 0);
    plan_begin(&plan);
    plan_text(&plan, TAG_EXECUTABLE, "/proc/self/exe");
    plan_text(&plan, TAG_ARGUMENT, "program");
    plan_text(&plan, TAG_DIRECTORY, "/nowhere");
    send_spawn(&host, &key, &plan);
    CHECK_EQUAL(ENOENT, expect_not_spawned(&host, step));
    CHECK(strcmp("directory", step) == 0);
    plan_app(&plan, "exit", "0");
    plan_text(&plan, TAG_CGROUP, "/nowhere");
    send_spawn(&host, &key, &plan);
    CHECK_EQUAL(ENOENT, expect_not_spawned(&host, step));
    CHECK(strcmp("cgroup", step) == 0);
    plan_app(&plan, "exit", "0");
    plan_text(&plan, 99, "x");
    send_spawn(&host, &key, &plan);
    CHECK_EQUAL(EOPNOTSUPP, expect_not_spawned(&host, step));
    CHECK(strcmp("plan", step) == 0);
    CHECK_EQUAL(0, hello(&host, NULL));
    CHECK(!run_has(&host, "api%3A0.1.handle") && !run_has(&host, "api%3A0.1.out"));
    down(&host);
}

static void sameGeneration_isNotSpawnedTwice(void) {
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    char step[32];
    up(&host);
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    send_spawn(&host, &key, &plan);
    CHECK_EQUAL(EEXIST, expect_not_spawned(&host, step));
    CHECK(strcmp("plan", step) == 0);
    send_key(&host, FORGET, &key); /* of a running process: without effect */
    CHECK_EQUAL(1, hello(&host, NULL));
    CHECK(is_alive(process.pid));
    down(&host);
    CHECK(!is_alive(process.pid));
}

static void signals_reachProcessAndGroup(void) {
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key first = key_named("api:0", 1);
    struct key second = key_named("api:1", 1);
    static struct packet_in packet;
    up(&host);
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &first, &plan, &process);
    send_signal(&host, &first, SIGTERM, SCOPE_PROCESS);
    CHECK_EQUAL(SIGTERM, expect_exit(&host, &first).value);
    spawn_ok(&host, &second, &plan, &process);
    send_signal(&host, &second, SIGINT, SCOPE_GROUP);
    CHECK_EQUAL(SIGINT, expect_exit(&host, &second).value);
    send_signal(&host, &second, SIGKILL, SCOPE_TREE); /* over already: no effect, no answer */
    struct key unknown = key_named("api:2", 1);
    send_signal(&host, &unknown, SIGTERM, SCOPE_PROCESS);
    expect(&host, REFUSED, &packet);
    CHECK_EQUAL(host.sequence, packet.header.sequence);
    CHECK_EQUAL(ESRCH, get_u32(&packet.body));
    down(&host);
}

static void malformedMessages_areRefusedAndSurvived(void) {
    static struct packet_in packet;
    static uint8_t bytes[MAX_PACKET + 1];
    struct host host;
    up(&host);
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, 77, 5);
    send_raw(&host, bytes, finish_packet(&out), NULL, 0);
    expect(&host, REFUSED, &packet);
    CHECK_EQUAL(5, packet.header.sequence);
    CHECK_EQUAL(EOPNOTSUPP, get_u32(&packet.body));
    send_raw(&host, bytes, 7, NULL, 0); /* half a header */
    expect(&host, REFUSED, &packet);
    send_raw(&host, bytes, MAX_PACKET + 1, NULL, 0);
    expect(&host, REFUSED, &packet);
    CHECK_EQUAL(EMSGSIZE, get_u32(&packet.body));
    bytes[2] = 9; /* version */
    send_raw(&host, bytes, HEADER_SIZE, NULL, 0);
    expect(&host, REFUSED, &packet);
    CHECK_EQUAL(EPROTONOSUPPORT, get_u32(&packet.body));
    send_empty(&host, SPAWN);
    expect(&host, REFUSED, &packet);
    send_empty(&host, SIGNAL);
    expect(&host, REFUSED, &packet);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    out = writer_of(bytes, sizeof bytes);
    put_header(&out, READY, 6);
    send_raw(&host, bytes, finish_packet(&out), &null, 1); /* a descriptor nobody asked for */
    CHECK_EQUAL(0, hello(&host, NULL));
    down(&host);
}

static void messagesBeforeHello_areRefused(void) {
    static struct packet_in packet;
    struct host host;
    host_open(&host);
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    send_empty(&host, READY);
    expect(&host, REFUSED, &packet);
    CHECK_EQUAL(0, hello(&host, NULL));
    down(&host);
}

static void signalsToTheGuard_arePassedOn(void) {
    static const int SIGNALS[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR2};
    static const uint32_t REQUESTS[] = {REQUEST_TERMINATE, REQUEST_TERMINATE, REQUEST_REOPEN_LOGS, REQUEST_REPLACE_DAEMON};
    static struct packet_in packet;
    struct host host;
    up(&host);
    for (int i = 0; i < 4; i++) {
        kill(host.guard, SIGNALS[i]);
        expect(&host, REQUEST, &packet);
        CHECK_EQUAL(REQUESTS[i], get_u32(&packet.body));
        CHECK(reader_done(&packet.body));
    }
    down(&host);
}

static void terminateDuringBoot_isToldAfterHello(void) {
    static struct packet_in packet;
    struct host host;
    host_open(&host);
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    kill(host.guard, SIGTERM);
    hello(&host, NULL);
    expect(&host, REQUEST, &packet);
    CHECK_EQUAL(REQUEST_TERMINATE, get_u32(&packet.body));
    down(&host);
}

static void asked_to_end(struct host *host) {
    static struct packet_in packet;
    expect(host, REQUEST, &packet);
    CHECK_EQUAL(REQUEST_TERMINATE, get_u32(&packet.body));
}

/* Whose answer would have come too late: the next daemon, which knows how each app is to be stopped, is asked again. */
static void terminateDuringAHandOver_isToldTheNextDaemon(void) {
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    up(&host);
    send_empty(&host, READY);
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    kill(host.guard, SIGTERM);
    asked_to_end(&host);
    daemon_exit(&host, HANDED_OVER);
    daemon_up(&host);
    CHECK(is_alive(process.pid));
    CHECK_EQUAL(1, hello(&host, NULL));
    asked_to_end(&host);
    down(&host);
}

static void terminateOfADaemonThatDies_isCarriedOutByTheGuard(void) {
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    up(&host);
    send_empty(&host, READY);
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    kill(host.guard, SIGTERM);
    asked_to_end(&host);
    daemon_exit(&host, 1);
    CHECK_EQUAL(0, guard_wait(&host));
    CHECK(!is_alive(process.pid));
    host_close(&host);
}

static void terminateBeforeAnUpgrade_goesAlong(void) {
    static struct packet_in packet;
    struct host host;
    char program[512];
    uint8_t bytes[1024];
    up(&host);
    send_empty(&host, READY);
    kill(host.guard, SIGTERM);
    asked_to_end(&host);
    snprintf(program, sizeof program, "%s/bunctl-guard", programs);
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, UPGRADE, ++host.sequence);
    put_text(&out, program);
    send_raw(&host, bytes, finish_packet(&out), NULL, 0);
    expect(&host, UPGRADED, &packet);
    daemon_exit(&host, HANDED_OVER);
    daemon_up(&host);
    CHECK_EQUAL(0, hello(&host, NULL));
    asked_to_end(&host);
    down(&host);
}

static void deadDaemon_isReplacedAndFindsTheTable(void) {
    static struct packet_in entry;
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    struct key of;
    struct exit_record exit;
    up(&host);
    send_empty(&host, READY);
    plan_app(&plan, "print", "here");
    spawn_ok(&host, &key, &plan, &process);
    pid_t first = host.daemon;
    daemon_down(&host);
    daemon_up(&host);
    CHECK(first != host.daemon);
    CHECK_EQUAL(1, hello(&host, &entry));
    get_key(&entry.body, &of);
    CHECK(key_equal(&key, &of));
    CHECK_EQUAL(process.pid, get_i32(&entry.body));
    CHECK_EQUAL(process.start_time, get_u64(&entry.body));
    CHECK(get_u64(&entry.body) > 0);
    CHECK_EQUAL(0, get_u32(&entry.body));
    get_exit(&entry.body, &exit);
    CHECK_EQUAL(0, get_text(&entry.body, MAX_PATH).length);
    CHECK_EQUAL(0, get_text(&entry.body, MAX_PATH).length);
    CHECK(reader_done(&entry.body));
    read_until(entry.descriptors[0], "here\n");
    read_until(entry.descriptors[1], "error here\n");
    down(&host);
}

static void exitWhileTheDaemonIsAway_isInTheTable(void) {
    static struct packet_in entry;
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    struct exit_record exit;
    up(&host);
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    daemon_down(&host);
    kill(process.pid, SIGUSR1);
    daemon_up(&host);
    wait_gone(process.pid);
    while (!run_has(&host, "api%3A0.1.handle")) {
        FAIL("the handle is gone");
    }
    CHECK_EQUAL(1, hello(&host, &entry));
    get_key(&entry.body, &process.key);
    get_i32(&entry.body);
    get_u64(&entry.body);
    get_u64(&entry.body);
    if (get_u32(&entry.body) == 1) {
        get_exit(&entry.body, &exit);
    } else {
        exit = expect_exit(&host, &key); /* the table was faster */
    }
    CHECK_EQUAL(EXIT_SIGNAL, exit.how);
    CHECK_EQUAL(SIGUSR1, exit.value);
    down(&host);
}

static void daemonThatCannotComeUp_isExcusedToClients(void) {
    struct host host;
    char frame[1024];
    host_open(&host);
    guard_start(&host, "bunctl-guard", NULL);
    for (int i = 0; i < 5; i++) {
        daemon_up(&host);
        daemon_exit(&host, 1);
    }
    int client = connect_client(&host);
    CHECK(client >= 0);
    wait_readable(client);
    ssize_t length = recv(client, frame, sizeof frame, 0);
    CHECK(length > 4);
    CHECK_EQUAL(length - 4, (unsigned char)frame[2] << 8 | (unsigned char)frame[3]);
    CHECK(memcmp(frame + 4, "{\"type\":\"err\"", 13) == 0);
    CHECK_EQUAL(0, recv(client, frame, sizeof frame, 0));
    close(client);
    daemon_up(&host);
    hello(&host, NULL);
    send_empty(&host, READY);
    CHECK_EQUAL(0, hello(&host, NULL)); /* READY was taken in */
    client = connect_client(&host);
    int accepted = accept4(host.listening, NULL, NULL, SOCK_CLOEXEC);
    if (accepted < 0) {
        wait_readable(host.listening);
        accepted = accept4(host.listening, NULL, NULL, SOCK_CLOEXEC);
    }
    CHECK(accepted >= 0);
    close(accepted);
    close(client);
    down(&host);
}

static void termination_withoutADaemon_endsTheApps(void) {
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    up(&host);
    plan_app(&plan, "sleep", NULL);
    spawn_ok(&host, &key, &plan, &process);
    daemon_down(&host);
    for (int i = 0; i < 5; i++) {
        daemon_up(&host);
        daemon_exit(&host, 1);
    }
    kill(host.guard, SIGTERM);
    kill(host.guard, SIGINT); /* whatever the sixth daemon is about: the second asks no more */
    int code = guard_wait(&host);
    CHECK_EQUAL(0, code);
    CHECK(!is_alive(process.pid));
    CHECK(!run_has(&host, "bunctl.sock"));
    host_close(&host);
}

static void embeddedGuard_endsWithItsStarter(void) {
    struct host host;
    struct plan_out plan;
    struct process_in process;
    struct key key = key_named("api:0", 1);
    host_open(&host);
    guard_embed(&host);
    CHECK_EQUAL(0, hello(&host, NULL));
    plan_app(&plan, "stubborn", NULL);
    spawn_ok(&host, &key, &plan, &process);
    read_until(process.out, "stubborn\n");
    CHECK_EQUAL(1, hello(&host, NULL));
    close(host.control);
    CHECK_EQUAL(0, guard_wait(&host));
    CHECK(!is_alive(process.pid));
    CHECK(!run_has(&host, "bunctl.sock") && !run_has(&host, "api%3A0.1.handle") && !run_has(&host, "api%3A0.1.out"));
    host_close(&host);
}

/* The kernel then tells of a reset before it gives the packets. */
static void finishWithUnreadPackets_isStillHeard(void) {
    struct host host;
    int status;
    up(&host);
    kill(host.guard, SIGHUP);
    wait_readable(host.control);
    /* The guard sees packet, reset and death all at once. */
    kill(host.guard, SIGSTOP);
    CHECK_EQUAL(host.guard, waitpid(host.guard, &status, WUNTRACED));
    send_empty(&host, FINISHED);
    daemon_exit(&host, 0);
    wait_gone(host.daemon);
    kill(host.guard, SIGCONT);
    CHECK_EQUAL(0, guard_wait(&host));
    host_close(&host);
}

static uint64_t start_time_of(pid_t pid) {
    char path[64];
    unsigned long long start = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    CHECK(file != NULL && fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &start) == 1);
    fclose(file);
    return start;
}

/* The first spawns are asked of the kernel, later ones told from the clock. */
static void startTimes_areTheKernels(void) {
    enum { TIMES = 50 };
    struct host host;
    struct plan_out plan;
    up(&host);
    plan_app(&plan, "sleep", NULL);
    for (uint32_t i = 1; i <= TIMES; i++) {
        struct process_in process;
        struct key key = key_named("api:0", i);
        spawn_ok(&host, &key, &plan, &process);
        CHECK_EQUAL(start_time_of(process.pid), process.start_time);
        kill(process.pid, SIGKILL);
        (void)expect_exit(&host, &key);
        send_key(&host, FORGET, &key);
        close(process.pidfd);
        close(process.out);
        close(process.err);
    }
    down(&host);
}

static void manySpawns_leaveNothing(void) {
    enum { TIMES = 300 };
    struct host host;
    struct plan_out plan;
    char path[128];
    up(&host);
    plan_app(&plan, "exit", "3");
    for (uint32_t i = 1; i <= TIMES; i++) {
        struct process_in process;
        struct key key = key_named("api:0", i);
        spawn_ok(&host, &key, &plan, &process);
        CHECK_EQUAL(3, expect_exit(&host, &key).value);
        send_key(&host, FORGET, &key);
        close(process.pidfd);
        close(process.out);
        close(process.err);
    }
    CHECK_EQUAL(0, hello(&host, NULL));
    snprintf(path, sizeof path, "/proc/%d/fd", host.guard);
    CHECK_EQUAL(GUARD_DESCRIPTORS, count_items(path));
    snprintf(path, sizeof path, "%s/run", host.home);
    CHECK_EQUAL(2, count_items(path)); /* lock and socket */
    down(&host);
}

int main(int argc, char **argv) {
    static const struct test TESTS[] = {
        TEST(daemon_getsItsDescriptorsAndMask), TEST(secondGuard_isToldOfTheFirst), TEST(tenStarts_makeOneGuard),
        TEST(spawn_runsAndExitIsToldUntilForgotten), TEST(death_bySignal_isTold), TEST(output_comesThroughTheHandedPipes),
        TEST(output_canBeNull), TEST(failedSteps_areNamed), TEST(sameGeneration_isNotSpawnedTwice),
        TEST(signals_reachProcessAndGroup), TEST(malformedMessages_areRefusedAndSurvived), TEST(messagesBeforeHello_areRefused),
        TEST(signalsToTheGuard_arePassedOn), TEST(terminateDuringBoot_isToldAfterHello),
        TEST(terminateDuringAHandOver_isToldTheNextDaemon), TEST(terminateOfADaemonThatDies_isCarriedOutByTheGuard),
        TEST(terminateBeforeAnUpgrade_goesAlong),
        TEST(deadDaemon_isReplacedAndFindsTheTable), TEST(exitWhileTheDaemonIsAway_isInTheTable),
        TEST(daemonThatCannotComeUp_isExcusedToClients), TEST(termination_withoutADaemon_endsTheApps),
        TEST(embeddedGuard_endsWithItsStarter), TEST(finishWithUnreadPackets_isStillHeard), TEST(manySpawns_leaveNothing),
        TEST(startTimes_areTheKernels),
    };
    const char *only = argc > 2 ? argv[2] : NULL;
    if (argc < 2) {
        fprintf(stderr, "usage: test-guard PROGRAM_FOLDER [NAME]\n");
        return 2;
    }
    programs = realpath(argv[1], NULL);
    if (programs == NULL) {
        perror(argv[1]);
        return 2;
    }
    int failed = run_tests(TESTS, sizeof TESTS / sizeof *TESTS, only);
    failed |= run_setup_tests(only);
    failed |= run_away_tests(only);
    return failed;
}
