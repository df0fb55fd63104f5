/* What oom.c and kill.c share: a counter of points at which the world may
 * fail. KEEP_FAULT_AT=N: it fails at the N-th.
 * KEEP_FAULT_COUNT=FILE: how many there were is written into FILE, which must
 * exist, at the end. Each process counts for itself. */
#ifndef FAULT_POINTS_H
#define FAULT_POINTS_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint64_t points, fail_at;

/* Read at the first point: that may come before any constructor. */
static uint64_t read_fail_at(void)
{
	const char *at = getenv("KEEP_FAULT_AT");

	return at ? strtoull(at, NULL, 10) : UINT64_MAX;
}

/* Whether this is the point. Threads may meet here. */
static bool is_the_point(void)
{
	uint64_t at = __atomic_load_n(&fail_at, __ATOMIC_RELAXED);

	if (at == 0) {
		at = read_fail_at();
		__atomic_store_n(&fail_at, at, __ATOMIC_RELAXED);
	}
	return __atomic_add_fetch(&points, 1, __ATOMIC_RELAXED) == at;
}

static void store_count(void)
{
	const char *path = getenv("KEEP_FAULT_COUNT");
	char text[32];
	int fd, len;

	if (!path)
		return;
	len = snprintf(text, sizeof text, "%ju\n", (uintmax_t)points);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0 || write(fd, text, (size_t)len) != len)
		abort();
	close(fd);
}

#endif
