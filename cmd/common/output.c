/* SPDX-License-Identifier: Apache-2.0 */
/* output.c: standard output, written in large pieces. */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DRAIN_AT = 256 << 10 };

static void output_fail(struct output *out, const char *what, const char *why)
{
	out->failed = true;
	fprintf(stderr, "%s: %s%s\n", out->command, what, why);
}

bool output_flush(struct output *out)
{
	const char *at = out->buffer.at;
	size_t left = out->buffer.size;

	out->buffer.size = 0;
	if (out->buffer.failed && !out->failed)
		output_fail(out, "out of memory", "");
	while (left && !out->closed && !out->failed) {
		const ssize_t n = write(STDOUT_FILENO, at, left);

		if (n >= 0) {
			at += n;
			left -= (size_t)n;
		} else if (errno == EPIPE) {
			out->closed = true;
		} else if (errno != EINTR) {
			output_fail(out, "cannot write: ", strerror(errno));
		}
	}
	return !out->closed && !out->failed;
}

bool output_drain(struct output *out)
{
	if (out->buffer.size < DRAIN_AT && !out->buffer.failed)
		return !out->closed && !out->failed;
	return output_flush(out);
}

void output_count(struct kmeta_buffer *out, int64_t count, const char *one, const char *many)
{
	kmeta_buffer_format(out, "%lld %s", (long long)count, count == 1 ? one : many);
}
