/* SPDX-License-Identifier: Apache-2.0 */
/* search.c: finds the next line of the log that a regular expression matches. */
#include <time.h>

#include "model.h"

/* ---- the log: as long as it takes ---- */

struct seeker {
	struct model *m;
	struct job *job;
	struct rows *rows;
	struct pattern *pattern;
	struct kmeta_buffer text;
	int64_t from; /* bytes before the cursor */
};

static bool seek_matches(struct seeker *s, const struct line *line)
{
	size_t start, end;

	s->text.size = 0;
	rows_text(s->rows, line, false, &s->text);
	return pattern_find(s->pattern, kmeta_buffer_bytes(&s->text), 0, &start, &end);
}

static enum found seek_next(struct seeker *s, struct kmeta_place place, bool back,
                            struct line *line)
{
	const struct timespec nap = { .tv_nsec = 5000000 };
	enum found found;

	/* The filter will come here in a moment: wait for it. */
	while ((found = back ? rows_previous(s->rows, place, line)
	                     : rows_next(s->rows, place, line)) == ROW_UNKNOWN &&
	       !job_should_stop(s->job))
		nanosleep(&nap, NULL);
	return found;
}

static void seek_progress(struct seeker *s, struct kmeta_place place)
{
	int64_t done, total;

	rows_extent(s->rows, place, &done, &total);
	done = s->m->search.going_back ? s->from - done : done - s->from;
	job_progress(s->job, done < 0 ? done + total : done, total);
}

/* Continues at the other end of the log, up to the place where it began. */
static bool seek(struct seeker *s)
{
	struct search *search = &s->m->search;
	const bool back = search->going_back;
	const struct kmeta_place start = s->m->cursor.place;
	struct kmeta_place place = start;
	struct line line;

	for (int64_t i = 0; !job_should_stop(s->job); i++) {
		enum found found = seek_next(s, place, back, &line);

		if (found == ROW_NONE && !search->wrapped) {
			search->wrapped = true;
			found = back ? rows_last(s->rows, &line) : rows_first(s->rows, &line);
		}
		if (found != ROW_FOUND)
			return false;
		place = line.place;
		if (seek_matches(s, &line)) {
			search->found = place;
			return true;
		}
		if (search->wrapped &&
		    (back ? place_compare(place, start) <= 0 : place_compare(place, start) >= 0))
			return false;
		if (i % 1024 == 0)
			seek_progress(s, place);
	}
	return false;
}

static void search_work(struct job *job, void *context)
{
	struct model *m = context;
	char why[64];
	struct seeker s = { .m = m, .job = job, .rows = rows_new(m->task.pages, m->index) };
	const struct rows_options options = rows_options(m->rows);
	int64_t total;

	s.pattern = pattern_new(pattern_text(m->search.pattern), why, sizeof(why));
	m->search.wrapped = m->search.was_found = false;
	if (s.rows && s.pattern) {
		rows_set(s.rows, &options);
		rows_extent(s.rows, m->cursor.place, &s.from, &total);
		m->search.was_found = seek(&s);
	}
	rows_free(s.rows);
	pattern_free(s.pattern);
	kmeta_buffer_release(&s.text);
}

void search_say(struct model *m, bool found, bool wrapped)
{
	if (!found)
		model_complain(m, "not found: %s", pattern_text(m->search.pattern));
	else if (wrapped)
		model_say(m, "found again from the other end");
}

static void search_done(void *context)
{
	struct model *m = context;

	if (m->search.was_found)
		cursor_go(m, m->search.found);
	search_say(m, m->search.was_found, m->search.wrapped);
}

void search_log(struct model *m)
{
	task_begin(m, "searching", search_work, search_done, m);
}

bool search_set(struct model *m, const char *text)
{
	char why[128];
	struct pattern *pattern = pattern_new(text, why, sizeof(why));

	if (!pattern) {
		model_complain(m, "%s: %s", text, why);
		return false;
	}
	task_stop(m);
	pattern_free(m->search.pattern);
	m->search.pattern = pattern;
	return true;
}
