/* See harness.h. */
#include "harness.h"

#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
const char *programs = ".";

static void folder_remove(int parent, const char *name) {
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *items = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *item;
    while (items != NULL && (item = readdir(items)) != NULL) {
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0 && unlinkat(fd, item->d_name, 0) < 0) {
            folder_remove(fd, item->d_name);
        }
    }
    if (items != NULL) {
        closedir(items);
    }
    unlinkat(parent, name, AT_REMOVEDIR);
}

void wait_readable(int fd) {
    struct pollfd poll_one = {.fd = fd, .events = POLLIN};
    int result;
    do {
        result = poll(&poll_one, 1, WAIT_MS);
    } while (result < 0 && errno == EINTR);
    if (result != 1) {
        FAIL("nothing came within %d ms", WAIT_MS);
    }
}

void host_open(struct host *host) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memset(host, 0, sizeof *host);
    host->control = host->listening = host->order = -1;
    snprintf(host->home, sizeof host->home, "/tmp/bunctl-guard-test.XXXXXX");
    CHECK(mkdtemp(host->home) != NULL);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/fake.sock", host->home);
    host->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(host->listener, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(host->listener, 16) == 0);
    setenv("FAKE_DAEMON_SOCKET", address.sun_path, 1);
}

void host_close(struct host *host) {
    close(host->listener);
    folder_remove(AT_FDCWD, host->home);
}

static void start(struct host *host, char *const *arguments, const posix_spawn_file_actions_t *actions) {
    int failed = posix_spawn(&host->guard, arguments[0], actions, NULL, arguments, environ);
    if (failed != 0) {
        FAIL("%s: %s", arguments[0], strerror(failed));
    }
}

void guard_start(struct host *host, const char *program, char *const *extra) {
    char path[512];
    char daemon[512];
    char *arguments[16] = {path, "--foreground", "--home", host->home, "--daemon", daemon};
    int count = 6;
    snprintf(path, sizeof path, "%s/%s", programs, program);
    snprintf(daemon, sizeof daemon, "%s/fake-daemon", programs);
    while (extra != NULL && *extra != NULL && count < 15) {
        arguments[count++] = *extra++;
    }
    start(host, arguments, NULL);
}

void guard_embed(struct host *host) {
    char path[512];
    int pair[2];
    posix_spawn_file_actions_t actions;
    char *const arguments[] = {path, "--home", host->home, "--control-fd", "3", NULL};
    int size = 1 << 20;
    snprintf(path, sizeof path, "%s/bunctl-guard", programs);
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
    CHECK(setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0);
    int child_end = fcntl(pair[1], F_DUPFD_CLOEXEC, 50);
    close(pair[1]);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, child_end, 3);
    start(host, arguments, &actions);
    posix_spawn_file_actions_destroy(&actions);
    close(child_end);
    host->control = pair[0];
}

int guard_wait(struct host *host) {
    int status;
    while (waitpid(host->guard, &status, 0) < 0) {
        CHECK_EQUAL(EINTR, errno);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void daemon_up(struct host *host) {
    struct {
        pid_t pid;
        sigset_t mask;
    } about;
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct iovec part = {.iov_base = &about, .iov_len = sizeof about};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    int passed[2];
    wait_readable(host->listener);
    host->order = accept4(host->listener, NULL, NULL, SOCK_CLOEXEC);
    CHECK(host->order >= 0);
    CHECK_EQUAL(sizeof about, recvmsg(host->order, &message, MSG_CMSG_CLOEXEC));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    CHECK(header != NULL && header->cmsg_len == CMSG_LEN(sizeof passed));
    memcpy(passed, CMSG_DATA(header), sizeof passed);
    host->control = passed[0];
    host->listening = passed[1];
    host->daemon = about.pid;
    host->daemon_mask = about.mask;
}

static void let_go(struct host *host) {
    close(host->control);
    close(host->listening);
    close(host->order);
    host->control = host->listening = host->order = -1;
}

void daemon_down(struct host *host) {
    kill(host->daemon, SIGKILL);
    let_go(host);
}

void daemon_exit(struct host *host, unsigned char code) {
    CHECK_EQUAL(1, send(host->order, &code, 1, MSG_NOSIGNAL));
    let_go(host);
}

void guard_kill(struct host *host) {
    kill(host->guard, SIGKILL);
    CHECK_EQUAL(128 + SIGKILL, guard_wait(host));
}

void send_raw(struct host *host, const void *bytes, size_t size, const int *descriptors, int count) {
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(MAX_RECEIVED * sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > 0) {
        size_t length = (size_t)count * sizeof(int);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(length);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(length);
        memcpy(CMSG_DATA(header), descriptors, length);
    }
    CHECK_EQUAL(size, sendmsg(host->control, &message, MSG_NOSIGNAL));
}

static void send_out(struct host *host, struct writer *out) {
    size_t size = finish_packet(out);
    CHECK(size > 0);
    send_raw(host, out->start, size, NULL, 0);
}

void send_empty(struct host *host, enum message_type type) {
    uint8_t bytes[HEADER_SIZE];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, type, ++host->sequence);
    send_out(host, &out);
}

void send_key(struct host *host, enum message_type type, const struct key *key) {
    uint8_t bytes[512];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, type, ++host->sequence);
    put_key(&out, key);
    send_out(host, &out);
}

