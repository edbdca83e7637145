/* SPDX-License-Identifier: Apache-2.0 */
/* search.h: finds the next line of the log that a regular expression matches. */
#ifndef BROWSE_MODEL_SEARCH_H
#define BROWSE_MODEL_SEARCH_H

#include <kmeta.h>

#include "../term/pattern.h"

struct model;

struct search {
	struct pattern *pattern; /* NULL: none */
	bool backwards;          /* as the user typed it */
	struct kmeta_place found;
	bool was_found, wrapped;
	bool going_back; /* of the search that runs */
};

/* Sets another pattern. False: the pattern is wrong, and a message says why. */
bool search_set(struct model *m, const char *text);

/* Searches from the cursor on and then from the other end, and puts the cursor on the match. */
void search_log(struct model *m);

/* Says how a search ended. */
void search_say(struct model *m, bool found, bool wrapped);

#endif
