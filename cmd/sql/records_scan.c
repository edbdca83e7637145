/* SPDX-License-Identifier: Apache-2.0 */
/* records_scan.c: goes through a log, batch by batch and record by record, to the rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../dump/names.h"
#include "records.h"

/* ---- opening ---- */

static bool is_unbounded(const struct kmeta_range *range)
{
	return range->first == INT64_MIN && range->last == INT64_MAX;
}

static const struct kmeta_range *window_of(const struct kmeta_range *range)
{
	return is_unbounded(range) ? NULL : range;
}

/* Standard input is read only once: all of it, if names of topics are needed. */
static void take_window(const struct records_cursor *c, struct kmeta_source_options *options)
{
	if (!strcmp(c->path, "-") && c->wish.needs_names)
		return;
	options->offsets = window_of(&c->wish.offsets);
	options->times = window_of(&c->wish.times);
	options->epochs = window_of(&c->wish.epochs);
}

static int scan_open_source(struct records_cursor *c)
{
	struct kmeta_source_options options = { .size = sizeof(options),
		                                .until = &c->until,
		                                .reverse = c->wish.is_reverse };
	struct kmeta_finding why;

	take_window(c, &options);
	if (!kmeta_dialect_init(&c->dialect, c->common.sql->options.dialect))
		return SQLITE_ERROR;
	if (!sql_may_read(c->common.sql, c->path))
		return sql_fail_text(c->common.base.pVtab,
		                     "standard input can be read only once: save it to a file");
	if (kmeta_source_open(&c->source, c->path, &options, &why) == KMETA_OK)
		return SQLITE_OK;
	if (c->wish.is_reverse && why.code == KMETA_BAD_ARGUMENT)
		return sql_fail_text(c->common.base.pVtab,
		                     "%s: %s; ORDER BY +offset DESC sorts the rows instead",
		                     c->path, why.message);
	return sql_fail(c->common.base.pVtab, &why, c->path);
}

int records_open_log(struct records_cursor *c, const char *address)
{
	int code = sql_address(&c->common, address, &c->path, &c->until);

	c->next_offset = -1;
	if (code == SQLITE_OK && c->wish.needs_names) {
		c->topics = kmeta_topics_new();
		code = c->topics ? SQLITE_OK : SQLITE_NOMEM;
	}
	if (code == SQLITE_OK && !c->printer) {
		c->printer = kmeta_printer_new(KMETA_LINE_JSON, c->common.sql->options.flags);
		code = c->printer ? SQLITE_OK : SQLITE_NOMEM;
	}
	return code == SQLITE_OK ? scan_open_source(c) : code;
}

void records_close_log(struct records_cursor *c)
{
	kmeta_source_close(c->source);
	kmeta_topics_free(c->topics);
	free(c->path);
	c->source = NULL;
	c->topics = NULL;
	c->path = NULL;
	c->has_begun = c->has_row_before = c->is_at_end = c->is_in_batch = false;
}

/* ---- batches ---- */

/* What topics were called before the first record that is read. */
static void scan_learn_names(struct records_cursor *c)
{
	struct progress none = { .wanted = false };
	const struct names names = { .topics = c->topics,
		                     .dialect = &c->dialect,
		                     .backwards = c->wish.is_reverse,
		                     .limit = INT64_MAX,
		                     .progress = &none };
	const int64_t first = c->wish.is_reverse && c->batch.last_offset < INT64_MAX
	                              ? c->batch.last_offset + 1
	                              : c->batch.base_offset;

	if (c->topics && first > 0 && strcmp(c->path, "-") != 0)
		names_learn(&names, c->path, first);
}

static bool sees_all_batches(const struct records_cursor *c)
{
	return is_unbounded(&c->wish.offsets) && is_unbounded(&c->wish.times) &&
	       is_unbounded(&c->wish.epochs) && !c->wish.is_reverse;
}

/* Records that are missing between two batches are damage, and those behind damage are known. */
static int scan_check_gap(struct records_cursor *c)
{
	const int64_t expected = c->next_offset;
	struct kmeta_finding finding = { .code = KMETA_OFFSET_GAP,
		                         .file = c->batch.file,
		                         .position = c->batch.position,
		                         .offset = c->batch.base_offset };

	c->next_offset = c->batch.last_offset < INT64_MAX ? c->batch.last_offset + 1 : -1;
	if (expected < 0 || c->batch.base_offset <= expected || c->batch.skipped ||
	    !sees_all_batches(c))
		return SQLITE_OK;
	snprintf(finding.message, sizeof(finding.message), "the records %lld to %lld are missing",
	         (long long)expected, (long long)c->batch.base_offset - 1);
	return sql_meet(&c->common, &finding);
}

