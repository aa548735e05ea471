/* The other files of scenarios, and what several of them use. */
#ifndef BUNCTL_SCENARIOS_H
#define BUNCTL_SCENARIOS_H

/* epoll, signals, run, inotify, lock, listening, control, /dev/null twice, and the standard three. */
enum { GUARD_DESCRIPTORS = 12 };

int count_items(const char *folder);
int run_setup_tests(const char *only);
int run_away_tests(const char *only);

#endif
