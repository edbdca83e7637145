/* SPDX-License-Identifier: Apache-2.0 */
/* browser.c: what is on the screen, which keys do what, and long work beside them. */
#include "browser.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	AT_ONCE = 40, /* milliseconds for which work is waited for before the screen is drawn */
	REFRESH_EVERY = 500, /* and between two looks at the files */
	SMALLEST_HEIGHT = 4,
	SMALLEST_WIDTH = 20,
	BLOCK = 1000
};

static const struct view *const views[VIEWS] = {
	[VIEW_RECORD] = &record_view,         [VIEW_STATE] = &state_view, [VIEW_DIFF] = &diff_view,
	[VIEW_STATISTICS] = &statistics_view, [VIEW_HELP] = &help_view,
};

const struct view *browser_view(const struct browser *b)
{
	return views[b->kind];
}

static int64_t steady_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * BLOCK + now.tv_nsec / 1000000;
}

/* ---- messages ---- */

static void set_message(struct browser *b, bool is_error, const char *format, va_list arguments)
{
	vsnprintf(b->message, sizeof(b->message), format, arguments);
	b->is_error = is_error;
}

void browser_say(struct browser *b, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set_message(b, false, format, arguments);
	va_end(arguments);
}

void browser_complain(struct browser *b, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set_message(b, true, format, arguments);
	va_end(arguments);
}

/* ---- long work ---- */

static void finish_task(struct browser *b)
{
	struct task *task = &b->task;

	kmeta_pages_close(task->pages);
	task->pages = NULL;
	if (!job_should_stop(&task->job))
		task->done(b);
}

bool browser_stop(struct browser *b)
{
	if (!job_is_running(&b->task.job))
		return false;
	job_stop(&b->task.job);
	finish_task(b);
	return true;
}

void browser_begin(struct browser *b, const char *what, job_work *work, browser_action *done)
{
	struct task *task = &b->task;

	browser_stop(b);
	task->done = done;
	task->failed = false;
	task->pages = kmeta_pages_copy(b->pages);
	if (!task->pages || !job_start(&task->job, what, work, b, b->wake[1])) {
		kmeta_pages_close(task->pages);
		task->pages = NULL;
		browser_complain(b, "no memory for %s", what);
		return;
	}
	if (job_wait(&task->job, b->terminal ? AT_ONCE : -1))
		finish_task(b);
}

/* ---- files that change ---- */

static void see_change(struct browser *b)
{
	if (b->following)
		log_move(b, TO_END, 1);
	else
		log_refresh(b);
}

static void start_over(struct browser *b, const struct kmeta_finding *why)
{
	struct kmeta_pages *pages;
	struct kmeta_finding now;

	/* The name in the finding goes with the files. */
	if (kmeta_pages_open(&pages, b->address, &now) != KMETA_OK) {
		browser_complain(b, "%s: %s; what was read of it is still shown",
		                 why->file ? why->file : b->address, why->message);
		return;
	}
	browser_complain(b, "%s: %s; read again", why->file ? why->file : b->address,
	                 why->message);
	browser_stop(b);
	filter_release(b);
	index_reset(b->index);
	kmeta_pages_close(b->pages);
	b->pages = pages;
	state_forget(b);
	history_forget(b);
	if (!rows_reload(b->rows, pages) || !index_start(b->index, pages, b->wake[1]))
		b->quit = true;
	filter_start(b);
	see_change(b);
}

static void take_more(struct browser *b)
{
	history_forget(b);
	if (!rows_reload(b->rows, b->pages) || !index_start(b->index, b->pages, b->wake[1])) {
		browser_complain(b, "out of memory");
		return;
	}
	see_change(b);
}

static bool look_at_files(struct browser *b)
{
	const int64_t now = steady_milliseconds();
	struct kmeta_finding why;

	if (now - b->refreshed < REFRESH_EVERY || job_is_running(index_job(b->index)))
		return false;
	b->refreshed = now;
	switch (kmeta_pages_refresh(b->pages, &why)) {
	case KMETA_OK:
		take_more(b);
		return true;
	case KMETA_DAMAGED:
		start_over(b, &why);
		return true;
	default:
		return false;
	}
}

