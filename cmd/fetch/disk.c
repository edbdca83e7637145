/* SPDX-License-Identifier: Apache-2.0 */
/* disk.c: a copy of a metadata log on disk: what is added, so that nothing is lost or half there. */
#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/place.h"

enum { FLUSH_AT = 256 << 10 };

/* ---- names and faults ---- */

enum kmeta_status copy_fault(struct kmeta_finding *why, const char *file, const char *doing,
                             int error)
{
	common_fault(why, error == ENOMEM ? KMETA_OUT_OF_MEMORY : KMETA_CANNOT_WRITE, NULL,
	             "%s%s%s: %s", file ? file : "", file ? ": " : "", doing, strerror(error));
	why->system_error = error;
	return KMETA_FAILED;
}

void copy_segment_name(char name[64], int64_t offset)
{
	snprintf(name, 64, "%020lld.log", (long long)offset);
}

void copy_checkpoint_name(char name[64], int64_t offset, int32_t epoch)
{
	snprintf(name, 64, "%020lld-%010d.checkpoint", (long long)offset, epoch);
}

char *copy_path(const char *directory, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

bool copy_has_checkpoint(const struct copy *c, struct kmeta_checkpoint_id id)
{
	for (size_t i = 0; i < c->checkpoints.count; i++)
		if (c->checkpoints.at[i].offset == id.end_offset &&
		    c->checkpoints.at[i].epoch == id.epoch)
			return true;
	return false;
}

/* ---- directories ---- */

/* The lock is on the directory itself: no file of its own, and it ends with the process. */
static enum kmeta_status copy_lock(struct copy *c, struct kmeta_finding *why)
{
	c->lock = open(c->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->lock < 0)
		return copy_fault(why, c->directory, "cannot open it", errno);
	if (flock(c->lock, LOCK_EX | LOCK_NB) == 0 || errno == ENOLCK || errno == EOPNOTSUPP)
		return KMETA_OK;
	return common_fault(why, KMETA_CANNOT_WRITE, c->root,
	                    "another kmeta-fetch is writing there");
}

enum kmeta_status copy_make(struct copy *c, struct kmeta_finding *why)
{
	if (c->lock >= 0)
		return KMETA_OK;
	if (mkdir(c->root, 0700) < 0 && errno != EEXIST)
		return copy_fault(why, c->root, "cannot make the directory", errno);
	if (mkdir(c->directory, 0700) < 0 && errno != EEXIST)
		return copy_fault(why, c->directory, "cannot make the directory", errno);
	return copy_lock(c, why);
}

enum kmeta_status copy_rename(struct copy *c, const char *directory, const char *name,
                              struct kmeta_finding *why)
{
	char *to = copy_path(directory, name), *from = NULL;
	int error = ENOMEM;

	(void)c;
	if (to && asprintf(&from, "%s.part", to) >= 0) {
		error = rename(from, to) < 0 ? errno : place_sync_directory(directory);
		free(from);
	}
	if (error)
		copy_fault(why, to, "cannot give it its name", error);
	free(to);
	return error ? KMETA_FAILED : KMETA_OK;
}

enum kmeta_status copy_remove(struct copy *c, const char *name, struct kmeta_finding *why)
{
	if (unlinkat(c->lock, name, 0) == 0 || errno == ENOENT)
		return KMETA_OK;
	return copy_fault(why, name, "cannot remove it", errno);
}

/* ---- lists ---- */

static enum kmeta_status note_copy_file(struct copy_files *files, int64_t offset, int32_t epoch,
                                        struct kmeta_finding *why)
{
	struct copy_file *at = realloc(files->at, (files->count + 1) * sizeof(*at));
	size_t place;

	if (!at)
		return copy_fault(why, NULL, "cannot list the files", ENOMEM);
	files->at = at;
	for (place = files->count; place > 0 && at[place - 1].offset > offset; place--)
		at[place] = at[place - 1];
	at[place] = (struct copy_file){ offset, epoch };
	files->count++;
	return KMETA_OK;
}

enum kmeta_status copy_add_checkpoint(struct copy *c, struct kmeta_checkpoint_id id,
                                      struct kmeta_finding *why)
{
	return note_copy_file(&c->checkpoints, id.end_offset, id.epoch, why);
}

/* ---- writing ---- */

static enum kmeta_status open_copy_segment(struct copy *c, int64_t offset,
                                           struct kmeta_finding *why)
{
	enum kmeta_status status;
	struct stat st;
	char name[64];
	int error;

	copy_segment_name(name, offset);
	c->fd = openat(c->lock, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (c->fd < 0)
		return copy_fault(why, name, "cannot open it", errno);
	if (fstat(c->fd, &st) < 0)
		return copy_fault(why, name, "cannot look at it", errno);
	c->size = st.st_size;
	if (c->segments.count && c->segments.at[c->segments.count - 1].offset == offset)
		return KMETA_OK;
	status = note_copy_file(&c->segments, offset, 0, why);
	error = status == KMETA_OK ? place_sync_directory(c->directory) : 0;
	return error ? copy_fault(why, c->directory, "cannot sync it", error) : status;
}

enum kmeta_status copy_flush(struct copy *c, struct kmeta_finding *why)
{
	const char *at = c->pending.at;
	size_t left = c->pending.size;

	if (c->pending.failed || c->has_failed)
		return copy_fault(why, c->directory, "cannot write", c->has_failed ? EIO : ENOMEM);
	while (left) {
		const ssize_t n = write(c->fd, at, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			/* The next run cuts off what is torn. */
			c->has_failed = true;
			return copy_fault(why, c->directory, "cannot write", errno);
		}
		at += n;
		left -= (size_t)n;
		c->is_unsynced = true;
	}
	c->pending.size = 0;
	return KMETA_OK;
}

enum kmeta_status copy_sync(struct copy *c, struct kmeta_finding *why)
{
	const enum kmeta_status status = copy_flush(c, why);

	if (status != KMETA_OK || !c->is_unsynced)
		return status;
	if (fdatasync(c->fd) < 0)
		return copy_fault(why, c->directory, "cannot sync", errno);
	c->is_unsynced = false;
	return KMETA_OK;
}

static enum kmeta_status end_copy_segment(struct copy *c, struct kmeta_finding *why)
{
	const enum kmeta_status status = copy_sync(c, why);

	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	return status;
}

enum kmeta_status copy_append(struct copy *c, const struct kmeta_batch *batch,
                              struct kmeta_bytes bytes, bool new_segment, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;
	/* Only a new copy may begin inside of a batch, where its checkpoint ends. */
	const bool is_next = new_segment || !c->segments.count || batch->base_offset == c->offset;
	const bool is_full = c->size && c->size + (int64_t)bytes.size > c->segment_bytes;

	if (!is_next)
		return common_fault(why, KMETA_DIVERGING, NULL,
		                    "the batches of this quorum are others: one begins at offset "
		                    "%lld, before the copy's end at %lld",
		                    (long long)batch->base_offset, (long long)c->offset);
	if (c->fd >= 0 && (is_full || new_segment))
		status = end_copy_segment(c, why);
	if (status == KMETA_OK && c->fd < 0) {
		/* The last segment goes on, unless it is full. */
		const bool has_room = !new_segment && !is_full && c->segments.count;
		const int64_t last = has_room ? c->segments.at[c->segments.count - 1].offset : 0;

		status = open_copy_segment(c, has_room ? last : batch->base_offset, why);
	}
	if (status != KMETA_OK)
		return status;
	kmeta_buffer_add(&c->pending, bytes.data, bytes.size);
	c->size += (int64_t)bytes.size;
	c->offset = batch->last_offset + 1;
	c->epoch = batch->epoch;
	return c->pending.size >= FLUSH_AT ? copy_flush(c, why) : KMETA_OK;
}

void copy_close(struct copy *c)
{
	if (c->fd >= 0)
		close(c->fd);
	if (c->lock >= 0)
		close(c->lock);
	kmeta_buffer_release(&c->pending);
	free(c->segments.at);
	free(c->checkpoints.at);
	free(c->directory);
}

/* ---- what is there ---- */

/* The number of "digits" digits at the front; -1: there are others. */
static int64_t take_name_digits(const char **at, size_t digits)
{
	int64_t number = 0;

	for (size_t i = 0; i < digits; i++, ++*at) {
		if (**at < '0' || **at > '9' || number > INT64_MAX / 10 - 1)
			return -1;
		number = number * 10 + (**at - '0');
	}
	return number;
}

/* Takes note of a file that is Kafka's by its name. */
static enum kmeta_status list_copy_file(struct copy *c, const char *name, struct kmeta_finding *why)
{
	const char *at = name;
	const int64_t offset = take_name_digits(&at, 20);
	int64_t epoch;

	if (offset < 0)
		return KMETA_OK;
	if (!strcmp(at, ".log"))
		return note_copy_file(&c->segments, offset, 0, why);
	if (*at++ != '-')
		return KMETA_OK;
	epoch = take_name_digits(&at, 10);
	if (epoch < 0 || epoch > INT32_MAX)
		return KMETA_OK;
	if (!strcmp(at, ".checkpoint"))
		return note_copy_file(&c->checkpoints, offset, (int32_t)epoch, why);
	return KMETA_OK;
}

/* What a killed run was fetching is of no use. */
static enum kmeta_status remove_part(struct copy *c, const char *name, struct kmeta_finding *why)
{
	static const char end[] = ".checkpoint.part";
	const size_t size = strlen(name), own = sizeof(end) - 1;

	return size > own && !strcmp(name + size - own, end) ? copy_remove(c, name, why) : KMETA_OK;
}

typedef enum kmeta_status file_visit(struct copy *c, const char *name, struct kmeta_finding *why);

static enum kmeta_status visit_files(struct copy *c, file_visit *visit, struct kmeta_finding *why)
{
	DIR *directory = opendir(c->directory);
	enum kmeta_status status = KMETA_OK;
	const struct dirent *entry;

	if (!directory)
		return copy_fault(why, c->directory, "cannot read it", errno);
	while (status == KMETA_OK && (entry = readdir(directory)))
		status = visit(c, entry->d_name, why);
	closedir(directory);
	return status;
}

/* The end of a segment, as far as its batches are sound. */
struct segment_end {
	int64_t position, offset; /* offset -1: there is no batch */
	int32_t epoch, before;    /* before -1: there is one batch */
	int64_t last_offset, last_size;
	uint32_t last_crc;
};

/* A batch behind damage is no torn end: the segment is damaged inside. */
static enum kmeta_status scan_segment(const char *path, int64_t first, struct segment_end *end,
                                      struct kmeta_finding *why)
{
	const struct kmeta_source_options options = { .size = sizeof(options), .regular = true };
	struct kmeta_source *source;
	struct kmeta_finding damage;
	struct kmeta_batch batch;
	bool is_damaged = false;
	enum kmeta_status status = kmeta_source_open(&source, path, &options, why);

	*end = (struct segment_end){ .offset = -1, .before = -1 };
	if (status != KMETA_OK)
		return status;
	for (;;) {
		status = kmeta_source_next(source, &batch, is_damaged ? why : &damage);
		if (status == KMETA_DAMAGED) {
			is_damaged = true;
			continue;
		}
		if (status != KMETA_OK)
			break;
		if (is_damaged || batch.base_offset != (end->offset < 0 ? first : end->offset)) {
			status = common_fault(why, KMETA_CANNOT_WRITE, NULL,
			                      "%s: byte %lld: the copy is damaged before its end, "
			                      "and is not touched: see kmeta-verify, and fetch "
			                      "into another directory",
			                      path, (long long)end->position);
			break;
		}
		end->before = end->epoch;
		if (end->offset < 0)
			end->before = -1;
		end->epoch = batch.epoch;
		end->position = batch.position + batch.size;
		end->last_offset = batch.base_offset;
		end->last_size = batch.size;
		end->last_crc = batch.crc;
		end->offset = batch.last_offset + 1;
	}
	kmeta_source_close(source);
	if (status == KMETA_FAILED && !is_damaged && why->code != KMETA_CANNOT_WRITE)
		*why = damage;
	return status == KMETA_END ? KMETA_OK : KMETA_FAILED;
}

/* Cuts off what follows the last sound batch. */
static enum kmeta_status cut_segment(struct copy *c, const char *path, int64_t position,
                                     struct kmeta_finding *why)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return copy_fault(why, path, "cannot look at it", errno);
	c->cut = st.st_size - position;
	if (!c->cut)
		return KMETA_OK;
	return truncate(path, position) < 0 ? copy_fault(why, path, "cannot cut it", errno)
	                                    : KMETA_OK;
}

/* The epoch of the record below an offset, by a checkpoint that ends there; -1: unknown. */
static int32_t epoch_below(const struct copy *c, int64_t offset)
{
	if (offset == 0)
		return 0;
	for (size_t i = c->checkpoints.count; i-- > 0;)
		if (c->checkpoints.at[i].offset == offset)
			return c->checkpoints.at[i].epoch;
	return -1;
}

static enum kmeta_status find_segment_end(struct copy *c, size_t number, bool may_cut,
                                          struct segment_end *end, struct kmeta_finding *why)
{
	char name[64], *path;
	enum kmeta_status status;

	copy_segment_name(name, c->segments.at[number].offset);
	path = copy_path(c->directory, name);
	if (!path)
		return copy_fault(why, name, "cannot read it", ENOMEM);
	status = scan_segment(path, c->segments.at[number].offset, end, why);
	if (status == KMETA_OK && may_cut)
		status = cut_segment(c, path, end->position, why);
	else if (status == KMETA_FAILED)
		why->file = NULL;
	free(path);
	return status;
}

/* The end of the last segment, or of the one before if no batch of it is whole. */
static enum kmeta_status find_copy_end(struct copy *c, struct kmeta_finding *why)
{
	const size_t last = c->segments.count - 1;
	const int64_t first = c->segments.at[last].offset;
	struct segment_end end, before = { .offset = -1 };
	enum kmeta_status status = find_segment_end(c, last, true, &end, why);

	if (status != KMETA_OK)
		return status;
	if (end.before < 0)
		end.before = epoch_below(c, first);
	if (end.before < 0 && last > 0) {
		status = find_segment_end(c, last - 1, false, &before, why);
		if (status != KMETA_OK)
			return status;
		if (before.offset == first)
			end.before = before.epoch;
	}
	c->has_last = end.offset >= 0 && end.before >= 0;
	c->offset = end.offset >= 0 ? end.offset : first;
	c->epoch = end.offset >= 0 ? end.epoch : end.before;
	c->last_offset = end.last_offset;
	c->last_size = end.last_size;
	c->last_crc = end.last_crc;
	c->before_epoch = end.before;
	c->size = end.position;
	if (c->epoch < 0)
		return common_fault(why, KMETA_CANNOT_WRITE, c->root,
		                    "the copy has neither a batch nor a checkpoint to go on from: "
		                    "fetch into another directory");
	return KMETA_OK;
}

enum kmeta_status copy_open(struct copy *c, struct kmeta_finding *why)
{
	enum kmeta_status status;
	struct stat st;

	c->fd = c->lock = -1;
	c->offset = -1;
	c->directory = copy_path(c->root, "__cluster_metadata-0");
	if (!c->directory)
		return copy_fault(why, c->root, "cannot look there", ENOMEM);
	if (stat(c->directory, &st) < 0) {
		if (errno != ENOENT)
			return copy_fault(why, c->directory, "cannot look there", errno);
		return KMETA_OK;
	}
	status = copy_lock(c, why);
	return status == KMETA_OK ? visit_files(c, list_copy_file, why) : status;
}

enum kmeta_status copy_settle(struct copy *c, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	if (c->lock < 0)
		return KMETA_OK;
	status = visit_files(c, remove_part, why);
	if (status == KMETA_OK && c->segments.count)
		return find_copy_end(c, why);
	if (status == KMETA_OK && c->checkpoints.count) {
		const struct copy_file *newest = &c->checkpoints.at[c->checkpoints.count - 1];

		c->offset = newest->offset;
		c->epoch = newest->epoch;
	}
	return status;
}
