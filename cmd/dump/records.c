/* SPDX-License-Identifier: Apache-2.0 */
/* records.c: the records of one batch, forwards or backwards, through the filter. */
#include <stdlib.h>

#include "dump.h"

static void dump_record(struct dump *d, struct dump_place *place, const struct kmeta_record *record)
{
	const bool wanted = kmeta_filter_record(d->filter, place->batch, record);
	const bool learning = d->topics && kmeta_topics_wants(record);
	struct kmeta_line line = {
		.batch = place->batch, .record = record, .error = place->damage, .topics = d->topics
	};
	struct kmeta_finding finding;
	enum kmeta_status status;

	if (!wanted && !learning)
		return;
	status = kmeta_decode(&d->dialect, record, &d->fields, &finding);
	if (status == KMETA_OK) {
		line.fields = &d->fields;
		if (d->topics && !kmeta_topics_learn(d->topics, record, &d->fields))
			d->common.out.buffer.failed = true;
	} else {
		finding.file = place->batch->file;
		line.error = &finding;
		if (wanted && !place->damage)
			common_report(&d->common, &finding);
		/* A record of a newer release is no fault of the log, but still was not read. */
		if (wanted)
			d->common.trouble = true;
	}
	if (!wanted)
		return;
	if (kmeta_filter_needs_fields(d->filter) &&
	    (!line.fields || !kmeta_filter_fields(d->filter, d->topics, line.fields)))
		return;
	if (dump_fold(d, place->batch, record))
		return;
	dump_print_fold(d);
	dump_print_line(d, place, &line);
}

void dump_hint(struct dump *d)
{
	if (!d->follow)
		common_note(&d->common, "stopped at the damage; --salvage goes on behind it");
}

/* Reports damage inside a batch and prints what can be printed; false: leave the batch. */
static bool meet_record(struct dump *d, struct dump_place *place, const struct kmeta_record *record,
                        const struct kmeta_finding *finding)
{
	struct dump_place doubted = *place;

	/* Damage to the whole batch was reported before. */
	if (!place->damage) {
		common_report(&d->common, finding);
		doubted.damage = finding;
		if (!d->salvage)
			dump_hint(d);
	}
	if (finding->code != KMETA_BAD_OFFSET || !d->salvage)
		return d->salvage;
	dump_record(d, &doubted, record);
	place->announced = doubted.announced;
	place->records++;
	return true;
}

static bool dump_forwards(struct dump *d, struct dump_place *place)
{
	struct kmeta_cursor cursor = { 0 };

	while (!dump_is_done(d)) {
		struct kmeta_record record;
		struct kmeta_finding finding;
		const enum kmeta_status status =
			kmeta_batch_next(place->batch, &cursor, &record, &finding);

		if (status == KMETA_END)
			break;
		if (status == KMETA_OK) {
			place->records++;
			dump_record(d, place, &record);
		} else if (!meet_record(d, place, &record, &finding)) {
			return false;
		}
	}
	return true;
}

static bool keep_cursor(struct dump *d, size_t count, struct kmeta_cursor cursor)
{
	if (count == d->cursors_capacity) {
		const size_t capacity = count ? count * 2 : 256;
		struct kmeta_cursor *at = realloc(d->cursors, capacity * sizeof(*at));

		if (!at)
			return false;
		d->cursors = at;
		d->cursors_capacity = capacity;
	}
	d->cursors[count] = cursor;
	return true;
}

/* First finds where each record begins, then prints from the last to the first. */
static bool dump_backwards(struct dump *d, struct dump_place *place)
{
	struct kmeta_cursor cursor = { 0 }, here;
	struct kmeta_record record;
	struct kmeta_finding finding;
	enum kmeta_status status = KMETA_OK;
	bool sound = true;
	size_t count = 0;

	while (sound && status != KMETA_END) {
		here = cursor;
		status = kmeta_batch_next(place->batch, &cursor, &record, &finding);
		if (status == KMETA_DAMAGED)
			sound = meet_record(d, place, &record, &finding);
		place->records += status == KMETA_OK;
		if (status == KMETA_OK && !keep_cursor(d, count++, here)) {
			d->common.out.buffer.failed = true;
			return false;
		}
	}
	while (count-- > 0 && !dump_is_done(d))
		if (kmeta_batch_next(place->batch, &d->cursors[count], &record, &finding) ==
		    KMETA_OK)
			dump_record(d, place, &record);
	return sound;
}

bool dump_records(struct dump *d, struct dump_place *place)
{
	return d->reverse ? dump_backwards(d, place) : dump_forwards(d, place);
}
