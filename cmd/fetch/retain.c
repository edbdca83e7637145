/* SPDX-License-Identifier: Apache-2.0 */
/* retain.c: what a copy keeps: whole segments are dropped, and only below a checkpoint. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fetch.h"

static int64_t size_of_file(const struct copy *c, const char *name)
{
	char *path = copy_path(c->directory, name);
	struct stat st = { .st_size = 0 };

	if (path && stat(path, &st) < 0)
		st.st_size = 0;
	free(path);
	return st.st_size;
}

static int64_t size_of_copy(const struct copy *c)
{
	int64_t size = 0;
	char name[64];

	for (size_t i = 0; i < c->segments.count; i++) {
		copy_segment_name(name, c->segments.at[i].offset);
		size += size_of_file(c, name);
	}
	for (size_t i = 0; i < c->checkpoints.count; i++) {
		copy_checkpoint_name(name, c->checkpoints.at[i].offset, c->checkpoints.at[i].epoch);
		size += size_of_file(c, name);
	}
	return size;
}

/* A segment is as old as its last batch. */
static bool is_too_old(const struct fetch *f, const struct copy_file *segment)
{
	char name[64], *path;
	int64_t end, time = INT64_MAX;
	struct kmeta_finding ignored;

	if (!f->retain_time)
		return false;
	copy_segment_name(name, segment->offset);
	path = copy_path(f->copy.directory, name);
	if (!path || kmeta_log_end(path, &end, &time, &ignored) != KMETA_OK)
		time = INT64_MAX;
	free(path);
	return time < common_now() - f->retain_time;
}

static void forget_first(struct copy_files *files)
{
	memmove(files->at, files->at + 1, --files->count * sizeof(*files->at));
}

/* The first segment holds nothing that a checkpoint does not have, and is not written to. */
static bool is_covered(const struct copy *c)
{
	return c->segments.count > 1 && c->checkpoints.count &&
	       c->checkpoints.at[c->checkpoints.count - 1].offset >= c->segments.at[1].offset;
}

/* A checkpoint below the log, with records missing behind it, is of no use. */
static enum kmeta_status drop_checkpoints(struct copy *c, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	while (status == KMETA_OK && c->checkpoints.count > 1 && c->segments.count &&
	       c->checkpoints.at[0].offset < c->segments.at[0].offset) {
		char name[64];

		copy_checkpoint_name(name, c->checkpoints.at[0].offset, c->checkpoints.at[0].epoch);
		status = copy_remove(c, name, why);
		if (status == KMETA_OK)
			forget_first(&c->checkpoints);
	}
	return status;
}

enum kmeta_status retain_run(struct fetch *f, struct kmeta_finding *why)
{
	struct copy *c = &f->copy;
	enum kmeta_status status = KMETA_OK;

	while (status == KMETA_OK && is_covered(c) &&
	       (is_too_old(f, &c->segments.at[0]) ||
	        (f->retain_bytes && size_of_copy(c) > f->retain_bytes))) {
		char name[64];

		copy_segment_name(name, c->segments.at[0].offset);
		status = copy_remove(c, name, why);
		if (status != KMETA_OK)
			break;
		common_note(&f->common, "dropped %s, as --retain wants it", name);
		forget_first(&c->segments);
		status = drop_checkpoints(c, why);
	}
	return status;
}
