/*
 * What the guard's files share: the table of processes, the daemon's side, and one function group a file.
 * The guard is one thread and one epoll loop; nothing in it waits for anybody but epoll.
 */
#ifndef BUNCTL_GUARD_H
#define BUNCTL_GUARD_H

#include "wire.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/types.h>

#ifndef BUNCTL_MAX_ENTRIES
#define BUNCTL_MAX_ENTRIES 8192
#endif
#ifndef BUNCTL_SPILL_BYTES
#define BUNCTL_SPILL_BYTES (64 << 20)
#endif

enum {
    MAX_ENTRIES = BUNCTL_MAX_ENTRIES, /* few in the binary for tests */
    MAX_STEM = 3 * MAX_INSTANCE + 12, /* every byte as %XX, a dot, a generation */
    MAX_HOME = 2048,
    MAX_EPHEMERAL_HOME = 80, /* its socket must have a path of at most 107 bytes, see unix(7) */
    MAX_DESCRIPTORS = 3, /* that travel with one packet */
    NO_DESCRIPTOR = -1,
    NO_DEADLINE = -1,
    EXIT_LOCKED = 3,
    EXIT_CAN_RESUME = 42, /* not 0, which any program might end with */
    CHILD_FAILED = 127, /* exit code of a child that never reached exec */
    FIFO_BYTES = 65536,
    DAEMON_TRIES = 5, /* starts without READY after which clients are answered by the guard */
    BACKOFF_FIRST_MS = 100,
    BACKOFF_MOST_MS = 10000,
    STEADY_MS = 10000, /* a daemon that lived this long after READY starts with a fresh backoff */
    HANGUP_MS = 2000, /* a daemon that closed its control socket and lives on is killed after this */
    SPILL_AFTER_MS = 2000, /* a daemon away this long: all output is spilled */
    SPILL_BYTES = BUNCTL_SPILL_BYTES, /* most bytes of one stream in its spill file; past it the program waits in its write */
    PING_MS = 10000,
    WATCHDOG_S = 30, /* default of --watchdog */
    TERMINATE_MS = 5000, /* without a daemon: from SIGTERM to SIGKILL of every tree */
    UPGRADE_MS = 5000, /* a new guard program must say within this that it can take over */
    KILLED_CODE = 128 + SIGKILL, /* exit code of a run whose apps were not given their time */
    HANDED_OVER_CODE = 75, /* exit code of a daemon that makes room for another */
    NEVER_SERVED_CODE = 70, /* exit code of a run whose daemon does not come up */
    SECOND_ASKING_MS = 1000, /* a run that is asked to end again after this kills what has not ended */
    RESEND_MS = 10, /* after the kernel refused to pass more descriptors for now */
};

struct guard;

/* Something epoll watches. */
struct source {
    int fd;
    void (*ready)(struct guard *guard, struct source *source);
};

/* One output stream of one process: the reading end, and its spill file. */
struct stream {
    struct source source; /* watched only while the daemon is away */
    struct entry *owner;
    const char *suffix; /* ".out" or ".err" */
    int fd; /* reading end, or -1: /dev/null */
    int spill; /* open while spilling */
    uint64_t spilled; /* bytes in the spill file; 0: there is none */
    bool watched;
    bool complained;
};

enum state {
    STARTING, /* forked, exec not yet reported */
    RUNNING,
    OVER, /* recorded; kept until the daemon forgets it */
};

