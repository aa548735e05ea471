/* What a program is given before it is executed, and how its tree ends. */
#include "check.h"
#include "harness.h"
#include "scenarios.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { NOBODY = 65534, NET_BIND_SERVICE = 10, CGROUP2_MAGIC = 0x63677270 };

int count_items(const char *folder) {
    int count = 0;
    DIR *items = opendir(folder);
    struct dirent *item;
    while (items != NULL && (item = readdir(items)) != NULL) {
        count += item->d_name[0] != '.';
    }
    if (items != NULL) {
        closedir(items);
    }
    return count;
}

static struct host host;
static struct plan_out plan;
static struct process_in process;
static struct key key;

static void up(void) {
    host_open(&host);
    guard_start(&host, "bunctl-guard", NULL);
    daemon_up(&host);
    CHECK_EQUAL(0, hello(&host, NULL));
    key = key_named("api:0", 1);
}

static void down(void) {
    finish_all(&host);
    host_close(&host);
}

static void says(const char *report, const char *line) {
    char whole[256];
    snprintf(whole, sizeof whole, "%s\n", line);
    const char *at = strstr(report, whole);
    if (at == NULL || (at != report && at[-1] != '\n')) {
        FAIL("\"%s\" expected in: %s", line, report);
    }
}

static void plan_limit(uint32_t resource, uint64_t soft, uint64_t hard) {
    uint8_t bytes[20];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_u32(&out, resource);
    put_u64(&out, soft);
    put_u64(&out, hard);
    plan_field(&plan, TAG_LIMIT, bytes, sizeof bytes);
}

static void program_getsItsPlanAndNothingElse(void) {
    up();
    /* The plan is written by hand to name another directory. */
    char path[512];
    plan_begin(&plan);
    snprintf(path, sizeof path, "%s/test-app", programs);
    plan_text(&plan, TAG_EXECUTABLE, path);
    plan_text(&plan, TAG_ARGUMENT, "own name");
    plan_text(&plan, TAG_ARGUMENT, "report");
    plan_text(&plan, TAG_ARGUMENT, "$HOME; *");
    plan_text(&plan, TAG_ENVIRONMENT, "ONLY=this one");
    plan_text(&plan, TAG_DIRECTORY, "/proc");
    plan_u32(&plan, TAG_UMASK, 027);
    plan_limit(7, 100, 200);
    plan_limit(4, 0, 0);
    plan_u32(&plan, TAG_NICENESS, 5);
    plan_u32(&plan, TAG_OOM_SCORE, 500);
    spawn_ok(&host, &key, &plan, &process);
    const char *report = read_until(process.out, NULL);
    says(report, "argument own name");
    says(report, "argument $HOME; *");
    says(report, "environment ONLY=this one");
    CHECK(strstr(strstr(report, "environment") + 1, "environment") == NULL);
    says(report, "directory /proc");
    says(report, "umask 27");
    says(report, "nofile 100 200");
    says(report, "core 0 0");
    says(report, "niceness 5");
    says(report, "oom 500");
    says(report, "session 1");
    says(report, "descriptors 3");
    says(report, "SigBlk:\t0000000000000000");
    says(report, "SigIgn:\t0000000000000000");
    says(report, "NoNewPrivs:\t0");
    CHECK_EQUAL(0, expect_exit(&host, &key).value);
    down();
}

static const char *unless_root(void) {
    return geteuid() == 0 ? NULL : "changing users needs root";
}

static void copy_program(char *path, size_t size) {
    char from[512];
    char bytes[65536];
    ssize_t length;
    snprintf(from, sizeof from, "%s/test-app", programs);
    snprintf(path, size, "%s/test-app", host.home);
    CHECK(chmod(host.home, 0755) == 0);
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    while ((length = read(in, bytes, sizeof bytes)) > 0) {
        CHECK_EQUAL(length, write(out, bytes, (size_t)length));
    }
    CHECK(fchmod(out, 0755) == 0);
    close(in);
    close(out);
}

/* As nobody, from where nobody may execute it; the home is opened up for that after the guard closed it. */
static void plan_for_nobody(void) {
    static const uint8_t GROUPS[8] = {1, 0, 0, 0, 2, 0, 0, 0};
    char path[128];
    copy_program(path, sizeof path);
    plan_begin(&plan);
    plan_text(&plan, TAG_EXECUTABLE, path);
    plan_text(&plan, TAG_ARGUMENT, "test-app");
    plan_text(&plan, TAG_ARGUMENT, "report");
    plan_text(&plan, TAG_DIRECTORY, "/");
    plan_u32(&plan, TAG_USER, NOBODY);
    plan_u32(&plan, TAG_GROUP, NOBODY);
    plan_field(&plan, TAG_GROUPS, GROUPS, sizeof GROUPS);
    plan_field(&plan, TAG_NO_NEW_PRIVILEGES, "", 0);
}

