/* SPDX-License-Identifier: Apache-2.0 */
/*
 * side_text.h: the small text files beside a log, read as Kafka's Java code reads them: its lines,
 * its numbers, its properties.
 */
#ifndef KMETA_CHECK_SIDE_TEXT_H
#define KMETA_CHECK_SIDE_TEXT_H

#include "kmeta/base.h"

/* The content of a small file. Set it to { 0 } before it is read, and release it once. */
struct side_text {
	char *at;
	size_t size;
	bool is_cut; /* the file is larger, and only its beginning is here */
};

/*
 * Reads a file. "path" NULL counts as no memory. OK: the content is there. END: there is no such
 * file. FAILED: it exists and cannot be read, as "why" says.
 */
KMETA_CHECKED enum kmeta_status side_text_read(struct side_text *text, const char *path,
                                               struct kmeta_finding *why);
void side_text_release(struct side_text *text);

/* True if all of it is UTF-8. Java's readers fail on other bytes. */
bool side_text_is_utf8(const struct side_text *text);

/*
 * Takes the next line from "left", without its end, as BufferedReader.readLine() does: lines end in
 * \n, \r or both. False: there is no further line.
 */
bool side_text_line(struct kmeta_bytes *left, struct kmeta_bytes *line);

/*
 * Takes the next word from a line, as split("\\s+") does: a line that begins with blanks has an
 * empty first word. False: there is no further word.
 */
bool side_text_word(struct kmeta_bytes *line, struct kmeta_bytes *word);

/* Reads a number as Integer.parseInt() and Long.parseLong() do. False: it is none. */
bool side_text_number(struct kmeta_bytes word, int64_t least, int64_t most, int64_t *number);

/*
 * Finds a property by its name, as java.util.Properties does: the last one counts, and escapes and
 * continued lines are resolved. The value is NUL-terminated; a longer one is cut. False: there is
 * no such property.
 */
bool side_text_property(const struct side_text *text, const char *name, char *value, size_t room);

#endif