struct entry {
    struct entry *next;
    struct key key;
    char stem[MAX_STEM + 1]; /* of its file names under run/ */
    char *cgroup; /* NULL: none */
    pid_t pid; /* the program's own; 0 until the keeper has told it */
    pid_t keeper; /* 0: none */
    uint64_t keeper_start;
    uint64_t start_time;
    uint64_t started_ms;
    uint32_t sequence; /* of the SPAWN, for its answer */
    enum state state;
    bool foreign; /* its parent was a former guard: watched through pidfd, never waited for */
    bool unsaved; /* its handle could not be written, and is tried again */
    bool unheld; /* when this guard came nobody had its output open: what the pipes held is gone */
    bool told; /* the present daemon has heard of the pid */
    struct exit_record exit;
    struct stream out, err;
    struct source report; /* the child's pipe: its pid under a keeper, a failed step; closed by exec */
    struct source channel; /* from the keeper */
    struct source watch; /* pidfd of a foreign process */
    int pidfd; /* in a SPAWNED that waits to be sent, or -1 */
    int64_t foreign_deadline; /* until when its exit status is hoped for */
    uint32_t failed_step; /* from the report pipe, 0: none */
    int failed_errno;
    char directory[MAX_DETAIL], executable[MAX_DETAIL]; /* for the message when a step fails */
};

struct packet {
    struct packet *next;
    size_t size;
    int count;
    int descriptors[MAX_DESCRIPTORS];
    uint8_t bytes[];
};

struct guard {
    char home[MAX_HOME + 1]; /* absolute */
    char daemon_path[MAX_PATH + 1];
    char self[MAX_PATH + 1];
    char boot_id[BOOT_ID_SIZE];
    bool foreground;
    bool embedded; /* --control-fd: the starter is the daemon */
    bool attached; /* --attach-fd: a daemon whose guard died */
    int watchdog_s;
    bool ephemeral; /* of `bunctl run`: the home is removed in the end */
    bool abandoned; /* of such a run that was killed: what is left is to end */
    pid_t runner; /* the client that says what to start */
    int exit_code;
    gid_t readers; /* who may open the socket beside the owner; -1: nobody */

    int epoll;
    int run; /* the folder run/ */
    int lock;
    int null; /* /dev/null */
    struct source signals;
    struct source listening;
    struct source folder; /* inotify: home, run/, and the socket and the lock in it */
    bool answering; /* the guard accepts clients itself */
    struct rlimit files; /* as inherited, for every child */
    mode_t mask; /* as inherited, for a program whose plan names none */

    struct entry *entries;
    uint32_t entry_count;

    struct source control;
    uint32_t control_events; /* asked of epoll */
    bool greeted; /* the present daemon has said HELLO and has the table */
    bool greeting; /* it has said HELLO; the table waits for a keeper to tell its program's pid */
    uint32_t greeting_sequence;
    bool ready;
    bool finished;
    bool ending; /* every tree is being ended, then the guard ends */
    bool killed; /* by SIGKILL even */
    struct packet *first, *last;
    pid_t daemon;
    struct source daemon_watch; /* pidfd of an attached daemon, which is no child */
    uint32_t tries; /* starts since the last READY */
    uint32_t failures; /* for the backoff */
    bool pending_terminate; /* asked for; a daemon that dies over it has no successor, one that hands over has */
    int64_t asked_ms; /* when that was */

    /* Deadlines in ms of CLOCK_MONOTONIC, or NO_DEADLINE. */
    int64_t start_at, hangup_at, spill_at, ping_at, pong_by, terminate_at, resend_at, foreign_at, upgrade_by, restore_at, handles_at;
    int64_t ready_at;

    pid_t candidate; /* a new guard program asked whether it can take over */
    uint32_t upgrade_sequence;
    char upgrade_path[MAX_PATH + 1];

    /* The program this guard was before, while its daemon has not been READY; empty: none, or it is proven. */
    char former[MAX_PATH + 1];
    uint32_t former_version; /* of the state it reads */
    uint32_t trials; /* ends of the new daemon before READY */
    bool returning; /* going back to it */
};

/* log.c: to standard error, one line each */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_errno(const char *what);
/* For the one who starts a guard that does not come up; with errno's text unless it is 0. */
_Noreturn void die(const char *what, const char *detail);

/* log.c, too: the clocks */
int64_t monotonic_ms(void);
uint64_t wall_ms(void);

/* loop.c: epoll, with one event at a time */
/* INVARIANT: events are taken one by one, so a handler may free any other source. */
bool watch(struct guard *guard, struct source *source, uint32_t events);
void rewatch(struct guard *guard, struct source *source, uint32_t events);
/* Stops watching and closes. */
void drop(struct guard *guard, struct source *source);
/* Stops watching only. */
void unwatch(struct guard *guard, struct source *source);
void run_loop(struct guard *guard);

