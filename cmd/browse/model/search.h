/* SPDX-License-Identifier: Apache-2.0 */
/* search.h: finds the next line of the log that a regular expression matches. */
#ifndef BROWSE_MODEL_SEARCH_H
#define BROWSE_MODEL_SEARCH_H

#include <kmeta.h>

#include "../term/pattern.h"
#include "job.h"

struct model;
struct rows;

struct search {
	struct pattern *pattern; /* NULL: none */
	bool backwards;          /* as the user typed it */

	/* A job looks through the log, with pages, rows and a pattern of its own. */
	struct job job;
	struct kmeta_pages *pages;
	struct rows *rows;
	struct pattern *wanted;
	bool going_back;
	struct kmeta_place start, found;
	bool was_found, wrapped;
};

/* Sets another pattern. False: the pattern is wrong, and a message says why. */
bool search_set(struct model *m, const char *text);

/*
 * Searches from the cursor on, or back, and then from the other end, and puts the cursor on the match. Waits
 * for the index and the filter where these have not come yet.
 */
void search_log(struct model *m, bool back);

/* Stops the search. True: one was running. */
bool search_stop(struct model *m);

/* Takes over the result if the search has ended. "wait": waits for its end. */
void search_tick(struct model *m, bool wait);

/* Says how a search ended. */
void search_say(struct model *m, bool found, bool wrapped);

#endif
