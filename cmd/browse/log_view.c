/* SPDX-License-Identifier: Apache-2.0 */
/* log_view.c: the log, a record a line. */
#include "browser.h"

enum { HEAD_ROWS = 1, WIDE = 120, SCREENS_LIMIT = 1000 };

bool log_line(struct browser *b, struct line *line)
{
	return b->log.there && rows_at(b->rows, b->log.cursor, line) == ROW_FOUND;
}

/* ---- the cursor ---- */

static void take(struct browser *b, const struct line *line)
{
	struct log_view *log = &b->log;

	log->there = true;
	log->waiting = false;
	log->cursor = line->place;
	log->is_damage = line->damage != NULL;
	log->offset = line->damage ? line->damage->offset : line->row->record.offset;
	log->end_offset = line->damage                    ? line->damage->offset
	                  : line->last_offset < INT64_MAX ? line->last_offset + 1
	                                                  : INT64_MAX;
	log->timestamp = line->damage ? -1 : line->row->record.timestamp;
	log->epoch = line->batch ? line->batch->epoch : -1;
}

static void find(struct browser *b, enum found found, const struct line *line)
{
	if (found == ROW_FOUND) {
		take(b, line);
	} else {
		b->log.there = false;
		b->log.waiting = found == ROW_UNKNOWN;
	}
}

bool log_refresh(struct browser *b)
{
	const struct log_view before = b->log, *now = &b->log;
	struct line line;

	find(b, rows_at(b->rows, b->log.cursor, &line), &line);
	if (now->there == before.there && now->is_damage == before.is_damage &&
	    now->offset == before.offset && now->end_offset == before.end_offset &&
	    !place_compare(now->cursor, before.cursor))
		return false;
	browser_moved(b);
	return true;
}

void log_go(struct browser *b, struct kmeta_place place)
{
	struct line line;

	find(b, rows_at(b->rows, place, &line), &line);
	browser_moved(b);
}

void log_go_offset(struct browser *b, int64_t offset)
{
	struct line line;
	const enum found found = rows_at_offset(b->rows, offset, &line);

	if (found == ROW_FOUND)
		take(b, &line);
	else
		browser_say(b, found == ROW_NONE ? "there is no record" : "still filtering");
	browser_moved(b);
}

void log_go_time(struct browser *b, int64_t time)
{
	struct line line;
	size_t number;
	enum found found;

	/* The index is asked until it has come so far. */
	if (!kmeta_timeline_find_time(b->index->timeline, time - 1, &number)) {
		browser_say(b, "the index has not come so far yet: try again in a moment");
		return;
	}
	found = kmeta_timeline_count(b->index->timeline) ? rows_on_page(b->rows, number, &line)
	                                                 : ROW_NONE;
	while (found == ROW_FOUND) {
		const struct kmeta_place place = line.place;

		take(b, &line);
		if (!line.damage && line.row->record.timestamp >= time)
			break;
		found = rows_next(b->rows, place, &line);
	}
	browser_moved(b);
}

void log_go_percent(struct browser *b, int64_t percent)
{
	int64_t done, total;

	rows_extent(b->rows, b->log.cursor, &done, &total);
	if (percent >= 100)
		log_move(b, TO_END, 1);
	else
		log_go(b,
		       rows_at_extent(b->rows, (int64_t)((double)total * (double)percent / 100)));
}

static enum found step(struct browser *b, bool down, struct line *line)
{
	return down ? rows_next(b->rows, b->log.cursor, line)
	            : rows_previous(b->rows, b->log.cursor, line);
}

static void move_lines(struct browser *b, bool down, int64_t count)
{
	struct line line;
	enum found found = ROW_FOUND;

	for (int64_t i = 0; i < count && found == ROW_FOUND; i++) {
		found = step(b, down, &line);
		if (found == ROW_FOUND)
			take(b, &line);
	}
	if (found == ROW_UNKNOWN)
		browser_say(b, "still filtering");
}

