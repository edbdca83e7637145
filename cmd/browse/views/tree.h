/* SPDX-License-Identifier: Apache-2.0 */
/* tree.h: how the tree of a state is built, line by line. */
#ifndef BROWSE_VIEWS_TREE_H
#define BROWSE_VIEWS_TREE_H

#include "state.h"

/* The input and the output of the tree. While the task runs, all of it is the task's. */
struct tree {
	struct state_state *view;
	struct content *content;
	const struct kmeta_image *image;
	unsigned flags;
	struct job *job;
	struct kmeta_buffer path;
	bool is_checkpoint;
	struct tree_search *search; /* NULL: the tree is built, else searched */
	int64_t done, total;        /* entities */
};

/* The user wants no more of it, or what was searched for is found. */
bool tree_is_enough(const struct tree *t);

/* Begins the line of a path, with "name" as its text. True: the line is open. */
bool tree_branch(struct tree *t, int depth, struct kmeta_bytes path, const char *name,
                 size_t name_size, bool foldable);

/* Gives the line that was begun last a colour, beside what marks it as changed. 0: none. */
void tree_color(struct tree *t, unsigned color);

void tree_end_line(struct tree *t);

/* Searching: looks at the lines that were added, and drops them. */
void tree_look(struct tree *t);

/* Adds what is wrong with the state, as kmeta-image --problems says it. */
void tree_problems(struct tree *t);

#endif
