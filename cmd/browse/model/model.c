/* SPDX-License-Identifier: Apache-2.0 */
/* model.c: the open log, the place of the user in it, and the work on it. */
#include "model.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../../common.h"

/* How often to check the files for changes, in milliseconds. */
enum { REFRESH_EVERY = 500 };

/* ---- files that change ---- */

/* The first record decides, not the name of the file. */
static bool tell_checkpoint(struct model *m)
{
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;
	struct line line;
	bool found = rows_first(m->rows, &line) == ROW_FOUND && !line.damage &&
	             line.row->record.control && rows_decode(&line, &fields, &why) &&
	             kmeta_fields_find(&fields, "lastContainedLogTimestamp");

	kmeta_fields_release(&fields);
	return found;
}

/* Files differ in the end of their paths: cut the beginning. */
static const char *name_of(const struct model *m, const struct kmeta_finding *why)
{
	const char *path = why->file ? why->file : m->address;
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void model_start_over(struct model *m, const struct kmeta_finding *why)
{
	struct kmeta_pages *pages;
	struct kmeta_finding now;

	/* The name in the finding is freed with the files: print it first. */
	if (kmeta_pages_open(&pages, m->address, &now) != KMETA_OK) {
		model_complain(m, "%s: %s; what was read of it is still shown", name_of(m, why),
		               why->message);
		return;
	}
	model_complain(m, "%s: %s; read again", name_of(m, why), why->message);
	task_stop(m);
	search_stop(m);
	cursor_give_up(m);
	filter_clear(m);
	kmeta_pages_close(m->pages);
	m->pages = pages;
	m->replaced = true;
	if (!rows_reload(m->rows, pages) || !index_renew(m->index, pages, true, m->wake[1]))
		m->is_lost = true;
	m->is_checkpoint = tell_checkpoint(m);
	if (m->following)
		cursor_move(m, TO_END, 1);
	else if (!cursor_refresh(m))
		m->moved = true;
}

static void take_more(struct model *m)
{
	/* The job has the log as it was. */
	filter_stop(m);
	if (!rows_reload(m->rows, m->pages) ||
	    !index_renew(m->index, m->pages, false, m->wake[1])) {
		model_complain(m, "out of memory");
		return;
	}
	filter_start(m);
	if (m->following)
		cursor_move(m, TO_END, 1);
	else
		cursor_refresh(m);
}

static bool look_at_files(struct model *m)
{
	const int64_t now = common_steady();
	struct kmeta_finding why;

	/* Do not start long work again for each record that arrives. */
	if (now - m->refreshed < REFRESH_EVERY || job_is_running(&m->index->job) ||
	    job_is_running(&m->task.job) || job_is_running(&m->search.job))
		return false;
	m->refreshed = now;
	switch (kmeta_pages_refresh(m->pages, &why)) {
	case KMETA_OK:
		take_more(m);
		return true;
	case KMETA_DAMAGED:
		model_start_over(m, &why);
		return true;
	default:
		return false;
	}
}

bool model_is_busy(struct model *m)
{
	return job_is_running(&m->index->job) || job_is_running(&m->task.job) ||
	       job_is_running(&m->filter.job) || job_is_running(&m->search.job) ||
	       m->cursor.aim.reach;
}

bool model_tick(struct model *m, bool wait)
{
	const bool indexing = job_is_running(&m->index->job);
	bool news = model_is_busy(m);

	if (m->is_interactive)
		news |= look_at_files(m);
	/* What was a line ahead of the index may be part of another now. */
	if (job_wait(&m->index->job, wait ? -1 : 0) && (indexing || !m->cursor.there))
		cursor_refresh(m);
	news |= filter_tick(m);
	search_tick(m, wait);
	task_tick(m, wait);
	cursor_tick(m);
	return news;
}

/* ---- what is shown ---- */

void model_toggle_following(struct model *m)
{
	m->following = !m->following;
	model_say(m, m->following ? "following: new records are gone to as they come"
	                          : "no longer following");
	if (m->following)
		cursor_move(m, TO_END, 1);
}

void model_toggle_secrets(struct model *m)
{
	struct rows_options options = rows_options(m->rows);

	options.flags ^= KMETA_SHOW_SECRETS;
	m->flags ^= KMETA_SHOW_SECRETS;
	rows_restyle(m->rows, options.flags);
	model_say(m,
	          options.flags & KMETA_SHOW_SECRETS ? "secrets are shown" : "secrets are hidden");
	m->moved = true;
}

void model_toggle_fold(struct model *m)
{
	struct rows_options options = rows_options(m->rows);

	options.fold = !options.fold;
	rows_set(m->rows, &options);
	model_say(m, options.fold ? "no-ops are folded" : "no-ops are shown");
	cursor_refresh(m);
}

/* ---- beginning and end ---- */

enum kmeta_status model_open(struct model *m, struct kmeta_finding *why)
{
	struct rows_options options = { .fold = true, .flags = m->flags };
	enum kmeta_status status = kmeta_pages_open(&m->pages, m->address, why);
	const char *path;

	m->wake[0] = m->wake[1] = -1;
	if (status != KMETA_OK)
		return status;
	m->marks.last = -1;
	/* Standard input cannot be read again: load states from its copy. */
	path = strcmp(m->address, "-") != 0 ? m->address : kmeta_pages_file(m->pages, 0).path;
	m->index = index_new(m->pages, path, m->dialect, why);
	if (!m->index)
		return KMETA_FAILED;
	m->rows = rows_new(m->pages, m->index);
	if (!m->rows || pipe2(m->wake, O_CLOEXEC | O_NONBLOCK) < 0) {
		*why = (struct kmeta_finding){ .code = KMETA_OUT_OF_MEMORY,
			                       .position = -1,
			                       .offset = -1,
			                       .message = "out of memory" };
		return KMETA_FAILED;
	}
	rows_set(m->rows, &options);
	m->is_checkpoint = tell_checkpoint(m);
	if (!index_start(m->index, m->wake[1]))
		model_complain(m, "the log cannot be indexed: no thread could be had");
	return KMETA_OK;
}

void model_close(struct model *m)
{
	task_stop(m);
	search_stop(m);
	filter_clear(m);
	pattern_free(m->search.pattern);
	rows_free(m->rows);
	index_free(m->index);
	kmeta_pages_close(m->pages);
	for (int i = 0; i < 2; i++)
		if (m->wake[i] >= 0)
			close(m->wake[i]);
}
