/* SPDX-License-Identifier: Apache-2.0 */
/* stream.h: the bytes of one file, pipe or compressed file, through a window that never maps them.
 */
#ifndef KMETA_LOG_STREAM_H
#define KMETA_LOG_STREAM_H

#include "kmeta/log.h"

struct codec_stream;

struct stream {
	const char *name;
	int fd;
	bool regular;   /* read by position */
	bool seekable;  /* any place of its content can be gone to: regular and not compressed */
	bool ended;     /* nothing more comes, unless the file grows */
	bool failed;    /* and "failure" says why */
	unsigned codec; /* of the whole file */
	int64_t size;   /* of a plain file when last looked at, -1: unknown */
	int64_t taken;  /* bytes read from the file itself */
	struct kmeta_finding failure;
	int64_t position; /* of the window's first byte in the (decompressed) file */
	uint8_t *window;  /* from "start" to "end" */
	size_t start, end, capacity;
	struct codec_stream *decoder; /* of a compressed file */
	uint8_t *packed;              /* its input, from "packed_start" to "packed_end" */
	size_t packed_start, packed_end;
};

/* Opens a file, or standard input for "-". "name" is kept. */
KMETA_CHECKED enum kmeta_status stream_open(struct stream *s, const char *path, const char *name,
                                            struct kmeta_finding *why);
void stream_close(struct stream *s);

/*
 * Tries to have "size" bytes in the window, and returns how many there are: fewer only at the end,
 * or where reading failed. What was read before a failure is still given; stream_failure() tells it
 * from an end.
 */
size_t stream_need(struct stream *s, size_t size);

/* NULL, or why the stream ended before its end. */
static inline const struct kmeta_finding *stream_failure(const struct stream *s)
{
	return s->failed ? &s->failure : NULL;
}

/* The window's first byte. */
static inline const uint8_t *stream_at(const struct stream *s)
{
	return s->window + s->start;
}

/* Goes on by "size" bytes, beyond the window too; stops at the end. */
void stream_skip(struct stream *s, int64_t size);

/* Goes to any place of a seekable stream. */
void stream_seek(struct stream *s, int64_t position);

/* Empties the window, so that what was in it is read again; only where any place can be gone to. */
void stream_forget(struct stream *s);

/* Looks at the file's size again. */
void stream_refresh(struct stream *s);

#endif
