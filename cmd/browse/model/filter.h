/* SPDX-License-Identifier: Apache-2.0 */
/* filter.h: shows only the records that meet conditions, which are kmeta-dump's options. */
#ifndef BROWSE_MODEL_FILTER_H
#define BROWSE_MODEL_FILTER_H

#include "rows.h"

struct model;

/* A job filters the log ahead of the screen, with rows of its own. */
struct filter {
	struct kmeta_filter *terms; /* NULL: everything is shown */
	char *text;                 /* as the user typed it */
	struct job job;
	struct rows *rows; /* the job's own */
	size_t from;       /* the stretch at which the job begins */
};

/*
 * Sets the terms of the filter. An empty text removes the filter. A search has the filter as well:
 * stop it first.
 */
void filter_enter(struct model *m, const char *text);
void filter_clear(struct model *m);

/* Begins the job if there is a filter and the job does not run. */
void filter_start(struct model *m);

/* Ends the job. What it found stays known. */
void filter_stop(struct model *m);

/* Takes in the results of the job. True: something changed. */
bool filter_tick(struct model *m);

#endif
