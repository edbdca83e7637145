/* SPDX-License-Identifier: Apache-2.0 */
/* row_pages.c: reads the pages of rows.c, and keeps those that were used last. */
#include "row_pages.h"

#include <stdlib.h>

/* How many bytes all pages in memory may take. */
enum { MEMORY_LIMIT = 32 << 20 };

int64_t row_pages_size(const struct rows *rows, size_t file)
{
	return kmeta_pages_file(rows->pages, file).size;
}

bool row_pages_has(const struct rows *rows, size_t file)
{
	return kmeta_pages_file(rows->pages, file).name != NULL;
}

/* ---- which rows are lines ---- */

/* The bytes of the row's batch were announced to the matcher. */
static bool is_refused(struct rows *rows, const struct slot *slot, const struct kmeta_row *row)
{
	const struct kmeta_batch *batch = &slot->page.batches[row->batch];
	const struct kmeta_topics *topics;
	enum kmeta_match match;

	if (!rows->matcher || !batch->valid)
		return false;
	topics = kmeta_timeline_lock_topics(rows->index->timeline);
	match = kmeta_matcher_record(rows->matcher, &slot->dialect, batch, &row->record, topics);
	kmeta_timeline_unlock_topics(rows->index->timeline);
	return match == KMETA_MATCH_NO;
}

static bool is_wanted(struct rows *rows, const struct slot *slot, const struct kmeta_row *row)
{
	const struct kmeta_filter *filter = rows->options.filter;
	const struct kmeta_batch *batch = &slot->page.batches[row->batch];
	struct kmeta_line line = { .batch = batch, .record = &row->record };
	struct kmeta_dialect dialect = slot->dialect;
	struct kmeta_finding why;
	bool wanted;

	if (row->damage >= 0 || !kmeta_filter_record(filter, batch, &row->record) ||
	    is_refused(rows, slot, row))
		return false;
	if (kmeta_decode(&dialect, &row->record, &rows->fields, &why) == KMETA_OK)
		line.fields = &rows->fields;
	else
		line.error = &why;
	line.topics = kmeta_timeline_lock_topics(rows->index->timeline);
	wanted = !kmeta_filter_needs_fields(filter) ||
	         (line.fields && kmeta_filter_fields(filter, line.topics, line.fields));
	rows->scratch.size = 0;
	if (wanted)
		kmeta_text(&rows->scratch, rows->text, &line, rows->options.flags & FILTERED_FLAGS);
	kmeta_timeline_unlock_topics(rows->index->timeline);
	return wanted && kmeta_filter_line(filter, rows->scratch.at, rows->scratch.size);
}

static bool add_visible(struct slot *slot, size_t row)
{
	if (slot->count == slot->capacity) {
		const size_t capacity = slot->capacity ? slot->capacity * 2 : 256;
		struct visible *visible = realloc(slot->visible, capacity * sizeof(*visible));

		if (!visible)
			return false;
		slot->visible = visible;
		slot->capacity = capacity;
	}
	slot->visible[slot->count++] = (struct visible){ (uint32_t)row, 0 };
	return true;
}

/* True if a run of no-ops began in the page before: its line is there. */
static bool goes_on(struct rows *rows, const struct slot *slot)
{
	struct kmeta_stretch page;
	size_t number;

	return kmeta_timeline_find_place(rows->index->timeline, slot->page.file, slot->page.begin,
	                                 &number, &page) &&
	       number && kmeta_timeline_stretch(rows->index->timeline, number - 1, &page) &&
	       page.flags & KMETA_STRETCH_ENDS_IN_NO_OP;
}

/* The rows of a batch come one after the other. */
static void announce_batch(struct rows *rows, const struct slot *slot, size_t row)
{
	const struct kmeta_row *at = &slot->page.rows[row];

	if (rows->matcher && at->damage < 0 &&
	    (!row || at[-1].damage >= 0 || at[-1].batch != at->batch))
		kmeta_matcher_begin(rows->matcher, slot->page.batches[at->batch].records);
}

