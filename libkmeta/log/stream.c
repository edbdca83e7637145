/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c: large buffered reads of a file, a pipe, or a file that is compressed as a whole. */
#include "log/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/finding.h"
#include "record/codec.h"

enum { CHUNK = 256 << 10, PACKED_CHUNK = 64 << 10 };

/* ---- the file itself ---- */

static bool stream_fail(struct stream *s, enum kmeta_code code, const char *message)
{
	finding_set(&s->failure, code, "%s", message);
	s->failure.file = s->name;
	s->failure.position = s->position + (int64_t)(s->end - s->start);
	s->failed = s->ended = true;
	return false;
}

/* Reads up to "size" bytes of the file as they are. *got 0: the end. */
static bool read_some(struct stream *s, uint8_t *at, size_t size, size_t *got)
{
	ssize_t n;

	do {
		n = s->regular ? pread(s->fd, at, size, s->taken) : read(s->fd, at, size);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		const int error = errno;

		stream_fail(s, KMETA_CANNOT_READ, "");
		finding_system(&s->failure, s->name, error, "cannot read");
		s->failure.position = s->position + (int64_t)(s->end - s->start);
		return false;
	}
	s->taken += n;
	*got = (size_t)n;
	return true;
}

/* Refills the decoder's input. The file may end between frames. */
static bool refill_packed(struct stream *s, bool *ended)
{
	s->packed_start = s->packed_end = 0;
	if (!read_some(s, s->packed, PACKED_CHUNK, &s->packed_end))
		return false;
	*ended = !s->packed_end;
	if (*ended && !codec_stream_complete(s->decoder))
		return stream_fail(s, KMETA_BAD_PAYLOAD, "the compressed file ends early");
	return true;
}

static bool read_packed(struct stream *s, uint8_t *at, size_t size, size_t *got)
{
	struct codec_step step = { .out = at, .out_left = size };
	bool ended = false;

	while (step.out_left == size && !ended) {
		struct kmeta_finding why;

		if (s->packed_start == s->packed_end && !refill_packed(s, &ended))
			return false;
		step.in = s->packed + s->packed_start;
		step.in_left = s->packed_end - s->packed_start;
		if (codec_stream_step(s->decoder, &step, &why) != KMETA_OK)
			return stream_fail(s, why.code, why.message);
		s->packed_start = s->packed_end - step.in_left;
	}
	*got = size - step.out_left;
	return true;
}

/* ---- the window ---- */

static bool window_room(struct stream *s, size_t size)
{
	const size_t have = s->end - s->start;
	size_t capacity = s->capacity;
	uint8_t *window;

	if (s->start && have)
		memmove(s->window, s->window + s->start, have);
	s->start = 0;
	s->end = have;
	if (size <= capacity)
		return true;
	while (capacity < size)
		capacity *= 2;
	window = realloc(s->window, capacity);
	if (!window)
		return stream_fail(s, KMETA_OUT_OF_MEMORY, "out of memory");
	s->window = window;
	s->capacity = capacity;
	return true;
}

/* The window grows as bytes arrive, not as a length field promises. */
size_t stream_need(struct stream *s, size_t size)
{
	while (s->end - s->start < size && !s->ended) {
		const size_t inside = s->end - s->start;
		size_t got = 0;
		bool read;

		if (s->start + size > s->capacity &&
		    !window_room(s, inside < CHUNK / 2 ? CHUNK : inside * 2))
			break;
		read = s->decoder ? read_packed(s, s->window + s->end, s->capacity - s->end, &got)
		                  : read_some(s, s->window + s->end, s->capacity - s->end, &got);
		s->end += got;
		s->ended = !read || !got;
	}
	return s->end - s->start;
}

void stream_skip(struct stream *s, int64_t size)
{
	while (size > (int64_t)(s->end - s->start)) {
		const size_t inside = s->end - s->start;

		if (s->seekable) {
			stream_seek(s, s->position + size);
			return;
		}
		s->position += (int64_t)inside;
		size -= (int64_t)inside;
		s->start = s->end = 0;
		if (!stream_need(s, 1))
			return;
	}
	s->start += (size_t)size;
	s->position += size;
}

int64_t stream_hole(const struct stream *s)
{
#ifdef SEEK_DATA
	off_t data;

	if (!s->seekable)
		return 0;
	data = lseek(s->fd, s->position, SEEK_DATA);
	if (data >= 0)
		return data - s->position;
	return errno == ENXIO && s->size > s->position ? s->size - s->position : 0;
#else
	(void)s;
	return 0;
#endif
}

