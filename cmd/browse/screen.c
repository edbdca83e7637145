/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c: draws the log, a view below it, a status line and a line for messages. */
#include <string.h>

#include "../common/columns.h"
#include "browser.h"

enum {
	SMALLEST_HEIGHT = 4,
	SMALLEST_WIDTH = 20,
	SMALLEST_ADDRESS = 12,
	HINTS = 3,
	TITLE_INDENT = 3
};

static void divide(struct browser *b)
{
	const int height = b->screen.grid.height - 2;
	int log = height;

	const int share = b->screen.views[b->screen.kind]->log_share;

	if (b->screen.kind != VIEW_LOG)
		log = b->screen.zoomed && b->screen.focus != FOCUS_LOG ? 0
		      : b->screen.zoomed                               ? height
		      : share                                          ? height * share / 100
		                                                       : height * 2 / 5;
	b->log_area = (struct area){ 0, 0, log, b->screen.grid.width };
	/* A line between the two names the lower one. */
	b->view_area = (struct area){ log + 1, 0, height - log - 1, b->screen.grid.width };
}

/* The way to the view, of which the end is worth most, or the title of the view alone. */
static void draw_title(struct browser *b, struct area area)
{
	const struct area inside = { area.y, area.x + TITLE_INDENT, 1, area.width - TITLE_INDENT };
	struct kmeta_buffer text = { 0 };
	int width = 0, cut;

	way_print(&b->screen, &text);
	for (struct kmeta_bytes left = kmeta_buffer_bytes(&text); left.size;)
		width += wcwidth(columns_next_character(&left)) == 2 ? 2 : 1;
	cut = width > inside.width - 2 ? width - (inside.width - 2) : 0;
	for (int i = 0; i < area.width; i++)
		if (i < TITLE_INDENT - 1 || i > TITLE_INDENT + width - cut)
			grid_format(&b->screen.grid, (struct area){ area.y, area.x + i, 1, 1 }, 0,
			            0, "─");
	grid_put(&b->screen.grid, inside, 0, cut, kmeta_buffer_bytes(&text), 0);
	if (cut)
		grid_format(&b->screen.grid, inside, 0, 0, "…");
	kmeta_buffer_release(&text);
}

static void draw_view(struct browser *b)
{
	const struct view *view = screen_view(&b->screen);
	const struct area title = { b->log_area.height, 0, 1, b->screen.grid.width };

	if (view == &log_view || b->view_area.height <= 0)
		return;
	draw_title(b, title);
	grid_mark_row(&b->screen.grid, title, 0,
	              b->screen.focus == FOCUS_LOG ? STYLE_DIM : STYLE_BOLD | (unsigned)CYAN);
	view->draw(&b->screen, b->view_area);
}

static void put_job(struct kmeta_buffer *out, const struct job *job)
{
	const int percent = job_percent(job);

	if (!job_is_running(job))
		return;
	kmeta_buffer_format(out, "  %s", job->what);
	if (percent >= 0)
		kmeta_buffer_format(out, " %d%%", percent);
}

/* The path gets the rest of the line. Its end tells files apart, so cut its beginning. */
static void put_address(struct kmeta_buffer *out, const char *address, int width)
{
	const size_t size = strlen(address);
	const size_t room =
		(size_t)width > out->size + SMALLEST_ADDRESS ? (size_t)width - out->size - 3 : 0;
	const char *at = address;

	if (!room)
		return;
	if (size > room) {
		at += size - room + 1;
		while ((*at & 0xc0) == 0x80)
			at++;
	}
	kmeta_buffer_format(out, "  %s%s", at > address ? "…" : "", at);
}