static void show(struct rows *rows, struct slot *slot)
{
	bool in_run = rows->options.fold && !rows->options.filter && goes_on(rows, slot);

	slot->count = 0;
	slot->shown = true;
	for (size_t i = 0; i < slot->page.rows_count; i++) {
		const struct kmeta_row *row = &slot->page.rows[i];

		if (rows->options.filter) {
			announce_batch(rows, slot, i);
			if (is_wanted(rows, slot, row) && !add_visible(slot, i))
				return;
			continue;
		}
		if (!rows->options.fold || !kmeta_row_is_no_op(row)) {
			in_run = false;
			if (!add_visible(slot, i))
				return;
			continue;
		}
		if (!in_run && !add_visible(slot, i))
			return;
		if (in_run && !slot->count)
			continue;
		in_run = true;
		slot->visible[slot->count - 1].no_ops++;
	}
}

/* ---- pages ---- */

/* Usually all pages fit. A page that unpacks to very much takes the room of others. */
static void make_room(struct rows *rows, const struct slot *keep)
{
	size_t memory = 0;

	for (size_t i = 0; i < SLOTS; i++)
		memory += kmeta_page_memory(&rows->slots[i].page);
	for (size_t i = 0; i < SLOTS && memory > MEMORY_LIMIT; i++) {
		struct slot *slot = &rows->slots[i];

		if (slot == keep)
			continue;
		memory -= kmeta_page_memory(&slot->page);
		kmeta_page_release(&slot->page);
		slot->used = false;
	}
}

static struct slot *oldest(struct rows *rows)
{
	struct slot *slot = &rows->slots[0];

	for (size_t i = 0; i < SLOTS && slot->used; i++)
		if (!rows->slots[i].used || rows->slots[i].stamp < slot->stamp)
			slot = &rows->slots[i];
	return slot;
}

/* Decode and show again what was read ahead of the index, once the index has reached it. */
static void catch_up(struct rows *rows, struct slot *slot)
{
	struct kmeta_stretch known;
	size_t number;

	if (slot->known)
		return;
	if (!kmeta_timeline_find_place(rows->index->timeline, slot->page.file, slot->page.begin,
	                               &number, &known)) {
		slot->dialect = kmeta_timeline_dialect(rows->index->timeline);
		return;
	}
	slot->known = known.begin == slot->page.begin && known.end == slot->page.end;
	slot->dialect = known.dialect;
	slot->shown = false;
}

static struct slot *with_ends(struct rows *rows, size_t file, int64_t begin, int64_t end)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *slot = &rows->slots[i];

		if (slot->used && slot->page.file == file && slot->page.begin == begin &&
		    (slot->page.end == end || slot->wanted_end == end))
			return slot;
	}
	return NULL;
}

struct slot *row_pages_read(struct rows *rows, size_t file, int64_t begin, int64_t end)
{
	struct kmeta_finding why;
	struct slot *slot = with_ends(rows, file, begin, end);

	if (!slot) {
		slot = oldest(rows);
		slot->wanted_end = end;
		slot->used = kmeta_pages_read(rows->pages, file, begin, end, &slot->page, &why) ==
		             KMETA_OK;
		slot->shown = slot->known = false;
		make_room(rows, slot);
		if (!slot->used)
			return NULL;
	}
	catch_up(rows, slot);
	slot->stamp = ++rows->stamp;
	if (!slot->shown)
		show(rows, slot);
	return slot;
}

/* Finds where a page may begin, at or before "position", where the index has not come yet. */
static int64_t guess_begin(struct rows *rows, size_t file, int64_t position)
{
	for (int64_t base = position / PAGE_STEP * PAGE_STEP, step = PAGE_STEP; base > 0;
	     base -= step, step *= 2) {
		const int64_t found = kmeta_pages_find(rows->pages, file, base, position + 1);

		if (found <= position)
			return found;
	}
	return 0;
}

static struct slot *in_memory(struct rows *rows, struct kmeta_place place, bool known)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *slot = &rows->slots[i];

		if (slot->used && (slot->known || !known) && slot->page.file == place.file &&
		    slot->page.begin <= place.position && place.position < slot->page.end)
			return row_pages_read(rows, place.file, slot->page.begin, slot->page.end);
	}
	return NULL;
}

/* Reads a page where the index has not come, or never will. */
static struct slot *read_guessed(struct rows *rows, struct kmeta_place place)
{
	const int64_t begin = guess_begin(rows, place.file, place.position);
	struct slot *slot = row_pages_read(rows, place.file, begin, begin + PAGE_STEP);