/* table.c */
struct entry *entry_new(struct guard *guard, const struct key *key);
struct entry *entry_by_key(struct guard *guard, const struct key *key);
/* A process not yet over. */
struct entry *entry_by_pid(struct guard *guard, pid_t pid);
struct entry *entry_by_keeper(struct guard *guard, pid_t pid);
/* Closes, unlinks its files, frees. */
void entry_remove(struct guard *guard, struct entry *entry);
/* Closes and frees; its files stay. */
void entry_free(struct guard *guard, struct entry *entry);
void stem_of(const struct key *key, char stem[static MAX_STEM + 1]);

/* proc.c: what /proc tells */
struct process {
    pid_t pid, parent, group, session;
    char state;
    uint64_t start_time;
};
bool process_read(pid_t pid, struct process *process);
/* 0 when there is no such process. */
uint64_t process_start_time(pid_t pid);
/* Now, in the unit of start times. */
uint64_t boot_ticks(void);
/* The same of a child just made: where no tick has passed since before, the clock says it at no cost. */
uint64_t child_start_time(pid_t pid, uint64_t before);
bool read_small_file(int folder, const char *path, char *buffer, size_t size);
int open_pidfd(pid_t pid);
/* Of the running kernel. */
bool read_boot_id(char to[static BOOT_ID_SIZE]);
/* How a process of another parent ended, where the kernel still knows (PIDFD_GET_INFO, Linux 6.15). */
bool pidfd_exit(int pidfd, struct exit_record *record);
/* The same of one that has ended and that its parent has not reaped yet (proc_pid_stat(5)). */
bool zombie_exit(pid_t pid, uint64_t start_time, struct exit_record *record);

/* handle.c: run/<stem>.handle */
/* Tried again until it is done. */
void handle_keep(struct guard *guard, struct entry *entry);
void handles_again(struct guard *guard);
bool handle_write(int run, const char *boot_id, const struct entry *entry);
/* Fills the table from what a former guard left, and removes what belongs to nobody. */
void handles_load(struct guard *guard);
/* Whether a guard of this boot died over programs. */
bool handles_left(int run);
/* Reopens the exit record a keeper may have written; false when there is none. */
bool handle_reload(struct guard *guard, struct entry *entry);
void files_unlink(struct guard *guard, const char *stem);

/* spawn.c: FIFOs, fork, and what the child reports */
void spawn(struct guard *guard, uint32_t sequence, const struct key *key, const struct plan *plan);
/* Reads the report pipe; on its end the entry runs or has failed. */
void report_ready(struct guard *guard, struct source *source);
bool fifo_reopen(struct guard *guard, struct stream *stream);

/* setup.c: in the child, between fork and exec: system calls only */
struct child {
    const struct plan *plan;
    int out, err; /* writing ends, or /dev/null */
    int null;
    int report; /* writing end of the report pipe */
    bool tell_pid;
    bool in_cgroup; /* already put there by clone */
    const struct rlimit *files;
    mode_t mask;
};
extern const char *const STEPS[]; /* by number, from 1 */
enum step {
    STEP_PLAN = 1, STEP_FIFO, STEP_FORK, STEP_CGROUP, STEP_SESSION, STEP_LIMITS, STEP_NICENESS, STEP_OOM_SCORE, STEP_STDIO,
    STEP_DIRECTORY, STEP_UMASK, STEP_GROUPS, STEP_GROUP, STEP_USER, STEP_CAPABILITIES, STEP_NO_NEW_PRIVILEGES, STEP_EXEC,
    STEP_END,
};
enum { REPORT_PID = 1000 }; /* instead of a step: the value is the child's pid */
struct report {
    uint32_t step;
    int32_t value; /* errno, or the pid */
};
_Noreturn void child_exec(const struct child *child);
/* Closes every descriptor from `first` on. */
void close_from(int first);
void default_signals(void);
/* fork, into a cgroup where the kernel can; *placed says whether it did. */
pid_t fork_into(int cgroup, bool *placed);