static void plan_capabilities(uint64_t kept) {
    uint8_t bytes[8];
    struct writer out = writer_of(bytes, sizeof bytes);
    put_u64(&out, kept);
    plan_field(&plan, TAG_CAPABILITIES, bytes, sizeof bytes);
}

static void user_isChangedWithAllThatBelongsToIt(void) {
    up();
    plan_for_nobody();
    plan_capabilities(0);
    spawn_ok(&host, &key, &plan, &process);
    const char *report = read_until(process.out, NULL);
    says(report, "Uid:\t65534\t65534\t65534\t65534");
    says(report, "Gid:\t65534\t65534\t65534\t65534");
    says(report, "Groups:\t1 2 ");
    says(report, "NoNewPrivs:\t1");
    says(report, "CapEff:\t0000000000000000");
    says(report, "CapBnd:\t0000000000000000");
    says(report, "stdout opens");
    down();
}

static void listedCapabilities_areKept(void) {
    up();
    plan_for_nobody();
    plan_capabilities(1ULL << NET_BIND_SERVICE);
    spawn_ok(&host, &key, &plan, &process);
    const char *report = read_until(process.out, NULL);
    says(report, "CapEff:\t0000000000000400");
    says(report, "CapBnd:\t0000000000000400");
    says(report, "CapAmb:\t0000000000000400");
    down();
}

static void rootsBoundingSet_isLowered(void) {
    up();
    plan_app(&plan, "report", NULL);
    plan_capabilities(1ULL << NET_BIND_SERVICE);
    spawn_ok(&host, &key, &plan, &process);
    const char *report = read_until(process.out, NULL);
    says(report, "CapEff:\t0000000000000400");
    says(report, "CapBnd:\t0000000000000400");
    down();
}

static void failedLimit_isNamedAndExecNeverReached(void) {
    char step[32];
    up();
    plan_app(&plan, "last", "reached");
    plan_limit(7, 1ULL << 40, 1ULL << 40); /* above fs.nr_open */
    send_spawn(&host, &key, &plan);
    CHECK_EQUAL(EPERM, expect_not_spawned(&host, step));
    CHECK(strcmp("limits", step) == 0);
    down();
}

static pid_t pid_after(const char *text, const char *name) {
    const char *at = strstr(text, name);
    CHECK(at != NULL);
    return atoi(at + strlen(name));
}

struct family {
    pid_t child, session, doubled;
};

static struct family family_of(void) {
    const char *said = read_until(process.out, "grown\n");
    return (struct family){pid_after(said, "child "), pid_after(said, "session "), pid_after(said, "double ")};
}

static void family_gone(struct family family) {
    wait_gone(family.child);
    wait_gone(family.session);
    wait_gone(family.doubled);
    CHECK(!is_alive(family.child) && !is_alive(family.session) && !is_alive(family.doubled));
}

static void treeKill_withKeeper_reachesEveryDescendant(void) {
    up();
    plan_app(&plan, "tree", NULL);
    plan_field(&plan, TAG_KEEPER, "", 0);
    spawn_ok(&host, &key, &plan, &process);
    struct family family = family_of();
    CHECK(is_alive(family.child) && is_alive(family.session) && is_alive(family.doubled));
    send_signal(&host, &key, SIGKILL, SCOPE_TREE);
    struct exit_record exit = expect_exit(&host, &key);
    CHECK_EQUAL(EXIT_SIGNAL, exit.how);
    CHECK_EQUAL(SIGKILL, exit.value);
    CHECK(!is_alive(family.child) && !is_alive(family.session) && !is_alive(family.doubled));
    down();
}

static void crash_withKeeper_takesTheTreeAlong(void) {
    up();
    plan_app(&plan, "orphans", NULL);
    plan_field(&plan, TAG_KEEPER, "", 0);
    spawn_ok(&host, &key, &plan, &process);
    struct family family = family_of();
    struct exit_record exit = expect_exit(&host, &key);
    CHECK_EQUAL(EXIT_CODE, exit.how);
    CHECK_EQUAL(5, exit.value);
    CHECK(!is_alive(family.child) && !is_alive(family.session) && !is_alive(family.doubled));
    send_key(&host, FORGET, &key);
    CHECK_EQUAL(0, hello(&host, NULL));
    down();
}

static void failedExec_underAKeeper_isNamed(void) {
    char step[32];
    up();
    plan_begin(&plan);
    plan_text(&plan, TAG_EXECUTABLE, "/nowhere/program");
    plan_text(&plan, TAG_ARGUMENT, "program");
    plan_text(&plan, TAG_DIRECTORY, "/");
    plan_field(&plan, TAG_KEEPER, "", 0);
    send_spawn(&host, &key, &plan);
    CHECK_EQUAL(ENOENT, expect_not_spawned(&host, step));
    CHECK(strcmp("exec", step) == 0);
    CHECK_EQUAL(0, hello(&host, NULL));
    down();
}

