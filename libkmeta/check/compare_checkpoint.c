/* SPDX-License-Identifier: Apache-2.0 */
/* compare_checkpoint.c: what differs between a checkpoint and the state that the log makes. */
#include "check/compare_checkpoint.h"

#include "base/finding.h"
#include "check/left_behind.h"
#include "state/rejoin.h"

enum { NAMED = 10 }; /* entities that are named; the others are counted */

struct comparison {
	const struct checkpoint_comparison *c;
	const struct kmeta_image *image; /* the checkpoint's */
	int64_t differences, left;       /* entities that differ; those that Kafka left behind */
	struct left_behind left_behind;
	struct kmeta_buffer path;
	bool failed; /* out of memory */
};

static void add_compared_entity(struct comparison *w, enum kmeta_code code, int64_t number,
                                const struct kmeta_entity *entity, const char *about)
{
	if (number >= NAMED)
		return;
	w->path.size = 0;
	kmeta_entity_path(&w->path, entity, 0);
	findings_add(w->c->findings, code, w->c->checkpoint->path, 0, w->c->checkpoint->offset,
	             "%.*s%s: %s", (int)(w->path.size < 200 ? w->path.size : 200), w->path.at,
	             w->path.size < 200 ? "" : "...", about);
	w->failed |= w->path.failed;
}

static void add_difference(struct comparison *w, const struct kmeta_entity *entity,
                           const char *about)
{
	add_compared_entity(w, KMETA_CHECKPOINT_DIFFERS, w->differences++, entity, about);
}

static bool see_checkpoint_difference(void *context, const struct kmeta_change *change)
{
	struct comparison *w = context;

	if (!change->before && left_behind_may_be(change->after))
		w->failed |= !left_behind_add(&w->left_behind, w->image, change->after);
	else
		add_difference(w, change->after ? change->after : change->before,
		               !change->before  ? "only in the checkpoint"
		               : !change->after ? "only in the log"
		                                : "not the same in the checkpoint and in the log");
	return !w->failed;
}

/* Settings that are in the checkpoint only. */
static enum kmeta_status settle_settings(struct comparison *w, struct kmeta_finding *why)
{
	const struct checkpoint_comparison *c = w->c;
	const struct kmeta_range offsets = { c->from, c->checkpoint->offset - 1 };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status;

	if (!w->left_behind.settings)
		return KMETA_OK;
	status = left_behind_look(&w->left_behind, c->dir->path, offsets, c->dialect, why);
	if (status == KMETA_OK)
		status = kmeta_walk_open(&walk, w->left_behind.settings, KMETA_WALK_NEWEST, why);
	while (status == KMETA_OK && (status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK)
		if (left_behind_is(&w->left_behind, &entity))
			add_compared_entity(
				w, KMETA_LEFT_BEHIND, w->left++, &entity,
				"Kafka kept it when the topic was deleted: it is in force on "
				"this node, and not on those that replayed the log otherwise");
		else
			add_difference(w, &entity, "only in the checkpoint");
	kmeta_walk_close(walk);
	return status == KMETA_END ? KMETA_OK : status;
}

static void compare_kraft_version(struct comparison *w)
{
	const int log = kmeta_image_quorum(w->c->log).kraft_version;
	const int checkpoint = kmeta_image_quorum(w->image).kraft_version;

	/* Without a record it is 0. */
	if ((log < 0 ? 0 : log) != (checkpoint < 0 ? 0 : checkpoint))
		findings_add(w->c->findings, KMETA_CHECKPOINT_DIFFERS, w->c->checkpoint->path, 0,
		             w->c->checkpoint->offset,
		             "kraft.version is %d in the checkpoint, but %d in the log", checkpoint,
		             log);
}

/*
 * Kafka names a checkpoint for the last batch in it, and the header has that batch's time. An active
 * controller takes the moment at which it appended the batch, which is later when it is busy
 * (KafkaRaftClient, BatchAccumulator.CompletedBatch).
 */
enum { APPENDED_LATER = 60 * 1000 };

static void compare_moments(struct comparison *w)
{
	const struct kmeta_moment log = kmeta_image_moment(w->c->log);
	const struct kmeta_moment checkpoint = kmeta_image_moment(w->image);

	if (log.end_offset != checkpoint.end_offset)
		return;
	if (checkpoint.timestamp < log.timestamp ||
	    checkpoint.timestamp - log.timestamp > APPENDED_LATER)
		findings_add(w->c->findings, KMETA_BAD_TIME, w->c->checkpoint->path, 0, 0,
		             "the header says that the last batch is of %lld, but it is of %lld",
		             (long long)checkpoint.timestamp, (long long)log.timestamp);
	if (log.epoch != checkpoint.epoch)
		findings_add(w->c->findings, KMETA_OTHER_NAME, w->c->checkpoint->path, 0, 0,
		             "the name says epoch %d, but the last batch before has %d",
		             checkpoint.epoch, log.epoch);
}

static void add_counts(struct comparison *w)
{
	const struct logdir_file *checkpoint = w->c->checkpoint;

	if (w->differences)
		findings_add(w->c->findings, KMETA_CHECKPOINT_DIFFERS, checkpoint->path, 0,
		             checkpoint->offset,
		             "%lld %s from the state that the log makes at @%lld, shown by: "
		             "kmeta-diff --from-log %s@%lld %s",
		             (long long)w->differences,
		             w->differences == 1 ? "entity differs" : "entities differ",
		             (long long)checkpoint->offset, w->c->dir->path,
		             (long long)checkpoint->offset, checkpoint->path);
	if (w->left > NAMED)
		findings_add(w->c->findings, KMETA_LEFT_BEHIND, checkpoint->path, 0,
		             checkpoint->offset, "%lld more settings of topics that were deleted",
		             (long long)w->left - NAMED);
}

static enum kmeta_status compare_all_of_it(struct comparison *w, struct kmeta_finding *why)
{
	enum kmeta_status status =
		kmeta_diff(w->c->log, w->image, see_checkpoint_difference, w, why);

	if (status == KMETA_OK && !w->failed)
		status = settle_settings(w, why);
	if (status == KMETA_OK && w->failed)
		status = finding_memory(why);
	if (status != KMETA_OK)
		return status;
	compare_kraft_version(w);
	compare_moments(w);
	add_counts(w);
	return KMETA_OK;
}

void compare_checkpoint(const struct checkpoint_comparison *c)
{
	struct comparison w = { .c = c };
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;
	enum kmeta_status status = rejoin_load(&image, c->checkpoint, c->dialect, &why);

	w.image = image;
	if (status == KMETA_OK)
		status = compare_all_of_it(&w, &why);
	if (status != KMETA_OK)
		findings_add(c->findings, KMETA_NOT_CHECKED, c->checkpoint->path, -1, -1,
		             "not held against the log: %s", why.message);
	left_behind_release(&w.left_behind);
	kmeta_buffer_release(&w.path);
	kmeta_image_free(image);
}
