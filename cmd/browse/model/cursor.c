/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.c: the place of the user in the log, and moves from there. */
#include "cursor.h"

#include "model.h"

enum { SCREENS_LIMIT = 1000 };

bool cursor_line(struct model *m, struct line *line)
{
	return m->cursor.there && rows_at(m->rows, m->cursor.place, line) == ROW_FOUND;
}

/* ---- the cursor ---- */

void cursor_take(struct model *m, const struct line *line)
{
	struct cursor *log = &m->cursor;

	log->there = true;
	log->waiting = false;
	log->place = line->place;
	log->is_damage = line->damage != NULL;
	log->offset = line->damage ? line->damage->offset : line->row->record.offset;
	log->end_offset = line->damage                    ? line->damage->offset
	                  : line->last_offset < INT64_MAX ? line->last_offset + 1
	                                                  : INT64_MAX;
	log->timestamp = line->damage ? -1 : line->row->record.timestamp;
	log->epoch = line->batch ? line->batch->epoch : -1;
}

static void cursor_find(struct model *m, enum found found, const struct line *line)
{
	if (found == ROW_FOUND) {
		cursor_take(m, line);
	} else {
		m->cursor.there = false;
		m->cursor.waiting = found == ROW_UNKNOWN;
	}
}

bool cursor_refresh(struct model *m)
{
	const struct cursor before = m->cursor, *now = &m->cursor;
	struct line line;

	cursor_find(m, rows_at(m->rows, m->cursor.place, &line), &line);
	if (now->there == before.there && now->is_damage == before.is_damage &&
	    now->offset == before.offset && now->end_offset == before.end_offset &&
	    !place_compare(now->place, before.place))
		return false;
	m->moved = true;
	return true;
}

/* ---- jumps ---- */

void cursor_jump(struct model *m, struct aim aim)
{
	enum found found;

	m->cursor.aim = (struct aim){ 0 };
	found = aim.reach(m, &aim);
	if (found == ROW_UNKNOWN)
		m->cursor.aim = aim;
	else if (found == ROW_FOUND || !m->cursor.there)
		m->moved = true;
}

void cursor_tick(struct model *m)
{
	if (m->cursor.aim.reach)
		cursor_jump(m, m->cursor.aim);
}

bool cursor_give_up(struct model *m)
{
	const bool waited = m->cursor.aim.reach != NULL;

	m->cursor.aim = (struct aim){ 0 };
	return waited;
}

/* Until a jump can be made, the cursor stays where it is. */
static enum found land(struct model *m, enum found found, const struct line *line)
{
	if (found != ROW_UNKNOWN)
		cursor_find(m, found, line);
	return found;
}

static enum found reach_start(struct model *m, const struct aim *aim)
{
	struct line line;

	(void)aim;
	return land(m, rows_first(m->rows, &line), &line);
}

static enum found reach_end(struct model *m, const struct aim *aim)
{
	struct line line;

	(void)aim;
	return land(m, rows_last(m->rows, &line), &line);
}

static enum found reach_place(struct model *m, const struct aim *aim)
{
	struct line line;

	return land(m, rows_at(m->rows, aim->place, &line), &line);
}

static enum found reach_record(struct model *m, const struct aim *aim)
{
	struct line line;
	const enum found found = rows_at_offset(m->rows, aim->value, &line);

	if (found == ROW_FOUND)
		cursor_take(m, &line);
	else if (found == ROW_NONE)
		model_say(m, "there is no record");
	return found;
}

/* Finds the first line from a place on that is not earlier, else the last one. */
static enum found find_time(struct model *m, enum found found, int64_t time, struct line *line)
{
	while (found == ROW_FOUND && (line->damage || line->row->record.timestamp < time)) {
		const struct kmeta_place place = line->place;

		found = rows_next(m->rows, place, line);
		if (found == ROW_NONE)
			return rows_at(m->rows, place, line);
	}
	return found;
}

/* A time that the log has not is told, as the cursor stands at the nearest that it has. */
static void say_outside(struct model *m, int64_t time)
{
	const int64_t found = m->cursor.timestamp;
	struct line before;

	if (found < 0)
		return;
	if (found < time)
		model_say(m, "the log ends before that time: this is its last record");
	else if (found > time && rows_previous(m->rows, m->cursor.place, &before) == ROW_NONE)
		model_say(m, "the log begins after that time: this is its first record");
}

static enum found reach_time(struct model *m, const struct aim *aim)
{
	const bool coming = index_is_coming(m->index);
	struct line line;
	size_t number;
	enum found found = ROW_NONE;

	/* The place is unknown until the index has a stretch after it. */
	if (kmeta_timeline_find_time(m->index->timeline, aim->value - 1, &number))
		found = find_time(m, rows_on_page(m->rows, number, &line), aim->value, &line);
	else if (coming)
		return ROW_UNKNOWN;
	if (found == ROW_NONE)
		model_say(m, "there is no record");
	found = land(m, found, &line);
	if (found == ROW_FOUND)
		say_outside(m, aim->value);
	return found;
}

void cursor_go(struct model *m, struct kmeta_place place)
{
	cursor_jump(m, (struct aim){ .reach = reach_place, .what = "going there", .place = place });
}

void cursor_go_offset(struct model *m, int64_t offset)
{
	cursor_jump(m, (struct aim){ .reach = reach_record,
	                             .what = "going to the offset",
	                             .value = offset });
}

