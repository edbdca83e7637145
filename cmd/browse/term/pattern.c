/* SPDX-License-Identifier: Apache-2.0 */
/* pattern.c: a regular expression to search for, by PCRE2. */
#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "../../common/columns.h"

/* The limits keep an expression from blocking the screen, or a search, for ever. */
enum { STEP_LIMIT = 1000000 };

struct pattern {
	char *text;
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
};

static bool has_capital(const char *text)
{
	struct kmeta_bytes left = { (const uint8_t *)text, strlen(text) };

	while (left.size) {
		const wchar_t c = columns_next_character(&left);

		/* The S of \S is no capital letter of the text. */
		if (c == L'\\' && left.size)
			columns_next_character(&left);
		else if (iswupper((wint_t)c))
			return true;
	}
	return false;
}

struct pattern *pattern_new(const char *text, char *why, size_t why_size)
{
	struct pattern *p = calloc(1, sizeof(*p));
	const uint32_t options =
		PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | (has_capital(text) ? 0 : PCRE2_CASELESS);
	PCRE2_SIZE at;
	int error = 0;

	if (p)
		p->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, &error,
		                        &at, NULL);
	if (p && p->code) {
		/* If PCRE2 cannot compile for this machine, it interprets the pattern. */
		pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
		p->text = strdup(text);
		p->match = pcre2_match_data_create_from_pattern(p->code, NULL);
		p->limits = pcre2_match_context_create(NULL);
	}
	if (p && p->text && p->match && p->limits) {
		pcre2_set_match_limit(p->limits, STEP_LIMIT);
		return p;
	}
	if (!p || pcre2_get_error_message(error, (PCRE2_UCHAR *)why, why_size) < 0)
		snprintf(why, why_size, "out of memory");
	pattern_free(p);
	return NULL;
}

void pattern_free(struct pattern *pattern)
{
	if (!pattern)
		return;
	pcre2_match_context_free(pattern->limits);
	pcre2_match_data_free(pattern->match);
	pcre2_code_free(pattern->code);
	free(pattern->text);
	free(pattern);
}

const char *pattern_text(const struct pattern *pattern)
{
	return pattern->text;
}

bool pattern_find(const struct pattern *pattern, struct kmeta_bytes text, size_t from,
                  size_t *start, size_t *end)
{
	const PCRE2_SIZE *found;

	if (from > text.size ||
	    pcre2_match(pattern->code, text.data ? text.data : (PCRE2_SPTR) "", text.size, from, 0,
	                pattern->match, pattern->limits) < 0)
		return false;
	found = pcre2_get_ovector_pointer(pattern->match);
	*start = found[0];
	*end = found[1];
	return *end >= *start;
}

/* Returns how many columns the text takes between two bytes. */
static int columns(struct kmeta_bytes text, size_t from, size_t end)
{
	int count = 0;

	text.data += from;
	text.size = end - from;
	while (text.size)
		count += wcwidth(columns_next_character(&text)) == 2 ? 2 : 1;
	return count;
}

void pattern_mark(const struct pattern *pattern, struct grid *grid, struct area area, int row,
                  int shift, struct kmeta_bytes text)
{
	size_t start, end = 0, done = 0;
	int column = -shift;

	/* Stop at the edge of the screen: lines may be far longer. */
	while (column < area.width && pattern_find(pattern, text, end, &start, &end)) {
		int width;

		column += columns(text, done, start);
		width = columns(text, start, end);
		grid_mark(grid, area, row, column, width, STYLE_BOLD | STYLE_UNDERLINE);
		column += width;
		done = end;
		/* An empty match marks nothing: step on, or the loop never ends. */
		end += end == start;
	}
}
