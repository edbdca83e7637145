/* SPDX-License-Identifier: Apache-2.0 */
/* filter.c: shows only the records that meet conditions, which are kmeta-dump's options. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../common.h"
#include "model.h"

/* ---- which pages have something: found out ahead of the screen ---- */

static bool match_page(struct model *m, size_t number)
{
	struct kmeta_stretch page;

	if (!kmeta_timeline_stretch(m->index->timeline, number, &page))
		return false;
	if (index_match(m->index, number) == MATCH_UNKNOWN)
		index_set_match(m->index, number, rows_match_page(m->filter.rows, &page));
	return true;
}

/*
 * Filters from the cursor's page to the end, waiting for the index there, then from the cursor back
 * to the start.
 */
static void filter_work(struct job *job, void *context)
{
	const struct timespec nap = { .tv_nsec = 2000000 };
	struct model *m = context;
	const size_t from = m->filter.from;
	size_t number = from, before = from;

	while (!job_should_stop(job)) {
		if (match_page(m, number)) {
			number++;
		} else if (before > 0) {
			match_page(m, --before);
		} else if (!atomic_load(&m->index->job.finished)) {
			nanosleep(&nap, NULL);
		} else if (number >= kmeta_timeline_count(m->index->timeline)) {
			break;
		}
		job_progress(job, (int64_t)(number - before),
		             (int64_t)kmeta_timeline_count(m->index->timeline));
	}
}

void filter_start(struct model *m)
{
	struct rows_options options = rows_options(m->rows);
	struct kmeta_stretch page;

	if (!m->filter.terms || job_is_running(&m->filter.job))
		return;
	m->filter.rows = rows_new(m->pages, m->index);
	if (!m->filter.rows) {
		model_complain(m, "out of memory");
		return;
	}
	rows_set(m->filter.rows, &options);
	if (!kmeta_timeline_find_place(m->index->timeline, m->cursor.place.file,
	                               m->cursor.place.position, &m->filter.from, &page))
		m->filter.from = 0;
	job_start(&m->filter.job, "filtering", filter_work, m, m->wake[1]);
}

void filter_stop(struct model *m)
{
	job_stop(&m->filter.job);
	rows_free(m->filter.rows);
	m->filter.rows = NULL;
}

bool filter_tick(struct model *m)
{
	size_t last = kmeta_timeline_count(m->index->timeline);
	struct kmeta_stretch page;
	bool running = job_is_running(&m->filter.job);

	if (!m->filter.terms)
		return false;
	if (running && job_wait(&m->filter.job, m->is_interactive ? 0 : -1)) {
		filter_stop(m);
		running = false;
	}
	/* The log may have grown since the job was done: filter the new records too. */
	if (!running && last && kmeta_timeline_stretch(m->index->timeline, last - 1, &page) &&
	    index_match(m->index, last - 1) == MATCH_UNKNOWN)
		filter_start(m);
	if (!m->cursor.there)
		cursor_refresh(m);
	return running;
}

/* ---- setting it ---- */

static void filter_set(struct model *m, struct kmeta_filter *filter, const char *text)
{
	struct rows_options options = rows_options(m->rows);

	filter_stop(m);
	options.filter = filter;
	rows_set(m->rows, &options);
	kmeta_filter_free(m->filter.terms);
	free(m->filter.text);
	m->filter.terms = filter;
	m->filter.text = text ? strdup(text) : NULL;
	index_clear_matches(m->index);
}

void filter_clear(struct model *m)
{
	if (m->rows)
		filter_set(m, NULL, NULL);
}

/* Parses the terms of a line: NAME=VALUE, or text that a line should contain. */
static bool add_terms(const struct model *m, struct kmeta_filter *filter, char *text,
                      struct kmeta_finding *why)
{
	char *rest = NULL;

	for (char *term = strtok_r(text, " ", &rest); term; term = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(term, '=');
		struct kmeta_clock clock = { 0 };
		enum kmeta_status status;

		if (value)
			*value++ = '\0';
		/* Only times refer to the end of the log. */
		if (value && !strcmp(term, "time"))
			clock = common_clock(&m->address, 1);
		if (value)
			status = kmeta_filter_add(filter, term, value, clock, why);
		else if (!strcmp(term, "control"))
			status = kmeta_filter_add(filter, term, "", clock, why);
		else
			status = kmeta_filter_add(filter, "grep", term, clock, why);
		if (status != KMETA_OK)
			return false;
	}
	return true;
}

void filter_enter(struct model *m, const char *text)
{
	struct kmeta_filter *filter;
	struct kmeta_finding why;
	char *copy;

	if (!text[strspn(text, " ")]) {
		filter_clear(m);
		model_say(m, "no filter: everything is shown");
		cursor_refresh(m);
		return;
	}
	filter = kmeta_filter_new();
	copy = strdup(text);
	if (!filter || !copy) {
		model_complain(m, "out of memory");
		kmeta_filter_free(filter);
	} else if (!add_terms(m, filter, copy, &why)) {
		model_complain(m, "%s", why.message);
		kmeta_filter_free(filter);
	} else {
		filter_set(m, filter, text);
		filter_start(m);
		cursor_refresh(m);
	}
	free(copy);
}