/* The screen goes along with the cursor, so that both move by as much. */
static void move_screens(struct browser *b, bool down, int64_t lines)
{
	struct line line;

	for (int64_t i = 0; i < lines; i++) {
		const enum found found = down ? rows_next(b->rows, b->log.top, &line)
		                              : rows_previous(b->rows, b->log.top, &line);

		if (found != ROW_FOUND)
			break;
		b->log.top = line.place;
	}
	move_lines(b, down, lines);
}

void log_move(struct browser *b, enum motion motion, int64_t count)
{
	const int64_t page = b->log.height > 1 ? b->log.height - 1 : 1;
	struct line line;

	/* By more lines than anybody counts it is quicker to name an offset. */
	count = count < SCREENS_LIMIT * page ? count : SCREENS_LIMIT * page;
	switch (motion) {
	case LINE_DOWN:
	case LINE_UP:
		move_lines(b, motion == LINE_DOWN, count);
		break;
	case HALF_DOWN:
	case HALF_UP:
		move_screens(b, motion == HALF_DOWN, count * (page / 2 + 1));
		break;
	case PAGE_DOWN:
	case PAGE_UP:
		move_screens(b, motion == PAGE_DOWN, count * page);
		break;
	case TO_START:
		find(b, rows_first(b->rows, &line), &line);
		break;
	case TO_END:
		find(b, rows_last(b->rows, &line), &line);
		break;
	case TO_LEFT:
	case TO_RIGHT:
		b->log.shift = shift_by(b->log.shift, motion, count);
		return;
	}
	browser_moved(b);
}

/* ---- what stands out ---- */

/* Goes to the next row for which "is_it" holds, from page to page of those that have one. */
static bool go_to_row(struct browser *b, bool down, unsigned flag,
                      bool (*is_it)(const struct line *line))
{
	struct line line;
	struct kmeta_stretch page;
	size_t number;
	enum found found = step(b, down, &line);

	while (found == ROW_FOUND) {
		const struct kmeta_place place = line.place;

		if (is_it(&line)) {
			take(b, &line);
			return true;
		}
		/* Pages without one are passed over whole. */
		if (kmeta_timeline_find_place(b->index->timeline, place.file, place.position,
		                              &number, &page) &&
		    !(page.flags & flag)) {
			while (kmeta_timeline_stretch(b->index->timeline, number, &page) &&
			       !(page.flags & flag) && (down || number))
				number += down ? 1 : (size_t)-1;
			if (!kmeta_timeline_stretch(b->index->timeline, number, &page))
				return false;
			if (!(page.flags & flag))
				return false;
			found = down ? rows_on_page(b->rows, number, &line)
			             : rows_previous(b->rows,
			                             (struct kmeta_place){ page.file, page.end - 1,
			                                                   INT32_MAX },
			                             &line);
			continue;
		}
		found = down ? rows_next(b->rows, place, &line)
		             : rows_previous(b->rows, place, &line);
	}
	return false;
}

static bool is_leader(const struct line *line)
{
	return kmeta_row_is_leader_change(line->row);
}

/* Bytes that are no records, and a record that cannot be read. */
static bool is_damage(const struct line *line)
{
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;
	bool found = line->damage != NULL;

	if (!found && line->batch && line->batch->valid && !line->no_ops)
		found = !rows_decode(line, &fields, &why);
	kmeta_fields_release(&fields);
	return found;
}

static void go_and_say(struct browser *b, bool down, unsigned flag,
                       bool (*is_it)(const struct line *line), const char *what)
{
	if (go_to_row(b, down, flag, is_it))
		browser_moved(b);
	else if (b->filter)
		browser_say(b, "no %s %s here among what the filter shows: & without terms ends it",
		            what, down ? "behind" : "before");
	else
		browser_say(b, "no %s %s here", what, down ? "behind" : "before");
}

static void next_leader(struct browser *b)
{
	go_and_say(b, true, KMETA_STRETCH_LEADER_CHANGE, is_leader, "leader change");
}

static void previous_leader(struct browser *b)
{
	go_and_say(b, false, KMETA_STRETCH_LEADER_CHANGE, is_leader, "leader change");
}

static void next_damage(struct browser *b)
{
	go_and_say(b, true, KMETA_STRETCH_DAMAGE, is_damage, "damage");
}

