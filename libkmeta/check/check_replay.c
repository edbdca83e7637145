/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_replay.c: replays the records that are checked, and compares the checkpoints of a directory
 * with the state that the log makes.
 */
#include "check/check_replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/compare_checkpoint.h"
#include "record/batch.h"
#include "state/image.h"

/* ---- replay ---- */

static bool keep_comparison(void *context, const struct kmeta_finding *finding)
{
	struct replay_check *m = context;

	/* Records of a transaction have their file's name from the image. */
	if (m->violations)
		findings_keep_copy(m->findings, finding);
	return true;
}

static void compare_checkpoints(struct replay_check *m, const struct kmeta_batch *batch,
                                int64_t reached);

/* Reports once where and why replay stopped. */
__attribute__((format(printf, 5, 6))) static void stop(struct replay_check *m, const char *file,
                                                       int64_t position, int64_t offset,
                                                       const char *format, ...)
{
	struct kmeta_finding finding = { .code = KMETA_NOT_CHECKED,
		                         .file = file,
		                         .position = position,
		                         .size = -1,
		                         .offset = offset };
	va_list arguments;

	if (m->stopped)
		return;
	va_start(arguments, format);
	vsnprintf(finding.message, sizeof(finding.message), format, arguments);
	va_end(arguments);
	findings_keep(m->findings, &finding);
	m->stopped = true;
	rejoin_lose(&m->rejoin);
}

void replay_check_give_up(struct replay_check *m, const char *file, int64_t start)
{
	stop(m, file, -1, start,
	     "replay: the log begins at offset %lld, and no checkpoint tells the state there",
	     (long long)start);
}

/* ---- going on behind records that are lost ---- */

static enum kmeta_status watch(struct replay_check *m)
{
	struct kmeta_finding why; /* memory ran out, as the status says */

	m->meaning.report = keep_comparison;
	m->meaning.context = m;
	return m->violations ? meaning_check_begin(&m->meaning, m->image, &why) : KMETA_OK;
}

/* Starts with the state of a checkpoint. DAMAGED: it cannot be used, which was reported. */
static enum kmeta_status begin_with(struct replay_check *m, const struct logdir_file *checkpoint)
{
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;

	if (rejoin_load(&image, checkpoint, m->dialect, &why) != KMETA_OK) {
		findings_add(m->findings, KMETA_NOT_CHECKED, checkpoint->path, -1, -1,
		             "replay: it tells the state at @%lld, and cannot be used: %s",
		             (long long)checkpoint->offset, why.message);
		return KMETA_DAMAGED;
	}
	/* The thread that reads ahead knows the image by its address. */
	if (m->image)
		image_swap(m->image, image);
	else
		m->image = image;
	if (m->image != image)
		kmeta_image_free(image);
	m->from = checkpoint->offset;
	m->quorum.has_voters = m->from > 0;
	m->quorum.has_leader = false;
	m->quorum.named.size = 0;
	m->stopped = false;
	return watch(m);
}

static void replay_check_go_on(struct replay_check *m, const struct kmeta_batch *batch)
{
	const struct logdir_file *checkpoint;

	while (m->stopped && (checkpoint = rejoin_find(&m->rejoin, batch)) != NULL) {
		const enum kmeta_status status = begin_with(m, checkpoint);

		m->findings->failed |= status == KMETA_FAILED;
		if (status == KMETA_OK)
			findings_add(m->findings, KMETA_NOT_CHECKED, batch->file, batch->position,
			             checkpoint->offset,
			             "replay goes on here, with the state of the checkpoint @%lld",
			             (long long)checkpoint->offset);
	}
}

static enum kmeta_status replay_record(void *context, const struct kmeta_batch *batch,
                                       const struct kmeta_record *record,
                                       const struct kmeta_fields *fields, struct kmeta_finding *why)
{
	struct replay_check *m = context;

	if (m->stopped)
		replay_check_go_on(m, batch);
	if (m->stopped || !m->image || record->offset < m->from)
		return KMETA_OK;
	if (batch->base_offset > m->image->moment.end_offset) {
		if (m->image->moment.end_offset)
			stop(m, batch->file, batch->position, batch->base_offset,
			     "replay ends here: records are missing, on which what follows may build");
		else
			replay_check_give_up(m, batch->file, batch->base_offset);
		return KMETA_OK;
	}
	compare_checkpoints(m, batch, record->offset);
	if (m->violations && record->control)
		quorum_check_record(&m->quorum, m->image, m->findings, batch, record, fields);
	return kmeta_image_apply(m->image, batch, record, fields, keep_comparison, m, why);
}

