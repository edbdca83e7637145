/* SPDX-License-Identifier: Apache-2.0 */
/* statistics_view.c: what fills the log, and a strip of time to move along. */
#include "../../stats.h"
#include "view.h"

enum { TOP = 20, STRIP_ROWS = 2 };

struct statistics_state {
	struct outline outline;
	struct kmeta_stats *stats; /* NULL: not counted */
	size_t selected;           /* which of the times */
};

static struct statistics_state *statistics_of(const struct screen *s)
{
	return s->states[VIEW_STATISTICS];
}

static void statistics_close(struct screen *s)
{
	outline_release(&statistics_of(s)->outline);
	kmeta_stats_free(statistics_of(s)->stats);
	statistics_of(s)->stats = NULL;
}

/* ---- the task ---- */

static bool statistics_progress(void *context, int64_t done, int64_t total)
{
	struct screen *s = context;

	return task_goes_on(&s->model->task, done, total);
}

static void statistics_work(struct job *job, void *context)
{
	struct screen *s = context;
	const struct kmeta_stat_options options = { .size = sizeof(options),
		                                    .dialect = s->model->dialect,
		                                    .progress = statistics_progress,
		                                    .context = s };

	(void)job;
	s->model->task.failed = kmeta_stat(&statistics_of(s)->stats, s->model->index->address,
	                                   &options, &s->model->task.why) != KMETA_OK;
	if (s->model->task.failed)
		statistics_of(s)->stats = NULL;
}

static void put_statistics(struct screen *s, struct content *content)
{
	struct kmeta_buffer text = { 0 };
	const struct stats_text print = { .out = &text,
		                          .stats = statistics_of(s)->stats,
		                          .top = TOP,
		                          .width = (size_t)(s->grid.width > 4 ? s->grid.width - 4
		                                                              : 1),
		                          .flags = s->model->flags };

	stats_print(&print);
	content_text(content, kmeta_buffer_bytes(&text));
	kmeta_buffer_release(&text);
}

static size_t times_count(const struct kmeta_stats *stats)
{
	size_t count = 0;

	for (size_t i = 0; i < KMETA_STAT_TIMES; i++)
		if (stats->times[i].records)
			count = i + 1;
	return count;
}

/* Returns the interval of time that the log's cursor is in. */
static void select_time(struct screen *s)
{
	const struct kmeta_stats *stats = statistics_of(s)->stats;
	const size_t count = times_count(stats);
	int64_t at;

	if (s->model->cursor.timestamp < stats->time_start || stats->time_width <= 0 || !count)
		return;
	at = (s->model->cursor.timestamp - stats->time_start) / stats->time_width;
	statistics_of(s)->selected = at < (int64_t)count ? (size_t)at : count - 1;
}

static void statistics_done(void *context)
{
	struct screen *s = context;
	struct content content = { 0 };

	if (s->model->task.failed) {
		content_line(&content, 0, "", "there are no statistics: %s",
		             s->model->task.why.message);
	} else {
		put_statistics(s, &content);
		select_time(s);
	}
	outline_take(&statistics_of(s)->outline, &content);
}

/* Count the whole log, as it is when the view opens. */
static void open_statistics(struct screen *s)
{
	task_stop(s->model);
	kmeta_stats_free(statistics_of(s)->stats);
	statistics_of(s)->stats = NULL;
	task_begin(s->model, "counting", statistics_work, statistics_done, s);
}

static void statistics_follow(struct screen *s)
{
	if (statistics_of(s)->stats)
		select_time(s);
}

/* ---- the strip ---- */

static void go_to_selected(struct screen *s)
{
	const struct kmeta_stats *stats = statistics_of(s)->stats;

	if (stats && times_count(stats))
		cursor_go_time(s->model, stats->time_start + (int64_t)statistics_of(s)->selected *
		                                                     stats->time_width);
}

/* Goes to the next interval that has records. */
static void select_by(struct screen *s, int64_t step)
{
	const struct kmeta_stats *stats = statistics_of(s)->stats;
	const int64_t count = stats ? (int64_t)times_count(stats) : 0;
	int64_t at = (int64_t)statistics_of(s)->selected + step;

	while (at >= 0 && at < count && !stats->times[at].records)
		at += step;
	if (at < 0 || at >= count)
		return;
	statistics_of(s)->selected = (size_t)at;
	go_to_selected(s);
}

static void later(struct screen *s)
{
	select_by(s, 1);
}

static void earlier(struct screen *s)
{
	select_by(s, -1);
}

static void draw_strip(struct screen *s, struct area area)
{
	const struct kmeta_stats *stats = statistics_of(s)->stats;
	const size_t count = times_count(stats);
	const int width = count ? (area.width - 4) / (int)count : 0;
	struct kmeta_buffer time = { 0 };
	int64_t most = 1;

	for (size_t i = 0; i < count; i++)
		most = stats->times[i].records > most ? stats->times[i].records : most;
	for (size_t i = 0; i < count; i++) {
		const int64_t records = stats->times[i].records;
		const int64_t level = (records * GRID_BARS + most - 1) / most;

		for (int j = 0; j < (width > 0 ? width : 1); j++) {
			const int x = 2 + (int)i * (width > 0 ? width : 1) + j;

			grid_format(&s->grid, (struct area){ area.y, area.x + x, 1, 1 }, 0,
			            i == statistics_of(s)->selected ? STYLE_REVERSE
			                                            : (unsigned)CYAN,
			            "%s", x < area.width ? grid_bar(level) : "");
		}
	}
	kmeta_buffer_format(&time, "  < > ");
	kmeta_print_time(
		&time, stats->time_start + (int64_t)statistics_of(s)->selected * stats->time_width,
		s->model->flags);
	kmeta_buffer_format(&time, "  %lld records",
	                    (long long)stats->times[statistics_of(s)->selected].records);
	grid_put(&s->grid, area, 1, 0, kmeta_buffer_bytes(&time), 0);
	kmeta_buffer_release(&time);
}

/* ---- the view ---- */

static void statistics_draw(struct screen *s, struct area area)
{
	if (statistics_of(s)->stats && area.height > STRIP_ROWS) {
		draw_strip(s, (struct area){ area.y, area.x, STRIP_ROWS, area.width });
		area.y += STRIP_ROWS;
		area.height -= STRIP_ROWS;
	}
	outline_draw(&statistics_of(s)->outline, &s->grid, area, s->focus == FOCUS_VIEW,
	             s->model->search.pattern);
}

static struct outline *statistics_outline(struct screen *s)
{
	return &statistics_of(s)->outline;
}

static const struct binding statistics_keys[] = {
	{ '>', "< >, Left Right", "the log goes to the time before, after", later, "later" },
	{ '<', NULL, NULL, earlier, "earlier" },
	{ PRESS_RIGHT, NULL, NULL, later, NULL },
	{ PRESS_LEFT, NULL, NULL, earlier, NULL },
	{ '\n', "Enter", "the log goes to the time that is selected", go_to_selected, "open" },
};

const struct view statistics_view = {
	.title = "statistics",
	.hint = "< > go to another time  Enter to this time  z alone  q close  ? help",
	.state_size = sizeof(struct statistics_state),
	.bindings = { statistics_keys, sizeof(statistics_keys) / sizeof(statistics_keys[0]) },
	.open = open_statistics,
	.follow = statistics_follow,
	.draw = statistics_draw,
	.outline = statistics_outline,
	.close = statistics_close,
};
