/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c: what stands where: the log, a view below it, a line of status, and one for words. */
#include <string.h>

#include "browser.h"

enum { SMALLEST_HEIGHT = 4, SMALLEST_WIDTH = 20, SMALLEST_ADDRESS = 12 };

static void divide(struct browser *b)
{
	const int height = b->grid.height - 2;
	int log = height;

	if (b->kind != VIEW_NONE)
		log = b->zoomed && b->focus != FOCUS_LOG ? 0 : b->zoomed ? height : height * 2 / 5;
	b->log_area = (struct area){ 0, 0, log, b->grid.width };
	/* A line between the two says what the lower one is. */
	b->view_area = (struct area){ log + 1, 0, height - log - 1, b->grid.width };
}

static void draw_view(struct browser *b)
{
	const struct view *view = browser_view(b);
	const struct area title = { b->log_area.height, 0, 1, b->grid.width };

	if (!view || b->view_area.height <= 0)
		return;
	grid_format(&b->grid, title, 0, 0, "── %s ", view->title);
	for (int i = (int)strlen(view->title) + 4; i < title.width; i++)
		grid_format(&b->grid, (struct area){ title.y, i, 1, 1 }, 0, 0, "─");
	grid_mark_row(&b->grid, title, 0,
	              b->focus == FOCUS_LOG ? STYLE_DIM : STYLE_BOLD | (unsigned)CYAN);
	view->draw(b, b->view_area);
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

/* In what is left of the line: of a long path the end tells more. */
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

	rows_extent(b->rows, b->log.cursor, &done, &total);
	if (b->log.there && rows_next(b->rows, b->log.cursor, &behind) == ROW_NONE)
		done = total;
	if (b->log.there && b->log.offset >= 0)
		kmeta_buffer_format(&text, " offset %lld", (long long)b->log.offset);
	if (b->log.there && b->log.timestamp >= 0) {
		kmeta_buffer_format(&text, "  ");
		kmeta_print_time(&text, b->log.timestamp, b->common.flags);
	}
	if (b->log.there && total)
		kmeta_buffer_format(&text, "  %d%%",
		                    done >= total ? 100
		                                  : (int)((double)done * 100 / (double)total));
	if (b->filter_text)
		kmeta_buffer_format(&text, "  & %s", b->filter_text);
	if (b->following)
		kmeta_buffer_format(&text, "  following");
	if (b->last_mark >= 0)
		kmeta_buffer_format(&text, "  mark %c", 'a' + b->last_mark);
	put_job(&text, &b->index->job);
	put_job(&text, &b->filter_job);
	put_job(&text, &b->task.job);
	if (job_is_running(&b->task.job))
		kmeta_buffer_format(&text, " (^C stops)");
	put_address(&text, b->address, area.width);
	grid_put(&b->grid, area, 0, 0, (struct kmeta_bytes){ (const uint8_t *)text.at, text.size },
	         0);
	grid_mark_row(&b->grid, area, 0, STYLE_REVERSE);
	kmeta_buffer_release(&text);
}

static void draw_last_line(struct browser *b, struct area area)
{
	static const char log_hint[] =
		"? help  Enter record  s state  d diff  t statistics  / search  & filter  q quit";
	const struct view *view = browser_view(b);

	if (b->prompt.active)
		prompt_draw(b, area);
	else if (b->message[0])
		grid_format(&b->grid, area, 0, b->is_error ? STYLE_BOLD | (unsigned)RED : 0, "%s",
		            b->message);
	else if (b->focus == FOCUS_LOG || !view)
		grid_format(&b->grid, area, 0, STYLE_DIM, "%s", log_hint);
	else
		grid_format(&b->grid, area, 0, STYLE_DIM, "%s", view->hint);
}

void browser_draw(struct browser *b)
{
	const struct area last = { b->grid.height - 1, 0, 1, b->grid.width };
	const struct area status = { b->grid.height - 2, 0, 1, b->grid.width };

	grid_clear(&b->grid);
	if (b->grid.height < SMALLEST_HEIGHT || b->grid.width < SMALLEST_WIDTH) {
		grid_format(&b->grid, last, 0, 0, "too small");
		return;
	}
	divide(b);
	if (b->log_area.height > 0)
		log_draw(b, b->log_area);
	draw_view(b);
	draw_status(b, status);
	draw_last_line(b, last);
}
