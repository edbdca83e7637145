/* SPDX-License-Identifier: Apache-2.0 */
/* log_view.c: the log, one record on a line. */
#include "way.h"

enum { HEAD_ROWS = 1 };

/* ---- keys ---- */

static void show_record(struct screen *s)
{
	way_open(s, VIEW_RECORD);
}

static void next_leader(struct screen *s)
{
	cursor_go_leader(s->model, true);
}

static void previous_leader(struct screen *s)
{
	cursor_go_leader(s->model, false);
}

static void next_damage(struct screen *s)
{
	cursor_go_damage(s->model, true);
}

static void previous_damage(struct screen *s)
{
	cursor_go_damage(s->model, false);
}

static void go_to_percent(struct screen *s)
{
	way_push(s);
	cursor_go_percent(s->model, s->count < 0 ? 0 : s->count);
}

static void set_mark(struct screen *s)
{
	marks_set(s->model, s->key);
}

static void go_to_mark(struct screen *s)
{
	way_push(s);
	marks_go(s->model, s->key);
}

static void ask_mark(struct screen *s)
{
	s->letter = set_mark;
	model_say(s->model, "mark: a letter from a to z");
}

static void ask_where(struct screen *s)
{
	s->letter = go_to_mark;
	model_say(s->model, "go to mark: its letter");
}

static void toggle_fold(struct screen *s)
{
	model_toggle_fold(s->model);
}

static const struct binding log_keys[] = {
	{ '\n', "Enter", "the record, its fields and bytes", show_record, "record" },
	{ '}', "} {", "to the next change of the leader, to the one before", next_leader,
	  "next-leader" },
	{ '{', NULL, NULL, previous_leader, "previous-leader" },
	{ ')', ") (", "to the next damage, to that before", next_damage, "next-damage" },
	{ '(', NULL, NULL, previous_damage, "previous-damage" },
	{ '%', "N %", "to so many percent of the log", go_to_percent, "percent" },
	{ 'm', "m LETTER", "mark this place", ask_mark, "mark" },
	{ '\'', "' LETTER", "back to a mark", ask_where, "go-to-mark" },
	{ 'f', "f", "fold no-ops, or show each", toggle_fold, "fold" },
};

/* ---- drawing ---- */

static unsigned style_of_line(const struct line *line)
{
	if (line->damage)
		return STYLE_BOLD | (unsigned)RED;
	if (kmeta_row_is_leader_change(line->row))
		return STYLE_BOLD | (unsigned)MAGENTA;
	/* The batch is damaged, so the record may be wrong. */
	return line->batch && !line->batch->valid ? STYLE_DIM : 0;
}

static void draw_log_line(struct screen *s, struct area area, int row, const struct line *line)
{
	const bool here = place_compare(line->place, s->model->cursor.place) == 0;
	const unsigned style = style_of_line(line);
	struct kmeta_buffer text = { 0 };

	rows_text(s->model->rows, line, !style, &text);
	grid_put(&s->grid, area, row, s->model->cursor.shift, kmeta_buffer_bytes(&text), style);
	if (s->model->search.pattern) {
		text.size = 0;
		rows_text(s->model->rows, line, false, &text);
		pattern_mark(s->model->search.pattern, &s->grid, area, row, s->model->cursor.shift,
		             kmeta_buffer_bytes(&text));
	}
	if (here)
		grid_select_row(&s->grid, area, row, s->focus == FOCUS_LOG);
	kmeta_buffer_release(&text);
}

static void draw_log_head(struct screen *s, struct area area, bool narrow)
{
	/* The width of a time depends on the zone. */
	struct kmeta_buffer time = { 0 }, head = { 0 };
	int width;

	kmeta_print_time(&time, s->model->cursor.timestamp >= 0 ? s->model->cursor.timestamp : 0,
	                 s->model->flags);
	width = (int)time.size;
	/* Each heading begins above its column. EPOCH is wider than its column. */
	if (narrow)
		kmeta_buffer_format(&head, "%10s  %-11s %-5s %-16s  %s", "OFFSET", "TIME", "EPOCH",
		                    "TYPE", "WHAT IT SAYS");
	else
		kmeta_buffer_format(&head, "%10s  %-*s  %-5s %-26s  %s", "OFFSET", width, "TIME",
		                    "EPOCH", "TYPE", "WHAT IT SAYS");
	grid_put(&s->grid, area, 0, s->model->cursor.shift, kmeta_buffer_bytes(&head), 0);
	grid_mark_row(&s->grid, area, 0, STYLE_UNDERLINE);
	kmeta_buffer_release(&time);
	kmeta_buffer_release(&head);
}

/* On a narrow screen, the record needs the columns more than the date. */
static bool fit_width(struct screen *s, int width)
{
	struct rows_options options = rows_options(s->model->rows);
	const bool narrow = width < WIDE;

	if (narrow != ((options.flags & KMETA_SHOW_NARROW) != 0)) {
		options.flags ^= KMETA_SHOW_NARROW;
		rows_restyle(s->model->rows, options.flags);
	}
	return narrow;
}

static void log_draw(struct screen *s, struct area area)
{
	const struct area rows = { area.y + HEAD_ROWS, area.x, area.height - HEAD_ROWS,
		                   area.width };
	struct line line;
	enum found found;

	draw_log_head(s, area, fit_width(s, area.width));
	s->is_certain = s->model->cursor.there;
	s->model->cursor.height = rows.height;
	if (!s->model->cursor.there) {
		grid_format(&s->grid, rows, 0, STYLE_DIM, "%s",
		            s->model->cursor.waiting ? "  looking for records that match ..."
		            : s->model->filter.terms ? "  no record matches"
		                                     : "  there is no record");
		return;
	}
	cursor_scroll(s->model, rows.height);
	found = rows_at(s->model->rows, s->model->cursor.top, &line);
	for (int row = 0; row < rows.height && found == ROW_FOUND; row++) {
		const struct kmeta_place place = line.place;

		s->is_certain &= line.certain;
		draw_log_line(s, rows, row, &line);
		found = rows_next(s->model->rows, place, &line);
	}
	s->is_certain &= found == ROW_FOUND;
}

static void log_move(struct screen *s, enum motion motion, int64_t count)
{
	cursor_move(s->model, motion, count);
}

const struct view log_view = {
	.title = "log",
	.hint = "? help  Enter record  s state  d diff  t statistics  / search  & filter  q quit",
	.bindings = { log_keys, sizeof(log_keys) / sizeof(log_keys[0]) },
	.draw = log_draw,
	.move = log_move,
};
