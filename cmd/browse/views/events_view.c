/* SPDX-License-Identifier: Apache-2.0 */
/* events_view.c: what happened in the log: a chart over time, and the events below it. */
#include <stdio.h>
#include <string.h>

#include "../model/events.h"
#include "view.h"
#include "way.h"

enum {
	NAME_COLUMNS = 16, /* of a lane, left of it */
	MOST_COLUMNS = 9,  /* of its highest amount, right of it */
	LEAST_COLUMNS = 10,
	LEAST_LIST = 4, /* rows */
	KEY_SIZE = 48
};

/* The columns of the chart, and the time that they stand for. */
struct chart {
	int64_t from, end; /* milliseconds; all of the log, or a part of it */
	int columns;       /* when it was drawn last */
};

struct events_state {
	struct outline outline;
	struct events *events; /* NULL: not read */
	struct chart chart;
	bool is_broken; /* the log has errors, and the first of them is: */
	struct kmeta_finding damage;
};

static struct events_state *events_of(const struct screen *s)
{
	return s->states[VIEW_EVENTS];
}

static void events_drop(struct screen *s)
{
	events_free(events_of(s)->events);
	events_of(s)->events = NULL;
}

static void events_close(struct screen *s)
{
	outline_release(&events_of(s)->outline);
	events_drop(s);
}

/* ---- the task ---- */

static bool events_progress(void *context, int64_t done, int64_t total)
{
	struct screen *s = context;

	return task_goes_on(&s->model->task, done, total);
}

/* What is wrong with the log; the file's name is not kept. */
static bool events_report(void *context, const struct kmeta_finding *finding)
{
	struct screen *s = context;
	struct events_state *e = events_of(s);

	if (!e->is_broken && kmeta_code_severity(finding->code) == KMETA_ERROR) {
		e->is_broken = true;
		e->damage = *finding;
	}
	return true;
}

static void events_work(struct job *job, void *context)
{
	struct screen *s = context;
	struct events_state *e = events_of(s);
	struct kmeta_finding *why = &s->model->task.why;
	const struct kmeta_story_options options = { .size = sizeof(options),
		                                     .dialect = s->model->dialect,
		                                     .flags = s->model->flags,
		                                     .report = events_report,
		                                     .progress = events_progress,
		                                     .context = s };
	struct kmeta_story *story = NULL;
	struct kmeta_story_event event;
	enum kmeta_status status =
		kmeta_story_open(&story, s->model->index->address, &options, why);

	(void)job;
	while (status == KMETA_OK && (status = kmeta_story_next(story, &event, why)) == KMETA_OK)
		events_add(e->events, &event);
	s->model->task.failed = status == KMETA_FAILED;
	kmeta_story_close(story);
}

/* ---- the list ---- */

static unsigned style_of_severity(enum kmeta_severity severity)
{
	switch (severity) {
	case KMETA_ERROR:
		return STYLE_BOLD | (unsigned)RED;
	case KMETA_WARNING:
		return YELLOW;
	default:
		return 0;
	}
}

static void put_event(struct screen *s, struct content *content, size_t number)
{
	const struct events_line at = events_at(events_of(s)->events, number);
	struct outline_line *line;
	char key[KEY_SIZE];

	snprintf(key, sizeof(key), "%lld/%zu", (long long)at.first_offset, number);
	line = content_begin(content, 0, (struct kmeta_bytes){ (const uint8_t *)key, strlen(key) });
	if (!line)
		return;
	line->style = style_of_severity(at.severity);
	line->from = at.first_offset;
	line->size = at.first_time;
	kmeta_print_time(&content->bytes, at.first_time, s->model->flags);
	kmeta_buffer_format(&content->bytes, "  ");
	events_text(events_of(s)->events, number, &content->bytes);
	content_end(content);
}

/* The events that have a part in the time of the chart. */
static void list_events(struct screen *s)
{
	struct events_state *e = events_of(s);
	struct content content = { 0 };

	for (size_t i = 0; i < events_count(e->events); i++) {
		const struct events_line at = events_at(e->events, i);

		if (at.first_time < e->chart.end && at.last_time >= e->chart.from)
			put_event(s, &content, i);
	}
	if (!content.count)
		content_line(&content, 0, "", "nothing happened %s",
		             events_count(e->events) ? "in this time: - shows more" : "here");
	if (events_left_out(e->events))
		content_line(&content, 0, "left-out",
		             "%lld events of the mildest kinds are not shown: there were too many",
		             (long long)events_left_out(e->events));
	if (e->is_broken)
		content_line(&content, 0, "damage",
		             "the log has errors, and the events may not be all: %s: %s (offset "
		             "%lld, byte %lld)",
		             kmeta_code_name(e->damage.code), e->damage.message,
		             (long long)e->damage.offset, (long long)e->damage.position);
	outline_take(&e->outline, &content);
}

