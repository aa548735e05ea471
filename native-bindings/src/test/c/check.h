/* What a C test needs: a named test, a check that says where it failed, and a count at the end. */
#ifndef BUNCTL_CHECK_H
#define BUNCTL_CHECK_H

#include <stdbool.h>

/* Fails the running test and ends the program's run of it (each test is a process of its own). */
_Noreturn void check_failed(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
#define FAIL(...) check_failed(__FILE__, __LINE__, __VA_ARGS__)
#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            FAIL("%s", #condition);                                                                                    \
        }                                                                                                              \
    } while (0)
#define CHECK_EQUAL(expected, actual)                                                                                  \
    do {                                                                                                               \
        long long wanted_value = (long long)(expected);                                                                      \
        long long actual_value = (long long)(actual);                                                                           \
        if (wanted_value != actual_value) {                                                                                           \
            FAIL("%s is %lld, not %lld", #actual, actual_value, wanted_value);                                                        \
        }                                                                                                              \
    } while (0)

struct test {
    const char *name;
    void (*body)(void);
    const char *(*skip)(void); /* NULL, or gives the reason to skip, or NULL */
};
#define TEST(function) {.name = #function, .body = function}
#define TEST_IF(function, reason) {.name = #function, .body = function, .skip = reason}

/* Runs those whose name contains `only` (all when NULL), each in a process of its own with a time limit. Gives the exit code. */
int run_tests(const struct test *tests, int count, const char *only);

#endif
