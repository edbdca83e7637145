/* SPDX-License-Identifier: Apache-2.0 */
/* near.c: the names that are nearest to a word that is none, as it may be a slip. */
#include "near.h"

#include <string.h>

enum { LONG_STEP = 4, MOST_CHANGES = 3, SHORTEST_BEGINNING = 2 };

static char folded(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

void near_begin(struct near *n, const char *word, size_t size)
{
	const size_t changes = 1 + size / LONG_STEP;

	n->count = 0;
	n->size = size;
	n->bound = -1;
	if (!size || size >= NEAR_BYTES)
		return;
	for (size_t i = 0; i < size; i++)
		n->word[i] = folded(word[i]);
	n->bound = changes < MOST_CHANGES ? (int)changes : MOST_CHANGES;
	/* Not every letter may change. */
	if ((size_t)n->bound >= size)
		n->bound = (int)size - 1;
}

/* ---- distance ---- */

static int least_of(int a, int b)
{
	return a < b ? a : b;
}

/* The changes that make each beginning of the word of the beginnings of a name, row by row. */
struct near_rows {
	int rows[3][NEAR_BYTES +
	            1]; /* that of the current letter, of the one before, and before that */
};

/* Fills the row of letter "i", and returns the least in it. */
static int fill_row(const struct near *n, struct near_rows *r, const char *name, size_t i)
{
	int *now = r->rows[i % 3], *before = r->rows[(i + 2) % 3], *earlier = r->rows[(i + 1) % 3];
	const char c = folded(name[i - 1]);
	int least = now[0] = (int)i;

	for (size_t j = 1; j <= n->size; j++) {
		now[j] = least_of(least_of(now[j - 1], before[j]) + 1,
		                  before[j - 1] + (n->word[j - 1] != c));
		if (i > 1 && j > 1 && n->word[j - 2] == c && n->word[j - 1] == folded(name[i - 2]))
			now[j] = least_of(now[j], earlier[j - 2] + 1);
		least = least_of(least, now[j]);
	}
	return least;
}

/* Letters added, left out, changed, or swapped with their neighbour; more than the bound is not
 * counted to its end. */
static int distance_to(const struct near *n, const char *name, size_t size)
{
	struct near_rows r;
	int least = 0, before = 0;

	for (size_t j = 0; j <= n->size; j++)
		r.rows[0][j] = (int)j;
	for (size_t i = 1; i <= size; i++) {
		before = least;
		least = fill_row(n, &r, name, i);
		/* A swap reaches back over one row. */
		if (least > n->bound && before > n->bound)
			return least;
	}
	return r.rows[size % 3][n->size];
}

/* ---- names ---- */

static bool begins_with_word(const struct near *n, const char *name, size_t size)
{
	size_t i = 0;

	if (n->size < SHORTEST_BEGINNING || size <= n->size)
		return false;
	while (i < n->size && folded(name[i]) == n->word[i])
		i++;
	return i == n->size;
}

static bool is_kept(const struct near *n, const char *name, size_t size)
{
	for (size_t i = 0; i < n->count; i++)
		if (n->kept[i].size == size && !memcmp(n->kept[i].text, name, size))
			return true;
	return false;
}

static void near_keep(struct near *n, const char *name, size_t size, int distance)
{
	size_t at = n->count < NEAR_KEPT ? n->count++ : NEAR_KEPT - 1;

	for (; at > 0 && n->kept[at - 1].distance > distance; at--)
		n->kept[at] = n->kept[at - 1];
	n->kept[at].size = size;
	n->kept[at].distance = distance;
	memcpy(n->kept[at].text, name, size);
	if (n->count == NEAR_KEPT)
		n->bound = least_of(n->bound, n->kept[NEAR_KEPT - 1].distance - 1);
}

void near_add(struct near *n, const char *name, size_t size)
{
	const size_t longer = size > n->size ? size - n->size : n->size - size;
	int distance = 1;

	if (n->bound < 0 || !size || size >= NEAR_BYTES)
		return;
	/* What begins with the word is as near as what differs in one letter. */
	if (!begins_with_word(n, name, size)) {
		if (longer > (size_t)n->bound)
			return;
		distance = distance_to(n, name, size);
	}
	if (distance <= n->bound && !is_kept(n, name, size))
		near_keep(n, name, size, distance);
}

/* A damaged log may have names that a terminal would act on. */
static void near_put_name(struct kmeta_buffer *out, const struct near_name *name)
{
	for (size_t i = 0; i < name->size; i++) {
		const uint8_t c = (uint8_t)name->text[i];

		kmeta_buffer_add(out, c < ' ' || c >= 0x7f ? "?" : &name->text[i], 1);
	}
}

void near_put(const struct near *n, struct kmeta_buffer *out)
{
	for (size_t i = 0; i < n->count; i++) {
		kmeta_buffer_format(out, "%s",
		                    !i                  ? "; did you mean "
		                    : i + 1 == n->count ? " or "
		                                        : ", ");
		near_put_name(out, &n->kept[i]);
	}
	kmeta_buffer_format(out, n->count ? "?" : "");
}
