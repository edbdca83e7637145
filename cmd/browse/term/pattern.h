/* SPDX-License-Identifier: Apache-2.0 */
/* pattern.h: what is searched for: a regular expression, by PCRE2. */
#ifndef BROWSE_PATTERN_H
#define BROWSE_PATTERN_H

#include "grid.h"

struct pattern;

/* Without capitals in it, a pattern finds them as well. NULL: it is none, for a reason in "why". */
struct pattern *pattern_new(const char *text, char *why, size_t why_size);
void pattern_free(struct pattern *pattern);
const char *pattern_text(const struct pattern *pattern);

/* The first match in text from a byte on; false: none. Any number of threads may ask, each with
 * an object of its own. */
bool pattern_find(const struct pattern *pattern, struct kmeta_bytes text, size_t from,
                  size_t *start, size_t *end);

/* Marks all matches in the text that stands in a row of an area. */
void pattern_mark(const struct pattern *pattern, struct grid *grid, struct area area, int row,
                  int shift, struct kmeta_bytes text);

#endif