/* keeper.c */
_Noreturn void keeper_run(struct guard *guard, struct entry *entry, const struct child *child, int channel);
struct keeper_report {
    struct exit_record exit;
};

/* exits.c */
void reap_children(struct guard *guard);
void channel_ready(struct guard *guard, struct source *source);
void watch_ready(struct guard *guard, struct source *source);
void foreign_watch(struct guard *guard, struct entry *entry);
void foreign_deadlines(struct guard *guard);
void exit_record_of(const siginfo_t *info, const struct rusage *usage, struct exit_record *record);

/* tree.c */
void entry_signal(struct guard *guard, struct entry *entry, int signal, enum scope scope);
/* After its end: kills what is left of its tree. */
void tree_finish(struct guard *guard, const struct entry *entry);
/* Freezes, then kills what descends from `root` or lives in `session`, `root` itself only when told; false: some are left. */
bool tree_kill(pid_t root, bool root_too, pid_t session);
/*
 * Kills and reaps this process's own children but the spared one, until a look finds none. A chain of processes that fork and
 * exit outruns every look at /proc as a whole, but to a subreaper its present end is a child. False: some are left.
 */
bool strike_children(pid_t spared);
/* Direct children of this (single-threaded) process. Gives their number, at most `most` are stored; -1 when the kernel does not tell. */
int own_children(pid_t *pids, int most);

