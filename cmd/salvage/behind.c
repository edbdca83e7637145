/* SPDX-License-Identifier: Apache-2.0 */
/* behind.c: a state of all that is sound, over holes, as a checkpoint at the end offset. */
#include <stdio.h>
#include <string.h>

#include "salvage.h"

struct replay {
	struct salvage *salvage;
	struct kmeta_image *image;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_topics *topics;
	struct kmeta_text *text;
	struct kmeta_page page;
	const struct kmeta_row *row; /* that is replayed */
};

/* ---- doubts ---- */

/* Names what the record is about, in the words of kmeta-dump. */
static void say_doubt(struct replay *r, const struct kmeta_finding *finding, bool decoded)
{
	struct salvage *s = r->salvage;
	const struct kmeta_line line = { .batch = &r->page.batches[r->row->batch],
		                         .record = &r->row->record,
		                         .fields = decoded ? &r->fields : NULL,
		                         .error = decoded ? NULL : finding,
		                         .topics = r->topics };
	struct kmeta_buffer words = { 0 };

	kmeta_text(&words, r->text, &line, s->common.flags);
	while (words.size && words.at[words.size - 1] == '\n')
		words.size--;
	s->is_replaying = false;
	report_line(s, "doubtful", "%s: %.*s", finding->message, (int)words.size,
	            words.at ? words.at : "");
	s->is_replaying = true;
	kmeta_buffer_release(&words);
}

static bool report_doubt(void *context, const struct kmeta_finding *finding)
{
	struct replay *r = context;

	if (kmeta_code_severity(finding->code) != KMETA_NOTE)
		say_doubt(r, finding, true);
	return true;
}

static void say_hole(struct replay *r, int64_t first, int64_t last)
{
	struct salvage *s = r->salvage;
	const int64_t open = kmeta_image_open_transaction(r->image);

	s->is_replaying = false;
	report_line(s, "lost",
	            "offsets %lld..%lld, which no input has; what lies behind is replayed",
	            (long long)first, (long long)last);
	if (open >= 0)
		report_line(
			s, "doubtful",
			"the transaction that began at offset %lld: some of its records are lost",
			(long long)open);
	s->is_replaying = true;
}

/* ---- replay ---- */

static enum kmeta_status replay_row_over_holes(struct replay *r, const struct kmeta_batch *batch,
                                               int64_t offset, struct kmeta_finding *why)
{
	const struct kmeta_record *record = &r->row->record;

	if (r->row->damage >= 0 || record->offset < offset)
		return KMETA_OK;
	if (kmeta_decode(&r->dialect, record, &r->fields, why) == KMETA_FAILED)
		return KMETA_FAILED;
	if (!r->fields.schema) {
		say_doubt(r, why, false);
		return KMETA_OK;
	}
	if (!kmeta_topics_learn(r->topics, record, &r->fields))
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	return kmeta_image_apply(r->image, batch, record, &r->fields, report_doubt, r, why);
}

/* Replays the head of an input, from an offset on. */
static enum kmeta_status replay_piece(struct replay *r, struct input *in, int64_t offset,
                                      struct kmeta_finding *why)
{
	const struct piece *piece = &in->head;
	enum kmeta_status status = kmeta_pages_read(in->pages, piece->file, piece->position,
	                                            piece->position + 1, &r->page, why);

	if (status == KMETA_OK && !r->page.batches_count)
		return common_fault(why, KMETA_CANNOT_READ, input_file_name(in, piece->file),
		                    "the file changed while it was read");
	for (size_t i = 0; status == KMETA_OK && i < r->page.rows_count; i++) {
		r->row = &r->page.rows[i];
		status = replay_row_over_holes(r, &r->page.batches[0], offset, why);
	}
	if (status == KMETA_OK)
		kmeta_image_reach(r->image, &r->page.batches[0], piece->last + 1);
	return status;
}

