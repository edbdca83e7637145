/* SPDX-License-Identifier: Apache-2.0 */
/* marks.h: places in the log that the user marked by a letter. */
#ifndef BROWSE_MODEL_MARKS_H
#define BROWSE_MODEL_MARKS_H

#include <kmeta.h>

struct model;

enum { MARKS = 26 };

struct mark {
	bool set;
	struct kmeta_place place;
	int64_t end_offset;
};

struct marks {
	struct mark at[MARKS];
	int last; /* the newest mark; -1: none */
};

/* Marks the cursor's line by a letter, or goes to that mark. A message says if that fails. */
void marks_set(struct model *m, int letter);
void marks_go(struct model *m, int letter);

#endif
