/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_replay.c: replays the records that are checked, and compares the checkpoints of a directory
 * with the state that the log makes.
 */
#include "check/check_replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "record/batch.h"
#include "record/decode.h"
#include "record/kind.h"
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

static void compare_checkpoints(struct replay_check *m, int64_t reached);

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
}

void replay_check_give_up(struct replay_check *m, const char *file, int64_t start)
{
	stop(m, file, -1, start,
	     "replay: the log begins at offset %lld, and no checkpoint tells the state there",
	     (long long)start);
}

/*
 * Only a voter wins an election. Kafka's image does not know the leader, so replay goes on. Logs that
 * tests write name one voter, whatever the leader: these pass.
 */
static void check_leader(struct replay_check *m, const struct kmeta_batch *batch,
                         const struct kmeta_record *record, const struct kmeta_fields *fields)
{
	const struct kmeta_field *leader = kmeta_fields_find(fields, "leaderId");
	const struct kmeta_field *voters = kmeta_fields_find(fields, "voters");
	const size_t start = voters ? (size_t)(voters - fields->at) : 0;
	bool is_voter = !leader || !voters || voters->value.integer < 2;

	for (size_t i = start + 1; !is_voter && i < start + voters->span; i += fields->at[i].span)
		is_voter = fields->at[i + 1].value.integer == leader->value.integer;
	if (!is_voter)
		findings_add(m->findings, KMETA_ODD_VALUE, batch->file, record->position,
		             record->offset, "%s: leader %lld is none of its voters",
		             fields->schema->name, (long long)leader->value.integer);
}

static enum kmeta_status replay_record(void *context, const struct kmeta_batch *batch,
                                       const struct kmeta_record *record,
                                       const struct kmeta_fields *fields, struct kmeta_finding *why)
{
	struct replay_check *m = context;

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
	compare_checkpoints(m, record->offset);
	if (m->violations && record->control)
		check_leader(m, batch, record, fields);
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

struct comparison {
	const struct kmeta_image *log;
	int64_t differences;
	char first[160];
};

/* Kafka's MetadataDelta keeps the configs of a topic that is created and deleted in one delta. */
static bool is_orphan_config(const struct comparison *c, const struct kmeta_change *change)
{
	const struct kmeta_entity *entity = change->before ? change->before : change->after;

	return entity->kind == KMETA_CONFIG && !change->before &&
	       fields_must_have(entity->fields, "resourceType")->value.integer == RESOURCE_TOPIC &&
	       !image_topic_named(c->log,
	                          fields_must_have(entity->fields, "resourceName")->value.bytes);
}

static bool count_difference(void *context, const struct kmeta_change *change)
{
	struct comparison *c = context;
	const struct kmeta_entity *entity = change->before ? change->before : change->after;
	const struct kmeta_bytes name = entity->topic_name;
	const char *of = entity->kind == KMETA_TOPIC ? " " : " of topic ";

	if (is_orphan_config(c, change))
		return true;
	if (!c->differences++)
		snprintf(c->first, sizeof(c->first), "%s%s%.*s is %s",
		         kmeta_entity_kind_name(entity->kind), name.size ? of : "",
		         (int)(name.size < 80 ? name.size : 80),
		         name.size ? (const char *)name.data : "",
		         !change->before  ? "only in the checkpoint"
		         : !change->after ? "only in the log"
		                          : "not the same in both");
	return true;
}

static void compare_checkpoint(struct replay_check *m, const struct logdir_file *checkpoint)
{
	const struct kmeta_point end = { .kind = KMETA_POINT_END };
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .regular = true,
		                                    .dialect = m->dialect };
	struct comparison c = { .log = m->image };
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;

	if (kmeta_image_load(&image, checkpoint->path, end, &options, &why) != KMETA_OK ||
	    kmeta_diff(m->image, image, count_difference, &c, &why) != KMETA_OK)
		findings_add(m->comparisons, KMETA_NOT_CHECKED, checkpoint->path, -1, -1,
		             "not held against the log: %s", why.message);
	else if (c.differences)
		findings_add(m->comparisons, KMETA_CHECKPOINT_DIFFERS, checkpoint->path, 0,
		             checkpoint->offset,
		             "%lld %s from the state that the log makes at @%lld; the first: %s",
		             (long long)c.differences,
		             c.differences == 1 ? "entity differs" : "entities differ",
		             (long long)checkpoint->offset, c.first);
	kmeta_image_free(image);
}

/* Compares the checkpoints whose end offset is reached, before the next record is applied. */
static void compare_checkpoints(struct replay_check *m, int64_t reached)
{
	while (m->checkpoints && m->next_checkpoint < m->checkpoints->count) {
		const struct logdir_file *checkpoint = &m->checkpoints->at[m->next_checkpoint];

		if (checkpoint->offset > reached)
			return;
		/* A checkpoint at or below the first state cannot be compared. */
		if (checkpoint->offset == reached && checkpoint->offset > m->from)
			compare_checkpoint(m, checkpoint);
		m->next_checkpoint++;
	}
}

/* ---- beginning and end ---- */

enum kmeta_status replay_check_begin(struct replay_check *m, const struct logdir_file *base)
{
	const struct kmeta_point end = { .kind = KMETA_POINT_END };
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .regular = true,
		                                    .dialect = m->dialect };
	struct kmeta_finding why;

	m->from = 0;
	if (!base) {
		m->image = kmeta_image_new();
		return m->image ? KMETA_OK : KMETA_FAILED;
	}
	if (kmeta_image_load(&m->image, base->path, end, &options, &why) != KMETA_OK) {
		stop(m, base->path, -1, -1,
		     "replay: this tells the state where the log begins, and cannot be used: %s",
		     why.message);
		return KMETA_OK;
	}
	m->from = base->offset;
	return KMETA_OK;
}

void replay_check_end(struct replay_check *m, const char *file)
{
	struct kmeta_finding why;
	int64_t open;

	if (!m->image || m->stopped)
		return;
	compare_checkpoints(m, kmeta_image_moment(m->image).end_offset);
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
	kmeta_image_free(m->image);
	m->image = NULL;
}
