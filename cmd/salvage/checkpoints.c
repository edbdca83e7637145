/* SPDX-License-Identifier: Apache-2.0 */
/* checkpoints.c: the checkpoints of all inputs that verify. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "salvage.h"

/* ---- finding them ---- */

static bool take_checkpoint_name(const char *path, struct kept_checkpoint *checkpoint)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	enum { OFFSET = 20, EPOCH = 10 };

	if (strspn(name, "0123456789") != OFFSET || name[OFFSET] != '-' ||
	    strspn(name + OFFSET + 1, "0123456789") != EPOCH)
		return false;
	checkpoint->end = strtoll(name, NULL, 10);
	checkpoint->epoch = (int32_t)strtol(name + OFFSET + 1, NULL, 10);
	/* A checkpoint that is compressed as a whole is written as Kafka reads it. */
	snprintf(checkpoint->name, sizeof(checkpoint->name), "%.*s.checkpoint", OFFSET + 1 + EPOCH,
	         name);
	return true;
}

static bool is_kept_already(const struct salvage *s, const char *name)
{
	for (size_t i = 0; i < s->checkpoints_count; i++)
		if (!strcmp(s->checkpoints[i].name, name))
			return true;
	return false;
}

/* The first error of a file. */
static bool first_error(void *context, const struct kmeta_finding *finding)
{
	struct kmeta_finding *first = context;

	if (first->code == KMETA_SOUND && kmeta_code_severity(finding->code) == KMETA_ERROR)
		*first = *finding;
	return true;
}

/* True: the checkpoint is whole, as far as its own bytes tell. */
static bool verifies(struct salvage *s, const char *path)
{
	enum {
		CHECKS = KMETA_CHECK_BYTES | KMETA_CHECK_RECORDS | KMETA_CHECK_ORDER |
		         KMETA_CHECK_CHECKPOINT
	};
	const struct kmeta_verify_options options = { .size = sizeof(options), .checks = CHECKS };
	struct kmeta_verify_totals totals;
	struct kmeta_finding why, first = { .code = KMETA_SOUND };

	if (kmeta_verify(&path, 1, &options, first_error, &first, &totals, &why) != KMETA_OK)
		first = why;
	else if (!totals.errors)
		return true;
	common_note(&s->common, "%s: not kept: %s", path, first.message);
	return false;
}

static enum kmeta_status keep_checkpoint(struct salvage *s, char *path, struct kmeta_finding *why)
{
	struct kept_checkpoint checkpoint = { .path = path };
	struct kept_checkpoint *at;

	if (!take_checkpoint_name(path, &checkpoint) || is_kept_already(s, checkpoint.name) ||
	    !verifies(s, path)) {
		free(path);
		return KMETA_OK;
	}
	at = realloc(s->checkpoints, (s->checkpoints_count + 1) * sizeof(*at));
	if (!at) {
		free(path);
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	}
	s->checkpoints = at;
	at[s->checkpoints_count++] = checkpoint;
	return KMETA_OK;
}

enum kmeta_status checkpoints_find(struct salvage *s, struct kmeta_finding *why)
{
	for (size_t i = 0; i < s->inputs_count; i++) {
		int64_t limit = INT64_MAX, end;
		char *path;
		enum kmeta_status status;

		while (limit >= 0 &&
		       (status = kmeta_newest_checkpoint(s->inputs[i].path, limit, &path, &end,
		                                         why)) == KMETA_OK) {
			if (keep_checkpoint(s, path, why) != KMETA_OK)
				return KMETA_FAILED;
			limit = end - 1;
		}
		if (limit >= 0 && status == KMETA_FAILED)
			return status;
	}
	return KMETA_OK;
}

/* ---- against the log ---- */

bool checkpoints_cover(const struct salvage *s, int64_t offset)
{
	for (size_t i = 0; i < s->checkpoints_count; i++)
		if (!s->checkpoints[i].is_useless && s->checkpoints[i].end >= offset)
			return true;
	return false;
}