bool browser_is_busy(struct browser *b)
{
	return job_is_running(index_job(b->index)) || job_is_running(&b->task.job) ||
	       job_is_running(&b->filter_job);
}

bool browser_tick(struct browser *b, bool wait)
{
	const int milliseconds = wait ? -1 : 0;
	bool news = job_is_running(index_job(b->index)) || job_is_running(&b->task.job);

	if (b->terminal)
		news |= look_at_files(b);
	if (job_wait(index_job(b->index), milliseconds) && !b->log.there)
		log_refresh(b);
	news |= filter_tick(b);
	if (job_is_running(&b->task.job) && job_wait(&b->task.job, milliseconds))
		finish_task(b);
	return news;
}

/* ---- views ---- */

void browser_show(struct browser *b, enum view_kind kind)
{
	browser_stop(b);
	if (kind == VIEW_HELP && b->kind != VIEW_HELP)
		b->kind_before_help = b->kind;
	b->kind = kind;
	b->zoomed = false;
	b->focus = kind == VIEW_NONE ? FOCUS_LOG : FOCUS_VIEW;
	if (kind != VIEW_NONE && views[kind]->follow)
		views[kind]->follow(b);
}

void browser_moved(struct browser *b)
{
	const struct view *view = browser_view(b);

	if (view && view->follow && b->kind != VIEW_HELP)
		view->follow(b);
}

/* ---- actions that no view has of its own ---- */

static void move(struct browser *b, enum motion motion)
{
	const int64_t count = b->count > 0 ? b->count : 1;

	if (b->focus == FOCUS_LOG)
		log_move(b, motion, count);
	else if (b->focus == FOCUS_BYTES)
		record_bytes_move(b, motion, count);
	else
		browser_view(b)->move(b, motion, count);
}

#define MOVE(name, motion)                  \
	static void name(struct browser *b) \
	{                                   \
		move(b, motion);            \
	}

MOVE(move_down, LINE_DOWN)
MOVE(move_up, LINE_UP)
MOVE(move_half_down, HALF_DOWN)
MOVE(move_half_up, HALF_UP)
MOVE(move_page_down, PAGE_DOWN)
MOVE(move_page_up, PAGE_UP)
MOVE(move_to_start, TO_START)
MOVE(move_to_end, TO_END)
MOVE(move_left, TO_LEFT)
MOVE(move_right, TO_RIGHT)

static void quit(struct browser *b)
{
	if (b->kind == VIEW_HELP)
		browser_show(b, b->kind_before_help);
	else if (b->kind != VIEW_NONE)
		browser_show(b, VIEW_NONE);
	else
		b->quit = true;
}

static void quit_at_once(struct browser *b)
{
	b->quit = true;
}

static void interrupt(struct browser *b)
{
	if (browser_stop(b))
		browser_say(b, "stopped");
	else if (b->filter && job_is_running(&b->filter_job))
		filter_release(b);
	else
		browser_say(b, "q ends kmeta-browse");
}

static void suspend(struct browser *b)
{
	if (b->terminal)
		terminal_suspend(b->terminal);
}

static void next_part(struct browser *b)
{
	if (b->focus == FOCUS_LOG && b->kind != VIEW_NONE)
		b->focus = FOCUS_VIEW;
	else if (b->focus == FOCUS_VIEW && b->kind == VIEW_RECORD)
		b->focus = FOCUS_BYTES;
	else
		b->focus = FOCUS_LOG;
	if (b->kind == VIEW_NONE)
		browser_say(b, "there is only the log: Enter opens the record, s the state");
}

static void previous_part(struct browser *b)
{
	next_part(b);
	if (b->kind == VIEW_RECORD)
		next_part(b);
}

