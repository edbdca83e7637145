/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.h: the place of the user in the log, and moves from there. */
#ifndef BROWSE_MODEL_CURSOR_H
#define BROWSE_MODEL_CURSOR_H

#include "../term/outline.h"
#include "rows.h"

struct model;
struct aim;

/*
 * Goes to where a jump leads. NONE: there is no such place, and a message says so. UNKNOWN: the
 * index or the filter has not come so far.
 */
typedef enum found aim_reach(struct model *m, const struct aim *aim);

/* Where a jump leads. */
struct aim {
	aim_reach *reach; /* NULL: nowhere */
	const char *what; /* "going to the end", for the status line */
	struct kmeta_place place;
	int64_t value; /* an offset or a time */
	bool down;
};

struct cursor {
	struct kmeta_place top, place; /* of the first line on the screen, and of the cursor */
	bool there;                    /* the log has a line there, with this content: */
	bool waiting;                  /* the filter has not reached the cursor yet */
	bool is_damage;
	int64_t offset, end_offset; /* of its record, and of the state after it; -1: unknown */
	int64_t timestamp;          /* -1: unknown */
	int32_t epoch;
	int shift, height; /* columns hidden on the left, and lines on the screen */
	struct aim aim;    /* of a jump that waits for the index or the filter */
};

/* Returns the cursor's line, borrowed until the next call on the rows. False: there is none. */
bool cursor_line(struct model *m, struct line *line);

/* Reads the cursor's line again after files, filter or folds changed. True: it is another one. */
bool cursor_refresh(struct model *m);

/* Jumps, at once or when the index and the filter have come so far, unless another move comes first. */
void cursor_jump(struct model *m, struct aim aim);

/* Tries again to make a jump that waits. */
void cursor_tick(struct model *m);

/* Forgets a jump that waits. True: there was one. */
bool cursor_give_up(struct model *m);

/* All but steps by lines and screens are jumps. */
void cursor_move(struct model *m, enum motion motion, int64_t count);
void cursor_go(struct model *m, struct kmeta_place place);
void cursor_go_offset(struct model *m, int64_t offset);

/* Goes to the first record that is not earlier. */
void cursor_go_time(struct model *m, int64_t time);

/* Goes to a percentage of the log's bytes; 100 and more are its end. */
void cursor_go_percent(struct model *m, int64_t percent);

/* Goes to a point of an address. */
void cursor_go_point(struct model *m, struct kmeta_point point);

/* Finds the line below or above the cursor's, and does not move. */
enum found cursor_step(struct model *m, bool down, struct line *line);

/* Puts the cursor on a line. */
void cursor_take(struct model *m, const struct line *line);

/* Goes to the next or previous change of the leader, or damage. */
void cursor_go_leader(struct model *m, bool down);
void cursor_go_damage(struct model *m, bool down);

/* Moves the top so that the cursor is on a screen of this many lines. */
void cursor_scroll(struct model *m, int lines);

#endif
