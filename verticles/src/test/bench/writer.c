/*
 * The program whose output is measured: numbered lines of 100 bytes.
 *
 *   writer block N F        N lines, 64 KiB a write; first writes the time in ns to file F
 *   writer line N F         N lines, one a write; first writes the time in ns to file F
 *   writer stamp N RATE     N lines, RATE a second, each with the time of its write in ns
 *   writer probe N RATE F   as stamp, and waits after each line until file F has grown; writes
 *                           percentiles of that time in microseconds to F.latency
 *   writer meter N          reads N lines of stamp and prints percentiles of their way, in
 *                           microseconds
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 100, BLOCK = 64 * 1024 };

static void write_all(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t count = write(STDOUT_FILENO, bytes, length);
		if (count < 0 && errno != EINTR) {
			perror("write");
			exit(1);
		}
		if (count > 0) {
			bytes += count;
			length -= (size_t)count;
		}
	}
}

static void line_of(char *line, long number, uint64_t stamp)
{
	int used = snprintf(line, LINE, "%012ld %020llu ", number, (unsigned long long)stamp);
	memset(line + used, 'x', (size_t)(LINE - 1 - used));
	line[LINE - 1] = '\n';
}

static uint64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void bulk(long count, size_t unit)
{
	static char block[BLOCK + LINE];
	size_t filled = 0;
	for (long i = 0; i < count; i++) {
		line_of(block + filled, i, 0);
		filled += LINE;
		if (filled >= unit) {
			size_t whole = unit == LINE ? LINE : BLOCK;
			write_all(block, whole);
			memmove(block, block + whole, filled - whole);
			filled -= whole;
		}
	}
	write_all(block, filled);
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static FILE *made(const char *name)
{
	FILE *out = fopen(name, "w");
	if (!out) {
		perror(name);
		exit(1);
	}
	return out;
}

static void began(const char *file)
{
	FILE *out = made(file);
	fprintf(out, "%llu\n", (unsigned long long)now_ns());
	fclose(out);
}

static void percentiles(uint64_t *times, long count, FILE *out)
{
	qsort(times, (size_t)count, sizeof *times, ascending);
	fprintf(out, "%.0f %.0f\n", times[count / 2] / 1e3, times[count * 99 / 100] / 1e3);
	fclose(out);
}

static void meter(long count)
{
	uint64_t *times = calloc((size_t)count, sizeof *times);
	char line[4096];
	long got = 0;
	while (got < count && fgets(line, sizeof line, stdin)) {
		long number;
		unsigned long long stamp;
		if (strlen(line) == LINE && sscanf(line, "%12ld %20llu ", &number, &stamp) == 2)
			times[got++] = now_ns() - stamp;
	}
	if (got > 0)
		percentiles(times, got, stdout);
	free(times);
}

static void paced(long count, long rate, const char *file)
{
	uint64_t *times = calloc((size_t)count, sizeof *times);
	uint64_t period = 1000000000u / (uint64_t)rate, next = now_ns();
	struct stat before, after;
	char line[LINE];
	for (long i = 0; i < count; i++) {
		next += period;
		while (now_ns() + 60000 < next) {
			uint64_t left = next - now_ns();
			struct timespec pause = {0, (long)(left > 900000000u ? 900000000u : left - 60000)};
			nanosleep(&pause, NULL);
		}
		while (now_ns() < next)
			;
		if (file && stat(file, &before) < 0)
			before.st_size = 0;
		uint64_t start = now_ns();
		line_of(line, i, start);
		write_all(line, LINE);
		if (file) {
			while (stat(file, &after) < 0 || after.st_size <= before.st_size)
				;
			times[i] = now_ns() - start;
		}
	}
	if (file) {
		char name[4096];
		snprintf(name, sizeof name, "%s.latency", file);
		percentiles(times, count, made(name));
	}
	free(times);
}

int main(int argc, char **argv)
{
	if (argc >= 4 && (strcmp(argv[1], "block") == 0 || strcmp(argv[1], "line") == 0)) {
		began(argv[3]);
		bulk(atol(argv[2]), argv[1][0] == 'b' ? BLOCK : LINE);
	} else if (argc >= 3 && strcmp(argv[1], "meter") == 0)
		meter(atol(argv[2]));
	else if (argc >= 4 && strcmp(argv[1], "stamp") == 0)
		paced(atol(argv[2]), atol(argv[3]), NULL);
	else if (argc >= 5 && strcmp(argv[1], "probe") == 0)
		paced(atol(argv[2]), atol(argv[3]), argv[4]);
	else {
		fprintf(stderr, "usage: writer block|line N FILE | stamp N RATE | probe N RATE FILE | meter N\n");
		return 2;
	}
	return 0;
}