/* The last event that began at or before the log's cursor. */
static void select_event(struct screen *s)
{
	struct outline *o = &events_of(s)->outline;

	for (size_t i = 0; i < o->content.count; i++)
		if (o->content.lines[i].key_size && o->content.lines[i].size &&
		    o->content.lines[i].from <= s->model->cursor.offset)
			o->cursor = i;
}

static void show_all_time(struct events_state *e)
{
	if (!events_span(e->events, &e->chart.from, &e->chart.end))
		e->chart.from = e->chart.end = 0;
}

static void events_done(void *context)
{
	struct screen *s = context;
	struct events_state *e = events_of(s);
	struct content content = { 0 };

	if (s->model->task.failed || events_have_failed(e->events)) {
		content_line(&content, 0, "", "there are no events: %s",
		             s->model->task.failed ? s->model->task.why.message : "out of memory");
		outline_take(&e->outline, &content);
		events_drop(s);
		return;
	}
	show_all_time(e);
	list_events(s);
	select_event(s);
}

/* All of the log, as it is when the view opens. */
static void open_events(struct screen *s)
{
	task_stop(s->model);
	events_drop(s);
	events_of(s)->is_broken = false;
	events_of(s)->events = events_new();
	if (!events_of(s)->events) {
		model_complain(s->model, "out of memory");
		return;
	}
	task_begin(s->model, "reading what happened", events_work, events_done, s);
}

static bool has_events(const struct screen *s)
{
	return events_of(s)->events && !job_is_running(&s->model->task.job);
}

static void events_follow(struct screen *s)
{
	if (has_events(s) && s->focus == FOCUS_LOG)
		select_event(s);
}

/* ---- keys ---- */

/* The event that is selected. NULL: none. */
static const struct outline_line *event_at(const struct screen *s)
{
	const struct outline_line *line = outline_at(&events_of(s)->outline);

	return has_events(s) && line && line->size ? line : NULL;
}

static void go_to_event(struct screen *s)
{
	const struct outline_line *line = event_at(s);

	if (!line)
		return;
	way_push(s);
	cursor_go_offset(s->model, line->from);
}

/* The time that stays in its place: of the event that is selected, or the middle. */
static int64_t time_selected(const struct events_state *e)
{
	const struct outline_line *line = outline_at(&e->outline);
	const bool has_time = line && line->size >= e->chart.from && line->size < e->chart.end;

	return has_time ? line->size : e->chart.from + (e->chart.end - e->chart.from) / 2;
}

/* Shows "span" milliseconds around what is selected, as far as the log has them. */
static void show_span(struct screen *s, int64_t span)
{
	struct events_state *e = events_of(s);
	const int64_t middle = time_selected(e);
	int64_t first, end;

	if (!events_span(e->events, &first, &end))
		return;
	e->chart.from = middle - span / 2 > first ? middle - span / 2 : first;
	e->chart.end = end - e->chart.from > span ? e->chart.from + span : end;
	if (e->chart.end - e->chart.from < span)
		e->chart.from = e->chart.end - first > span ? e->chart.end - span : first;
	list_events(s);
}

static void zoom_in(struct screen *s)
{
	const struct chart *chart = &events_of(s)->chart;

	if (has_events(s) && chart->end - chart->from > LEAST_COLUMNS)
		show_span(s, (chart->end - chart->from) / 2);
}

static void zoom_out(struct screen *s)
{
	const struct chart *chart = &events_of(s)->chart;
	int64_t first, end;

	if (!has_events(s) || !events_span(events_of(s)->events, &first, &end))
		return;
	show_span(s, chart->end - chart->from < (end - first) / 2 ? 2 * (chart->end - chart->from)
	                                                          : end - first);
}

/* Goes to the next event that lies in another column. */
static void move_column(struct screen *s, bool later)
{
	struct outline *o = &events_of(s)->outline;
	const struct chart *chart = &events_of(s)->chart;
	const int64_t step = chart->columns > 0 ? (chart->end - chart->from) / chart->columns : 0;
	const struct outline_line *at = outline_at(o);
	const int64_t from = at ? at->size : 0;

	if (!has_events(s))
		return;
	while (at && (later ? at->size <= from + step : at->size >= from - step)) {
		const size_t before = o->cursor;

		outline_move(o, later ? LINE_DOWN : LINE_UP, 1);
		at = o->cursor == before ? NULL : outline_at(o);
	}
	at = event_at(s);
	if (at)
		cursor_go_offset(s->model, at->from);
}

static void later_event(struct screen *s)
{
	move_column(s, true);
}

static void earlier_event(struct screen *s)
{
	move_column(s, false);
}

/* ---- the chart ---- */

static const unsigned lane_styles[EVENTS_LANES] = {
	[LANE_RECORDS] = STYLE_DIM,   [LANE_LEADERLESS] = STYLE_BOLD | (unsigned)RED,
	[LANE_LEADERS] = CYAN,        [LANE_SHRUNK] = YELLOW,
	[LANE_GROWN] = GREEN,         [LANE_BROKERS] = STYLE_BOLD,
	[LANE_CONTROLLERS] = MAGENTA, [LANE_OTHERS] = 0,
};

