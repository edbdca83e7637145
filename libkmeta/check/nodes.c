/* SPDX-License-Identifier: Apache-2.0 */
/* nodes.c: compares the logs of two nodes of one quorum, batch by batch. */
#include "check/nodes.h"

#include <stdio.h>
#include <string.h>

#include "base/finding.h"
#include "kmeta/check.h"
#include "record/batch.h"

struct side {
	struct kmeta_source *source;
	struct kmeta_batch batch;
	enum kmeta_status status;
	bool lost;   /* damage precedes the current batch */
	int64_t end; /* behind the last batch so far */
};

/* Passes over damage: the records that it hides cannot be compared. */
static void next_sound(struct side *side, struct kmeta_finding *why)
{
	side->lost = false;
	while ((side->status = kmeta_source_next(side->source, &side->batch, why)) == KMETA_DAMAGED)
		side->lost = true;
	if (side->status == KMETA_OK)
		side->end = batch_behind(side->batch.last_offset);
}

static void skip_to(struct side *side, int64_t offset, struct kmeta_finding *why)
{
	while (side->status == KMETA_OK && side->batch.last_offset < offset)
		next_sound(side, why);
}

bool nodes_same_batch(const struct kmeta_batch *a, const struct kmeta_batch *b)
{
	return a->base_offset == b->base_offset && a->last_offset == b->last_offset &&
	       a->size == b->size && a->epoch == b->epoch && a->crc == b->crc;
}

static void note_difference(struct kmeta_logs *logs, const struct side *a, const struct side *b)
{
	logs->differ = true;
	logs->first = a->batch;
	logs->second = b->batch;
	snprintf(logs->first_file, sizeof(logs->first_file), "%s", a->batch.file);
	snprintf(logs->second_file, sizeof(logs->second_file), "%s", b->batch.file);
	logs->first.file = logs->first_file;
	logs->second.file = logs->second_file;
}

static int64_t run_to_end(struct side *side, struct kmeta_finding *why)
{
	while (side->status == KMETA_OK)
		next_sound(side, why);
	return side->end;
}

/* Moves both to the first offset that they share. False: there is none. */
static bool align(struct side *a, struct side *b, struct kmeta_finding *why)
{
	skip_to(a, b->batch.base_offset, why);
	if (a->status == KMETA_OK)
		skip_to(b, a->batch.base_offset, why);
	return a->status == KMETA_OK && b->status == KMETA_OK;
}

/*
 * After the first common batch, both sides advance batch by batch. Offsets are compared, since no
 * checksum covers them, and used to align the sides only after damage.
 */
static void compare_sides(struct kmeta_logs *logs, struct side *a, struct side *b,
                          struct kmeta_finding *why)
{
	bool aligned = false;

	next_sound(a, why);
	next_sound(b, why);
	while (a->status == KMETA_OK && b->status == KMETA_OK) {
		if ((!aligned || a->lost || b->lost) && !align(a, b, why))
			break;
		aligned = true;
		if (!nodes_same_batch(&a->batch, &b->batch)) {
			note_difference(logs, a, b);
			break;
		}
		if (logs->first_common < 0)
			logs->first_common = a->batch.base_offset;
		logs->last_common = a->batch.last_offset;
		logs->last_epoch = a->batch.epoch;
		next_sound(a, why);
		next_sound(b, why);
	}
	logs->first_end = run_to_end(a, why);
	logs->second_end = run_to_end(b, why);
}

static enum kmeta_status open_side(struct side *side, const char *path,
                                   const struct kmeta_point *until, struct kmeta_finding *why)
{
	const struct kmeta_source_options window = { .size = sizeof(window), .until = until };

	return kmeta_source_open(&side->source, path, &window, why);
}

enum kmeta_status kmeta_compare_logs(const char *first, const char *second,
                                     const struct kmeta_point *points, struct kmeta_logs *logs,
                                     struct kmeta_finding *why)
{
	struct side a = { 0 }, b = { 0 };
	enum kmeta_status status = open_side(&a, first, points, why);

	*logs = (struct kmeta_logs){ .first_common = -1, .last_common = -1, .last_epoch = -1 };
	if (status == KMETA_OK)
		status = open_side(&b, second, points ? points + 1 : NULL, why);
	if (status == KMETA_OK)
		compare_sides(logs, &a, &b, why);
	if (a.status == KMETA_FAILED || b.status == KMETA_FAILED) {
		status = KMETA_FAILED;
		finding_detach(why, a.status == KMETA_FAILED ? first : second);
	}
	kmeta_source_close(a.source);
	kmeta_source_close(b.source);
	return status;
}