void stream_seek(struct stream *s, int64_t position)
{
	const int64_t inside = position - s->position;

	s->ended = false;
	if (inside >= 0 && inside <= (int64_t)(s->end - s->start)) {
		s->start += (size_t)inside;
	} else {
		s->start = s->end = 0;
		s->taken = position;
	}
	s->position = position;
}

void stream_forget(struct stream *s)
{
	if (!s->seekable)
		return;
	s->start = s->end = 0;
	s->taken = s->position;
}

void stream_refresh(struct stream *s)
{
	struct stat st;

	if (s->seekable && fstat(s->fd, &st) == 0)
		s->size = st.st_size;
	s->ended = false;
}

/* ---- opening ---- */

enum { READ_ONLY = O_RDONLY | O_CLOEXEC | O_NOCTTY };

static enum kmeta_status not_regular(struct kmeta_finding *why, const char *name, mode_t mode)
{
	if (S_ISDIR(mode))
		return finding_system(why, name, EISDIR, "cannot read");
	finding_set(why, KMETA_CANNOT_READ, "not a regular file but a %s",
	            S_ISFIFO(mode)   ? "FIFO"
	            : S_ISSOCK(mode) ? "socket"
	                             : "device");
	why->file = name;
	return KMETA_FAILED;
}

/* Says why a file cannot be opened. */
static void cannot_open(struct kmeta_finding *why, const char *path, int error)
{
	struct stat st;

	if (lstat(path, &st) == 0 && error == ENOENT) {
		finding_set(why, KMETA_CANNOT_READ, "a link to a file that does not exist");
		why->file = path;
	} else if (error == ENXIO && stat(path, &st) == 0) {
		not_regular(why, path, st.st_mode);
	} else {
		finding_system(why, path, error, "cannot open");
	}
}

int stream_open_member(const char *path, struct kmeta_finding *why)
{
	const int fd = open(path, READ_ONLY | O_NONBLOCK);
	struct stat st;

	if (fd < 0) {
		cannot_open(why, path, errno);
		return -1;
	}
	if (fstat(fd, &st) < 0)
		finding_system(why, path, errno, "cannot open");
	else if (!S_ISREG(st.st_mode))
		not_regular(why, path, st.st_mode);
	else
		return fd;
	close(fd);
	return -1;
}

static enum kmeta_status open_fd(struct stream *s, const char *path, bool member,
                                 struct kmeta_finding *why)
{
	const bool standard_input = !strcmp(path, "-");
	struct stat st;

	if (standard_input)
		s->fd = STDIN_FILENO;
	else
		s->fd = member ? stream_open_member(path, why) : open(path, READ_ONLY);
	if (s->fd < 0 && !member)
		cannot_open(why, path, errno);
	if (s->fd < 0) {
		why->file = s->name;
		return KMETA_FAILED;
	}
	if (fstat(s->fd, &st) < 0)
		return finding_system(why, s->name, errno, "cannot open");
	if (S_ISDIR(st.st_mode))
		return not_regular(why, s->name, st.st_mode);
	if (S_ISREG(st.st_mode) && !standard_input) {
		s->regular = s->seekable = true;
		s->size = st.st_size;
	}
	return KMETA_OK;
}

/* Starts to decompress if the first bytes are a codec's; they become the decoder's input. */
static enum kmeta_status tell_codec(struct stream *s, struct kmeta_finding *why)
{
	const size_t have = stream_need(s, 4);

	s->codec = codec_of_file(stream_at(s), have);
	if (s->codec == KMETA_NONE)
		return KMETA_OK;
	if (codec_stream_open(&s->decoder, s->codec, why) != KMETA_OK) {
		why->file = s->name;
		return KMETA_FAILED;
	}
	s->packed = s->window;
	s->packed_end = s->end;
	s->window = malloc(CHUNK);
	if (!s->window)
		return finding_memory(why);
	s->capacity = CHUNK;
	s->start = s->end = 0;
	s->ended = s->seekable = false;
	return KMETA_OK;
}

enum kmeta_status stream_open(struct stream *s, const char *path, const char *name, bool member,
                              struct kmeta_finding *why)
{
	enum kmeta_status status;

	*s = (struct stream){ .name = name, .fd = -1, .size = -1 };
	status = open_fd(s, path, member, why);
	if (status == KMETA_OK) {
		s->window = malloc(CHUNK);
		s->capacity = CHUNK;
		status = s->window ? tell_codec(s, why) : finding_memory(why);
	}
	if (status != KMETA_OK)
		stream_close(s);
	return status;
}

void stream_close(struct stream *s)
{
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	s->fd = -1;
	codec_stream_close(s->decoder);
	s->decoder = NULL;
	free(s->window);
	s->window = NULL;
	free(s->packed);
	s->packed = NULL;
}