void cursor_go_time(struct model *m, int64_t time)
{
	cursor_jump(
		m, (struct aim){ .reach = reach_time, .what = "going to the time", .value = time });
}

void cursor_go_percent(struct model *m, int64_t percent)
{
	int64_t done, total;

	rows_extent(m->rows, m->cursor.place, &done, &total);
	if (percent >= 100)
		cursor_move(m, TO_END, 1);
	else
		cursor_go(m, rows_at_extent(m->rows,
		                            (int64_t)((double)total * (double)percent / 100)));
}

enum found cursor_step(struct model *m, bool down, struct line *line)
{
	return down ? rows_next(m->rows, m->cursor.place, line)
	            : rows_previous(m->rows, m->cursor.place, line);
}

static void move_lines(struct model *m, bool down, int64_t count)
{
	struct line line;
	enum found found = ROW_FOUND;

	for (int64_t i = 0; i < count && found == ROW_FOUND; i++) {
		found = cursor_step(m, down, &line);
		if (found == ROW_FOUND)
			cursor_take(m, &line);
	}
	if (found == ROW_UNKNOWN)
		model_say(m, "still filtering");
}

/* Move the screen by as many lines as the cursor, so that the cursor stays in its row. */
static void move_screens(struct model *m, bool down, int64_t lines)
{
	struct line line;

	for (int64_t i = 0; i < lines; i++) {
		const enum found found = down ? rows_next(m->rows, m->cursor.top, &line)
		                              : rows_previous(m->rows, m->cursor.top, &line);

		if (found != ROW_FOUND)
			break;
		m->cursor.top = line.place;
	}
	move_lines(m, down, lines);
}

void cursor_move(struct model *m, enum motion motion, int64_t count)
{
	const int64_t page = m->cursor.height > 1 ? m->cursor.height - 1 : 1;

	/* Limit the count: it is quicker to go to an offset than over this many lines. */
	count = count < SCREENS_LIMIT * page ? count : SCREENS_LIMIT * page;
	if (motion != TO_LEFT && motion != TO_RIGHT)
		cursor_give_up(m);
	switch (motion) {
	case LINE_DOWN:
	case LINE_UP:
		move_lines(m, motion == LINE_DOWN, count);
		break;
	case HALF_DOWN:
	case HALF_UP:
		move_screens(m, motion == HALF_DOWN, count * (page / 2 + 1));
		break;
	case PAGE_DOWN:
	case PAGE_UP:
		move_screens(m, motion == PAGE_DOWN, count * page);
		break;
	case TO_START:
		cursor_jump(m, (struct aim){ .reach = reach_start, .what = "going to the start" });
		return;
	case TO_END:
		cursor_jump(m, (struct aim){ .reach = reach_end, .what = "going to the end" });
		return;
	case TO_LEFT:
	case TO_RIGHT:
		m->cursor.shift = shift_by(m->cursor.shift, motion, count);
		return;
	}
	m->moved = true;
}

/* ---- scrolling ---- */

/* Steps back by up to this many lines, not past "stop". Returns the number of steps. */
static int step_back(struct model *m, struct kmeta_place *place, int lines, struct kmeta_place stop)
{
	struct line line;
	int taken = 0;

	while (taken < lines && place_compare(*place, stop) > 0 &&
	       rows_previous(m->rows, *place, &line) == ROW_FOUND) {
		*place = line.place;
		taken++;
	}
	return taken;
}

static int lines_from(struct model *m, struct kmeta_place place, int limit)
{
	struct line line;
	enum found found = rows_at(m->rows, place, &line);
	int count = 0;

	for (; count < limit && found == ROW_FOUND; count++)
		found = rows_next(m->rows, line.place, &line);
	return count;
}

/*
 * Moves the top to bring the cursor onto the screen: by a line after a step, to the middle of the
 * screen after a jump.
 */
void cursor_scroll(struct model *m, int rows)
{
	static const struct kmeta_place start = { .index = -1 };
	struct cursor *log = &m->cursor;
	struct kmeta_place place = log->place;
	struct line line;
	int above;

	if (place_compare(log->top, log->place) > 0) {
		const bool is_step = rows_next(m->rows, log->place, &line) == ROW_FOUND &&
		                     place_compare(line.place, log->top) >= 0;

		if (!is_step)
			step_back(m, &place, rows / 2, start);
		log->top = place;
	} else {
		above = step_back(m, &place, rows, log->top);
		if (above == rows && place_compare(place, log->top) > 0) {
			place = log->place;
			step_back(m, &place, rows / 2, start);
			log->top = place;
		} else if (above == rows) {
			place = log->place;
			step_back(m, &place, rows - 1, start);
			log->top = place;
		}
	}
	/* Do not show empty rows below the end of the log. */
	above = rows - lines_from(m, log->top, rows);
	if (above > 0)
		step_back(m, &log->top, above, start);
}

/* ---- points ---- */

void cursor_go_point(struct model *m, struct kmeta_point point)
{
	switch (point.kind) {
	case KMETA_POINT_START:
		cursor_move(m, TO_START, 1);
		break;
	case KMETA_POINT_END:
		cursor_move(m, TO_END, 1);
		break;
	case KMETA_POINT_OFFSET:
		cursor_go_offset(m, point.value);
		break;
	case KMETA_POINT_TIME:
		cursor_go_time(m, point.value);
		break;
	}
}
