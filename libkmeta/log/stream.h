/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.h: the bytes of one file, pipe or compressed file, through a window that never maps them.
 */
#ifndef KMETA_LOG_STREAM_H
#define KMETA_LOG_STREAM_H

#include "kmeta/log.h"

struct codec_stream;

struct stream {
	const char *name;
	int fd;
	bool regular;   /* read by position */
	bool seekable;  /* can be read at any position: regular and not compressed */
	bool ended;     /* the end was reached; the file may still grow */
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

/*
 * Opens a file, or standard input for "-". "name" is kept. What a user names may be a pipe; with
 * "member" the file is one of a directory, where only a regular file is right.
 */
KMETA_CHECKED enum kmeta_status stream_open(struct stream *s, const char *path, const char *name,
                                            bool member, struct kmeta_finding *why);

/*
 * Opens a file of a directory for reading, never waiting as for a pipe. Returns the descriptor, or
 * -1: "why" says why not. A path that does not exist is "system_error" ENOENT; a link that leads
 * nowhere exists.
 */
int stream_open_member(const char *path, struct kmeta_finding *why);
void stream_close(struct stream *s);

/*
 * Reads until the window holds "size" bytes, and returns how many it holds: fewer only at the end
 * or at a read error, which stream_failure() tells apart. Bytes read before an error are still
 * there.
 */
size_t stream_need(struct stream *s, size_t size);

/* The read error that ended the stream early, or NULL. */
static inline const struct kmeta_finding *stream_failure(const struct stream *s)
{
	return s->failed ? &s->failure : NULL;
}

/* The window's first byte. */
static inline const uint8_t *stream_at(const struct stream *s)
{
	return s->window + s->start;
}

/* Moves forward by "size" bytes, also beyond the window, and stops at the end. */
void stream_skip(struct stream *s, int64_t size);

/*
 * Returns how many bytes from here on are a hole in the file, which reads as zeros: up to its end
 * if no data follows. 0: here is data, or nobody can tell.
 */
int64_t stream_hole(const struct stream *s);

/* Moves to a position of a seekable stream. */
void stream_seek(struct stream *s, int64_t position);

/* Empties the window of a seekable stream, so that its bytes are read again. */
void stream_forget(struct stream *s);

/* Reads the file's size again. */
void stream_refresh(struct stream *s);

#endif
