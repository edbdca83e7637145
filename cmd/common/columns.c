/* SPDX-License-Identifier: Apache-2.0 */
/* columns.c: how wide text is on a terminal, and lines that are cut at its width. */
#include "columns.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum {
	DEFAULT_WIDTH = 80,
	DEFAULT_ROWS = 24,
	WIDTH_LIMIT = 10000,
	TAB_WIDTH = 8,
	UNKNOWN = 0xfffd,
	ESCAPE = 0x1b
};

static size_t width_of_environment(void)
{
	const char *columns = getenv("COLUMNS");
	const int given = columns ? atoi(columns) : 0;

	return given > 0 && given < WIDTH_LIMIT ? (size_t)given : 0;
}

size_t columns_rows_of_terminal(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row ? size.ws_row
	                                                                   : DEFAULT_ROWS;
}

size_t columns_of_terminal(void)
{
	const size_t given = width_of_environment();
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		return size.ws_col ? size.ws_col : given;
	return given ? given : DEFAULT_WIDTH;
}

/* ---- characters ---- */

/* Returns the length of a UTF-8 sequence by its first byte. "least": the least character of it. */
static int sequence_size(uint8_t first, wchar_t *least)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0) {
		*least = 0x80;
		return 2;
	}
	if (first >= 0xe0 && first < 0xf0) {
		*least = 0x800;
		return 3;
	}
	*least = 0x10000;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

wchar_t columns_next_character(struct kmeta_bytes *text)
{
	const uint8_t *at = text->data;
	wchar_t least = 0, c;
	const int size = sequence_size(*at, &least);
	int used = 1;

	if (size == 1) {
		c = *at;
	} else {
		c = size ? (wchar_t)(*at & (0xff >> (size + 1))) : 0;
		while (used < size && (size_t)used < text->size && (at[used] & 0xc0) == 0x80)
			c = (wchar_t)(c << 6 | (at[used++] & 0x3f));
		if (used != size || c < least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
			c = UNKNOWN;
	}
	text->data += used;
	text->size -= (size_t)used;
	return c;
}

/* Takes ESC [ NUMBERS LETTER off the text. False: it does not begin with that. */
static bool skip_escape(struct kmeta_bytes *text)
{
	size_t size = 2;

	if (text->size < 3 || text->data[0] != ESCAPE || text->data[1] != '[')
		return false;
	while (size < text->size && text->data[size] < '@')
		size++;
	size += size < text->size;
	text->data += size;
	text->size -= size;
	return true;
}

/* What a terminal shows for a character that has no width is one column, as far as anybody knows. */
static size_t width_at(wchar_t c, size_t column)
{
	const int width = wcwidth(c);

	if (c == L'\t')
		return TAB_WIDTH - column % TAB_WIDTH;
	return width < 0 ? 1 : (size_t)width;
}

/* ---- cutting ---- */

bool columns_open(struct columns *c, bool color)
{
	c->locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	if (!c->locale)
		c->locale = newlocale(LC_CTYPE_MASK, "C", (locale_t)0);
	c->color = color;
	c->is_utf8 = c->locale && !strcmp(nl_langinfo_l(CODESET, c->locale), "UTF-8");
	return c->locale;
}

void columns_close(struct columns *c)
{
	if (c->locale)
		freelocale(c->locale);
	c->locale = (locale_t)0;
}

/* How much of a line stands before the mark; all of it if it fits. */
static size_t part_that_fits(struct kmeta_bytes line, size_t width)
{
	struct kmeta_bytes rest = line;
	size_t column = 0, part = 0;
	bool full = false;

	/* No character has more columns than bytes, but a tab. */
	if (line.size <= width && !memchr(line.data, '\t', line.size))
		return line.size;
	while (rest.size) {
		const size_t before = line.size - rest.size;

		if (skip_escape(&rest))
			continue;
		column += width_at(columns_next_character(&rest), column);
		if (column >= width && !full)
			part = before;
		full = column >= width;
		if (column > width)
			return part;
	}
	return line.size;
}

void columns_cut(const struct columns *c, size_t width, struct kmeta_bytes line,
                 struct kmeta_buffer *out)
{
	const locale_t before = uselocale(c->locale);
	const size_t part = part_that_fits(line, width);

	uselocale(before);
	kmeta_buffer_add(out, line.data, part);
	if (part < line.size)
		kmeta_buffer_format(out, "%s%s%s", c->color ? "\x1b[0;2m" : "",
		                    c->is_utf8 ? "\xe2\x80\xa6" : ">", c->color ? "\x1b[0m" : "");
}

size_t columns_of_line(const struct columns *c, struct kmeta_bytes line)
{
	const locale_t before = uselocale(c->locale);
	size_t column = 0;

	while (line.size)
		if (!skip_escape(&line))
			column += width_at(columns_next_character(&line), column);
	uselocale(before);
	return column;
}