static void draw_status(struct browser *b, struct area area)
{
	struct kmeta_buffer text = { 0 };
	struct line behind;
	int64_t done, total;

	rows_extent(b->model.rows, b->model.cursor.place, &done, &total);
	if (b->model.cursor.there &&
	    rows_next(b->model.rows, b->model.cursor.place, &behind) == ROW_NONE)
		done = total;
	if (b->model.cursor.there && b->model.cursor.offset >= 0)
		kmeta_buffer_format(&text, " offset %lld", (long long)b->model.cursor.offset);
	if (b->model.cursor.there && b->model.cursor.timestamp >= 0) {
		kmeta_buffer_format(&text, "  ");
		kmeta_print_time(&text, b->model.cursor.timestamp, b->model.flags);
	}
	if (b->model.cursor.there && total)
		kmeta_buffer_format(&text, "  %d%%",
		                    done >= total ? 100
		                                  : (int)((double)done * 100 / (double)total));
	if (b->model.filter.text)
		kmeta_buffer_format(&text, "  & %s", b->model.filter.text);
	if (b->model.following)
		kmeta_buffer_format(&text, "  following");
	if (b->model.marks.last >= 0)
		kmeta_buffer_format(&text, "  mark %c", 'a' + b->model.marks.last);
	put_job(&text, &b->model.index->job);
	put_job(&text, &b->model.filter.job);
	put_job(&text, &b->model.task.job);
	put_job(&text, &b->model.search.job);
	if (b->model.cursor.aim.reach)
		kmeta_buffer_format(&text, "  %s", b->model.cursor.aim.what);
	if (b->model.cursor.aim.reach || job_is_running(&b->model.task.job) ||
	    job_is_running(&b->model.search.job) || job_is_running(&b->model.filter.job))
		kmeta_buffer_format(&text, " (Esc stops)");
	put_address(&text, b->model.address, area.width);
	grid_put(&b->screen.grid, area, 0, 0, kmeta_buffer_bytes(&text), 0);
	grid_mark_row(&b->screen.grid, area, 0, STYLE_REVERSE);
	kmeta_buffer_release(&text);
}

static void draw_last_line(struct browser *b, struct area area)
{
	const struct view *view = screen_view(&b->screen);

	if (b->prompt.active)
		prompt_draw(&b->prompt, &b->screen.grid, area);
	else if (b->model.message[0])
		grid_format(&b->screen.grid, area, 0,
		            b->model.is_error ? STYLE_BOLD | (unsigned)RED : 0, "%s",
		            b->model.message);
	else
		grid_format(&b->screen.grid, area, 0, STYLE_DIM, "%s",
		            b->screen.focus == FOCUS_LOG ? log_view.hint : view->hint);
}

/* Over the last lines of the log, as far as it has so many. */
static void draw_hints(struct browser *b)
{
	static const char *const hints[HINTS] = {
		"j k and arrows move; Enter shows a record, s the state there, E what happened",
		"/ searches, & chooses records; :topics, :partitions, :brokers are tables of the state",
		"? lists all keys of where you are, q closes; these hints are shown once, until a key",
	};

	for (int i = 0; i < HINTS && b->log_area.height > 2 * HINTS; i++) {
		const struct area row = { b->log_area.y + b->log_area.height - HINTS + i, 0, 1,
			                  b->screen.grid.width };

		grid_format(&b->screen.grid, row, 0, 0, "%*s", row.width, "");
		grid_format(&b->screen.grid, row, 0, 0, "  %s", hints[i]);
		grid_mark_row(&b->screen.grid, row, 0, STYLE_REVERSE | (unsigned)CYAN);
	}
}

void browser_draw(struct browser *b)
{
	const struct area last = { b->screen.grid.height - 1, 0, 1, b->screen.grid.width };
	const struct area status = { b->screen.grid.height - 2, 0, 1, b->screen.grid.width };

	grid_clear(&b->screen.grid);
	if (b->screen.grid.height < SMALLEST_HEIGHT || b->screen.grid.width < SMALLEST_WIDTH) {
		grid_format(&b->screen.grid, last, 0, 0, "too small");
		return;
	}
	divide(b);
	if (b->log_area.height > 0)
		log_view.draw(&b->screen, b->log_area);
	draw_view(b);
	if (b->shows_hints)
		draw_hints(b);
	draw_status(b, status);
	draw_last_line(b, last);
}