/* channel.c: packets to and from the daemon */
void send_packet(struct guard *guard, struct writer *packet, const int *descriptors, int count);
void send_refused(struct guard *guard, uint32_t sequence, int number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void send_spawned(struct guard *guard, struct entry *entry);
void send_not_spawned(struct guard *guard, uint32_t sequence, const struct key *key, int number, enum step step, const char *detail);
void send_exited(struct guard *guard, struct entry *entry);
void send_entry(struct guard *guard, uint32_t sequence, struct entry *entry);
void send_request(struct guard *guard, enum request request);
void flush_packets(struct guard *guard);
void drop_packets(struct guard *guard);
void control_ready(struct guard *guard, struct source *source);
/* Takes in what a daemon that has ended still had to say: FINISHED before all. */
void drain_control(struct guard *guard);

/* messages.c */
/* Answers a HELLO with the table, once every pid is known. */
void greet(struct guard *guard);
void handle_message(struct guard *guard, const struct header *header, struct reader *body, int *descriptors, int count);

/* daemon.c */
void daemon_start(struct guard *guard);
void daemon_control(struct guard *guard, int fd);
void daemon_exited(struct guard *guard, int status);
void daemon_lost(struct guard *guard);
void daemon_ready(struct guard *guard);
void daemon_ping(struct guard *guard);
void daemon_kill(struct guard *guard, const char *why);
void daemon_attach(struct guard *guard, int fd);
void daemon_await(struct guard *guard, pid_t pid);
/* Watches a daemon that is no child of this guard. */
void daemon_watch(struct guard *guard);
void listening_ready(struct guard *guard, struct source *source);

/* spill.c */
void spill_begin(struct guard *guard);
void spill_all(struct guard *guard);
void spill_end(struct guard *guard);
void spill_watch(struct guard *guard, struct entry *entry);
void spill_taken(struct guard *guard, struct entry *entry);
/* The absolute path of the spill file, or "" when there is none. */
void spill_path(const struct guard *guard, const struct stream *stream, char *path, size_t size);

/* end.c */
/* By a signal: the daemon ends the apps, or the guard where there is none. */
void terminate_asked(struct guard *guard);
void terminate(struct guard *guard);
_Noreturn void finish(struct guard *guard);
void kill_everything(struct guard *guard);
/* Ends the guard if it is to end and the last process is over. */
void end_when_empty(struct guard *guard);

/* upgrade.c */
void upgrade_begin(struct guard *guard, uint32_t sequence, const char *path);
void upgrade_candidate_exited(struct guard *guard, int status);
void upgrade_expired(struct guard *guard);
bool upgrade_resume(struct guard *guard, int state);
/* The daemon of a new version serves: there is no way back any more. */
void upgrade_proven(struct guard *guard);
/* The daemon of a new version ended before it was READY; true when the guard goes back to the program it was. */
bool upgrade_failed(struct guard *guard);
enum {
    TRIALS = 2, /* ends of a new daemon before READY after which the guard becomes the former program again */
};

/* state.c: what one guard program hands to the next */
/* The version that the program to become reads: an older one, when the way leads back. */
uint32_t state_written(const struct guard *guard);
/* A memfd with all of it, or -1 with errno. */
int state_save(const struct guard *guard);
bool state_load(struct guard *guard, int fd);
enum {
    STATE_VERSION = 3, /* 2: with the program that wrote it, behind the entries; 3: and whether the guard is asked to end */
    OLDEST_STATE_VERSION = 1,
};

/* home.c */
/* Reads BUNCTL_SOCKET_GROUP: a group's name or number. False: there is no such group. */
bool home_readers(struct guard *guard);
/* Makes and opens home and run/. NULL, or what failed, with errno. */
const char *home_open(struct guard *guard);
/* The listening socket of run/, or -1 with errno. */
int home_listen(struct guard *guard);
void home_write_pid(struct guard *guard);
/* Notices from now on when the socket or the home is deleted. */
void home_watch(struct guard *guard);
/* Makes anew what was deleted. */
void home_restore(struct guard *guard);

/* run.c: `bunctl run` */
/* Makes a home of its own, where it fits a socket's path. False: nowhere, with errno. */
bool run_make_home(struct guard *guard);
/* Takes the locked home for a run, or for none. NULL, or what is wrong with it, with errno. */
const char *run_claim(struct guard *guard, bool after_another);
void run_remove_home(const struct guard *guard);
/* Daemon and runner find in their environment that they are a run's. */
bool run_announce(void);
/* Executes the client that says what to start. */
bool runner_start(struct guard *guard, char *const *arguments);
void runner_exited(struct guard *guard, int status);
/* A signal that is for the apps, not for the guard; false when it is not. */
bool run_forward(struct guard *guard, int signal);

/* start.c */
extern const char FIRST_SOFT_LIMIT[]; /* variable with the soft limit of open files that apps get */
/* As many open files as the host lets it have; children get back what was inherited. */
void raise_files(const struct guard *guard);

/* options.c */
struct options {
    const char *home, *daemon;
    int control, attach, listening, resume, after, state;
    bool foreground, run;
    int watchdog;
    char *const *rest; /* behind the options: the runner */
};
/* Ends the process when they make no sense. */
struct options options_take(int argc, char **argv);
/* Of a guard that comes up; one that resumes has the rest in its state. */
void options_apply(const struct options *options, struct guard *guard);

/* lock.c */
enum { LIFE_BYTE = 0 };
bool take_lock(const struct guard *guard, off_t byte, int command, short type);
void setup_lock(struct guard *guard, bool take);
/* Both; ends the process where another guard has the home. */
void lock_take(struct guard *guard, bool after_another);

/* link.c: a client's link */
_Noreturn void link_and_run(int argc, char **argv);

/* The socket, connected to who listens there, or -1. */
int connected(const char *path);

/* revive.c: guard and daemon, after both were killed */
/* Starts them in the home of this socket where programs are left without them. True: somebody listens again. */
bool revive(const char *socket);

/* notify.c: the service manager, where there is one */
void notify_ready(const struct guard *guard);
void notify_stopping(void);
/* Guard or daemon is about to make room for another; READY follows. */
void notify_reloading(void);
void notify_alive(void);
/* How often it wants to hear that all is well; very long when it does not. */
int64_t notify_interval_ms(void);

/* fault.c: only in the binary for tests */
#ifdef BUNCTL_FAULTS
void fault(struct guard *guard, const char *point);
#define FAULT(guard, point) fault(guard, point)
#else
#define FAULT(guard, point) ((void)0)
#endif

#endif