static void zoom(struct browser *b)
{
	b->zoomed = !b->zoomed && b->kind != VIEW_NONE;
}

static void show_help(struct browser *b)
{
	browser_show(b, VIEW_HELP);
}

static void show_state(struct browser *b)
{
	browser_show(b, VIEW_STATE);
}

static void show_diff(struct browser *b)
{
	browser_show(b, VIEW_DIFF);
}

static void show_statistics(struct browser *b)
{
	browser_show(b, VIEW_STATISTICS);
}

static void toggle_secrets(struct browser *b)
{
	struct rows_options options = rows_options(b->rows);

	options.flags ^= KMETA_SHOW_SECRETS;
	b->common.flags ^= KMETA_SHOW_SECRETS;
	rows_restyle(b->rows, options.flags);
	browser_say(b, options.flags & KMETA_SHOW_SECRETS ? "secrets are shown"
	                                                  : "secrets are hidden");
	b->state.shown = -1;
	browser_moved(b);
}

static void toggle_following(struct browser *b)
{
	b->following = !b->following;
	browser_say(b, b->following ? "following: new records are gone to as they come"
	                            : "no longer following");
	if (b->following)
		log_move(b, TO_END, 1);
}

static struct outline *outline_of(struct browser *b)
{
	struct outline *const outlines[VIEWS] = {
		[VIEW_RECORD] = &b->record.outline,
		[VIEW_STATE] = &b->state.outline,
		[VIEW_DIFF] = &b->diff.outline,
		[VIEW_STATISTICS] = &b->statistics.outline,
		[VIEW_HELP] = &b->help,
	};

	return outlines[b->kind];
}

static void click(struct browser *b)
{
	int y, x;
	const struct area *log = &b->log_area, *view = &b->view_area;

	if (!b->terminal)
		return;
	terminal_click(b->terminal, &y, &x);
	/* The log's first row is its heading. */
	if (y > log->y && y < log->y + log->height) {
		b->focus = FOCUS_LOG;
		log_go(b, b->log.top);
		log_move(b, LINE_DOWN, y - log->y - 1);
	} else if (b->kind != VIEW_NONE && y >= view->y && y < view->y + view->height) {
		b->focus = FOCUS_VIEW;
		/* A step by nothing tells the view of its cursor. */
		if (outline_click(outline_of(b), y))
			browser_view(b)->move(b, LINE_DOWN, 0);
	}
}

static void wheel_up(struct browser *b)
{
	b->count = 3;
	move(b, LINE_UP);
}

static void wheel_down(struct browser *b)
{
	b->count = 3;
	move(b, LINE_DOWN);
}

static void backwards_in_history(struct browser *b)
{
	history_step(b, true);
}

static void forwards_in_history(struct browser *b)
{
	history_step(b, false);
}

