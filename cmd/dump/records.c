/* SPDX-License-Identifier: Apache-2.0 */
/* records.c: the records of one batch, forwards or backwards, through the filter. */
#include <stdlib.h>

#include "dump.h"

/* A batch that the point of the address is in has records behind it. */
static bool is_behind_point(const struct dump *d, const struct kmeta_record *record)
{
	return d->until.kind == KMETA_POINT_OFFSET && record->offset >= d->until.value;
}

bool dump_find_matcher(struct dump *d)
{
	const enum kmeta_line_format format =
		d->format == DUMP_ARROW ? KMETA_LINE_JSON : (enum kmeta_line_format)d->format;

	if (!kmeta_filter_needs_fields(d->filter) && !kmeta_filter_needs_line(d->filter))
		return true;
	d->matcher = kmeta_matcher_new(d->filter, format, d->common.flags);
	return d->matcher != NULL;
}

/* What was folded into one line was not searched, and what is damaged has more to say. */
static enum kmeta_match dump_match(struct dump *d, const struct printed_batch *printed,
                                   const struct kmeta_record *record)
{
	if (!d->matcher || d->fold_noops || printed->damage)
		return kmeta_filter_needs_fields(d->filter) ? KMETA_MATCH_UNKNOWN
		                                            : KMETA_MATCH_FIELDS;
	return kmeta_matcher_record(d->matcher, &d->dialect, printed->batch, record, d->topics);
}

static void dump_record(struct dump *d, struct printed_batch *printed,
                        const struct kmeta_record *record)
{
	const bool wanted = kmeta_filter_record(d->filter, printed->batch, record);
	const bool learning = d->topics && kmeta_topics_wants(record);
	struct kmeta_line line = { .batch = printed->batch,
		                   .record = record,
		                   .error = printed->damage,
		                   .topics = d->topics };
	struct kmeta_finding finding;
	enum kmeta_match match = KMETA_MATCH_UNKNOWN;
	enum kmeta_status status;

	if ((!wanted && !learning) || is_behind_point(d, record))
		return;
	/* Takes the name away that the record before may have removed. */
	if (d->topics && !learning && !kmeta_topics_learn(d->topics, record, NULL))
		d->common.out.buffer.failed = true;
	if (wanted && !learning)
		match = dump_match(d, printed, record);
	if (match == KMETA_MATCH_NO ||
	    (match == KMETA_MATCH_FIELDS && dump_print_usual(d, printed, record)))
		return;
	status = kmeta_decode(&d->dialect, record, &d->fields, &finding);
	if (status == KMETA_OK) {
		line.fields = &d->fields;
		if (learning && !kmeta_topics_learn(d->topics, record, &d->fields))
			d->common.out.buffer.failed = true;
	} else {
		finding.file = printed->batch->file;
		line.error = &finding;
		if (wanted && !printed->damage)
			dump_report(d, &finding);
		/* A record of a newer release is no fault of the log, but still was not read. */
		if (wanted)
			d->common.trouble = true;
	}
	if (!wanted)
		return;
	if (kmeta_filter_needs_fields(d->filter) &&
	    (!line.fields || !kmeta_filter_fields(d->filter, d->topics, line.fields)))
		return;
	if (dump_fold(d, printed->batch, record))
		return;
	dump_print_fold(d);
	dump_print_line(d, printed, &line);
}

void dump_report(struct dump *d, const struct kmeta_finding *finding)
{
	if (d->is_ahead)
		d->stopped = true;
	else
		common_report(&d->common, finding);
}

void dump_hint(struct dump *d)
{
	if (!d->follow && !d->is_ahead)
		common_note(&d->common, "stopped at the damage; --salvage goes on behind it");
}

/* Reports damage inside a batch and prints what can be printed; false: leave the batch. */
static bool meet_record(struct dump *d, struct printed_batch *printed,
                        const struct kmeta_record *record, const struct kmeta_finding *finding)
{
	struct printed_batch doubted = *printed;

	/* Damage to the whole batch was reported before. */
	if (!printed->damage) {
		dump_report(d, finding);
		doubted.damage = finding;
		if (!d->salvage)
			dump_hint(d);
	}
	if (finding->code != KMETA_BAD_OFFSET || !d->salvage)
		return d->salvage;
	dump_record(d, &doubted, record);
	printed->announced = doubted.announced;
	printed->records++;
	return true;
}

