/* SPDX-License-Identifier: Apache-2.0 */
/* grid.c: a screen as cells, for a terminal or a printed page. */
#include "grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/columns.h"

enum { LINE_LIMIT = 1024, CUT_MARK = 0x2026 };

bool grid_resize(struct grid *g, int width, int height)
{
	struct cell *cells;

	if (g->cells && width == g->width && height == g->height)
		return true;
	cells = calloc((size_t)width * (size_t)height, sizeof(*cells));
	if (!cells)
		return false;
	free(g->cells);
	g->cells = cells;
	g->width = width;
	g->height = height;
	grid_clear(g);
	return true;
}

void grid_release(struct grid *g)
{
	free(g->cells);
	*g = (struct grid){ 0 };
}

void grid_clear(struct grid *g)
{
	const size_t count = (size_t)g->width * (size_t)g->height;

	for (size_t i = 0; i < count; i++)
		g->cells[i] = (struct cell){ L' ', 1, 0 };
	g->cursor_y = g->cursor_x = -1;
}

/* ---- characters ---- */

void grid_add_character(struct kmeta_buffer *out, wchar_t c)
{
	const uint32_t u = (uint32_t)c;
	uint8_t bytes[4];
	size_t size;

	if (u < 0x80) {
		bytes[0] = (uint8_t)u;
		size = 1;
	} else if (u < 0x800) {
		bytes[0] = (uint8_t)(0xc0 | u >> 6);
		size = 2;
	} else if (u < 0x10000) {
		bytes[0] = (uint8_t)(0xe0 | u >> 12);
		size = 3;
	} else {
		bytes[0] = (uint8_t)(0xf0 | u >> 18);
		size = 4;
	}
	for (size_t i = 1; i < size; i++)
		bytes[i] = (uint8_t)(0x80 | (u >> (6 * (size - 1 - i)) & 0x3f));
	kmeta_buffer_add(out, bytes, size);
}

/*
 * Replace characters that would leave their cell or change the direction of their neighbours. Our
 * own lines and bars have a plain form for terminals that cannot show them.
 */
static wchar_t tame(wchar_t c, int *width)
{
	*width = wcwidth(c);
	if (*width == 1 || *width == 2)
		return c;
	*width = 1;
	switch (c) {
	case 0x2500:
		return L'-';
	case 0x2502:
		return L'|';
	case CUT_MARK:
		return L'~';
	default:
		return c >= 0x2581 && c <= 0x2588 ? L'#' : L'?';
	}
}

/* ---- putting text ---- */

/* Takes a colour sequence off the text. False: the text does not begin with one. */
static bool take_color(struct kmeta_bytes *text, unsigned base, unsigned *style)
{
	size_t i = 2;
	unsigned code = 0;

	if (text->size < 3 || text->data[0] != '\x1b' || text->data[1] != '[')
		return false;
	for (; i < text->size && text->data[i] != 'm'; i++) {
		const uint8_t c = text->data[i];

		if (c != ';' && (c < '0' || c > '9'))
			return false;
		code = c == ';' ? 0 : code * 10 + (unsigned)(c - '0');
		if (i + 1 < text->size && text->data[i + 1] != ';' && text->data[i + 1] != 'm')
			continue;
		if (code == 0)
			*style = base;
		else if (code == 1)
			*style |= STYLE_BOLD;
		else if (code == 2)
			*style |= STYLE_DIM;
		else if (code == 4)
			*style |= STYLE_UNDERLINE;
		else if (code >= 31 && code <= 36)
			*style = (*style & ~(unsigned)STYLE_COLOR) | (code - 30);
	}
	if (i == text->size)
		return false;
	text->data += i + 1;
	text->size -= i + 1;
	return true;
}

static void put_cell(struct grid *g, struct area area, int row, int column, wchar_t c, int width,
                     unsigned style)
{
	const int y = area.y + row, x = area.x + column;
	struct cell *cell;

	if (column < 0 || column + width > area.width)
		return;
	/* The screen may be smaller than an area: cut the area. */
	if (y < 0 || y >= g->height || x < 0 || x + width > g->width)
		return;
	cell = &g->cells[y * g->width + x];
	*cell = (struct cell){ c, (uint8_t)width, (uint8_t)style };
	if (width == 2)
		cell[1] = (struct cell){ L' ', 0, (uint8_t)style };
}

/* Blanks and colours that are left out are not missed. */
static bool says_more(struct kmeta_bytes text)
{
	unsigned style = 0;

	while (text.size) {
		if (take_color(&text, 0, &style))
			continue;
		if (*text.data != ' ')
			return true;
		text.data++;
		text.size--;
	}
	return false;
}

/* The mark may take the place of the right half of a wide character: the left one goes too. */
static void put_cut_mark(struct grid *g, struct area area, int row, unsigned style)
{
	const int y = area.y + row, x = area.x + area.width - 1;
	int width;
	const wchar_t mark = tame(CUT_MARK, &width);

	if (area.width <= 0 || y < 0 || y >= g->height)
		return;
	if (x > area.x && !g->cells[y * g->width + x].width)
		put_cell(g, area, row, area.width - 2, L' ', 1, style);
	put_cell(g, area, row, area.width - 1, mark, width,
	         (style & ~(unsigned)STYLE_BOLD) | STYLE_DIM);
}

void grid_put(struct grid *g, struct area area, int row, int shift, struct kmeta_bytes text,
              unsigned style)
{
	unsigned now = style;
	int column = -shift;

	if (row < 0 || row >= area.height)
		return;
	if (area.width > g->width - area.x)
		area.width = g->width - area.x;
	while (text.size && column < area.width) {
		int width;
		wchar_t c;

		if (take_color(&text, style, &now))
			continue;
		c = tame(columns_next_character(&text), &width);
		put_cell(g, area, row, column, c, width, now);
		column += width;
	}
	if (column > area.width || says_more(text))
		put_cut_mark(g, area, row, style);
}

void grid_format(struct grid *g, struct area area, int row, unsigned style, const char *format, ...)
{
	char text[LINE_LIMIT];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (size < 0)
		return;
	grid_put(g, area, row, 0, (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) },
	         style);
}

void grid_mark(struct grid *g, struct area area, int row, int from, int columns, unsigned style)
{
	const int end = from + columns < area.width ? from + columns : area.width;

	if (row < 0 || row >= area.height)
		return;
	for (int i = from < 0 ? 0 : from; i < end; i++)
		g->cells[(area.y + row) * g->width + area.x + i].style |= (uint8_t)style;
}

void grid_mark_row(struct grid *g, struct area area, int row, unsigned style)
{
	grid_mark(g, area, row, 0, area.width, style);
}

void grid_select_row(struct grid *g, struct area area, int row, bool focused)
{
	grid_mark_row(g, area, row, focused ? STYLE_REVERSE : STYLE_SELECTED);
}

void grid_print(const struct grid *g, int from, int end, struct kmeta_buffer *out)
{
	for (int y = from; y < end; y++) {
		const struct cell *row = &g->cells[y * g->width];
		int last = g->width;

		while (last > 0 && row[last - 1].text == L' ')
			last--;
		for (int x = 0; x < last; x++)
			if (row[x].width)
				grid_add_character(out, row[x].text);
		kmeta_buffer_add(out, "\n", 1);
	}
}

const char *grid_bar(int64_t height)
{
	static const char *const bars[GRID_BARS + 1] = {
		" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"
	};

	return bars[height];
}