/* Notes where each record of a batch begins. What cannot be told apart is met again going back. */
static int scan_find_places(struct records_cursor *c)
{
	struct kmeta_cursor at = { 0 };
	struct kmeta_record ignored_record;
	struct kmeta_finding ignored; /* records_step() meets it */
	enum kmeta_status status = KMETA_OK;

	c->places_left = 0;
	while (status != KMETA_END) {
		if (c->places_left == c->places_capacity) {
			const size_t capacity = c->places_capacity ? c->places_capacity * 2 : 256;
			struct kmeta_cursor *places =
				realloc(c->places, capacity * sizeof(*places));

			if (!places)
				return SQLITE_NOMEM;
			c->places = places;
			c->places_capacity = capacity;
		}
		c->places[c->places_left] = at;
		status = kmeta_batch_next(&c->batch, &at, &ignored_record, &ignored);
		c->places_left += status != KMETA_END;
	}
	return SQLITE_OK;
}

static int begin_batch(struct records_cursor *c)
{
	int code = c->is_damaged ? SQLITE_OK : scan_check_gap(c);

	if (!c->has_begun && !c->is_damaged) {
		c->has_begun = true;
		scan_learn_names(c);
	}
	c->at = (struct kmeta_cursor){ 0 };
	c->is_in_batch = true;
	if (code == SQLITE_OK && c->wish.is_reverse)
		code = scan_find_places(c);
	return code;
}

static void show_progress(const struct records_cursor *c)
{
	int64_t done, total;

	if (!c->common.sql->options.progress)
		return;
	kmeta_source_progress(c->source, &done, &total);
	sql_goes_on(&c->common, done, total);
}

/* Goes on to a batch whose records can be told apart, or to the end. */
static int next_batch(struct records_cursor *c)
{
	while (!c->is_at_end && !c->is_in_batch) {
		const enum kmeta_status status =
			kmeta_source_next(c->source, &c->batch, &c->damage);
		int code = SQLITE_OK;

		show_progress(c);
		c->is_damaged = status == KMETA_DAMAGED;
		if (status == KMETA_FAILED)
			return sql_fail(c->common.base.pVtab, &c->damage, c->path);
		if (status == KMETA_END)
			c->is_at_end = true;
		else if (c->is_damaged)
			code = sql_meet(&c->common, &c->damage);
		if (code == SQLITE_OK && !c->is_at_end && (!c->is_damaged || c->batch.size))
			code = begin_batch(c);
		if (code != SQLITE_OK)
			return code;
	}
	return SQLITE_OK;
}

/* ---- records ---- */

/* Reads the next record of the batch. END: it has no more. DAMAGED: part of it cannot be read. */
static enum kmeta_status scan_next_record(struct records_cursor *c, struct kmeta_finding *why)
{
	if (c->wish.is_reverse && !c->places_left)
		return KMETA_END;
	if (c->wish.is_reverse)
		c->at = c->places[--c->places_left];
	c->number = c->at.index;
	return kmeta_batch_next(&c->batch, &c->at, &c->record, why);
}

static bool is_in(const struct kmeta_range *range, int64_t number)
{
	return number >= range->first && number <= range->last;
}

static bool has_topic_of_wish(struct records_cursor *c)
{
	const struct kmeta_buffer *names = &c->wish.topics;

	c->scratch.size = 0;
	if (!kmeta_fields_topic(&c->fields, c->topics, &c->scratch))
		return false;
	for (size_t at = 0; at < names->size; at += strlen(names->at + at) + 1)
		if (strlen(names->at + at) == c->scratch.size &&
		    !memcmp(names->at + at, c->scratch.at ? c->scratch.at : "", c->scratch.size))
			return true;
	return false;
}

static bool needs_fields(const struct records_wish *wish)
{
	return wish->topics.size || (wish->filter && kmeta_filter_needs_fields(wish->filter));
}