/*
 * Records of interest that were read before any of them is printed, and how reading the one behind them
 * went.
 */
struct stretch {
	struct kmeta_record records[KMETA_PRINTER_EXPECTS];
	size_t count;
	enum kmeta_status status; /* OK: there is room for no more */
	struct kmeta_record odd;
	struct kmeta_finding finding;
};

static bool is_of_interest(const struct dump *d, const struct kmeta_batch *batch,
                           const struct kmeta_record *record)
{
	return kmeta_filter_record(d->filter, batch, record) ||
	       (d->topics && kmeta_topics_wants(record));
}

static void read_stretch(struct stretch *s, const struct dump *d, struct printed_batch *printed,
                         struct kmeta_cursor *cursor, size_t most)
{
	s->count = 0;
	s->status = KMETA_OK;
	while (s->status == KMETA_OK && s->count < most &&
	       (!printed->end || cursor->at < printed->end)) {
		struct kmeta_record *record = &s->records[s->count];

		s->status = kmeta_batch_next(printed->batch, cursor, record, &s->finding);
		printed->records += s->status == KMETA_OK;
		if (s->status == KMETA_OK)
			s->count += is_of_interest(d, printed->batch, record);
		else if (s->status == KMETA_DAMAGED)
			s->odd = *record;
	}
	if (s->status == KMETA_OK && printed->end && cursor->at >= printed->end)
		s->status = KMETA_END;
}

static bool dump_forwards(struct dump *d, struct printed_batch *printed)
{
	struct kmeta_cursor cursor = printed->from;
	/* Only names are worth reading ahead for. */
	const size_t most = d->topics ? KMETA_PRINTER_EXPECTS : 1;
	struct stretch s = { .status = KMETA_OK };

	while (s.status != KMETA_END) {
		read_stretch(&s, d, printed, &cursor, most);
		/* What is searched for is rare. */
		if (!d->matcher)
			kmeta_printer_expect(d->printer, &d->dialect, s.records, s.count,
			                     d->topics);
		for (size_t i = 0; i < s.count && !dump_is_done(d); i++)
			dump_record(d, printed, &s.records[i]);
		if (dump_is_done(d))
			return true;
		if (s.status == KMETA_DAMAGED && !meet_record(d, printed, &s.odd, &s.finding))
			return false;
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
static bool dump_backwards(struct dump *d, struct printed_batch *printed)
{
	struct kmeta_cursor cursor = { 0 }, here;
	struct kmeta_record record;
	struct kmeta_finding finding;
	enum kmeta_status status = KMETA_OK;
	bool sound = true;
	size_t count = 0;

	while (sound && status != KMETA_END) {
		here = cursor;
		status = kmeta_batch_next(printed->batch, &cursor, &record, &finding);
		if (status == KMETA_DAMAGED)
			sound = meet_record(d, printed, &record, &finding);
		printed->records += status == KMETA_OK;
		if (status == KMETA_OK && !keep_cursor(d, count++, here)) {
			d->common.out.buffer.failed = true;
			return false;
		}
	}
	while (count-- > 0 && !dump_is_done(d))
		if (kmeta_batch_next(printed->batch, &d->cursors[count], &record, &finding) ==
		    KMETA_OK)
			dump_record(d, printed, &record);
	return sound;
}

static void announce_bytes(struct dump *d, const struct printed_batch *printed)
{
	const struct kmeta_bytes all = printed->batch->records;
	const size_t end = printed->end ? printed->end : all.size;

	if (d->matcher && printed->from.at < end)
		kmeta_matcher_begin(d->matcher, (struct kmeta_bytes){ all.data + printed->from.at,
		                                                      end - printed->from.at });
}

bool dump_records(struct dump *d, struct printed_batch *printed)
{
	announce_bytes(d, printed);
	return d->reverse ? dump_backwards(d, printed) : dump_forwards(d, printed);
}
