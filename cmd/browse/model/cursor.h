/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.h: where the reader is in the log, and the ways from there. */
#ifndef BROWSE_MODEL_CURSOR_H
#define BROWSE_MODEL_CURSOR_H

#include "../term/outline.h"
#include "rows.h"

struct model;

struct cursor {
	struct kmeta_place top, place; /* of the first line on the screen, and of the cursor's */
	bool there;                    /* there is a line, and this is what it is: */
	bool waiting;                  /* the filter has not looked at the cursor's place yet */
	bool is_damage;
	int64_t offset, end_offset; /* its record's, and of the state that it makes; -1: unknown */
	int64_t timestamp;          /* -1: unknown */
	int32_t epoch;
	int shift, height; /* columns to the left of the screen, and its lines */
};

/* The cursor's line. False: there is none. Borrowed until rows are asked again. */
bool cursor_line(struct model *m, struct line *line);

/* Looks at the cursor's line again, as files, filter or folds may have changed. True: it changed. */
bool cursor_refresh(struct model *m);

void cursor_move(struct model *m, enum motion motion, int64_t count);
void cursor_go(struct model *m, struct kmeta_place place);
void cursor_go_offset(struct model *m, int64_t offset);

/* To the first record that is not earlier. */
void cursor_go_time(struct model *m, int64_t time);

/* To a percentage of the log's bytes; 100 and more are its end. */
void cursor_go_percent(struct model *m, int64_t percent);

/* To a point of an address; to a time as far as the index has come. */
void cursor_go_point(struct model *m, struct kmeta_point point);

/* The line below or above the cursor's. */
enum found cursor_step(struct model *m, bool down, struct line *line);

/* Puts the cursor on a line. */
void cursor_take(struct model *m, const struct line *line);

/* To the next or previous change of the leader, or damage. */
void cursor_go_leader(struct model *m, bool down);
void cursor_go_damage(struct model *m, bool down);

/* Moves the top so that the cursor is among so many lines. */
void cursor_scroll(struct model *m, int lines);

#endif
