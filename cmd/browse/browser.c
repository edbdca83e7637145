/* SPDX-License-Identifier: Apache-2.0 */
/* browser.c: the log that is open, long work on it, and the view that is shown. */
#include "browser.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	AT_ONCE = 40, /* milliseconds for which work is waited for before the screen is drawn */
	REFRESH_EVERY = 500 /* and between two looks at the files */
};

static const struct view *const views[VIEWS] = {
	[VIEW_RECORD] = &record_view,         [VIEW_STATE] = &state_view, [VIEW_DIFF] = &diff_view,
	[VIEW_STATISTICS] = &statistics_view, [VIEW_HELP] = &help_view,
};

const struct view *view_of(enum view_kind kind)
{
	return views[kind];
}

const struct view *browser_view(const struct browser *b)
{
	return view_of(b->kind);
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

bool browser_go_on(void *context, int64_t done, int64_t total)
{
	struct browser *b = context;

	job_progress(&b->task.job, done, total);
	return !job_should_stop(&b->task.job);
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

/* By its first record, whatever it is called. */
static bool tell_checkpoint(struct browser *b)
{
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;
	struct line line;
	bool found = rows_first(b->rows, &line) == ROW_FOUND && !line.damage &&
	             line.row->record.control && rows_decode(&line, &fields, &why) &&
	             kmeta_fields_find(&fields, "lastContainedLogTimestamp");

	kmeta_fields_release(&fields);
	return found;
}

/* The end of a path is what tells files from each other. */
static const char *name_of(const struct browser *b, const struct kmeta_finding *why)
{
	const char *path = why->file ? why->file : b->address;
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void start_over(struct browser *b, const struct kmeta_finding *why)
{
	struct kmeta_pages *pages;
	struct kmeta_finding now;

	/* The name in the finding goes with the files. */
	if (kmeta_pages_open(&pages, b->address, &now) != KMETA_OK) {
		browser_complain(b, "%s: %s; what was read of it is still shown", name_of(b, why),
		                 why->message);
		return;
	}
	browser_complain(b, "%s: %s; read again", name_of(b, why), why->message);
	browser_stop(b);
	filter_release(b);
	kmeta_pages_close(b->pages);
	b->pages = pages;
	state_forget(b);
	history_forget(b);
	if (!rows_reload(b->rows, pages) || !index_renew(b->index, pages, true, b->wake[1]))
		b->quit = true;
	b->is_checkpoint = tell_checkpoint(b);
	filter_start(b);
	if (b->following)
		log_move(b, TO_END, 1);
	else if (!log_refresh(b))
		browser_moved(b);
}

static void take_more(struct browser *b)
{
	history_forget(b);
	if (!rows_reload(b->rows, b->pages) ||
	    !index_renew(b->index, b->pages, false, b->wake[1])) {
		browser_complain(b, "out of memory");
		return;
	}
	if (b->following)
		log_move(b, TO_END, 1);
	else
		log_refresh(b);
}

static bool look_at_files(struct browser *b)
{
	const int64_t now = common_steady();
	struct kmeta_finding why;

	/* Long work is not to be begun anew with every record that comes. */
	if (now - b->refreshed < REFRESH_EVERY || job_is_running(&b->index->job) ||
	    job_is_running(&b->task.job))
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
	return job_is_running(&b->index->job) || job_is_running(&b->task.job) ||
	       job_is_running(&b->filter_job);
}

bool browser_tick(struct browser *b, bool wait)
{
	const int milliseconds = wait ? -1 : 0;
	bool news = job_is_running(&b->index->job) || job_is_running(&b->task.job);

	if (b->terminal)
		news |= look_at_files(b);
	if (job_wait(&b->index->job, milliseconds) && !b->log.there)
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
	if (kind != VIEW_NONE)
		views[kind]->open(b);
}

void browser_moved(struct browser *b)
{
	const struct view *view = browser_view(b);

	if (view && view->follow)
		view->follow(b);
}

struct outline *browser_outline(struct browser *b)
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

void browser_move(struct browser *b, enum motion motion, int64_t count)
{
	const struct view *view = browser_view(b);

	if (view->move)
		view->move(b, motion, count);
	else
		outline_move(browser_outline(b), motion, count);
}

bool browser_search(struct browser *b, bool backwards)
{
	const struct view *view = browser_view(b);

	return view->search ? view->search(b, backwards)
	                    : outline_search(browser_outline(b), b->search.pattern, backwards);
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
	b->index = index_new(b->pages, path, b->common.dialect, why);
	if (!b->index)
		return KMETA_FAILED;
	b->rows = rows_new(b->pages, b->index);
	if (!b->rows || pipe2(b->wake, O_CLOEXEC | O_NONBLOCK) < 0) {
		*why = (struct kmeta_finding){ .code = KMETA_OUT_OF_MEMORY,
			                       .position = -1,
			                       .offset = -1,
			                       .message = "out of memory" };
		return KMETA_FAILED;
	}
	rows_set(b->rows, &options);
	b->is_checkpoint = tell_checkpoint(b);
	if (!index_start(b->index, b->wake[1]))
		browser_complain(b, "the log cannot be indexed: no thread could be had");
	return KMETA_OK;
}

void browser_go(struct browser *b, struct kmeta_point point)
{
	switch (point.kind) {
	case KMETA_POINT_START:
		log_move(b, TO_START, 1);
		break;
	case KMETA_POINT_END:
		log_move(b, TO_END, 1);
		break;
	case KMETA_POINT_OFFSET:
		log_go_offset(b, point.value);
		break;
	case KMETA_POINT_TIME:
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
