/* SPDX-License-Identifier: Apache-2.0 */
/* checkpoints.c: checkpoints of the leader, byte for byte, and whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/reread.h"
#include "fetch.h"

enum { CHECKPOINT_TRIES = 3 };

/* A checkpoint on its way into a file. */
struct arriving {
	struct fetch *fetch;
	const char *path;
	int fd;
	int error; /* errno of what could not be written */
};

static bool write_piece(void *context, int64_t position, struct kmeta_bytes bytes, int64_t total)
{
	struct arriving *a = context;
	const uint8_t *at = bytes.data;
	size_t left = bytes.size;

	if (position == 0 && ftruncate(a->fd, 0) < 0)
		a->error = errno;
	while (left && !a->error) {
		const ssize_t n = pwrite(a->fd, at, left, position);

		if (n < 0 && errno != EINTR)
			a->error = errno;
		if (n > 0) {
			at += n;
			left -= (size_t)n;
			position += n;
		}
	}
	common_progress(&a->fetch->common, position, total);
	return !a->error;
}

/* Fetches it until its content is sound, which it may not be after a fault on the way. */
static enum kmeta_status fetch_whole(struct fetch *f, struct kmeta_checkpoint_id id,
                                     struct arriving *a, struct kmeta_finding *why)
{
	char name[64];

	copy_checkpoint_name(name, id.end_offset, id.epoch);
	for (int i = 0; i < CHECKPOINT_TRIES; i++) {
		enum kmeta_status status =
			kmeta_quorum_checkpoint(f->quorum, id, write_piece, a, why);

		if (a->error)
			return copy_fault(why, a->path, "cannot write", a->error);
		if (status != KMETA_OK)
			return status;
		status = reread_verify(&f->common, a->path, NULL,
		                       KMETA_CHECK_BYTES | KMETA_CHECK_CHECKPOINT, why);
		if (status == KMETA_OK)
			return KMETA_OK;
		common_note(&f->common, "%s: %s; asking again", name, why->message);
	}
	why->file = NULL;
	return KMETA_FAILED;
}

/* ---- into the copy ---- */

static enum kmeta_status fetch_into_copy(struct fetch *f, struct kmeta_checkpoint_id id,
                                         struct kmeta_finding *why)
{
	struct arriving a = { .fetch = f };
	char name[64], part[80], *path;
	enum kmeta_status status = copy_make(&f->copy, why);

	if (status != KMETA_OK)
		return status;
	copy_checkpoint_name(name, id.end_offset, id.epoch);
	snprintf(part, sizeof(part), "%s.part", name);
	a.path = path = copy_path(f->copy.directory, part);
	if (!path)
		return copy_fault(why, part, "cannot write", ENOMEM);
	a.fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (a.fd < 0)
		status = copy_fault(why, path, "cannot make it", errno);
	if (status == KMETA_OK)
		status = fetch_whole(f, id, &a, why);
	if (status == KMETA_OK && fsync(a.fd) < 0)
		status = copy_fault(why, path, "cannot sync", errno);
	if (a.fd >= 0)
		close(a.fd);
	if (status == KMETA_OK)
		status = copy_rename(&f->copy, f->copy.directory, name, why);
	else
		unlink(path);
	free(path);
	return status == KMETA_OK ? copy_add_checkpoint(&f->copy, id, why) : status;
}

/* ---- to standard output ---- */

static enum kmeta_status pass_on(struct fetch *f, const struct arriving *a,
                                 struct kmeta_finding *why)
{
	enum { PIECE = 1 << 16 };
	char piece[PIECE];
	int64_t position = 0;

	for (;;) {
		const ssize_t n = pread(a->fd, piece, sizeof(piece), position);

		if (n < 0)
			return copy_fault(why, a->path, "cannot read", errno);
		if (n == 0)
			return KMETA_OK;
		position += n;
		kmeta_buffer_add(&f->common.out.buffer, piece, (size_t)n);
		if (!output_drain(&f->common.out))
			return KMETA_OK;
	}
}

/* What a fault may end is not passed on before it is whole: it waits in a temporary file. */
static enum kmeta_status fetch_to_stdout(struct fetch *f, struct kmeta_checkpoint_id id,
                                         struct kmeta_finding *why)
{
	const char *directory = getenv("TMPDIR");
	struct arriving a = { .fetch = f };
	char *path = copy_path(directory && *directory ? directory : "/tmp", "kmeta-fetch-XXXXXX");
	enum kmeta_status status;

	if (!path)
		return copy_fault(why, NULL, "cannot make a temporary file", ENOMEM);
	a.path = path;
	a.fd = mkostemp(path, O_CLOEXEC);
	status = a.fd < 0 ? copy_fault(why, path, "cannot make a temporary file", errno)
	                  : fetch_whole(f, id, &a, why);
	if (a.fd >= 0)
		unlink(path);
	if (status == KMETA_OK)
		status = pass_on(f, &a, why);
	if (a.fd >= 0)
		close(a.fd);
	free(path);
	return status;
}

enum kmeta_status checkpoint_fetch(struct fetch *f, struct kmeta_checkpoint_id id,
                                   struct kmeta_finding *why)
{
	const enum kmeta_status status =
		f->to_stdout ? fetch_to_stdout(f, id, why) : fetch_into_copy(f, id, why);

	progress_hide(&f->common.progress);
	if (status == KMETA_OK)
		f->newest = id;
	return status;
}

enum kmeta_status checkpoint_fetch_newest(struct fetch *f, struct kmeta_finding *why)
{
	struct kmeta_checkpoint_id id;
	enum kmeta_status status = kmeta_quorum_begin(f->quorum, true, &id, why);

	if (status != KMETA_OK || id.end_offset == 0 || copy_has_checkpoint(&f->copy, id))
		return status;
	status = checkpoint_fetch(f, id, why);
	/* It went away meanwhile: the next one will do. */
	return status == KMETA_END ? KMETA_OK : status;
}