static pid_t parent_of(pid_t pid) {
    char path[64];
    int parent = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    CHECK(file != NULL && fscanf(file, "%*d (%*[^)]) %*c %d", &parent) == 1);
    fclose(file);
    return parent;
}

static void killedKeeper_leavesTheExitToTheGuard(void) {
    up();
    plan_app(&plan, "sleep", NULL);
    plan_field(&plan, TAG_KEEPER, "", 0);
    spawn_ok(&host, &key, &plan, &process);
    pid_t keeper = parent_of(process.pid);
    CHECK(keeper != host.guard);
    kill(keeper, SIGKILL);
    wait_gone(keeper);
    CHECK(is_alive(process.pid));
    send_signal(&host, &key, SIGTERM, SCOPE_PROCESS);
    CHECK_EQUAL(SIGTERM, expect_exit(&host, &key).value);
    down();
}

static void treeKill_withoutKeeper_reachesChildrenAndSession(void) {
    up();
    plan_app(&plan, "tree", NULL);
    spawn_ok(&host, &key, &plan, &process);
    struct family family = family_of();
    send_signal(&host, &key, SIGKILL, SCOPE_TREE);
    CHECK_EQUAL(SIGKILL, expect_exit(&host, &key).value);
    wait_gone(family.child);
    wait_gone(family.session);
    /* One that left both parent and session cannot be told from others' orphans (that is what keepers are for): it ends with the guard. */
    CHECK(is_alive(family.doubled));
    down();
    CHECK(!is_alive(family.doubled));
}

static void crash_withoutKeeper_takesTheSessionAlong(void) {
    up();
    plan_app(&plan, "orphans", NULL);
    spawn_ok(&host, &key, &plan, &process);
    struct family family = family_of();
    CHECK_EQUAL(5, expect_exit(&host, &key).value);
    wait_gone(family.child);
    down();
    CHECK(!is_alive(family.session) && !is_alive(family.doubled));
}

static char cgroup[128];

static const char *unless_cgroup(void) {
    static const char *const BASES[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
    for (size_t i = 0; i < 2; i++) {
        struct statfs status;
        snprintf(cgroup, sizeof cgroup, "%s/bunctl-test-%d", BASES[i], getpid());
        if (statfs(BASES[i], &status) == 0 && status.f_type == CGROUP2_MAGIC && mkdir(cgroup, 0755) == 0) {
            rmdir(cgroup);
            return NULL;
        }
    }
    return "no writable cgroup v2 tree here";
}

static void cgroup_isJoinedAndKilledAsAWhole(void) {
    up();
    CHECK(mkdir(cgroup, 0755) == 0);
    plan_app(&plan, "tree", NULL);
    plan_text(&plan, TAG_CGROUP, cgroup);
    spawn_ok(&host, &key, &plan, &process);
    struct family family = family_of();
    char path[256];
    snprintf(path, sizeof path, "/proc/%d/cgroup", family.doubled);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    read_until(fd, strrchr(cgroup, '/'));
    close(fd);
    send_signal(&host, &key, SIGKILL, SCOPE_TREE);
    CHECK_EQUAL(SIGKILL, expect_exit(&host, &key).value);
    family_gone(family);
    down();
    CHECK(rmdir(cgroup) == 0);
}

static void crash_inACgroup_takesTheTreeAlong(void) {
    up();
    CHECK(mkdir(cgroup, 0755) == 0);
    plan_app(&plan, "orphans", NULL);
    plan_text(&plan, TAG_CGROUP, cgroup);
    spawn_ok(&host, &key, &plan, &process);
    struct family family = family_of();
    CHECK_EQUAL(5, expect_exit(&host, &key).value);
    family_gone(family);
    down();
    CHECK(rmdir(cgroup) == 0);
}

int run_setup_tests(const char *only) {
    static const struct test TESTS[] = {
        TEST(program_getsItsPlanAndNothingElse), TEST_IF(user_isChangedWithAllThatBelongsToIt, unless_root),
        TEST_IF(listedCapabilities_areKept, unless_root), TEST_IF(rootsBoundingSet_isLowered, unless_root),
        TEST(failedLimit_isNamedAndExecNeverReached), TEST(treeKill_withKeeper_reachesEveryDescendant),
        TEST(crash_withKeeper_takesTheTreeAlong), TEST(failedExec_underAKeeper_isNamed),
        TEST(killedKeeper_leavesTheExitToTheGuard), TEST(treeKill_withoutKeeper_reachesChildrenAndSession),
        TEST(crash_withoutKeeper_takesTheSessionAlong), TEST_IF(cgroup_isJoinedAndKilledAsAWhole, unless_cgroup),
        TEST_IF(crash_inACgroup_takesTheTreeAlong, unless_cgroup),
    };
    return run_tests(TESTS, sizeof TESTS / sizeof *TESTS, only);
}
