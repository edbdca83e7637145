/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c: the log as lines. Folds and the filter hide some of its rows. */
#include <stdlib.h>

#include "row_pages.h"

struct rows *rows_new(const struct kmeta_pages *pages, struct index *index)
{
	struct rows *rows = calloc(1, sizeof(*rows));

	if (!rows)
		return NULL;
	rows->index = index;
	rows->text = kmeta_text_new();
	if (rows->text && rows_reload(rows, pages))
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
	kmeta_text_free(rows->text);
	kmeta_matcher_free(rows->matcher);
	kmeta_printer_free(rows->printer);
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

static void new_printer(struct rows *rows)
{
	kmeta_printer_free(rows->printer);
	rows->printer = kmeta_printer_new(KMETA_LINE_TEXT, rows->options.flags);
}

void rows_set(struct rows *rows, const struct rows_options *options)
{
	rows->options = *options;
	new_printer(rows);
	kmeta_matcher_free(rows->matcher);
	rows->matcher = options->filter ? kmeta_matcher_new(options->filter, KMETA_LINE_TEXT,
	                                                    options->flags & FILTERED_FLAGS)
	                                : NULL;
	for (size_t i = 0; i < SLOTS; i++)
		rows->slots[i].shown = false;
}

void rows_restyle(struct rows *rows, unsigned flags)
{
	rows->options.flags = flags;
	new_printer(rows);
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

/* ---- lines ---- */

/* A run of no-ops may fill whole pages, which then have no line. */
static void count_no_ops(struct rows *rows, const struct slot *slot, struct line *line)
{
	const bool coming = index_is_coming(rows->index);
	struct kmeta_stretch page;
	size_t number;

	line->last_offset = line->row->record.offset + line->no_ops - 1;
	if (!slot->page.rows_count ||
	    !kmeta_row_is_no_op(&slot->page.rows[slot->page.rows_count - 1]) ||
	    !kmeta_timeline_find_place(rows->index->timeline, slot->page.file, slot->page.begin,
	                               &number, &page))
		return;
	while (kmeta_timeline_stretch(rows->index->timeline, ++number, &page)) {
		if (!page.leading_no_ops)
			return;
		line->no_ops += page.leading_no_ops;
		line->last_offset = page.first_offset + page.leading_no_ops - 1;
		if (!(page.flags & KMETA_STRETCH_ONLY_NO_OPS))
			return;
	}
	line->certain &= !coming;
}

static enum found give(struct rows *rows, struct slot *slot, size_t number, struct line *line)
{
	const struct visible *visible = &slot->visible[number];
	const struct kmeta_row *row = &slot->page.rows[visible->row];

	*line = (struct line){
		.place = row->place,
		.row = row,
		.dialect = slot->dialect,
		.no_ops = visible->no_ops,
		.certain = slot->known,
	};
	rows->given.slot = slot;
	rows->given.number = number;
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

/* Returns how many lines of a page are before a place. */
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
	const enum found found = row_pages_from(rows, file, position, &slot);

	return found == ROW_FOUND ? give(rows, slot, 0, line) : found;
}

static enum found last_before(struct rows *rows, size_t file, int64_t position, struct line *line)
{
	struct slot *slot;
	const enum found found = row_pages_before(rows, file, position, &slot);

	return found == ROW_FOUND ? give(rows, slot, slot->count - 1, line) : found;
}

enum found rows_first(struct rows *rows, struct line *line)
{
	return first_from(rows, 0, 0, line);
}

enum found rows_last(struct rows *rows, struct line *line)
{
	size_t file = 0;

	while (row_pages_has(rows, file))
		file++;
	return last_before(rows, file, 0, line);
}

enum found rows_at(struct rows *rows, struct kmeta_place place, struct line *line)
{
	struct slot *slot = NULL;
	enum found found = ROW_NONE;
	size_t before;

	if (row_pages_has(rows, place.file))
		found = row_pages_at(rows, place, &slot);
	if (found != ROW_FOUND)
		return found == ROW_NONE ? rows_last(rows, line) : found;
	before = lines_before(slot, place);
	if (before < slot->count)
		return give(rows, slot, before, line);
	found = first_from(rows, place.file, slot->page.end, line);
	return found == ROW_NONE ? rows_previous(rows, place, line) : found;
}

enum found rows_next(struct rows *rows, struct kmeta_place place, struct line *line)
{
	struct slot *slot = rows->given.slot;
	size_t before = rows->given.number + 1;
	enum found found;

	/* Callers mostly ask for the line after the last one: look there first. */
	if (slot && slot->used && slot->shown && before < slot->count &&
	    (slot->known || index_is_coming(rows->index)) &&
	    !place_compare(slot->page.rows[slot->visible[before - 1].row].place, place))
		return give(rows, slot, before, line);
	found = row_pages_at(rows, place, &slot);
	if (found != ROW_FOUND)
		return found;
	place.index += place.index < INT32_MAX;
	before = lines_before(slot, place);
	if (before < slot->count)
		return give(rows, slot, before, line);
	return first_from(rows, place.file, slot->page.end, line);
}

enum found rows_previous(struct rows *rows, struct kmeta_place place, struct line *line)
{
	struct slot *slot;
	const enum found found = row_pages_at(rows, place, &slot);
	size_t before;

	if (found != ROW_FOUND)
		return found;
	before = lines_before(slot, place);
	if (before)
		return give(rows, slot, before - 1, line);
	return last_before(rows, place.file, slot->page.begin, line);
}

/* ---- going to an offset ---- */

/* Reads a page for its first offset alone. False: it has no record. */
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

/* Finds where in a file to look for an offset, by bisection over sound batches. */
static int64_t bisect_file(struct rows *rows, size_t file, int64_t offset)
{
	int64_t low = 0, high = row_pages_size(rows, file);

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

/* Sets "place" to where to look for an offset on. True: the index does not know it yet. */
static bool guess_offset(struct rows *rows, int64_t offset, struct kmeta_place *place)
{
	struct kmeta_stretch page;
	size_t file = 0, number;
	int64_t first;

	if (kmeta_timeline_find_offset(rows->index->timeline, offset, &number) &&
	    kmeta_timeline_stretch(rows->index->timeline, number, &page)) {
		*place = (struct kmeta_place){ page.file, page.begin, -1 };
		return false;
	}
	while (row_pages_has(rows, file + 1) && first_offset(rows, file + 1, 0, &first) &&
	       first <= offset)
		file++;
	*place = (struct kmeta_place){ file, bisect_file(rows, file, offset), -1 };
	return true;
}

static bool has_offset(const struct line *line, int64_t offset)
{
	return !line->damage && line->row->record.offset <= offset && offset <= line->last_offset;
}

enum found rows_at_offset(struct rows *rows, int64_t offset, struct line *line)
{
	const bool coming = index_is_coming(rows->index);
	struct kmeta_place place;
	const bool is_guess = guess_offset(rows, offset, &place);
	enum found found = rows_at(rows, place, line);

	while (found == ROW_FOUND && (line->damage || line->last_offset < offset)) {
		place = line->place;
		found = rows_next(rows, place, line);
		if (found == ROW_NONE) {
			found = rows_at(rows, place, line);
			break;
		}
	}
	/* Damage may mislead a guess: where the record itself is not found, the index decides. */
	if (found == ROW_FOUND && is_guess && coming && !has_offset(line, offset))
		return ROW_UNKNOWN;
	return found;
}

enum found rows_on_page(struct rows *rows, size_t number, struct line *line)
{
	struct kmeta_stretch page;

	if (!kmeta_timeline_stretch(rows->index->timeline, number, &page))
		return ROW_NONE;
	return rows_at(rows, (struct kmeta_place){ page.file, page.begin, -1 }, line);
}

/* ---- extent ---- */

void rows_extent(const struct rows *rows, struct kmeta_place place, int64_t *done, int64_t *total)
{
	*total = *done = 0;
	for (size_t i = 0; row_pages_has(rows, i); i++) {
		if (i < place.file)
			*done += row_pages_size(rows, i);
		*total += row_pages_size(rows, i);
	}
	*done += place.position;
}

struct kmeta_place rows_at_extent(const struct rows *rows, int64_t done)
{
	size_t file = 0;

	while (row_pages_has(rows, file + 1) && done >= row_pages_size(rows, file))
		done -= row_pages_size(rows, file++);
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

static void put_damage(const struct line *line, struct kmeta_buffer *out)
{
	const struct kmeta_finding *damage = line->damage;

	if (damage->offset >= 0)
		kmeta_buffer_format(out, "%10lld  ", (long long)damage->offset);
	else
		kmeta_buffer_format(out, "%10s  ", "");
	/* Begin with the code: a narrow screen cuts the rest. */
	kmeta_buffer_format(out, "DAMAGE at byte %lld: %s: %s", (long long)damage->position,
	                    kmeta_code_name(damage->code), damage->message);
}

/* The usual line without decoding its record. False: it is another, and nothing was printed. */
static bool put_usual_line(struct rows *rows, const struct line *line, struct kmeta_buffer *out)
{
	const struct kmeta_topics *topics;
	bool printed;

	if (!rows->printer || !line->batch || !line->batch->valid)
		return false;
	topics = kmeta_timeline_lock_topics(rows->index->timeline);
	printed = kmeta_printer_record(rows->printer, out, &line->dialect, line->batch,
	                               &line->row->record, topics);
	kmeta_timeline_unlock_topics(rows->index->timeline);
	return printed;
}

void rows_text(struct rows *rows, const struct line *line, bool styled, struct kmeta_buffer *out)
{
	const unsigned flags = rows->options.flags | (styled ? (unsigned)KMETA_SHOW_COLOR : 0);
	struct kmeta_line whole = { .batch = line->batch };
	struct kmeta_finding why;
	const struct kmeta_record *record = &line->row->record;

	if (line->damage) {
		put_damage(line, out);
		return;
	}
	if (line->no_ops > 1) {
		const struct kmeta_fold fold = { .count = line->no_ops,
			                         .first_offset = record->offset,
			                         .last_offset = line->last_offset,
			                         .timestamp = record->timestamp,
			                         .epoch = line->batch->epoch };

		kmeta_text_fold(out, rows->text, &fold, flags);
	} else if (styled || !put_usual_line(rows, line, out)) {
		whole.record = record;
		if (rows_decode(line, &rows->fields, &why))
			whole.fields = &rows->fields;
		else
			whole.error = &why;
		whole.topics = kmeta_timeline_lock_topics(rows->index->timeline);
		kmeta_text(out, rows->text, &whole, flags);
		kmeta_timeline_unlock_topics(rows->index->timeline);
	}
	while (out->size && out->at[out->size - 1] == '\n')
		out->size--;
}

enum match rows_match_page(struct rows *rows, const struct kmeta_stretch *page)
{
	const struct slot *slot = row_pages_read(rows, page->file, page->begin, page->end);

	return slot && slot->count ? MATCH_SOME : MATCH_NONE;
}
