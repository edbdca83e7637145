/* SPDX-License-Identifier: Apache-2.0 */
/* outline.h: lines that fold, to go up and down in. */
#ifndef BROWSE_OUTLINE_H
#define BROWSE_OUTLINE_H

#include "grid.h"
#include "pattern.h"

/* One line. What it says and what it is called lie in the content's bytes. */
struct outline_line {
	size_t text, text_size, key, key_size;
	int depth;
	bool foldable, open;
	unsigned style;
	int64_t from, size; /* whatever the line stands for: bytes, an offset, a time */
};

/* What an outline shows; made anew when it changes, by whatever thread. Start with {0}. */
struct content {
	struct kmeta_buffer bytes;
	struct outline_line *lines;
	size_t count, capacity;
};

void content_clear(struct content *content);
void content_release(struct content *content);

/* The next line, whose text is what is appended to content->bytes until content_end(); NULL: out of
 * memory. "key" tells it from others for good. */
struct outline_line *content_begin(struct content *content, int depth, struct kmeta_bytes key);
void content_end(struct content *content);

__attribute__((format(printf, 4, 5))) struct outline_line *content_line(struct content *content,
                                                                        int depth, const char *key,
                                                                        const char *format, ...);

/* Every line of a text, those of one that ends in a newline. */
void content_text(struct content *content, struct kmeta_bytes text);

struct kmeta_bytes content_text_of(const struct content *content, const struct outline_line *line);
struct kmeta_bytes content_key_of(const struct content *content, const struct outline_line *line);

/* Keys in order. */
struct key_set {
	char **keys;
	size_t count, capacity;
};

bool key_set_has(const struct key_set *set, struct kmeta_bytes key);

/* Adds it if it is not there, or takes it out. False: out of memory. */
bool key_set_toggle(struct key_set *set, struct kmeta_bytes key);
void key_set_release(struct key_set *set);

/* A pane of lines. Start with {0}. */
struct outline {
	struct content content;
	struct key_set toggled; /* lines that are not as they are by themselves, open or folded */
	size_t cursor, top;
	int shift, height; /* columns to the right; rows when last drawn */
	int y;             /* where that was */
};

void outline_release(struct outline *o);

/* Takes in new content, and stays on the line with the same key. */
void outline_take(struct outline *o, struct content *content);

/* The line under the cursor; NULL: there is none. */
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

/* Goes to the line with a key; false: there is none. */
bool outline_go(struct outline *o, struct kmeta_bytes key);

/* Goes to the next line, or the one before, in which a pattern is found, over the ends if need be.
 */
bool outline_search(struct outline *o, const struct pattern *pattern, bool backwards);

/* Goes to the line that was drawn in a row of the screen; false: there was none. */
bool outline_click(struct outline *o, int y);

void outline_draw(struct outline *o, struct grid *grid, struct area area, bool focused,
                  const struct pattern *pattern);

/* A shift to the left or right by half a screen's worth. */
int shift_by(int shift, enum motion motion, int64_t count);

#endif
