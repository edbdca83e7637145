/* SPDX-License-Identifier: Apache-2.0 */
/* state.h: the view of the state: its tree, and the steps through the changes of an entity. */
#ifndef BROWSE_VIEWS_STATE_H
#define BROWSE_VIEWS_STATE_H

#include "view.h"

struct steps {
	char *target; /* the path of the entity that is stepped through; NULL: none */
	enum kmeta_status found;
	struct kmeta_step step; /* if found */
	bool left; /* the reader went elsewhere in the tree since, and may mean something else */
	bool backwards;
};

struct state_state {
	struct outline outline;
	struct kmeta_image *image;      /* the task's own while it runs */
	struct content made;            /* by the task, to be shown when it is done */
	struct key_set changed;         /* paths of what the record under the cursor changed */
	struct kmeta_buffer changes;    /* and how: lines */
	int64_t wanted, shown, watched; /* end offsets; 0: none */
	unsigned shown_flags;           /* KMETA_SHOW_ */
	char *aim; /* path of the line to go to when the task is done; NULL: none */
	struct steps steps;
};

static inline struct state_state *state_of(const struct screen *s)
{
	return s->states[VIEW_STATE];
}

/* Builds the tree of an image, as far as it is unfolded. */
void state_tree_build(struct state_state *state, const struct model *m, struct job *job);

/* To the next or previous change of what is selected. */
void state_step(struct screen *s, bool backwards);

/* Puts the cursor on what is stepped through, if it is there again. */
void state_steps_stay(struct state_state *state);

#endif