static const struct binding keys[] = {
	{ 'j', "j k, arrows", "down and up, by as many lines as were typed before", move_down },
	{ PRESS_DOWN, NULL, NULL, move_down },
	{ 'k', NULL, NULL, move_up },
	{ PRESS_UP, NULL, NULL, move_up },
	{ CONTROL('d'), "^D ^U", "down and up by half a screen", move_half_down },
	{ CONTROL('u'), NULL, NULL, move_half_up },
	{ ' ', "Space b, PageDown PageUp", "down and up by a screen", move_page_down },
	{ PRESS_PAGE_DOWN, NULL, NULL, move_page_down },
	{ CONTROL('f'), NULL, NULL, move_page_down },
	{ 'b', NULL, NULL, move_page_up },
	{ PRESS_PAGE_UP, NULL, NULL, move_page_up },
	{ CONTROL('b'), NULL, NULL, move_page_up },
	{ 'g', "g G, Home End", "to the start and the end", move_to_start },
	{ PRESS_HOME, NULL, NULL, move_to_start },
	{ 'G', NULL, NULL, move_to_end },
	{ PRESS_END, NULL, NULL, move_to_end },
	{ 'h', "h l, Left Right", "to the left and right", move_left },
	{ PRESS_LEFT, NULL, NULL, move_left },
	{ 'l', NULL, NULL, move_right },
	{ PRESS_RIGHT, NULL, NULL, move_right },
	{ '\t', "Tab", "to the next part of the screen: log, view, bytes", next_part },
	{ PRESS_BACK_TAB, NULL, NULL, previous_part },
	{ 'z', "z", "this part alone, or all again", zoom },
	{ 's', "s", "the state at the log's cursor", show_state },
	{ 'd', "d", "what changed between the mark and the cursor", show_diff },
	{ 't', "t", "statistics", show_statistics },
	{ '[', "[ ]", "to the change of the selected entity before, and after",
	  backwards_in_history },
	{ ']', NULL, NULL, forwards_in_history },
	{ '/', "/ ?", "search forwards, backwards, for a regular expression; ? is on \\",
	  search_ask },
	{ '\\', NULL, NULL, search_ask_backwards },
	{ 'n', "n N", "the next match, the one before", search_next },
	{ 'N', NULL, NULL, search_previous },
	{ '&', "&", "only what matches terms: type=PARTITION_CHANGE topic=orders; none: everything",
	  filter_ask },
	{ ':', ":", ":OFFSET, :@TIME, :PERCENT%, :w FILE, :q", command_ask },
	{ 'F', "F", "follow: go to new records as they come", toggle_following },
	{ 'y', "y Y", "copy the record as JSON to the clipboard, or to a file", copy_record },
	{ 'Y', NULL, NULL, write_record_ask },
	{ 'w', "w", "write what is shown to a file", write_ask },
	{ 'X', "X", "show secrets, or hide them", toggle_secrets },
	{ '?', "?", "this help", show_help },
	{ 'q', "q", "close the view, or end", quit },
	{ PRESS_ESCAPE, NULL, NULL, quit },
	{ 'Q', "Q", "end at once", quit_at_once },
	{ CONTROL('c'), "^C", "stop what is going on", interrupt },
	{ CONTROL('z'), "^Z", "suspend; fg goes on", suspend },
	{ PRESS_CLICK, NULL, NULL, click },
	{ PRESS_WHEEL_UP, NULL, NULL, wheel_up },
	{ PRESS_WHEEL_DOWN, NULL, NULL, wheel_down },
};

const struct bindings browser_bindings = { keys, sizeof(keys) / sizeof(keys[0]) };

/* ---- the last line ---- */

void browser_ask(struct browser *b, char lead, const char *title,
                 void (*enter)(struct browser *b, const char *text))
{
	b->prompt = (struct prompt){ .active = true, .lead = lead, .title = title, .enter = enter };
}

static void enter_prompt(struct browser *b)
{
	struct prompt *prompt = &b->prompt;
	struct kmeta_buffer text = { 0 };

	prompt->active = false;
	b->message[0] = '\0';
	for (size_t i = 0; i < prompt->size; i++)
		grid_add_character(&text, prompt->text[i]);
	kmeta_buffer_add(&text, "", 1);
	if (!text.failed)
		prompt->enter(b, text.at);
	kmeta_buffer_release(&text);
}

static void press_in_prompt(struct browser *b, int key)
{
	struct prompt *prompt = &b->prompt;
	wchar_t *at = prompt->text + prompt->cursor;
	const size_t behind = prompt->size - prompt->cursor;

	switch (key) {
	case '\n':
		enter_prompt(b);
		break;
	case PRESS_ESCAPE:
	case CONTROL('c'):
		prompt->active = false;
		b->message[0] = '\0';
		break;
	case PRESS_BACKSPACE:
		prompt->active = prompt->size > 0;
		if (!prompt->cursor)
			break;
		wmemmove(at - 1, at, behind);
		prompt->cursor--;
		prompt->size--;
		break;
	case PRESS_DELETE:
		if (!behind)
			break;
		wmemmove(at, at + 1, behind - 1);
		prompt->size--;
		break;
	case CONTROL('u'):
		prompt->size = prompt->cursor = 0;
		break;
	case PRESS_LEFT:
		prompt->cursor -= prompt->cursor > 0;
		break;
	case PRESS_RIGHT:
		prompt->cursor += behind > 0;
		break;
	case PRESS_HOME:
	case CONTROL('a'):
		prompt->cursor = 0;
		break;
	case PRESS_END:
	case CONTROL('e'):
		prompt->cursor = prompt->size;
		break;
	default:
		if (key < ' ' || key >= PRESS_UP || prompt->size + 1 >= TEXT_LIMIT)
			break;
		wmemmove(at + 1, at, behind);
		*at = (wchar_t)key;
		prompt->cursor++;
		prompt->size++;
	}
}

