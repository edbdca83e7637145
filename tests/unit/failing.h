/* SPDX-License-Identifier: Apache-2.0 */
/* failing.h: memory runs out and reads fail when a test says so. For one file of a program only. */
#ifndef KMETA_TEST_FAILING_H
#define KMETA_TEST_FAILING_H

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/*
 * Calls that are left before one fails; negative: none does. Volatile, since a compiler may think
 * that it knows what malloc() and free() do, and that they do not look here.
 */
static volatile long allocations_left = -1;
static volatile bool memory_failed, fails_once;

/* What is allocated and not freed, while it is counted. */
static volatile bool counting;
static volatile long alive;

/* dlsym() itself may allocate before there is anything to call. */
static char early[4096];
static size_t early_used;

static void *early_room(size_t size)
{
	void *at = early + early_used;

	early_used += (size + 15) / 16 * 16;
	if (early_used > sizeof(early))
		abort();
	return at;
}

static bool is_of_early(const void *at)
{
	return (const char *)at >= early && (const char *)at < early + sizeof(early);
}

static bool memory_fails(void)
{
	if (allocations_left < 0)
		return false;
	if (allocations_left > 0) {
		allocations_left--;
		return false;
	}
	memory_failed = true;
	if (fails_once)
		allocations_left = -1;
	errno = ENOMEM;
	return true;
}

/* Seen from the libraries too, and not only from here. */
#define STANDS_IN __attribute__((visibility("default")))

typedef void *allocate(size_t size);
typedef void *allocate_many(size_t count, size_t size);
typedef void *reallocate(void *at, size_t size);
typedef void release(void *at);

/* C does not let a pointer to an object become one to a function; POSIX does. */
#define REAL(type, name)                                                     \
	static type *real;                                                   \
	if (!real) {                                                         \
		static bool looking;                                         \
		if (!looking) {                                              \
			looking = true;                                      \
			*(void **)(uintptr_t)&real = dlsym(RTLD_NEXT, name); \
		}                                                            \
	}

STANDS_IN void *malloc(size_t size)
{
	void *at;
	REAL(allocate, "malloc")

	if (!real)
		return early_room(size);
	at = memory_fails() ? NULL : real(size);
	alive += counting && at;
	return at;
}

STANDS_IN void *calloc(size_t count, size_t size)
{
	void *at;
	REAL(allocate_many, "calloc")

	if (!real)
		return early_room(count * size);
	at = memory_fails() ? NULL : real(count, size);
	alive += counting && at;
	return at;
}

STANDS_IN void *realloc(void *old, size_t size)
{
	void *at;
	REAL(reallocate, "realloc")

	if (!real || is_of_early(old))
		abort();
	at = memory_fails() ? NULL : real(old, size);
	alive += counting && at && !old;
	return at;
}

STANDS_IN void free(void *at)
{
	REAL(release, "free")

	alive -= counting && at && !is_of_early(at);
	if (real && !is_of_early(at))
		real(at);
}

/* The sanitizer's own would not call malloc() above. */
STANDS_IN char *strndup(const char *text, size_t most)
{
	const size_t size = strnlen(text, most);
	char *copy = malloc(size + 1);

	if (!copy)
		return NULL;
	memcpy(copy, text, size);
	copy[size] = '\0';
	return copy;
}

STANDS_IN char *strdup(const char *text)
{
	return strndup(text, SIZE_MAX);
}

/* Reads: at most so many bytes a call, and an error from some byte on. */
static size_t read_at_most;
static int64_t reads_fail_at = -1;
static int interrupts;

static ssize_t flaky(ssize_t (*real)(int, void *, size_t, off_t), int fd, void *at, size_t size,
                     off_t from)
{
	if (interrupts > 0) {
		interrupts--;
		errno = EINTR;
		return -1;
	}
	if (reads_fail_at >= 0 && from >= reads_fail_at) {
		errno = EIO;
		return -1;
	}
	if (read_at_most && size > read_at_most)
		size = read_at_most;
	if (reads_fail_at >= 0 && from + (off_t)size > reads_fail_at)
		size = (size_t)(reads_fail_at - from);
	return real(fd, at, size, from);
}

typedef ssize_t read_at(int fd, void *at, size_t size, off_t from);

STANDS_IN ssize_t pread(int fd, void *at, size_t size, off_t from)
{
	REAL(read_at, "pread")

	return flaky(real, fd, at, size, from);
}

#endif
