/* SPDX-License-Identifier: Apache-2.0 */
/* filter.h: shows only the records that meet terms as kmeta-dump's options. */
#ifndef BROWSE_MODEL_FILTER_H
#define BROWSE_MODEL_FILTER_H

#include "rows.h"

struct model;

/* A job looks through the log ahead of the screen, with rows of its own. */
struct filter {
	struct kmeta_filter *terms; /* NULL: everything is shown */
	char *text;                 /* as it was typed */
	struct job job;
	struct rows *rows; /* of the job */
	size_t from;       /* the stretch that the job begins with */
};

/* Takes the terms that were typed; none end the filter. */
void filter_enter(struct model *m, const char *text);
void filter_clear(struct model *m);

/* Begins the job, if there is a filter and none runs. */
void filter_start(struct model *m);

/* Looks after the job. True: something changed. */
bool filter_tick(struct model *m);

#endif
