/* SPDX-License-Identifier: Apache-2.0 */
/* statistics_view.c: what fills the log, and a strip over time to go by. */
#include "../stats.h"
#include "browser.h"

enum { TOP = 20, STRIP_ROWS = 2, LEVELS = 8 };

void statistics_release(struct browser *b)
{
	outline_release(&b->statistics.outline);
	kmeta_stats_free(b->statistics.stats);
	b->statistics.stats = NULL;
}

/* ---- the task ---- */

static void work(struct job *job, void *context)
{
	struct browser *b = context;
	const struct kmeta_stat_options options = { .size = sizeof(options),
		                                    .dialect = b->common.dialect,
		                                    .progress = browser_go_on,
		                                    .context = b };

	(void)job;
	b->task.failed = kmeta_stat(&b->statistics.stats, b->index->address, &options,
	                            &b->task.why) != KMETA_OK;
	if (b->task.failed)
		b->statistics.stats = NULL;
}

static void put_statistics(struct browser *b, struct content *content)
{
	struct kmeta_buffer text = { 0 };
	const struct stats_text print = { .out = &text,
		                          .stats = b->statistics.stats,
		                          .top = TOP,
		                          .width = (size_t)(b->grid.width > 4 ? b->grid.width - 4
		                                                              : 1),
		                          .flags = b->common.flags };

	stats_print(&print);
	content_text(content, (struct kmeta_bytes){ (const uint8_t *)text.at, text.size });
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

/* The stretch of time in which the log's cursor stands. */
static void select_time(struct browser *b)
{
	const struct kmeta_stats *stats = b->statistics.stats;
	const size_t count = times_count(stats);
	int64_t at;

	if (b->log.timestamp < stats->time_start || stats->time_width <= 0 || !count)
		return;
	at = (b->log.timestamp - stats->time_start) / stats->time_width;
	b->statistics.selected = at < (int64_t)count ? (size_t)at : count - 1;
}

static void done(struct browser *b)
{
	struct content content = { 0 };

	if (b->task.failed) {
		content_line(&content, 0, "", "there are no statistics: %s", b->task.why.message);
	} else {
		put_statistics(b, &content);
		select_time(b);
	}
	outline_take(&b->statistics.outline, &content);
}

/* They are of the whole log as it is when the view is opened. */
static void open_statistics(struct browser *b)
{
	browser_stop(b);
	kmeta_stats_free(b->statistics.stats);
	b->statistics.stats = NULL;
	browser_begin(b, "counting", work, done);
}

static void follow(struct browser *b)
{
	if (b->statistics.stats)
		select_time(b);
}

/* ---- the strip ---- */

static void jump(struct browser *b)
{
	const struct kmeta_stats *stats = b->statistics.stats;

	if (stats && times_count(stats))
		log_go_time(b, stats->time_start +
		                       (int64_t)b->statistics.selected * stats->time_width);
}

/* To the next stretch in which there are records. */
static void select_by(struct browser *b, int64_t step)
{
	const struct kmeta_stats *stats = b->statistics.stats;
	const int64_t count = stats ? (int64_t)times_count(stats) : 0;
	int64_t at = (int64_t)b->statistics.selected + step;

	while (at >= 0 && at < count && !stats->times[at].records)
		at += step;
	if (at < 0 || at >= count)
		return;
	b->statistics.selected = (size_t)at;
	jump(b);
}

static void later(struct browser *b)
{
	select_by(b, 1);
}

static void earlier(struct browser *b)
{
	select_by(b, -1);
}

static void draw_strip(struct browser *b, struct area area)
{
	static const char *const levels[LEVELS + 1] = {
		" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"
	};
	const struct kmeta_stats *stats = b->statistics.stats;
	const size_t count = times_count(stats);
	const int width = count ? (area.width - 4) / (int)count : 0;
	struct kmeta_buffer time = { 0 };
	int64_t most = 1;

	for (size_t i = 0; i < count; i++)
		most = stats->times[i].records > most ? stats->times[i].records : most;
	for (size_t i = 0; i < count; i++) {
		const int64_t records = stats->times[i].records;
		const int64_t level = (records * LEVELS + most - 1) / most;

		for (int j = 0; j < (width > 0 ? width : 1); j++) {
			const int x = 2 + (int)i * (width > 0 ? width : 1) + j;

			grid_format(&b->grid, (struct area){ area.y, area.x + x, 1, 1 }, 0,
			            i == b->statistics.selected ? STYLE_REVERSE : (unsigned)CYAN,
			            "%s", x < area.width ? levels[level] : "");
		}
	}
	kmeta_buffer_format(&time, "  < > ");
	kmeta_print_time(&time,
	                 stats->time_start + (int64_t)b->statistics.selected * stats->time_width,
	                 b->common.flags);
	kmeta_buffer_format(&time, "  %lld records",
	                    (long long)stats->times[b->statistics.selected].records);
	grid_put(&b->grid, area, 1, 0, (struct kmeta_bytes){ (const uint8_t *)time.at, time.size },
	         0);
	kmeta_buffer_release(&time);
}

/* ---- the view ---- */

static void draw(struct browser *b, struct area area)
{
	if (b->statistics.stats && area.height > STRIP_ROWS) {
		draw_strip(b, (struct area){ area.y, area.x, STRIP_ROWS, area.width });
		area.y += STRIP_ROWS;
		area.height -= STRIP_ROWS;
	}
	outline_draw(&b->statistics.outline, &b->grid, area, b->focus == FOCUS_VIEW,
	             b->search.pattern);
}

static const struct binding keys[] = {
	{ '>', "< >, Left Right", "the log goes to the time before, after", later },
	{ '<', NULL, NULL, earlier },
	{ PRESS_RIGHT, NULL, NULL, later },
	{ PRESS_LEFT, NULL, NULL, earlier },
	{ '\n', "Enter", "the log goes to the time that is selected", jump },
};

const struct view statistics_view = {
	.title = "statistics",
	.draw = draw,
	.open = open_statistics,
	.follow = follow,
	.bindings = { keys, sizeof(keys) / sizeof(keys[0]) },
	.hint = "< > go to another time  Enter to this time  z alone  q close  ? help",
};
