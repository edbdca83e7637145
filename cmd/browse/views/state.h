/* SPDX-License-Identifier: Apache-2.0 */
/* state.h: the view of the state: its tree, and the steps through the changes of an entity. */
#ifndef BROWSE_VIEWS_STATE_H
#define BROWSE_VIEWS_STATE_H

#include "view.h"

struct steps {
	char *target; /* the path of the entity to step through; NULL: none */
	enum kmeta_status found;
	struct kmeta_step step; /* set if "found" is OK */
	bool left;              /* the user has moved in the tree since, maybe to another entity */
	bool backwards;
};

/* A search through the whole tree, with the branches that are closed. */
struct tree_search {
	struct pattern *pattern; /* the search's own */
	bool backwards;
	char *from; /* key of the line to begin at; NULL: it has none, and only its number */
	size_t from_number;

	bool was_found, wrapped;
	struct kmeta_buffer found; /* key of the match; empty: it has none */
	size_t found_number;

	size_t number;     /* of lines without a key so far, which all stand above the tree */
	bool passed, over; /* the line where it began; all that can be found is */
};

struct state_state {
	struct outline outline;
	struct kmeta_image *image;      /* the task's own while it runs */
	struct content made;            /* built by the task, shown when it is done */
	struct key_set changed;         /* paths that the record under the cursor changed */
	struct kmeta_buffer changes;    /* the same changes as lines */
	int64_t wanted, shown, watched; /* end offsets; 0: none */
	unsigned shown_flags;           /* KMETA_SHOW_ */
	char *aim;            /* path of the line to go to when the task is done; NULL: none */
	bool aim_above;       /* it should come near the top, to show what is below it */
	unsigned long number; /* of the state that is found; another one has another number */
	struct steps steps;
	struct tree_search search;
};

static inline struct state_state *state_of(const struct screen *s)
{
	return s->states[VIEW_STATE];
}

/* ---- for the other views that show the state at the log's cursor, and share it ---- */

/* Says that the state of the log's cursor is wanted. False: it has none. */
bool state_want(struct screen *s);

/* In a task: finds that state unless it is there. False: it is unknown, or not found yet. */
bool state_have(struct screen *s, struct job *job);

/* ---- for the parts of this view ---- */

/* Builds the tree of an image. Closed branches are not built. */
void state_tree_build(struct state_state *state, const struct model *m, struct job *job);

/* The path of the entity that the line of a problem is about, by the line's key. NULL: it is of none. */
const char *state_problem_path(const char *key);

/* Searches the tree of an image as if all its branches were open. */
void state_tree_search(struct state_state *state, const struct model *m, struct job *job);

/* Goes to the next or previous change of the selected entity. */
void state_step(struct screen *s, bool backwards);

/* Puts the cursor on the entity of the steps, if this state has it. */
void state_steps_stay(struct state_state *state);

#endif
