/* SPDX-License-Identifier: Apache-2.0 */
/* grid.h: a screen as cells, for a terminal or a printed page. */
#ifndef BROWSE_GRID_H
#define BROWSE_GRID_H

#include <kmeta.h>
#include <wchar.h>

/*
 * The style of a cell: a colour as terminals number it (1 red ... 6 cyan; 0: the default), and
 * bits.
 */
enum {
	STYLE_COLOR = 0x07, /* mask */
	STYLE_BOLD = 0x08,
	STYLE_DIM = 0x10,
	STYLE_REVERSE = 0x20,
	STYLE_UNDERLINE = 0x40,
	STYLE_SELECTED = 0x80 /* where the cursor of a part is that has not the focus */
};

enum { RED = 1, GREEN, YELLOW, BLUE, MAGENTA, CYAN };

struct cell {
	wchar_t text;
	uint8_t width; /* 0: the right half of a wide character */
	uint8_t style;
};

struct grid {
	int width, height;
	struct cell *cells;
	int cursor_y, cursor_x; /* where the text cursor is; -1: hidden */
};

/* A bar of a cell's width, from none (0) to all of its height (GRID_BARS). */
enum { GRID_BARS = 8 };

const char *grid_bar(int64_t height);

/* A part of a grid. */
struct area {
	int y, x, height, width;
};

/* False: out of memory. */
bool grid_resize(struct grid *g, int width, int height);
void grid_release(struct grid *g);
void grid_clear(struct grid *g);

/*
 * Puts text into one row of an area, without its first "shift" columns. Colour sequences in it (ESC
 * [ N m) add to the style. Other characters that a terminal could act on become question marks. Text
 * that goes on behind the area ends in a mark, which stands in its last column.
 */
void grid_put(struct grid *g, struct area area, int row, int shift, struct kmeta_bytes text,
              unsigned style);

__attribute__((format(printf, 5, 6))) void grid_format(struct grid *g, struct area area, int row,
                                                       unsigned style, const char *format, ...);

/* Adds to the style of some columns of an area's row, or of all of it. */
void grid_mark(struct grid *g, struct area area, int row, int from, int columns, unsigned style);
void grid_mark_row(struct grid *g, struct area area, int row, unsigned style);

/* Marks the row where the cursor of a part is. */
void grid_select_row(struct grid *g, struct area area, int row, bool focused);

/* Appends the text of the rows from "from" to before "end", without blanks at the ends of lines. */
void grid_print(const struct grid *g, int from, int end, struct kmeta_buffer *out);

/* Appends a character as UTF-8. */
void grid_add_character(struct kmeta_buffer *out, wchar_t c);

#endif