	while (slot && slot->page.end <= place.position)
		slot = row_pages_read(rows, place.file, slot->page.end, slot->page.end + PAGE_STEP);
	return slot;
}

/*
 * A page that was read ahead of the index may begin elsewhere than that of the index: leave it when
 * the index has come.
 */
enum found row_pages_at(struct rows *rows, struct kmeta_place place, struct slot **slot)
{
	struct kmeta_stretch known;
	size_t number;

	*slot = in_memory(rows, place, true);
	if (*slot)
		return ROW_FOUND;
	if (kmeta_timeline_find_place(rows->index->timeline, place.file, place.position, &number,
	                              &known)) {
		*slot = row_pages_read(rows, place.file, known.begin, known.end);
	} else {
		if (rows->options.filter && index_is_coming(rows->index))
			return ROW_UNKNOWN;
		*slot = in_memory(rows, place, false);
		if (!*slot)
			*slot = read_guessed(rows, place);
	}
	return *slot ? ROW_FOUND : ROW_NONE;
}

/* Takes from the index what it knows of a page, before the page is read. */
enum worth { WORTH_READING, WORTH_NOTHING, WORTH_UNKNOWN };

static enum worth worth_of(struct rows *rows, size_t number, const struct kmeta_stretch *page)
{
	const enum match match = index_match(rows->index, number);
	struct kmeta_stretch before;

	if (rows->options.filter)
		return match == MATCH_SOME      ? WORTH_READING
		       : match == MATCH_UNKNOWN ? WORTH_UNKNOWN
		                                : WORTH_NOTHING;
	if (rows->options.fold && page->flags & KMETA_STRETCH_ONLY_NO_OPS && number &&
	    kmeta_timeline_stretch(rows->index->timeline, number - 1, &before) &&
	    before.flags & KMETA_STRETCH_ENDS_IN_NO_OP)
		return WORTH_NOTHING;
	return WORTH_READING;
}

enum found row_pages_from(struct rows *rows, size_t file, int64_t position, struct slot **slot)
{
	while (row_pages_has(rows, file)) {
		struct kmeta_stretch known;
		size_t number;
		bool is_known;
		int64_t end;

		if (position >= row_pages_size(rows, file)) {
			file++;
			position = 0;
			continue;
		}
		is_known = kmeta_timeline_find_place(rows->index->timeline, file, position, &number,
		                                     &known) &&
		           known.begin == position;
		if (!is_known && rows->options.filter && index_is_coming(rows->index))
			return ROW_UNKNOWN;
		end = is_known ? known.end : position + PAGE_STEP;
		if (is_known) {
			const enum worth worth = worth_of(rows, number, &known);

			if (worth == WORTH_UNKNOWN)
				return ROW_UNKNOWN;
			if (worth == WORTH_NOTHING) {
				position = known.end;
				continue;
			}
		}
		*slot = row_pages_read(rows, file, position, end);
		if (!*slot)
			return ROW_NONE;
		if ((*slot)->count)
			return ROW_FOUND;
		position = (*slot)->page.end;
	}
	return ROW_NONE;
}

enum found row_pages_before(struct rows *rows, size_t file, int64_t position, struct slot **slot)
{
	for (;;) {
		struct kmeta_stretch known;
		size_t number;
		int64_t begin;

		if (position <= 0) {
			if (!file)
				return ROW_NONE;
			file--;
			position = row_pages_size(rows, file);
			continue;
		}
		if (kmeta_timeline_find_place(rows->index->timeline, file, position - 1, &number,
		                              &known)) {
			const enum worth worth = worth_of(rows, number, &known);

			if (worth == WORTH_UNKNOWN)
				return ROW_UNKNOWN;
			begin = known.begin;
			if (worth == WORTH_NOTHING) {
				position = begin;
				continue;
			}
			*slot = row_pages_read(rows, file, begin, known.end);
		} else if (rows->options.filter && index_is_coming(rows->index)) {
			return ROW_UNKNOWN;
		} else {
			begin = guess_begin(rows, file, position - 1);
			*slot = row_pages_read(rows, file, begin, position);
			while (*slot && (*slot)->page.end < position)
				*slot = row_pages_read(rows, file, (*slot)->page.end, position);
		}
		if (!*slot)
			return ROW_NONE;
		if ((*slot)->count)
			return ROW_FOUND;
		position = begin;
	}
}