static void batch_done(void *context, const struct kmeta_batch *batch)
{
	struct replay_check *m = context;

	if (!m->stopped && m->image && batch->last_offset >= m->from)
		kmeta_image_reach(m->image, batch, batch_behind(batch->last_offset));
}

/*
 * Records lost below the offset of the first state are part of that state. If more is lost, a gap
 * will show.
 */
static void lost(void *context, const struct kmeta_finding *why)
{
	struct replay_check *m = context;

	rejoin_lose(&m->rejoin);
	if (why->offset < m->from && (why->offset >= 0 || m->from > 0))
		return;
	stop(m, why->file, why->position, why->offset,
	     "replay ends here (%s): what follows may build on what is lost",
	     kmeta_code_name(why->code));
}

struct check_observer replay_check_observer(struct replay_check *m)
{
	return (struct check_observer){ replay_record, batch_done, lost, m->image, m };
}

/* ---- checkpoints against the log ---- */

/* Compares the checkpoints whose end offset is reached, before the next record is applied. */
static void compare_checkpoints(struct replay_check *m, const struct kmeta_batch *batch,
                                int64_t reached)
{
	while (m->rejoin.dir && m->next_checkpoint < m->rejoin.dir->checkpoints.count) {
		const struct logdir_file *checkpoint =
			&m->rejoin.dir->checkpoints.at[m->next_checkpoint];
		const struct checkpoint_comparison comparison = { m->rejoin.dir, checkpoint,
			                                          m->image,      m->from,
			                                          m->dialect,    m->comparisons };

		if (checkpoint->offset > reached)
			return;
		/* A checkpoint at or below the first state cannot be compared. */
		if (m->compares && checkpoint->offset == reached && checkpoint->offset > m->from)
			compare_checkpoint(&comparison);
		if (m->starts && batch && checkpoint->offset == reached &&
		    batch->base_offset < reached)
			findings_add(m->comparisons, KMETA_INSIDE_BATCH, checkpoint->path, -1,
			             reached,
			             "end offset %lld is inside the batch with offsets %lld to "
			             "%lld: no Kafka writes such a checkpoint",
			             (long long)reached, (long long)batch->base_offset,
			             (long long)batch->last_offset);
		m->next_checkpoint++;
	}
}

/* ---- beginning and end ---- */

enum kmeta_status replay_check_begin(struct replay_check *m, const struct logdir_file *base)
{
	const enum kmeta_status status = base ? begin_with(m, base) : KMETA_DAMAGED;

	if (status != KMETA_DAMAGED)
		return status;
	m->from = 0;
	m->stopped = base && base->offset;
	if (m->stopped)
		return KMETA_OK;
	m->image = kmeta_image_new();
	return m->image ? watch(m) : KMETA_FAILED;
}

void replay_check_end(struct replay_check *m, const char *file)
{
	struct kmeta_finding why;
	int64_t open;

	if (!m->image || m->stopped)
		return;
	if (m->violations)
		meaning_check_end(&m->meaning, file);
	compare_checkpoints(m, NULL, kmeta_image_moment(m->image).end_offset);
	open = kmeta_image_open_transaction(m->image);
	if (open >= 0 && m->violations) {
		findings_add(m->findings, KMETA_OPEN_TRANSACTION, file, -1, open,
		             "the transaction that began here has not ended");
		if (image_try_pending(m->image, keep_comparison, m, &why) != KMETA_OK)
			findings_keep_copy(m->findings, &why);
	}
}

void replay_check_release(struct replay_check *m)
{
	quorum_check_release(&m->quorum);
	kmeta_image_free(m->image);
	m->image = NULL;
	meaning_check_release(&m->meaning);
}
