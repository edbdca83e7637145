/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c: the log as lines to go up and down in, some of them folded or filtered away. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 12 };

struct visible {
	uint32_t row;
	uint32_t no_ops;
};

/* A page that was read, and which of its rows are lines. */
struct slot {
	bool used, shown; /* "visible" is up to date */
	uint64_t stamp;
	struct kmeta_page page;
	struct kmeta_dialect dialect;
	struct visible *visible;
	size_t count, capacity;
};

struct rows {
	struct kmeta_pages *pages;
	struct index *index;
	struct rows_options options;
	struct slot slots[SLOTS];
	uint64_t stamp;
	struct kmeta_fields fields;
	struct kmeta_text text;
	struct kmeta_buffer scratch;
};

struct rows *rows_new(const struct kmeta_pages *pages, struct index *index)
{
	struct rows *rows = calloc(1, sizeof(*rows));

	if (!rows)
		return NULL;
	rows->index = index;
	if (rows_reload(rows, pages))
		return rows;
	rows_free(rows);
	return NULL;
}

void rows_free(struct rows *rows)
{
	if (!rows)
		return;
	for (size_t i = 0; i < SLOTS; i++) {
		kmeta_page_release(&rows->slots[i].page);
		free(rows->slots[i].visible);
	}
	kmeta_pages_close(rows->pages);
	kmeta_fields_release(&rows->fields);
	kmeta_buffer_release(&rows->scratch);
	free(rows);
}

bool rows_reload(struct rows *rows, const struct kmeta_pages *pages)
{
	kmeta_pages_close(rows->pages);
	rows->pages = kmeta_pages_copy(pages);
	for (size_t i = 0; i < SLOTS; i++)
		rows->slots[i].used = false;
	return rows->pages != NULL;
}

void rows_set(struct rows *rows, const struct rows_options *options)
{
	rows->options = *options;
	rows->text = (struct kmeta_text){ 0 };
	for (size_t i = 0; i < SLOTS; i++)
		rows->slots[i].shown = false;
}

void rows_restyle(struct rows *rows, unsigned flags)
{
	rows->options.flags = flags;
}

struct rows_options rows_options(const struct rows *rows)
{
	return rows->options;
}

const struct kmeta_pages *rows_pages(const struct rows *rows)
{
	return rows->pages;
}

int place_compare(struct kmeta_place a, struct kmeta_place b)
{
	if (a.file != b.file)
		return a.file < b.file ? -1 : 1;
	if (a.position != b.position)
		return a.position < b.position ? -1 : 1;
	return (a.index > b.index) - (a.index < b.index);
}

static int64_t size_of(const struct rows *rows, size_t file)
{
	return kmeta_pages_file(rows->pages, file).size;
}

static bool is_file(const struct rows *rows, size_t file)
{
	return kmeta_pages_file(rows->pages, file).name != NULL;
}

/* ---- which rows are lines ---- */