static void find_next_checkpoint(struct salvage *s, int64_t behind)
{
	s->next_checkpoint = INT64_MAX;
	for (size_t i = 0; i < s->checkpoints_count; i++) {
		const struct kept_checkpoint *checkpoint = &s->checkpoints[i];

		if (!checkpoint->is_useless && checkpoint->end > behind &&
		    checkpoint->end < s->next_checkpoint)
			s->next_checkpoint = checkpoint->end;
	}
}

/* A checkpoint is named for the epoch of the last record in it, and ends with a batch. */
void checkpoints_hold(struct salvage *s, const struct piece *piece)
{
	/* Most batches are not where one ends. */
	if (s->next_checkpoint > piece->last + 1)
		return;
	for (size_t i = 0; i < s->checkpoints_count; i++) {
		struct kept_checkpoint *checkpoint = &s->checkpoints[i];
		const int64_t last = checkpoint->end - 1;

		if (checkpoint->is_useless || last < piece->base || last > piece->last ||
		    (last == piece->last && checkpoint->epoch == piece->epoch))
			continue;
		checkpoint->is_useless = true;
		s->is_lost = true;
		report_line(s, "dropped", "%s contradicts the log, which has epoch %d there",
		            checkpoint->name, piece->epoch);
	}
	find_next_checkpoint(s, piece->last + 1);
}

/* Kafka removes checkpoints below the first offset of the log when it starts. */
static void drop_those_before_log(struct salvage *s)
{
	for (size_t i = 0; i < s->checkpoints_count; i++)
		if (s->has_log && s->checkpoints[i].end < s->begin)
			s->checkpoints[i].is_useless = true;
}

/* ---- writing ---- */

static enum kmeta_status copy_checkpoint(struct salvage *s, struct kept_checkpoint *checkpoint,
                                         struct kmeta_finding *why)
{
	enum { CHUNK = 256 << 10 };
	struct kmeta_pages *pages = NULL;
	struct place_file file = { .place = &s->place, .fd = -1 };
	char name[80], *bytes = malloc(CHUNK);
	enum kmeta_status status = kmeta_pages_open(&pages, checkpoint->path, why);
	size_t n;

	snprintf(name, sizeof(name), "__cluster_metadata-0/%s", checkpoint->name);
	if (status == KMETA_OK && !bytes)
		status = common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	if (status == KMETA_OK && !s->dry_run)
		status = place_make_file(&s->place, &file, name, why);
	while (status == KMETA_OK &&
	       (n = kmeta_pages_bytes(pages, 0, checkpoint->size, bytes, CHUNK)) > 0) {
		checkpoint->size += (int64_t)n;
		if (!s->dry_run && !place_write(&file, bytes, n))
			break;
	}
	if (status == KMETA_OK && !s->dry_run)
		status = place_close_file(&file, why);
	free(bytes);
	kmeta_pages_close(pages);
	return status;
}

enum kmeta_status checkpoints_write(struct salvage *s, struct kmeta_finding *why)
{
	/* Kafka drops a log that ends before a checkpoint, and does so with errors. */
	if (s->has_log && checkpoints_cover(s, s->behind + 1)) {
		report_line(s, "dropped",
		            "the log up to offset %lld: a checkpoint is newer than its end",
		            (long long)s->behind - 1);
		s->is_lost = true;
		if (log_drop(s, why) != KMETA_OK)
			return KMETA_FAILED;
	}
	drop_those_before_log(s);
	for (size_t i = 0; i < s->checkpoints_count; i++)
		if (!s->checkpoints[i].is_useless &&
		    copy_checkpoint(s, &s->checkpoints[i], why) != KMETA_OK)
			return KMETA_FAILED;
	return KMETA_OK;
}

void checkpoints_release(struct salvage *s)
{
	for (size_t i = 0; i < s->checkpoints_count; i++)
		free(s->checkpoints[i].path);
	free(s->checkpoints);
}
