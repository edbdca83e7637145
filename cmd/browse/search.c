/* SPDX-License-Identifier: Apache-2.0 */
/* search.c: from one line to the next in which a regular expression is found. */
#include <time.h>

#include "browser.h"

/* ---- the log: as long as it takes ---- */

struct seeker {
	struct browser *b;
	struct job *job;
	struct rows *rows;
	struct pattern *pattern;
	struct kmeta_buffer text;
	int64_t from; /* bytes in front of the cursor */
};

static bool matches(struct seeker *s, const struct line *line)
{
	size_t start, end;

	s->text.size = 0;
	rows_text(s->rows, line, false, &s->text);
	return pattern_find(s->pattern,
	                    (struct kmeta_bytes){ (const uint8_t *)s->text.at, s->text.size }, 0,
	                    &start, &end);
}

static enum found next(struct seeker *s, struct kmeta_place place, bool back, struct line *line)
{
	const struct timespec nap = { .tv_nsec = 5000000 };
	enum found found;

	/* Where a filter has not looked yet it will in a moment. */
	while ((found = back ? rows_previous(s->rows, place, line)
	                     : rows_next(s->rows, place, line)) == ROW_UNKNOWN &&
	       !job_should_stop(s->job))
		nanosleep(&nap, NULL);
	return found;
}

static void show_progress(struct seeker *s, struct kmeta_place place)
{
	int64_t done, total;

	rows_extent(s->rows, place, &done, &total);
	done = s->b->search.going_back ? s->from - done : done - s->from;
	job_progress(s->job, done < 0 ? done + total : done, total);
}

/* Goes on over the end, up to where it began. */
static bool seek(struct seeker *s)
{
	struct search *search = &s->b->search;
	const bool back = search->going_back;
	const struct kmeta_place start = s->b->log.cursor;
	struct kmeta_place place = start;
	struct line line;

	for (int64_t i = 0; !job_should_stop(s->job); i++) {
		enum found found = next(s, place, back, &line);

		if (found == ROW_NONE && !search->wrapped) {
			search->wrapped = true;
			found = back ? rows_last(s->rows, &line) : rows_first(s->rows, &line);
		}
		if (found != ROW_FOUND)
			return false;
		place = line.place;
		if (matches(s, &line)) {
			search->found = place;
			return true;
		}
		if (search->wrapped &&
		    (back ? place_compare(place, start) <= 0 : place_compare(place, start) >= 0))
			return false;
		if (i % 1024 == 0)
			show_progress(s, place);
	}
	return false;
}

static void work(struct job *job, void *context)
{
	struct browser *b = context;
	char why[64];
	struct seeker s = { .b = b, .job = job, .rows = rows_new(b->task.pages, b->index) };
	const struct rows_options options = rows_options(b->rows);
	int64_t total;

	s.pattern = pattern_new(pattern_text(b->search.pattern), why, sizeof(why));
	b->search.wrapped = b->search.was_found = false;
	if (s.rows && s.pattern) {
		rows_set(s.rows, &options);
		rows_extent(s.rows, b->log.cursor, &s.from, &total);
		b->search.was_found = seek(&s);
	}
	rows_free(s.rows);
	pattern_free(s.pattern);
	kmeta_buffer_release(&s.text);
}

static void say_found(struct browser *b, bool found, bool wrapped)
{
	if (!found)
		browser_complain(b, "not found: %s", pattern_text(b->search.pattern));
	else if (wrapped)
		browser_say(b, "found again from the other end");
}

static void done(struct browser *b)
{
	if (b->search.was_found)
		log_go(b, b->search.found);
	say_found(b, b->search.was_found, b->search.wrapped);
}

/* ---- whatever has the focus ---- */

static void search(struct browser *b, bool backwards)
{
	const struct view *view = browser_view(b);

	if (!b->search.pattern) {
		browser_say(b, "nothing was searched for yet: / asks what");
		return;
	}
	b->search.going_back = backwards != b->search.backwards;
	if (b->focus != FOCUS_LOG && view)
		say_found(b, browser_search(b, b->search.going_back), false);
	else
		browser_begin(b, "searching", work, done);
}

void search_next(struct browser *b)
{
	search(b, false);
}

void search_previous(struct browser *b)
{
	search(b, true);
}

static void begin(struct browser *b, const char *text, bool backwards)
{
	char why[128];
	struct pattern *pattern;

	/* As elsewhere, nothing typed means what was searched for before. */
	if (!*text && b->search.pattern) {
		b->search.backwards = backwards;
		search(b, false);
		return;
	}
	pattern = pattern_new(text, why, sizeof(why));
	if (!pattern) {
		browser_complain(b, "%s: %s", text, why);
		return;
	}
	browser_stop(b);
	pattern_free(b->search.pattern);
	b->search.pattern = pattern;
	b->search.backwards = backwards;
	search(b, false);
}

static void enter_forwards(struct browser *b, const char *text)
{
	begin(b, text, false);
}

static void enter_backwards(struct browser *b, const char *text)
{
	begin(b, text, true);
}

void search_ask(struct browser *b)
{
	browser_ask(b, '/', "", enter_forwards);
}

void search_ask_backwards(struct browser *b)
{
	browser_ask(b, '?', "backwards ", enter_backwards);
}
