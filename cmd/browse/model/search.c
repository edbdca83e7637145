/* SPDX-License-Identifier: Apache-2.0 */
/* search.c: finds the next line of the log that a regular expression matches. */
#include <time.h>

#include "model.h"

/* ---- the job: as long as it takes ---- */

struct seeker {
	struct search *search;
	struct job *job;
	struct index *index;
	struct kmeta_buffer text;
	int64_t from; /* bytes before the start */
	enum { SEEK_ON, SEEK_FROM_END } step;
	struct kmeta_place place;
};

static bool seek_matches(struct seeker *s, const struct line *line)
{
	size_t start, end;

	s->text.size = 0;
	rows_text(s->search->rows, line, false, &s->text);
	return pattern_find(s->search->wanted, kmeta_buffer_bytes(&s->text), 0, &start, &end);
}

static enum found seek_step(struct seeker *s, struct line *line)
{
	struct rows *rows = s->search->rows;
	const bool back = s->search->going_back;

	if (s->step == SEEK_FROM_END)
		return back ? rows_last(rows, line) : rows_first(rows, line);
	return back ? rows_previous(rows, s->place, line) : rows_next(rows, s->place, line);
}

static void seek_progress(struct seeker *s)
{
	int64_t done, total;

	rows_extent(s->search->rows, s->place, &done, &total);
	done = s->search->going_back ? s->from - done : done - s->from;
	job_progress(s->job, done < 0 ? done + total : done, total);
}

/*
 * Returns the next line. Names of topics, and what a filter shows, are known where the index and the
 * filter have come: wait for them.
 */
static enum found seek_line(struct seeker *s, struct line *line)
{
	const struct timespec nap = { .tv_nsec = 5000000 };

	for (;;) {
		const bool coming = index_is_coming(s->index);
		const enum found found = seek_step(s, line);

		if (found == ROW_NONE || (found == ROW_FOUND && (line->certain || !coming)) ||
		    job_should_stop(s->job))
			return found;
		seek_progress(s);
		nanosleep(&nap, NULL);
	}
}

static bool is_back_at_start(const struct search *search, struct kmeta_place place)
{
	const int order = place_compare(place, search->start);

	return search->wrapped && (search->going_back ? order <= 0 : order >= 0);
}

/* Continues at the other end of the log, up to the place where it began. */
static bool seek(struct seeker *s)
{
	struct search *search = s->search;
	struct line line;

	for (int64_t i = 0; !job_should_stop(s->job); i++) {
		enum found found = seek_line(s, &line);

		if (found == ROW_NONE && !search->wrapped) {
			search->wrapped = true;
			s->step = SEEK_FROM_END;
			found = seek_line(s, &line);
			s->step = SEEK_ON;
		}
		if (found != ROW_FOUND || job_should_stop(s->job))
			return false;
		s->place = line.place;
		if (seek_matches(s, &line)) {
			search->found = line.place;
			return true;
		}
		if (is_back_at_start(search, line.place))
			return false;
		if (i % 1024 == 0)
			seek_progress(s);
	}
	return false;
}

static void search_work(struct job *job, void *context)
{
	struct model *m = context;
	struct seeker s = {
		.search = &m->search, .job = job, .index = m->index, .place = m->search.start
	};
	int64_t total;

	rows_extent(m->search.rows, m->search.start, &s.from, &total);
	m->search.was_found = seek(&s);
	kmeta_buffer_release(&s.text);
}

/* ---- beginning and end ---- */

static void search_release(struct search *search)
{
	rows_free(search->rows);
	kmeta_pages_close(search->pages);
	pattern_free(search->wanted);
	search->rows = NULL;
	search->pages = NULL;
	search->wanted = NULL;
}

static bool search_prepare(struct model *m)
{
	const struct rows_options options = rows_options(m->rows);
	struct search *search = &m->search;
	char why[64];

	search->start = m->cursor.place;
	search->was_found = search->wrapped = false;
	search->pages = kmeta_pages_copy(m->pages);
	search->rows = search->pages ? rows_new(search->pages, m->index) : NULL;
	search->wanted = pattern_new(pattern_text(search->pattern), why, sizeof(why));
	if (!search->rows || !search->wanted)
		return false;
	rows_set(search->rows, &options);
	return true;
}

static void search_finish(struct model *m)
{
	search_release(&m->search);
	if (m->search.was_found)
		cursor_go(m, m->search.found);
	search_say(m, m->search.was_found, m->search.wrapped);
}

void search_log(struct model *m, bool back)
{
	search_stop(m);
	m->search.going_back = back;
	if (!search_prepare(m) ||
	    !job_start(&m->search.job, "searching", search_work, m, m->wake[1])) {
		search_release(&m->search);
		model_complain(m, "no memory for searching");
		return;
	}
	if (job_wait(&m->search.job, m->is_interactive ? JOB_AT_ONCE : -1))
		search_finish(m);
}

bool search_stop(struct model *m)
{
	if (!job_is_running(&m->search.job))
		return false;
	job_stop(&m->search.job);
	search_release(&m->search);
	return true;
}

void search_tick(struct model *m, bool wait)
{
	if (job_is_running(&m->search.job) && job_wait(&m->search.job, wait ? -1 : 0))
		search_finish(m);
}

void search_say(struct model *m, bool found, bool wrapped)
{
	if (!found)
		model_complain(m, "not found: %s", pattern_text(m->search.pattern));
	else if (wrapped)
		model_say(m, "found again from the other end");
}

bool search_set(struct model *m, const char *text)
{
	char why[128];
	struct pattern *pattern = pattern_new(text, why, sizeof(why));

	if (!pattern) {
		model_complain(m, "%s: %s", text, why);
		return false;
	}
	/* Whatever is searched for from now on, it is not what was. */
	search_stop(m);
	pattern_free(m->search.pattern);
	m->search.pattern = pattern;
	return true;
}