static int64_t time_of_column(const struct chart *chart, int column)
{
	return chart->from + (int64_t)((double)(chart->end - chart->from) * (double)column /
	                               (double)chart->columns);
}

static int64_t amount_in_column(const struct events_state *e, enum events_lane lane, int column)
{
	const int64_t from = time_of_column(&e->chart, column);
	const int64_t end = time_of_column(&e->chart, column + 1);

	return events_amount(e->events, lane, from, end > from ? end : from + 1);
}

static int64_t most_of_lane(const struct events_state *e, enum events_lane lane)
{
	int64_t most = 0;

	for (int column = 0; column < e->chart.columns; column++) {
		const int64_t amount = amount_in_column(e, lane, column);

		most = amount > most ? amount : most;
	}
	return most;
}

static void draw_lane(struct screen *s, struct area row, enum events_lane lane, int64_t most)
{
	const struct events_state *e = events_of(s);

	grid_format(&s->grid, row, 0, 0, "  %s", events_lane_name(lane));
	for (int column = 0; column < e->chart.columns; column++) {
		const int64_t amount = amount_in_column(e, lane, column);
		const struct area cell = { row.y, row.x + NAME_COLUMNS + column, 1, 1 };
		const int level =
			amount ? 1 + (int)((double)amount * (GRID_BARS - 1) / (double)most) : 0;

		grid_format(&s->grid, cell, 0, lane_styles[lane], "%s", grid_bar(level));
	}
	grid_format(
		&s->grid,
		(struct area){ row.y, row.x + NAME_COLUMNS + e->chart.columns, 1, MOST_COLUMNS }, 0,
		STYLE_DIM, " %lld", (long long)most);
}

/* The time where the chart begins and ends; and what is selected, across the lanes above. */
static void draw_axis(struct screen *s, struct area area, int rows)
{
	const struct events_state *e = events_of(s);
	const int64_t at = time_selected(e);
	const int column = (int)((double)(at - e->chart.from) * (double)e->chart.columns /
	                         (double)(e->chart.end - e->chart.from));
	struct kmeta_buffer text = { 0 };

	kmeta_buffer_format(&text, "  %-*s", NAME_COLUMNS - 2, "+ - < >");
	kmeta_print_time(&text, e->chart.from, s->model->flags);
	kmeta_buffer_format(&text, " to ");
	kmeta_print_time(&text, e->chart.end - 1, s->model->flags);
	grid_put(&s->grid, area, rows, 0, kmeta_buffer_bytes(&text), STYLE_UNDERLINE);
	for (int row = 0; row < rows; row++)
		grid_mark(&s->grid, area, row, NAME_COLUMNS + column, 1, STYLE_REVERSE);
	kmeta_buffer_release(&text);
}

/* Returns the rows that the chart took. Lanes that have nothing are left out. */
static int draw_chart(struct screen *s, struct area area)
{
	struct events_state *e = events_of(s);
	const int room = area.height - LEAST_LIST - 1;
	int rows = 0;

	e->chart.columns = area.width - NAME_COLUMNS - MOST_COLUMNS;
	if (!has_events(s) || e->chart.end <= e->chart.from || e->chart.columns < LEAST_COLUMNS)
		return 0;
	for (size_t i = 1; i <= EVENTS_LANES && rows < room; i++) {
		/* The records come last, as they tell least. */
		const enum events_lane lane = (enum events_lane)(i % EVENTS_LANES);
		const int64_t most = most_of_lane(e, lane);

		if (most)
			draw_lane(s, (struct area){ area.y + rows++, area.x, 1, area.width }, lane,
			          most);
	}
	if (!rows)
		return 0;
	draw_axis(s, area, rows);
	return rows + 1;
}

static void events_draw(struct screen *s, struct area area)
{
	const int rows = draw_chart(s, area);

	area.y += rows;
	area.height -= rows;
	outline_draw(&events_of(s)->outline, &s->grid, area, s->focus == FOCUS_VIEW,
	             s->model->search.pattern);
}

/* ---- the view ---- */

static struct outline *events_outline(struct screen *s)
{
	return &events_of(s)->outline;
}

static const struct binding events_keys[] = {
	{ '\n', "Enter", "the log goes to the first record of the event", go_to_event, "open" },
	{ '>', "< >", "the log goes to the event before, after, in another column", later_event,
	  "later" },
	{ '<', NULL, NULL, earlier_event, "earlier" },
	{ '+', "+ -", "half the time around the event, twice the time", zoom_in, "zoom-in" },
	{ '-', NULL, NULL, zoom_out, "zoom-out" },
};

const struct view events_view = {
	.title = "events",
	.hint = "Enter to the records  + - zoom  < > through the chart  z alone  q close  ? help",
	.state_size = sizeof(struct events_state),
	.bindings = { events_keys, sizeof(events_keys) / sizeof(events_keys[0]) },
	.open = open_events,
	.follow = events_follow,
	.draw = events_draw,
	.outline = events_outline,
	.close = events_close,
};