void send_signal(struct host *host, const struct key *key, int signal, enum scope scope) {
    uint8_t bytes[512];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, SIGNAL, ++host->sequence);
    put_key(&out, key);
    put_u32(&out, (uint32_t)signal);
    put_u32(&out, scope);
    send_out(host, &out);
}

uint32_t send_spawn(struct host *host, const struct key *key, const struct plan_out *plan) {
    static uint8_t bytes[MAX_PACKET];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, SPAWN, ++host->sequence);
    put_key(&out, key);
    put_u32(&out, plan->count);
    put_bytes(&out, plan->bytes, (size_t)(plan->out.at - plan->out.start));
    send_out(host, &out);
    return host->sequence;
}

void plan_begin(struct plan_out *plan) {
    plan->out = writer_of(plan->bytes, sizeof plan->bytes);
    plan->count = 0;
}

void plan_field(struct plan_out *plan, uint16_t tag, const void *bytes, size_t length) {
    put_u16(&plan->out, tag);
    put_u16(&plan->out, FLAG_CRITICAL);
    put_u32(&plan->out, (uint32_t)length);
    put_bytes(&plan->out, bytes, length);
    CHECK(!plan->out.full);
    plan->count++;
}

void plan_text(struct plan_out *plan, uint16_t tag, const char *text) {
    plan_field(plan, tag, text, strlen(text));
}

void plan_u32(struct plan_out *plan, uint16_t tag, uint32_t value) {
    uint8_t bytes[4];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_u32(&out, value);
    plan_field(plan, tag, bytes, sizeof bytes);
}

void plan_app(struct plan_out *plan, const char *what, const char *with) {
    char path[512];
    plan_begin(plan);
    snprintf(path, sizeof path, "%s/test-app", programs);
    plan_text(plan, TAG_EXECUTABLE, path);
    plan_text(plan, TAG_ARGUMENT, "test-app");
    plan_text(plan, TAG_ARGUMENT, what);
    if (with != NULL) {
        plan_text(plan, TAG_ARGUMENT, with);
    }
    plan_text(plan, TAG_DIRECTORY, "/");
}

struct key key_named(const char *instance, uint32_t generation) {
    struct key key = {.length = (uint32_t)strlen(instance), .generation = generation};
    CHECK(key.length <= MAX_INSTANCE);
    memcpy(key.instance, instance, key.length);
    return key;
}

static bool receive(struct host *host, struct packet_in *packet) {
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(MAX_RECEIVED * sizeof(int))];
    } control;
    struct iovec part = {.iov_base = packet->bytes, .iov_len = sizeof packet->bytes};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    wait_readable(host->control);
    ssize_t got = recvmsg(host->control, &message, MSG_CMSG_CLOEXEC);
    if (got <= 0) {
        return false;
    }
    packet->body = reader_of(packet->bytes, (size_t)got);
    get_header(&packet->body, &packet->header);
    CHECK_EQUAL(got - HEADER_SIZE, packet->header.length);
    CHECK_EQUAL(PROTOCOL_VERSION, packet->header.version);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    packet->count = header == NULL ? 0 : (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    if (packet->count > 0) {
        memcpy(packet->descriptors, CMSG_DATA(header), (size_t)packet->count * sizeof(int));
    }
    return true;
}

static void answer_ping(struct host *host) {
    uint8_t bytes[HEADER_SIZE];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, PONG, 0);
    send_out(host, &out);
}

void expect(struct host *host, enum message_type type, struct packet_in *packet) {
    for (;;) {
        if (!receive(host, packet)) {
            FAIL("message %d expected, not a hang-up", type);
        }
        if (packet->header.type != PING || type == PING) {
            break;
        }
        answer_ping(host);
    }
    if (packet->header.type == REFUSED && type != REFUSED) {
        get_u32(&packet->body);
        struct text reason = get_text(&packet->body, 1024);
        FAIL("message %d expected, but refused: %.*s", type, (int)reason.length, reason.bytes);
    }
    CHECK_EQUAL(type, packet->header.type);
}

void expect_hangup(struct host *host) {
    static struct packet_in packet;
    while (receive(host, &packet)) {
        for (int i = 0; i < packet.count; i++) {
            close(packet.descriptors[i]);
        }
    }
}

