/* SPDX-License-Identifier: Apache-2.0 */
/* outline.h: a pane of lines that open and close. */
#ifndef BROWSE_OUTLINE_H
#define BROWSE_OUTLINE_H

#include "grid.h"
#include "pattern.h"

/* One line. Its text and its key are in the content's bytes. */
struct outline_line {
	size_t text, text_size, key, key_size;
	int depth;
	bool foldable, open;
	unsigned style;
	int64_t from, size; /* for the view: a byte, an offset, a time */
};

/*
 * The lines of an outline. Any thread may build new ones to replace them. Initialize it with { 0 }.
 */
struct content {
	struct kmeta_buffer bytes;
	struct outline_line *lines;
	size_t count, capacity;
};

void content_clear(struct content *content);
void content_release(struct content *content);

/*
 * Begins the next line. Append its text to content->bytes, then call content_end(). "key"
 * identifies the line, in later contents too. NULL: out of memory.
 */
struct outline_line *content_begin(struct content *content, int depth, struct kmeta_bytes key);
void content_end(struct content *content);

__attribute__((format(printf, 4, 5))) struct outline_line *content_line(struct content *content,
                                                                        int depth, const char *key,
                                                                        const char *format, ...);

/* Adds every line of a text that ends in a newline. */
void content_text(struct content *content, struct kmeta_bytes text);

struct kmeta_bytes content_text_of(const struct content *content, const struct outline_line *line);
struct kmeta_bytes content_key_of(const struct content *content, const struct outline_line *line);

/* A sorted set of keys. */
struct key_set {
	char **keys;
	size_t count, capacity;
};

bool key_set_has(const struct key_set *set, struct kmeta_bytes key);

/* Adds a key that is not in the set, or removes one that is. False: out of memory. */
bool key_set_toggle(struct key_set *set, struct kmeta_bytes key);
void key_set_release(struct key_set *set);

/* A pane of lines. Initialize it with { 0 }. */
struct outline {
	struct content content;
	struct key_set toggled; /* keys of lines that the user opened or closed */
	size_t cursor, top;
	int shift, height; /* columns hidden on the left; rows when last drawn */
	int y;             /* where it was drawn last */
};

void outline_release(struct outline *o);

/* Takes over new content. The cursor stays on the line with the same key. */
void outline_take(struct outline *o, struct content *content);

/* Returns the line under the cursor. NULL: there is none. */
const struct outline_line *outline_at(const struct outline *o);

enum motion {
	LINE_DOWN,
	LINE_UP,
	HALF_DOWN,
	HALF_UP,
	PAGE_DOWN,
	PAGE_UP,
	TO_START,
	TO_END,
	TO_LEFT,
	TO_RIGHT
};

void outline_move(struct outline *o, enum motion motion, int64_t count);

/* Goes to the line with a key. False: there is none. */
bool outline_go(struct outline *o, struct kmeta_bytes key);

/* Goes to the next or the previous line with a match. The search continues at the other end. */
bool outline_search(struct outline *o, const struct pattern *pattern, bool backwards);

/* Goes to the line that was drawn in a row of the screen. False: there was none. */
bool outline_click(struct outline *o, int y);

void outline_draw(struct outline *o, struct grid *grid, struct area area, bool focused,
                  const struct pattern *pattern);

/* Returns the shift after a move to the left or right by half a screen. */
int shift_by(int shift, enum motion motion, int64_t count);

#endif
