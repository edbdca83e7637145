/* SPDX-License-Identifier: Apache-2.0 */
/* filter.c: the log without what does not meet the terms of kmeta-dump's options. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "browser.h"

/* ---- which pages have something: found out ahead of the screen ---- */

static bool match_page(struct browser *b, size_t number)
{
	struct kmeta_stretch page;

	if (!kmeta_timeline_stretch(b->index->timeline, number, &page))
		return false;
	if (index_match(b->index, number) == MATCH_UNKNOWN)
		index_set_match(b->index, number, rows_match_page(b->filter_rows, &page));
	return true;
}

/* From the cursor's page to the end, which may still be being indexed, then back to the start. */
static void work(struct job *job, void *context)
{
	const struct timespec nap = { .tv_nsec = 2000000 };
	struct browser *b = context;
	const size_t from = b->filter_from;
	size_t number = from, before = from;

	while (!job_should_stop(job)) {
		if (match_page(b, number)) {
			number++;
		} else if (before > 0) {
			match_page(b, --before);
		} else if (!atomic_load(&b->index->job.finished)) {
			nanosleep(&nap, NULL);
		} else if (number >= kmeta_timeline_count(b->index->timeline)) {
			break;
		}
		job_progress(job, (int64_t)(number - before),
		             (int64_t)kmeta_timeline_count(b->index->timeline));
	}
}

void filter_start(struct browser *b)
{
	struct rows_options options = rows_options(b->rows);
	struct kmeta_stretch page;

	if (!b->filter || job_is_running(&b->filter_job))
		return;
	b->filter_rows = rows_new(b->pages, b->index);
	if (!b->filter_rows) {
		browser_complain(b, "out of memory");
		return;
	}
	rows_set(b->filter_rows, &options);
	if (!kmeta_timeline_find_place(b->index->timeline, b->log.cursor.file,
	                               b->log.cursor.position, &b->filter_from, &page))
		b->filter_from = 0;
	job_start(&b->filter_job, "filtering", work, b, b->wake[1]);
}

static void stop(struct browser *b)
{
	job_stop(&b->filter_job);
	rows_free(b->filter_rows);
	b->filter_rows = NULL;
}

bool filter_tick(struct browser *b)
{
	size_t last = kmeta_timeline_count(b->index->timeline);
	struct kmeta_stretch page;
	bool running = job_is_running(&b->filter_job);

	if (!b->filter)
		return false;
	if (running && job_wait(&b->filter_job, b->terminal ? 0 : -1)) {
		stop(b);
		running = false;
	}
	/* What came since it was finished, by following, is looked at as well. */
	if (!running && last && kmeta_timeline_stretch(b->index->timeline, last - 1, &page) &&
	    index_match(b->index, last - 1) == MATCH_UNKNOWN)
		filter_start(b);
	if (!b->log.there)
		log_refresh(b);
	return running;
}

/* ---- setting it ---- */

static void set(struct browser *b, struct kmeta_filter *filter, const char *text)
{
	struct rows_options options = rows_options(b->rows);

	browser_stop(b);
	stop(b);
	options.filter = filter;
	rows_set(b->rows, &options);
	kmeta_filter_free(b->filter);
	free(b->filter_text);
	b->filter = filter;
	b->filter_text = text ? strdup(text) : NULL;
	index_clear_matches(b->index);
}

void filter_release(struct browser *b)
{
	if (b->rows)
		set(b, NULL, NULL);
}

/* The terms of a line: NAME=VALUE, or what a line should contain. */
static bool add_terms(struct kmeta_filter *filter, char *text, struct kmeta_finding *why)
{
	char *rest = NULL;

	for (char *term = strtok_r(text, " ", &rest); term; term = strtok_r(NULL, " ", &rest)) {
		char *value = strchr(term, '=');
		enum kmeta_status status;

		if (value)
			*value++ = '\0';
		if (value)
			status = kmeta_filter_add(filter, term, value, common_now(), why);
		else if (!strcmp(term, "control"))
			status = kmeta_filter_add(filter, term, "", common_now(), why);
		else
			status = kmeta_filter_add(filter, "grep", term, common_now(), why);
		if (status != KMETA_OK)
			return false;
	}
	return true;
}

static void enter(struct browser *b, const char *text)
{
	struct kmeta_filter *filter;
	struct kmeta_finding why;
	char *copy;

	if (!text[strspn(text, " ")]) {
		filter_release(b);
		browser_say(b, "no filter: everything is shown");
		log_refresh(b);
		return;
	}
	filter = kmeta_filter_new();
	copy = strdup(text);
	if (!filter || !copy) {
		browser_complain(b, "out of memory");
		kmeta_filter_free(filter);
	} else if (!add_terms(filter, copy, &why)) {
		browser_complain(b, "%s", why.message);
		kmeta_filter_free(filter);
	} else {
		set(b, filter, text);
		filter_start(b);
		log_refresh(b);
	}
	free(copy);
}

void filter_ask(struct browser *b)
{
	browser_ask(b, '&', "", enter);
	if (!b->filter_text)
		browser_say(b, "terms as kmeta-dump's options: type= topic= partition= broker= "
		               "offset=A..B time= epoch= or words");
}
