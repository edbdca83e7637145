/* SPDX-License-Identifier: Apache-2.0 */
/* pattern.h: a regular expression to search for, by PCRE2. */
#ifndef BROWSE_PATTERN_H
#define BROWSE_PATTERN_H

#include "grid.h"

struct pattern;

/* A pattern without capitals ignores case. NULL: it is no regular expression, as "why" says. */
struct pattern *pattern_new(const char *text, char *why, size_t why_size);
void pattern_free(struct pattern *pattern);
const char *pattern_text(const struct pattern *pattern);

/*
 * Finds the first match in a text from a byte on. False: there is none. An object belongs to one
 * thread at a time.
 */
bool pattern_find(const struct pattern *pattern, struct kmeta_bytes text, size_t from,
                  size_t *start, size_t *end);

/* Marks all matches in the text of a row of an area. */
void pattern_mark(const struct pattern *pattern, struct grid *grid, struct area area, int row,
                  int shift, struct kmeta_bytes text);

#endif
