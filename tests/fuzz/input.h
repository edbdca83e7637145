/* SPDX-License-Identifier: Apache-2.0 */
/* input.h: a fuzz target's input as a file. */
#ifndef KMETA_TESTS_INPUT_H
#define KMETA_TESTS_INPUT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kmeta.h>

#include "record/batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(condition)                                                                \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                       \
	} while (0)

/* Makes the checksum right of everything that looks like a batch. */
static inline void seal_batches(uint8_t *data, size_t size)
{
	size_t at = 0;

	while (size - at >= BATCH_HEADER) {
		struct kmeta_batch batch;
		struct kmeta_finding ignored;

		batch_read_header(&batch, data + at);
		if (batch_check_header(&batch, &ignored) != KMETA_OK ||
		    (uint64_t)batch.size > size - at) {
			at++;
			continue;
		}
		batch.crc = batch_crc(data + at, (size_t)batch.size);
		for (int i = 0; i < 4; i++)
			data[at + 17 + (size_t)i] = (uint8_t)(batch.crc >> (24 - 8 * i));
		at += (size_t)batch.size;
	}
}

/* Tries an input twice: most of what a fuzzer makes of a batch has a wrong checksum. */
static inline void as_it_is_and_sealed(const uint8_t *data, size_t size,
                                       void (*try)(const uint8_t *data, size_t size))
{
	uint8_t *sealed = malloc(size + !size);

	CHECK(sealed);
	if (size)
		memcpy(sealed, data, size);
	seal_batches(sealed, size);
	try(data, size);
	try(sealed, size);
	free(sealed);
}

/* A file of no directory; its path leads to it as long as it is open. */
static inline int file_of(const uint8_t *data, size_t size, char path[32])
{
	const int fd = memfd_create("fuzz", MFD_CLOEXEC);

	CHECK(fd >= 0);
	for (size_t done = 0; done < size;) {
		const ssize_t n = write(fd, data + done, size - done);

		CHECK(n > 0);
		done += (size_t)n;
	}
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

#endif