/* ---- keys ---- */

static browser_action *find_action(struct bindings bindings, int key)
{
	for (size_t i = 0; i < bindings.count; i++)
		if (bindings.at[i].key == key)
			return bindings.at[i].act;
	return NULL;
}

static browser_action *action_of(const struct browser *b, int key)
{
	const struct view *view = browser_view(b);
	browser_action *action = NULL;

	if (b->focus == FOCUS_LOG)
		action = find_action(log_bindings, key);
	else if (b->focus == FOCUS_VIEW && view)
		action = find_action(view->bindings, key);
	if (!action)
		action = find_action(browser_bindings, key);
	/* What only the log can do it does from wherever the focus is. */
	return action ? action : find_action(log_bindings, key);
}

static bool take_count(struct browser *b, int key)
{
	if (key < '0' || key > '9' || (key == '0' && b->count < 0))
		return false;
	b->count = (b->count < 0 ? 0 : b->count) * 10 + key - '0';
	if (b->count > INT32_MAX)
		b->count = INT32_MAX;
	return true;
}

void browser_press(struct browser *b, int key)
{
	browser_action *action;

	if (key == PRESS_RESIZE)
		return;
	b->key = key;
	if (b->prompt.active) {
		press_in_prompt(b, key);
		return;
	}
	b->message[0] = '\0';
	if (b->letter) {
		action = b->letter;
		b->letter = NULL;
		action(b);
		return;
	}
	if (take_count(b, key))
		return;
	action = action_of(b, key);
	if (action) {
		action(b);
	} else {
		char name[16];

		browser_say(b, "%s does nothing here: ? lists the keys",
		            press_name(key, name, sizeof(name)));
	}
	b->count = -1;
}

/* ---- drawing ---- */

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

/* Of a long path the end tells more. */
static void put_address(struct kmeta_buffer *out, const char *address, size_t room)
{
	const size_t size = strlen(address);
	const char *at = address;

	if (size > room) {
		at += size - room;
		while ((*at & 0xc0) == 0x80)
			at++;
	}
	kmeta_buffer_format(out, " %s%s", at > address ? "…" : "", at);
}

static void draw_status(struct browser *b, struct area area)
{
	struct kmeta_buffer text = { 0 };
	int64_t done, total;

	rows_extent(b->rows, b->log.cursor, &done, &total);
	put_address(&text, b->address, (size_t)area.width / 3);
	if (b->log.there && b->log.offset >= 0)
		kmeta_buffer_format(&text, "  offset %lld", (long long)b->log.offset);
	if (b->log.there && b->log.timestamp >= 0) {
		kmeta_buffer_format(&text, "  ");
		kmeta_print_time(&text, b->log.timestamp, b->common.flags);
	}
	if (b->log.there && total)
		kmeta_buffer_format(&text, "  %d%%", (int)((double)done * 100 / (double)total));
	if (b->last_mark >= 0)
		kmeta_buffer_format(&text, "  mark %c", 'a' + b->last_mark);
	if (b->following)
		kmeta_buffer_format(&text, "  following");
	if (b->filter_text)
		kmeta_buffer_format(&text, "  & %s", b->filter_text);
	put_job(&text, index_job(b->index));
	put_job(&text, &b->filter_job);
	put_job(&text, &b->task.job);
	if (job_is_running(&b->task.job))
		kmeta_buffer_format(&text, " (^C stops)");
	grid_put(&b->grid, area, 0, 0, (struct kmeta_bytes){ (const uint8_t *)text.at, text.size },
	         0);
	grid_mark_row(&b->grid, area, 0, STYLE_REVERSE);
	kmeta_buffer_release(&text);
}