static bool has_wanted_header(const struct records_cursor *c)
{
	const struct records_wish *w = &c->wish;

	return is_in(&w->offsets, c->record.offset) && is_in(&w->times, c->record.timestamp) &&
	       is_in(&w->epochs, c->batch.epoch) &&
	       (!w->filter || kmeta_filter_record(w->filter, &c->batch, &c->record));
}

static bool has_wanted_fields(struct records_cursor *c)
{
	return c->decoded == RECORDS_DECODED &&
	       (!c->wish.filter || kmeta_filter_fields(c->wish.filter, c->topics, &c->fields)) &&
	       (!c->wish.topics.size || has_topic_of_wish(c));
}

/* Learns what a topic is called from here on. */
static int learn_record(struct records_cursor *c)
{
	const bool learns = kmeta_topics_wants(&c->record);
	int code = learns ? records_decode(c) : SQLITE_OK;

	if (code != SQLITE_OK || (learns && c->decoded != RECORDS_DECODED))
		return code;
	return kmeta_topics_learn(c->topics, &c->record, learns ? &c->fields : NULL) ? SQLITE_OK
	                                                                             : SQLITE_NOMEM;
}

static int scan_is_wanted(struct records_cursor *c, bool *wanted)
{
	int code = SQLITE_OK;

	*wanted = false;
	c->decoded = RECORDS_NOT_TRIED;
	if (c->until.kind == KMETA_POINT_OFFSET && c->record.offset >= c->until.value)
		return SQLITE_OK;
	if (c->topics)
		code = learn_record(c);
	*wanted = has_wanted_header(c);
	if (!*wanted || code != SQLITE_OK || !needs_fields(&c->wish))
		return code;
	code = records_decode(c);
	*wanted = has_wanted_fields(c);
	return code;
}

/* Rows that were promised in the order of offsets must not be out of it. */
static int check_row_order(struct records_cursor *c)
{
	const bool goes_back = c->wish.is_reverse ? c->record.offset > c->last_offset
	                                          : c->record.offset < c->last_offset;

	if (c->wish.is_ordered && c->has_row_before && goes_back)
		return sql_fail_text(
			c->common.base.pVtab,
			"%s: byte %lld: offset %lld stands behind offset %lld; ORDER BY +offset "
			"sorts the rows",
			c->batch.file, (long long)c->record.position, (long long)c->record.offset,
			(long long)c->last_offset);
	c->has_row_before = true;
	c->last_offset = c->record.offset;
	return SQLITE_OK;
}

/* Damage inside of a batch that as a whole is sound. */
static int scan_meet_record(struct records_cursor *c, struct kmeta_finding *why)
{
	why->file = why->file ? why->file : c->batch.file;
	return sql_meet(&c->common, why);
}

int records_step(struct records_cursor *c)
{
	struct kmeta_finding why;
	bool wanted = false;

	while (!wanted) {
		enum kmeta_status status;
		int code = next_batch(c);

		if (code != SQLITE_OK || c->is_at_end)
			return code;
		status = scan_next_record(c, &why);
		c->is_in_batch = status != KMETA_END;
		if (status == KMETA_END)
			continue;
		if (status == KMETA_DAMAGED && !c->is_damaged)
			code = scan_meet_record(c, &why);
		if (code != SQLITE_OK)
			return code;
		if (status == KMETA_DAMAGED && why.code != KMETA_BAD_OFFSET)
			continue;
		c->has_error = c->is_damaged || status == KMETA_DAMAGED;
		if (c->has_error)
			c->error = c->is_damaged ? c->damage : why;
		code = scan_is_wanted(c, &wanted);
		if (code != SQLITE_OK)
			return code;
	}
	return check_row_order(c);
}

int records_decode(struct records_cursor *c)
{
	struct kmeta_finding why;

	if (c->decoded != RECORDS_NOT_TRIED)
		return SQLITE_OK;
	if (kmeta_decode(&c->dialect, &c->record, &c->fields, &why) == KMETA_OK) {
		c->decoded = RECORDS_DECODED;
		return SQLITE_OK;
	}
	c->decoded = RECORDS_UNKNOWN;
	why.file = c->batch.file;
	c->has_error = true;
	c->error = why;
	if (why.code == KMETA_OUT_OF_MEMORY)
		return SQLITE_NOMEM;
	return c->is_damaged ? SQLITE_OK : sql_meet(&c->common, &why);
}
