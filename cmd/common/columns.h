/* SPDX-License-Identifier: Apache-2.0 */
/* columns.h: how wide text is on a terminal, and lines that are cut at its width. */
#ifndef COMMON_COLUMNS_H
#define COMMON_COLUMNS_H

#include <kmeta.h>
#include <locale.h>

/* The columns of the terminal at standard output, or those that COLUMNS names, or 80. 0: it is a
 * terminal that does not know, and nothing else says how wide it is. */
size_t columns_of_terminal(void);

/* Its rows, or 24. */
size_t columns_rows_of_terminal(void);

/* How lines are cut. */
struct columns {
	locale_t locale; /* that says how wide characters are */
	bool is_utf8;
	bool color; /* of the mark, and lines may have colours to be ended */
};

/* False: there is no such thing as a width here. */
bool columns_open(struct columns *c, bool color);
void columns_close(struct columns *c);

/* Appends a line, cut at "width" columns, the last of which is then a mark. Nothing is cut inside a
 * character, and colours take no room. */
void columns_cut(const struct columns *c, size_t width, struct kmeta_bytes line,
                 struct kmeta_buffer *out);

size_t columns_of_line(const struct columns *c, struct kmeta_bytes line);

/* Takes the next character off a text. Bytes that are not UTF-8 become L'\xfffd'. */
wchar_t columns_next_character(struct kmeta_bytes *text);

#endif
