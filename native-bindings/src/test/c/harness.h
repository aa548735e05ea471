/*
 * Drives the real guard from a test that plays the daemon: a home of its own, the fake daemon's descriptors, packets
 * out and in. Waiting is always for an event, bounded by WAIT_MS, which is only reached when the test fails.
 */
#ifndef BUNCTL_HARNESS_H
#define BUNCTL_HARNESS_H

#include "wire.h"

#include <signal.h>
#include <sys/types.h>

enum { WAIT_MS = 60000, MAX_RECEIVED = 3, PLAN_SIZE = 65536 };

extern const char *programs; /* folder of the built programs */

struct host {
    char home[64];
    pid_t guard; /* 0: in the background */
    int listener; /* where fake daemons report */
    int control; /* the guard's control socket, as handed over */
    int listening;
    int order; /* a byte on it ends the fake daemon */
    pid_t daemon;
    sigset_t daemon_mask;
    uint32_t sequence;
};

struct packet_in {
    struct header header;
    uint8_t bytes[MAX_PACKET];
    struct reader body;
    int descriptors[MAX_RECEIVED];
    int count;
};

/* A plan being written. */
struct plan_out {
    uint8_t bytes[PLAN_SIZE];
    struct writer out;
    uint32_t count;
};

/* A home in the build folder, removed by host_close. */
void host_open(struct host *host);
void host_close(struct host *host);
/* Starts a guard in the foreground with these extra arguments (NULL-terminated list, may be NULL). */
void guard_start(struct host *host, const char *program, char *const *extra);
/* As guard_start, with the control socket in our hands (--control-fd). */
void guard_embed(struct host *host);
/* Waits for the guard to end; gives its exit code, or 128 + signal. */
int guard_wait(struct host *host);
/* Waits for a fake daemon to come up and takes its descriptors. */
void daemon_up(struct host *host);
/* Kills the fake daemon and lets go of its descriptors. */
void daemon_down(struct host *host);
/* Lets go of the descriptors; the fake daemon ends with the code. */
void daemon_exit(struct host *host, unsigned char code);
/* HELLO, and the whole answer; gives the number of entries, the last entry in *entry when not NULL. */
uint32_t hello(struct host *host, struct packet_in *entry);
/* Kills the guard with SIGKILL, waits for it. */
void guard_kill(struct host *host);
/* FINISHED, exit 0, and the guard's end. */
void finish_all(struct host *host);

void plan_begin(struct plan_out *plan);
void plan_field(struct plan_out *plan, uint16_t tag, const void *bytes, size_t length);
void plan_text(struct plan_out *plan, uint16_t tag, const char *text);
void plan_u32(struct plan_out *plan, uint16_t tag, uint32_t value);
/* The test program with up to two arguments, in /. */
void plan_app(struct plan_out *plan, const char *what, const char *with);

struct key key_named(const char *instance, uint32_t generation);
uint32_t send_spawn(struct host *host, const struct key *key, const struct plan_out *plan);
void send_signal(struct host *host, const struct key *key, int signal, enum scope scope);
void send_key(struct host *host, enum message_type type, const struct key *key);
void send_empty(struct host *host, enum message_type type);
void send_raw(struct host *host, const void *bytes, size_t size, const int *descriptors, int count);

/* The next packet, which must be of this type; PINGs are answered and skipped. */
void expect(struct host *host, enum message_type type, struct packet_in *packet);
/* Whether the control socket was closed by the guard. */
void expect_hangup(struct host *host);

struct process_in {
    struct key key;
    pid_t pid;
    uint64_t start_time;
    int pidfd, out, err;
};
/* SPAWN and its SPAWNED. */
void spawn_ok(struct host *host, const struct key *key, const struct plan_out *plan, struct process_in *process);
/* EXITED of this key. */
struct exit_record expect_exit(struct host *host, const struct key *key);
/* NOT_SPAWNED: its errno; the step in *step (16 bytes at least 32). */
uint32_t expect_not_spawned(struct host *host, char step[static 32]);

/* Reads until `text` was seen or the end; gives all read so far. */
const char *read_until(int fd, const char *text);
/* Waits until the process is gone (not even a zombie of ours). */
void wait_gone(pid_t pid);
bool is_alive(pid_t pid);
bool run_has(struct host *host, const char *name);
int connect_client(struct host *host);
/* Waits for EOF or data on fd. */
void wait_readable(int fd);

#endif