static void draw_prompt(struct browser *b, struct area area)
{
	const struct prompt *prompt = &b->prompt;
	struct kmeta_buffer text = { 0 };
	int column;

	kmeta_buffer_format(&text, "%s%c", prompt->title, prompt->lead);
	column = (int)text.size;
	for (size_t i = 0; i < prompt->size; i++) {
		grid_add_character(&text, prompt->text[i]);
		if (i < prompt->cursor)
			column += wcwidth(prompt->text[i]) == 2 ? 2 : 1;
	}
	/* What does not fit goes out on the left. */
	grid_put(&b->grid, area, 0, column >= area.width ? column - area.width + 1 : 0,
	         (struct kmeta_bytes){ (const uint8_t *)text.at, text.size }, 0);
	b->grid.cursor_y = area.y;
	b->grid.cursor_x = column < area.width ? column : area.width - 1;
	kmeta_buffer_release(&text);
}

static void draw_last_line(struct browser *b, struct area area)
{
	static const char log_hint[] =
		"? help  Enter record  s state  d diff  t statistics  / search  & filter  q quit";
	const struct view *view = browser_view(b);

	if (b->prompt.active)
		draw_prompt(b, area);
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

/* ---- beginning and end ---- */

enum kmeta_status browser_open(struct browser *b, struct kmeta_finding *why)
{
	struct rows_options options = { .fold = true, .flags = b->common.flags };
	enum kmeta_status status = kmeta_pages_open(&b->pages, b->address, why);
	const char *path;

	b->wake[0] = b->wake[1] = -1;
	if (status != KMETA_OK)
		return status;
	b->last_mark = -1;
	b->count = -1;
	b->state.wanted = b->state.shown = -1;
	/* A copy of standard input is what is left of it to be read. */
	path = strcmp(b->address, "-") != 0 ? b->address : kmeta_pages_file(b->pages, 0).path;
	b->index = index_new(path, b->common.dialect);
	if (b->index)
		b->rows = rows_new(b->pages, b->index);
	if (!b->rows || pipe2(b->wake, O_CLOEXEC | O_NONBLOCK) < 0) {
		*why = (struct kmeta_finding){ .code = KMETA_OUT_OF_MEMORY,
			                       .position = -1,
			                       .offset = -1,
			                       .message = "out of memory" };
		return KMETA_FAILED;
	}
	rows_set(b->rows, &options);
	if (!index_start(b->index, b->pages, b->wake[1]))
		browser_complain(b, "the log cannot be indexed: no thread could be had");
	return KMETA_OK;
}

void browser_go(struct browser *b, struct kmeta_point point)
{
	switch (point.kind) {
	case KMETA_POINT_START:
	case KMETA_POINT_END:
		log_move(b, TO_START, 1);
		break;
	case KMETA_POINT_OFFSET:
		log_go_offset(b, point.value);
		break;
	case KMETA_POINT_TIME:
		job_wait(index_job(b->index), -1);
		log_go_time(b, point.value);
		break;
	}
}

void browser_close(struct browser *b)
{
	browser_stop(b);
	filter_release(b);
	pattern_free(b->search.pattern);
	rows_free(b->rows);
	index_free(b->index);
	kmeta_pages_close(b->pages);
	record_release(b);
	state_release(b);
	diff_release(b);
	statistics_release(b);
	outline_release(&b->help);
	grid_release(&b->grid);
	for (int i = 0; i < 2; i++)
		if (b->wake[i] >= 0)
			close(b->wake[i]);
}