uint32_t hello(struct host *host, struct packet_in *entry) {
    static struct packet_in packet;
    uint8_t bytes[64];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_header(&out, HELLO, ++host->sequence);
    put_u32(&out, PROTOCOL_VERSION);
    put_text(&out, "test");
    send_out(host, &out);
    expect(host, WELCOME, &packet);
    CHECK_EQUAL(host->sequence, packet.header.sequence);
    CHECK_EQUAL(PROTOCOL_VERSION, get_u32(&packet.body));
    CHECK_EQUAL(host->guard, get_i32(&packet.body));
    get_text(&packet.body, BOOT_ID_SIZE);
    uint32_t count = get_u32(&packet.body);
    CHECK(reader_done(&packet.body));
    for (uint32_t i = 0; i < count; i++) {
        struct packet_in *to = entry == NULL ? &packet : entry;
        expect(host, ENTRY, to);
        CHECK_EQUAL(2, to->count);
        if (entry == NULL) {
            close(packet.descriptors[0]);
            close(packet.descriptors[1]);
        }
    }
    expect(host, TABLE_END, &packet);
    return count;
}

void finish_all(struct host *host) {
    send_empty(host, FINISHED);
    daemon_exit(host, 0);
    CHECK_EQUAL(0, guard_wait(host));
}

void spawn_ok(struct host *host, const struct key *key, const struct plan_out *plan, struct process_in *process) {
    static struct packet_in packet;
    uint32_t sequence = send_spawn(host, key, plan);
    for (;;) {
        if (!receive(host, &packet)) {
            FAIL("SPAWNED expected, not a hang-up");
        }
        if (packet.header.type != PING) {
            break;
        }
        answer_ping(host);
    }
    if (packet.header.type == NOT_SPAWNED) {
        get_key(&packet.body, &process->key);
        uint32_t number = get_u32(&packet.body);
        struct text step = get_text(&packet.body, 64);
        FAIL("not spawned: step %.*s: %s", (int)step.length, step.bytes, strerror((int)number));
    }
    CHECK_EQUAL(SPAWNED, packet.header.type);
    CHECK_EQUAL(sequence, packet.header.sequence);
    CHECK_EQUAL(3, packet.count);
    get_key(&packet.body, &process->key);
    process->pid = get_i32(&packet.body);
    process->start_time = get_u64(&packet.body);
    CHECK(reader_done(&packet.body));
    CHECK(key_equal(key, &process->key));
    CHECK(process->pid > 0);
    CHECK(process->start_time > 0);
    process->pidfd = packet.descriptors[0];
    process->out = packet.descriptors[1];
    process->err = packet.descriptors[2];
}

struct exit_record expect_exit(struct host *host, const struct key *key) {
    static struct packet_in packet;
    struct key of;
    struct exit_record record;
    expect(host, EXITED, &packet);
    get_key(&packet.body, &of);
    get_i32(&packet.body);
    get_u64(&packet.body);
    get_exit(&packet.body, &record);
    CHECK(reader_done(&packet.body));
    CHECK(key_equal(key, &of));
    return record;
}

uint32_t expect_not_spawned(struct host *host, char step[static 32]) {
    static struct packet_in packet;
    struct key key;
    expect(host, NOT_SPAWNED, &packet);
    get_key(&packet.body, &key);
    uint32_t number = get_u32(&packet.body);
    struct text name = get_text(&packet.body, 31);
    get_text(&packet.body, MAX_DETAIL);
    CHECK(reader_done(&packet.body));
    memcpy(step, name.bytes, name.length);
    step[name.length] = '\0';
    return number;
}

const char *read_until(int fd, const char *text) {
    static char all[1 << 16];
    size_t used = 0;
    all[0] = '\0';
    while (text == NULL || strstr(all, text) == NULL) {
        wait_readable(fd);
        ssize_t got = read(fd, all + used, sizeof all - 1 - used);
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
        all[used] = '\0';
    }
    if (text != NULL && strstr(all, text) == NULL) {
        FAIL("\"%s\" expected in: %s", text, all);
    }
    return all;
}

bool is_alive(pid_t pid) {
    char path[64];
    char stat[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    char *line = fgets(stat, sizeof stat, file);
    fclose(file);
    char *after = line == NULL ? NULL : strrchr(stat, ')');
    return after != NULL && after[2] != 'Z' && after[2] != 'X';
}

void wait_gone(pid_t pid) {
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (pidfd >= 0) {
        wait_readable(pidfd);
        close(pidfd);
    }
}

bool run_has(struct host *host, const char *name) {
    char path[600];
    struct stat status;
    snprintf(path, sizeof path, "%s/run/%s", host->home, name);
    return lstat(path, &status) == 0;
}

int connect_client(struct host *host) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/run/bunctl.sock", host->home);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}
