/* SPDX-License-Identifier: Apache-2.0 */
/* leaders.c: the active controllers, one after another. */
#include <assert.h>
#include <string.h>

#include "history.h"

enum { WAIT_MILLISECONDS = 1000 };

static void put_leader_json(struct history *h, const struct kmeta_batch *batch,
                            const struct kmeta_record *record, const struct kmeta_fields *fields,
                            int32_t leader, const struct kmeta_field *voters)
{
	struct kmeta_buffer *out = &h->common.out.buffer;

	history_put_json_head(h, batch, record);
	kmeta_buffer_format(out, "\"leader\":[%d,%d],\"voters\":", h->leader, leader);
	kmeta_field_json(out, fields, voters, 0);
	kmeta_buffer_format(out, "}\n");
}

static void put_leader_text(struct history *h, const struct kmeta_batch *batch,
                            const struct kmeta_record *record, const struct kmeta_fields *fields,
                            int32_t leader, const struct kmeta_field *voters)
{
	struct kmeta_buffer *out = &h->common.out.buffer;

	kmeta_text_head(out, h->text, record->offset, record->timestamp, batch->epoch,
	                h->common.flags);
	kmeta_buffer_format(out, "leader ");
	if (h->leader >= 0)
		kmeta_buffer_format(out, "%d -> ", h->leader);
	kmeta_buffer_format(out, "%d  voters ", leader);
	kmeta_field_text(out, fields, voters, 0);
	kmeta_buffer_format(out, "\n");
}

/* False: no more are wanted. */
static bool see_leader(struct history *h, const struct kmeta_batch *batch,
                       const struct kmeta_record *record, const struct kmeta_fields *fields)
{
	const struct kmeta_field *id = kmeta_fields_find(fields, "leaderId");
	const struct kmeta_field *voters = kmeta_fields_find(fields, "voters");
	int32_t leader;
	bool goes_on = true;

	assert(id && voters); /* every version of the record has them */
	leader = (int32_t)id->value.integer;
	if (history_is_since(h, record)) {
		if (h->format == HISTORY_JSON)
			put_leader_json(h, batch, record, fields, leader, voters);
		else
			put_leader_text(h, batch, record, fields, leader, voters);
		goes_on = history_end_line(h);
	}
	h->leader = leader;
	return goes_on;
}

/* A record that cannot be read names no leader; kmeta-verify says what is wrong with it. */
static bool look_for_leader(struct history *h, struct kmeta_dialect *dialect,
                            struct kmeta_fields *fields, const struct kmeta_batch *batch)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	struct kmeta_finding ignored; /* kmeta-verify says what is wrong with a record */
	bool goes_on = true;

	while (goes_on && batch->attributes & KMETA_BATCH_CONTROL &&
	       kmeta_batch_next(batch, &cursor, &record, &ignored) == KMETA_OK)
		if (kmeta_decode(dialect, &record, fields, &ignored) == KMETA_OK &&
		    !strcmp(fields->schema->name, "LEADER_CHANGE"))
			goes_on = see_leader(h, batch, &record, fields);
	return goes_on;
}

static enum kmeta_status read_leaders(struct history *h, struct kmeta_source *source,
                                      struct kmeta_dialect *dialect, struct kmeta_finding *why)
{
	struct kmeta_fields fields = { 0 };
	enum kmeta_status status = KMETA_OK;

	while (status == KMETA_OK) {
		struct kmeta_batch batch;

		status = kmeta_source_next(source, &batch, why);
		if (status == KMETA_OK && !look_for_leader(h, dialect, &fields, &batch))
			status = KMETA_END;
		if (status == KMETA_DAMAGED)
			common_report(&h->common, why);
		else if (status == KMETA_END && h->follow && history_idle(h))
			status = kmeta_source_wait(source, WAIT_MILLISECONDS, why) == KMETA_FAILED
			                 ? KMETA_FAILED
			                 : KMETA_OK;
		if (status == KMETA_DAMAGED)
			status = KMETA_OK;
		progress_step(&h->common.progress, source);
	}
	kmeta_fields_release(&fields);
	return status == KMETA_END ? KMETA_OK : status;
}

enum kmeta_status history_leaders(struct history *h, struct kmeta_finding *why)
{
	const struct kmeta_source_options window = { .size = sizeof(window),
		                                     .until = &h->until,
		                                     .follow = h->follow };
	struct kmeta_source *source = NULL;
	struct kmeta_dialect dialect;
	enum kmeta_status status;

	/* The frame has checked that there is such a release. */
	if (!kmeta_dialect_init(&dialect, h->common.dialect))
		return KMETA_OK;
	status = kmeta_source_open(&source, h->common.address, &window, why);
	if (status == KMETA_OK)
		status = read_leaders(h, source, &dialect, why);
	kmeta_source_close(source);
	return status;
}