static void previous_damage(struct browser *b)
{
	go_and_say(b, false, KMETA_STRETCH_DAMAGE, is_damage, "damage");
}

/* ---- marks ---- */

static void set_mark(struct browser *b)
{
	const int mark = b->key - 'a';

	if (mark < 0 || mark >= MARKS || !b->log.there) {
		browser_say(b, "a mark is a letter from a to z");
		return;
	}
	b->marks[mark].set = true;
	b->marks[mark].place = b->log.cursor;
	b->marks[mark].end_offset = b->log.end_offset;
	b->last_mark = mark;
	browser_say(b, "mark %c is set: '%c comes back, d shows what changed since", b->key,
	            b->key);
}

static void go_to_mark(struct browser *b)
{
	const int mark = b->key - 'a';

	if (mark < 0 || mark >= MARKS || !b->marks[mark].set)
		browser_say(b, "there is no such mark");
	else
		log_go(b, b->marks[mark].place);
}

static void ask_mark(struct browser *b)
{
	b->letter = set_mark;
	browser_say(b, "mark: a letter from a to z");
}

static void ask_where(struct browser *b)
{
	b->letter = go_to_mark;
	browser_say(b, "go to mark: its letter");
}

/* ---- the rest ---- */

static void show_record(struct browser *b)
{
	browser_show(b, VIEW_RECORD);
	b->focus = FOCUS_VIEW;
}

static void toggle_fold(struct browser *b)
{
	struct rows_options options = rows_options(b->rows);

	options.fold = !options.fold;
	rows_set(b->rows, &options);
	browser_say(b, options.fold ? "no-ops are folded" : "no-ops are shown");
	log_refresh(b);
}

static void go_to_percent(struct browser *b)
{
	log_go_percent(b, b->count < 0 ? 0 : b->count);
}

static const struct binding keys[] = {
	{ '\n', "Enter", "the record, its fields and bytes", show_record },
	{ '}', "} {", "to the next change of the leader, to the one before", next_leader },
	{ '{', NULL, NULL, previous_leader },
	{ ')', ") (", "to the next damage, to that before", next_damage },
	{ '(', NULL, NULL, previous_damage },
	{ '%', "N %", "to so many percent of the log", go_to_percent },
	{ 'm', "m LETTER", "mark this place", ask_mark },
	{ '\'', "' LETTER", "back to a mark", ask_where },
	{ 'f', "f", "fold no-ops, or show each", toggle_fold },
};

const struct bindings log_bindings = { keys, sizeof(keys) / sizeof(keys[0]) };

/* ---- drawing ---- */

/* Steps back from a place by up to so many lines, not past "stop"; returns how many it took. */
static int step_back(struct browser *b, struct kmeta_place *place, int lines,
                     struct kmeta_place stop)
{
	struct line line;
	int taken = 0;

	while (taken < lines && place_compare(*place, stop) > 0 &&
	       rows_previous(b->rows, *place, &line) == ROW_FOUND) {
		*place = line.place;
		taken++;
	}
	return taken;
}

static int lines_from(struct browser *b, struct kmeta_place place, int limit)
{
	struct line line;
	enum found found = rows_at(b->rows, place, &line);
	int count = 0;

	for (; count < limit && found == ROW_FOUND; count++)
		found = rows_next(b->rows, line.place, &line);
	return count;
}

/* The top so that the cursor is on the screen: a step moves it by a line, a jump puts the cursor in
 * the middle. */
static void scroll(struct browser *b, int rows)
{
	static const struct kmeta_place start = { .index = -1 };
	struct log_view *log = &b->log;
	struct kmeta_place place = log->cursor;
	struct line line;
	int above;

	if (place_compare(log->top, log->cursor) > 0) {
		const bool step = rows_next(b->rows, log->cursor, &line) == ROW_FOUND &&
		                  place_compare(line.place, log->top) >= 0;

		if (!step)
			step_back(b, &place, rows / 2, start);
		log->top = place;
	} else {
		above = step_back(b, &place, rows, log->top);
		if (above == rows && place_compare(place, log->top) > 0) {
			place = log->cursor;
			step_back(b, &place, rows / 2, start);
			log->top = place;
		} else if (above == rows) {
			place = log->cursor;
			step_back(b, &place, rows - 1, start);
			log->top = place;
		}
	}
	/* Below the end there is nothing to be seen. */
	above = rows - lines_from(b, log->top, rows);
	if (above > 0)
		step_back(b, &log->top, above, start);
}