static bool is_wanted(struct rows *rows, const struct slot *slot, const struct kmeta_row *row)
{
	const struct kmeta_filter *filter = rows->options.filter;
	const struct kmeta_batch *batch = &slot->page.batches[row->batch];
	struct kmeta_line line = { .batch = batch, .record = &row->record };
	struct kmeta_dialect dialect = slot->dialect;
	struct kmeta_finding why;
	bool wanted;

	if (row->damage >= 0 || !kmeta_filter_record(filter, batch, &row->record))
		return false;
	if (kmeta_decode(&dialect, &row->record, &rows->fields, &why) == KMETA_OK)
		line.fields = &rows->fields;
	else
		line.error = &why;
	line.topics = index_lock_topics(rows->index);
	wanted = !kmeta_filter_needs_fields(filter) ||
	         (line.fields && kmeta_filter_fields(filter, line.topics, line.fields));
	rows->scratch.size = 0;
	if (wanted)
		kmeta_text(&rows->scratch, &rows->text, &line,
		           rows->options.flags & KMETA_SHOW_SECRETS);
	index_unlock_topics(rows->index);
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

/* True where the page before ends in a run of no-ops, whose line stands there. */
static bool goes_on(struct rows *rows, const struct slot *slot)
{
	struct index_page page;
	size_t number;

	return index_find(rows->index, slot->page.file, slot->page.begin, &number, &page) &&
	       number && index_page(rows->index, number - 1, &page) &&
	       page.flags & PAGE_ENDS_IN_NO_OP;
}

static void show(struct rows *rows, struct slot *slot)
{
	bool in_run = rows->options.fold && !rows->options.filter && goes_on(rows, slot);

	slot->count = 0;
	slot->shown = true;
	for (size_t i = 0; i < slot->page.rows_count; i++) {
		const struct kmeta_row *row = &slot->page.rows[i];

		if (rows->options.filter) {
			if (is_wanted(rows, slot, row) && !add_visible(slot, i))
				return;
			continue;
		}
		if (!rows->options.fold || !is_no_op(row)) {
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

static struct slot *oldest(struct rows *rows)
{
	struct slot *slot = &rows->slots[0];

	for (size_t i = 0; i < SLOTS && slot->used; i++)
		if (!rows->slots[i].used || rows->slots[i].stamp < slot->stamp)
			slot = &rows->slots[i];
	return slot;
}

/* The page that begins at a position, from memory or the file; NULL: there is none. */
static struct slot *read_page(struct rows *rows, size_t file, int64_t begin, int64_t end)
{
	struct kmeta_finding why;
	struct index_page known;
	struct slot *slot = NULL;
	size_t number;

	for (size_t i = 0; i < SLOTS && !slot; i++)
		if (rows->slots[i].used && rows->slots[i].page.file == file &&
		    rows->slots[i].page.begin == begin)
			slot = &rows->slots[i];
	if (!slot) {
		slot = oldest(rows);
		slot->used = kmeta_pages_read(rows->pages, file, begin, end, &slot->page, &why) ==
		             KMETA_OK;
		slot->shown = false;
		slot->dialect = index_find(rows->index, file, begin, &number, &known)
		                        ? known.dialect
		                        : index_dialect(rows->index);
		if (!slot->used)
			return NULL;
	}
	slot->stamp = ++rows->stamp;
	if (!slot->shown)
		show(rows, slot);
	return slot;
}

/* A position where a page may begin, not behind "position", where the index has not come to yet. */
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

static struct slot *page_of(struct rows *rows, struct kmeta_place place)
{
	struct index_page known;
	struct slot *slot;
	size_t number;
	int64_t begin;

	for (size_t i = 0; i < SLOTS; i++) {
		slot = &rows->slots[i];
		if (slot->used && slot->page.file == place.file &&
		    slot->page.begin <= place.position && place.position < slot->page.end)
			return read_page(rows, place.file, slot->page.begin, slot->page.end);
	}
	if (index_find(rows->index, place.file, place.position, &number, &known))
		return read_page(rows, place.file, known.begin, known.end);
	begin = guess_begin(rows, place.file, place.position);
	slot = read_page(rows, place.file, begin, begin + PAGE_STEP);
	while (slot && slot->page.end <= place.position)
		slot = read_page(rows, place.file, slot->page.end, slot->page.end + PAGE_STEP);
	return slot;
}

/* What the index says of a page before it is read. */
enum worth { WORTH_READING, WORTH_NOTHING, WORTH_UNKNOWN };

static enum worth worth_of(struct rows *rows, size_t number, const struct index_page *page)
{
	struct index_page before;

	if (rows->options.filter)
		return page->match == MATCH_SOME      ? WORTH_READING
		       : page->match == MATCH_UNKNOWN ? WORTH_UNKNOWN
		                                      : WORTH_NOTHING;
	if (rows->options.fold && page->flags & PAGE_ONLY_NO_OPS && number &&
	    index_page(rows->index, number - 1, &before) && before.flags & PAGE_ENDS_IN_NO_OP)
		return WORTH_NOTHING;
	return WORTH_READING;
}

/* The first page with lines from a position on. */
static enum found page_from(struct rows *rows, size_t file, int64_t position, struct slot **slot)
{
	while (is_file(rows, file)) {
		struct index_page known;
		size_t number;
		bool is_known;
		int64_t end;

		if (position >= size_of(rows, file)) {
			file++;
			position = 0;
			continue;
		}
		is_known = index_find(rows->index, file, position, &number, &known) &&
		           known.begin == position;
		if (!is_known && rows->options.filter)
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
		*slot = read_page(rows, file, position, end);
		if (!*slot)
			return ROW_NONE;
		if ((*slot)->count)
			return ROW_FOUND;
		position = (*slot)->page.end;
	}
	return ROW_NONE;
}

/* The last page with lines that ends at or before a position. */
static enum found page_before(struct rows *rows, size_t file, int64_t position, struct slot **slot)
{
	for (;;) {
		struct index_page known;
		size_t number;
		int64_t begin;

		if (position <= 0) {
			if (!file)
				return ROW_NONE;
			file--;
			position = size_of(rows, file);
			continue;
		}
		if (index_find(rows->index, file, position - 1, &number, &known)) {
			const enum worth worth = worth_of(rows, number, &known);

			if (worth == WORTH_UNKNOWN)
				return ROW_UNKNOWN;
			begin = known.begin;
			if (worth == WORTH_NOTHING) {
				position = begin;
				continue;
			}
			*slot = read_page(rows, file, begin, known.end);
		} else if (rows->options.filter) {
			return ROW_UNKNOWN;
		} else {
			begin = guess_begin(rows, file, position - 1);
			*slot = read_page(rows, file, begin, position);
			while (*slot && (*slot)->page.end < position)
				*slot = read_page(rows, file, (*slot)->page.end, position);
		}
		if (!*slot)
			return ROW_NONE;
		if ((*slot)->count)
			return ROW_FOUND;
		position = begin;
	}
}

/* ---- lines ---- */

/* A run of no-ops may go on over pages that have no line of their own. */
static void count_no_ops(struct rows *rows, const struct slot *slot, struct line *line)
{
	struct index_page page;
	size_t number;

	line->last_offset = line->row->record.offset + line->no_ops - 1;
	if (!slot->page.rows_count || !is_no_op(&slot->page.rows[slot->page.rows_count - 1]) ||
	    !index_find(rows->index, slot->page.file, slot->page.begin, &number, &page))
		return;
	while (index_page(rows->index, ++number, &page) && page.leading_no_ops) {
		line->no_ops += page.leading_no_ops;
		line->last_offset = page.first_offset + page.leading_no_ops - 1;
		if (!(page.flags & PAGE_ONLY_NO_OPS))
			break;
	}
}

static enum found give(struct rows *rows, const struct slot *slot, size_t number, struct line *line)
{
	const struct visible *visible = &slot->visible[number];
	const struct kmeta_row *row = &slot->page.rows[visible->row];

	*line = (struct line){
		.place = row->place, .row = row, .dialect = slot->dialect, .no_ops = visible->no_ops
	};
	if (row->batch < slot->page.batches_count)
		line->batch = &slot->page.batches[row->batch];
	if (row->damage >= 0)
		line->damage = &slot->page.damage[row->damage].finding;
	if (line->no_ops && number + 1 == slot->count)
		count_no_ops(rows, slot, line);
	else
		line->last_offset = row->record.offset + (line->no_ops ? line->no_ops - 1 : 0);
	return ROW_FOUND;
}

/* How many lines of a page stand before a place. */
static size_t lines_before(const struct slot *slot, struct kmeta_place place)
{
	size_t low = 0, high = slot->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (place_compare(slot->page.rows[slot->visible[middle].row].place, place) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum found first_from(struct rows *rows, size_t file, int64_t position, struct line *line)
{
	struct slot *slot;
	const enum found found = page_from(rows, file, position, &slot);

	return found == ROW_FOUND ? give(rows, slot, 0, line) : found;
}

static enum found last_before(struct rows *rows, size_t file, int64_t position, struct line *line)
{
	struct slot *slot;
	const enum found found = page_before(rows, file, position, &slot);

	return found == ROW_FOUND ? give(rows, slot, slot->count - 1, line) : found;
}

enum found rows_first(struct rows *rows, struct line *line)
{
	return first_from(rows, 0, 0, line);
}

enum found rows_last(struct rows *rows, struct line *line)
{
	size_t file = 0;

	while (is_file(rows, file))
		file++;
	return last_before(rows, file, 0, line);
}

enum found rows_at(struct rows *rows, struct kmeta_place place, struct line *line)
{
	struct slot *slot = is_file(rows, place.file) ? page_of(rows, place) : NULL;
	enum found found;
	size_t before;

	if (!slot)
		return rows_last(rows, line);
	before = lines_before(slot, place);
	if (before < slot->count)
		return give(rows, slot, before, line);
	found = first_from(rows, place.file, slot->page.end, line);
	return found == ROW_NONE ? rows_previous(rows, place, line) : found;
}

enum found rows_next(struct rows *rows, struct kmeta_place place, struct line *line)
{
	struct slot *slot = page_of(rows, place);
	size_t before;

	if (!slot)
		return ROW_NONE;
	place.index += place.index < INT32_MAX;
	before = lines_before(slot, place);
	if (before < slot->count)
		return give(rows, slot, before, line);
	return first_from(rows, place.file, slot->page.end, line);
}

enum found rows_previous(struct rows *rows, struct kmeta_place place, struct line *line)
{
	struct slot *slot = page_of(rows, place);
	const size_t before = slot ? lines_before(slot, place) : 0;

	if (!slot)
		return ROW_NONE;
	if (before)
		return give(rows, slot, before - 1, line);
	return last_before(rows, place.file, slot->page.begin, line);
}

/* ---- going to an offset ---- */

/* The first offset on a page that is read for that alone; false: it has no record. */
static bool first_offset(struct rows *rows, size_t file, int64_t position, int64_t *offset)
{
	struct kmeta_finding why;
	struct kmeta_page page = { 0 };
	bool found = false;

	if (kmeta_pages_read(rows->pages, file, position, position + 1, &page, &why) == KMETA_OK)
		for (size_t i = 0; i < page.rows_count && !found; i++) {
			found = page.rows[i].damage < 0;
			*offset = page.rows[i].record.offset;
		}
	kmeta_page_release(&page);
	return found;
}

/* Where in a file to begin looking for an offset, by bisection over sound batches. */
static int64_t bisect_file(struct rows *rows, size_t file, int64_t offset)
{
	int64_t low = 0, high = size_of(rows, file);

	while (high - low > PAGE_STEP) {
		const int64_t middle = low + (high - low) / 2;
		const int64_t found = kmeta_pages_find(rows->pages, file, middle, high);
		int64_t first;

		if (found < high && first_offset(rows, file, found, &first) && first <= offset)
			low = found;
		else
			high = middle;
	}
	return low;
}

enum found rows_at_offset(struct rows *rows, int64_t offset, struct line *line)
{
	size_t file = 0, number;
	int64_t first, position;
	struct index_page page;
	enum found found;

	if (index_find_offset(rows->index, offset, &number) &&
	    index_page(rows->index, number, &page)) {
		file = page.file;
		position = page.begin;
	} else {
		while (is_file(rows, file + 1) && first_offset(rows, file + 1, 0, &first) &&
		       first <= offset)
			file++;
		position = bisect_file(rows, file, offset);
	}
	found = rows_at(rows, (struct kmeta_place){ file, position, -1 }, line);
	while (found == ROW_FOUND && (line->damage || line->last_offset < offset)) {
		const struct kmeta_place here = line->place;

		found = rows_next(rows, here, line);
		if (found == ROW_NONE)
			return rows_at(rows, here, line);
	}
	return found;
}

enum found rows_on_page(struct rows *rows, size_t number, struct line *line)
{
	struct index_page page;

	if (!index_page(rows->index, number, &page))
		return ROW_NONE;
	return rows_at(rows, (struct kmeta_place){ page.file, page.begin, -1 }, line);
}

/* ---- extent ---- */

void rows_extent(const struct rows *rows, struct kmeta_place place, int64_t *done, int64_t *total)
{
	*total = *done = 0;
	for (size_t i = 0; is_file(rows, i); i++) {
		if (i < place.file)
			*done += size_of(rows, i);
		*total += size_of(rows, i);
	}
	*done += place.position;
}

struct kmeta_place rows_at_extent(const struct rows *rows, int64_t done)
{
	size_t file = 0;

	while (is_file(rows, file + 1) && done >= size_of(rows, file))
		done -= size_of(rows, file++);
	return (struct kmeta_place){ file, done, -1 };
}

/* ---- text ---- */

bool rows_decode(const struct line *line, struct kmeta_fields *fields, struct kmeta_finding *why)
{
	struct kmeta_dialect dialect = line->dialect;

	if (line->damage) {
		*why = *line->damage;
		return false;
	}
	return kmeta_decode(&dialect, &line->row->record, fields, why) == KMETA_OK;
}

static void put_damage(struct rows *rows, const struct line *line, struct kmeta_buffer *out)
{
	const struct kmeta_finding *damage = line->damage;
	const bool color = rows->options.flags & KMETA_SHOW_COLOR;

	kmeta_buffer_format(out, "%s", color ? "\x1b[1;31m" : "");
	if (damage->offset >= 0)
		kmeta_buffer_format(out, "%10lld  ", (long long)damage->offset);
	else
		kmeta_buffer_format(out, "%10s  ", "");
	/* The code first, as a narrow screen ends soon. */
	kmeta_buffer_format(out, "DAMAGE at byte %lld: %s: %s%s", (long long)damage->position,
	                    kmeta_code_name(damage->code), damage->message, color ? "\x1b[0m" : "");
}

void rows_text(struct rows *rows, const struct line *line, struct kmeta_buffer *out)
{
	struct kmeta_line whole = { .batch = line->batch };
	struct kmeta_finding why;
	const struct kmeta_record *record = &line->row->record;

	if (line->damage) {
		put_damage(rows, line, out);
		return;
	}
	if (line->no_ops > 1) {
		const struct kmeta_fold fold = { .count = line->no_ops,
			                         .first_offset = record->offset,
			                         .last_offset = line->last_offset,
			                         .timestamp = record->timestamp,
			                         .epoch = line->batch->epoch };

		kmeta_text_fold(out, &rows->text, &fold, rows->options.flags);
	} else {
		whole.record = record;
		if (rows_decode(line, &rows->fields, &why))
			whole.fields = &rows->fields;
		else
			whole.error = &why;
		whole.topics = index_lock_topics(rows->index);
		kmeta_text(out, &rows->text, &whole, rows->options.flags);
		index_unlock_topics(rows->index);
	}
	while (out->size && out->at[out->size - 1] == '\n')
		out->size--;
}

enum match rows_match_page(struct rows *rows, const struct index_page *page)
{
	const struct slot *slot = read_page(rows, page->file, page->begin, page->end);

	return slot && slot->count ? MATCH_SOME : MATCH_NONE;
}
