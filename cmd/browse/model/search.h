/* SPDX-License-Identifier: Apache-2.0 */
/* search.h: finds the next line of the log that a regular expression matches. */
#ifndef BROWSE_MODEL_SEARCH_H
#define BROWSE_MODEL_SEARCH_H

#include <kmeta.h>

#include "../term/pattern.h"

struct model;

struct search {
	struct pattern *pattern; /* NULL: none */
	bool backwards;          /* as it was typed */
	struct kmeta_place found;
	bool was_found, wrapped;
	bool going_back; /* the search that runs */
};

/* Takes another pattern. False: it is wrong, and a message says why. */
bool search_set(struct model *m, const char *text);

/* Searches the log from the cursor, over its end, and puts the cursor on what it finds. */
void search_log(struct model *m);

/* Says how a search ended. */
void search_say(struct model *m, bool found, bool wrapped);

#endif