static unsigned style_of(const struct line *line)
{
	if (line->damage)
		return STYLE_BOLD | (unsigned)RED;
	if (kmeta_row_is_leader_change(line->row))
		return STYLE_BOLD | (unsigned)MAGENTA;
	/* What it says cannot be trusted. */
	return line->batch && !line->batch->valid ? STYLE_DIM : 0;
}

static void draw_line(struct browser *b, struct area area, int row, const struct line *line)
{
	const bool here = place_compare(line->place, b->log.cursor) == 0;
	const unsigned style = style_of(line);
	struct kmeta_buffer text = { 0 };

	rows_text(b->rows, line, !style, &text);
	grid_put(&b->grid, area, row, b->log.shift,
	         (struct kmeta_bytes){ (const uint8_t *)text.at, text.size }, style);
	if (b->search.pattern) {
		text.size = 0;
		rows_text(b->rows, line, false, &text);
		pattern_mark(b->search.pattern, &b->grid, area, row, b->log.shift,
		             (struct kmeta_bytes){ (const uint8_t *)text.at, text.size });
	}
	if (here)
		grid_mark_row(&b->grid, area, row,
		              b->focus == FOCUS_LOG ? STYLE_REVERSE : STYLE_BOLD);
	kmeta_buffer_release(&text);
}

static void draw_head(struct browser *b, struct area area, bool narrow)
{
	/* As wide as the times of the zone are. */
	struct kmeta_buffer time = { 0 }, head = { 0 };
	int width;

	kmeta_print_time(&time, b->log.timestamp >= 0 ? b->log.timestamp : 0, b->common.flags);
	width = (int)time.size;
	/* Above what they name, though EPOCH is wider than that. */
	if (narrow)
		kmeta_buffer_format(&head, "%10s  %-11s %-5s %-16s  %s", "OFFSET", "TIME", "EPOCH",
		                    "TYPE", "WHAT IT SAYS");
	else
		kmeta_buffer_format(&head, "%10s  %-*s  %-5s %-26s  %s", "OFFSET", width, "TIME",
		                    "EPOCH", "TYPE", "WHAT IT SAYS");
	grid_put(&b->grid, area, 0, b->log.shift,
	         (struct kmeta_bytes){ (const uint8_t *)head.at, head.size }, 0);
	grid_mark_row(&b->grid, area, 0, STYLE_UNDERLINE);
	kmeta_buffer_release(&time);
	kmeta_buffer_release(&head);
}

/* With few columns they are better used for what a record says than for the date. */
static bool fit_width(struct browser *b, int width)
{
	struct rows_options options = rows_options(b->rows);
	const bool narrow = width < WIDE;

	if (narrow != ((options.flags & KMETA_SHOW_NARROW) != 0)) {
		options.flags ^= KMETA_SHOW_NARROW;
		rows_restyle(b->rows, options.flags);
	}
	return narrow;
}

void log_draw(struct browser *b, struct area area)
{
	const struct area rows = { area.y + HEAD_ROWS, area.x, area.height - HEAD_ROWS,
		                   area.width };
	struct line line;
	enum found found;

	draw_head(b, area, fit_width(b, area.width));
	b->log.height = rows.height;
	if (!b->log.there) {
		grid_format(&b->grid, rows, 0, STYLE_DIM, "%s",
		            b->log.waiting ? "  looking for records that match ..."
		            : b->filter    ? "  no record matches"
		                           : "  there is no record");
		return;
	}
	scroll(b, rows.height);
	found = rows_at(b->rows, b->log.top, &line);
	for (int row = 0; row < rows.height && found == ROW_FOUND; row++) {
		const struct kmeta_place place = line.place;

		draw_line(b, rows, row, &line);
		found = rows_next(b->rows, place, &line);
	}
}