/* The state to begin with: the newest checkpoint up to the hole, or nothing at offset 0. */
static enum kmeta_status begin_over_holes(struct replay *r, int64_t hole, struct kmeta_finding *why)
{
	const struct salvage *s = r->salvage;
	const struct kept_checkpoint *base = NULL;
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = s->common.dialect };

	for (size_t i = 0; i < s->checkpoints_count; i++)
		if (!s->checkpoints[i].is_useless && s->checkpoints[i].end <= hole &&
		    (!base || s->checkpoints[i].end > base->end))
			base = &s->checkpoints[i];
	if (base)
		return kmeta_image_load(&r->image, base->path, (struct kmeta_point){ 0 }, &options,
		                        why);
	r->image = kmeta_image_new();
	return r->image ? KMETA_OK : common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
}

static enum kmeta_status replay_all(struct replay *r, struct kmeta_finding *why)
{
	struct salvage *s = r->salvage;
	int64_t offset = kmeta_image_moment(r->image).end_offset, behind;
	struct input *in;
	enum kmeta_status status;

	for (size_t i = 0; i < s->inputs_count; i++) {
		input_rewind(&s->inputs[i], true);
		if (input_advance(&s->inputs[i], why) != KMETA_OK)
			return KMETA_FAILED;
	}
	while ((status = merge_next(s, offset, &in, &behind, why)) != KMETA_FAILED) {
		if (status == KMETA_END && behind < 0)
			return KMETA_OK;
		if (status == KMETA_END) {
			say_hole(r, offset, behind - 1);
			offset = behind;
			continue;
		}
		if (replay_piece(r, in, offset, why) != KMETA_OK)
			return KMETA_FAILED;
		offset = in->head.last + 1;
		if (merge_advance(s, in, why) != KMETA_OK)
			return KMETA_FAILED;
	}
	return status;
}

/* ---- the checkpoint ---- */

static bool drain_state(void *context, struct kmeta_buffer *out)
{
	struct salvage *s = context;
	const bool written = s->dry_run || place_write(&s->segment, out->at, out->size);

	out->size = 0;
	return written;
}

static enum kmeta_status write_state(struct replay *r, struct kmeta_finding *why)
{
	struct salvage *s = r->salvage;
	const struct kmeta_moment moment = kmeta_image_moment(r->image);
	const struct kmeta_checkpoint_options options = { .size = sizeof(options), .context = s };
	struct kmeta_checkpoint_totals totals;
	struct kmeta_buffer out = { 0 };
	char name[80];
	enum kmeta_status status = KMETA_OK;

	snprintf(s->state_name, sizeof(s->state_name), "%020lld-%010d.checkpoint",
	         (long long)moment.end_offset, moment.epoch);
	snprintf(name, sizeof(name), "__cluster_metadata-0/%s", s->state_name);
	if (!s->dry_run)
		status = place_make_file(&s->place, &s->segment, name, why);
	if (status == KMETA_OK)
		status =
			kmeta_write_checkpoint(r->image, &options, drain_state, &out, &totals, why);
	if (!s->dry_run && s->segment.error)
		status = place_close_file(&s->segment, why);
	else if (!s->dry_run && status == KMETA_OK)
		status = place_close_file(&s->segment, why);
	kmeta_buffer_release(&out);
	return status;
}

enum kmeta_status behind_make_state(struct salvage *s, int64_t hole, struct kmeta_finding *why)
{
	struct replay r = { .salvage = s, .topics = kmeta_topics_new(), .text = kmeta_text_new() };
	enum kmeta_status status = KMETA_OK;

	s->is_replaying = true;
	if (!r.topics || !r.text || !kmeta_dialect_init(&r.dialect, s->common.dialect))
		status = common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	if (status == KMETA_OK)
		status = begin_over_holes(&r, hole, why);
	if (status == KMETA_OK)
		status = replay_all(&r, why);
	if (status == KMETA_OK)
		status = write_state(&r, why);
	s->is_replaying = false;
	for (size_t i = 0; i < s->checkpoints_count; i++)
		s->checkpoints[i].is_useless = true;
	kmeta_page_release(&r.page);
	kmeta_image_free(r.image);
	kmeta_fields_release(&r.fields);
	kmeta_topics_free(r.topics);
	kmeta_text_free(r.text);
	return status;
}
