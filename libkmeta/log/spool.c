/* SPDX-License-Identifier: Apache-2.0 */
/* spool.c: copies the content of a pipe or a compressed file to a temporary file. */
#include "log/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/finding.h"
#include "log/stream.h"

enum { SPOOL_CHUNK = 1 << 20 };

/* tmpfile() would ignore TMPDIR. */
int spool_new_file(void)
{
	const char *directory = getenv("TMPDIR");
	char path[PATH_MAX];
	int fd;

	if (!directory || !*directory)
		directory = "/tmp";
	if (snprintf(path, sizeof(path), "%s/kmeta-XXXXXX", directory) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

bool spool_write(int fd, const void *data, size_t size, int64_t at)
{
	const uint8_t *from = data;

	while (size) {
		const ssize_t n = pwrite(fd, from, size, at);

		if (n < 0 && errno != EINTR)
			return false;
		from += n > 0 ? n : 0;
		at += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

enum kmeta_status spool_content(const char *name, bool member, int *fd, bool *broken,
                                struct kmeta_finding *cause, struct kmeta_finding *why)
{
	struct stream stream;
	size_t have;
	int64_t at = 0;
	bool written = true;
	enum kmeta_status status;

	*fd = spool_new_file();
	if (*fd < 0)
		return finding_system(why, name, errno, "cannot make a temporary file");
	status = stream_open(&stream, name, name, member, why);
	if (status != KMETA_OK)
		return status;
	while (written && (have = stream_need(&stream, SPOOL_CHUNK)) > 0) {
		written = spool_write(*fd, stream_at(&stream), have, at);
		at += (int64_t)have;
		stream_skip(&stream, (int64_t)have);
	}
	if (!written)
		status = finding_system(why, name, errno, "cannot write a temporary file");
	*broken = stream_failure(&stream) != NULL;
	if (*broken)
		*cause = *stream_failure(&stream);
	stream_close(&stream);
	return status;
}
