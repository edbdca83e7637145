/* SPDX-License-Identifier: Apache-2.0 */
/* table_terms.c: terms that choose rows of a table. */
#include "table_terms.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

/* The longer signs first. */
static const struct {
	const char *sign;
	enum term_compare compare;
} signs[] = {
	{ "!=", TERM_IS_NOT }, { "!~", TERM_HAS_NOT }, { "<=", TERM_UP_TO }, { ">=", TERM_FROM },
	{ "=", TERM_IS },      { "~", TERM_HAS },      { "<", TERM_BELOW },  { ">", TERM_ABOVE },
};

enum { SIGNS = sizeof(signs) / sizeof(signs[0]) };

static bool is_order(enum term_compare compare)
{
	return compare >= TERM_BELOW;
}

/* ---- reading ---- */

void table_terms_release(struct table_terms *terms)
{
	for (size_t i = 0; i < terms->count; i++)
		free(terms->at[i].text);
	kmeta_buffer_release(&terms->left);
	kmeta_buffer_release(&terms->right);
	*terms = (struct table_terms){ 0 };
}

void table_terms_known(struct kmeta_buffer *out, const struct table_kind *kind)
{
	for (size_t i = 0; i < kind->count; i++)
		kmeta_buffer_format(out, "%s%s", i ? ", " : "", kind->columns[i].name);
}

static bool say_unknown_column(const struct table_kind *kind, const char *name, size_t size,
                               char *why, size_t why_size)
{
	struct kmeta_buffer known = { 0 };

	table_terms_known(&known, kind);
	kmeta_buffer_add(&known, "", 1);
	snprintf(why, why_size, "there is no column '%.*s': known are %s", (int)size, name,
	         known.failed ? "" : known.at);
	kmeta_buffer_release(&known);
	return false;
}

/* Where the term ends: at a blank that no backslash stands before. */
static size_t term_size(const char *text)
{
	size_t size = 0;

	while (text[size] && text[size] != ' ')
		size += text[size] == '\\' && text[size + 1] ? 2 : 1;
	return size;
}

/* Finds the first sign in a word. SIGNS: it has none. */
static size_t find_sign(const char *word, size_t size, size_t *at)
{
	for (*at = 0; *at < size; ++*at)
		for (size_t i = 0; i < SIGNS; i++)
			if (!strncmp(word + *at, signs[i].sign, strlen(signs[i].sign)))
				return i;
	return SIGNS;
}

/* What stands on the right: another column, or a value. */
static bool take_right_side(struct table_term *term, const struct table_kind *kind, char *why,
                            size_t why_size)
{
	size_t other;
	char *end;

	if (table_column(kind, term->text, strlen(term->text), &other))
		term->other = &kind->columns[other];
	term->number = strtod(term->text, &end);
	if (!is_order(term->compare) || term->other || (*term->text && !*end))
		return true;
	snprintf(why, why_size, "'%s' is neither a number nor a column to compare %s with",
	         term->text, term->column->name);
	return false;
}

static bool take_term(struct table_terms *terms, const struct table_kind *kind, const char *word,
                      size_t size, char *why, size_t why_size)
{
	struct table_term *term = &terms->at[terms->count];
	size_t at, column;
	const size_t sign = find_sign(word, size, &at);
	const size_t cut = sign < SIGNS ? at + strlen(signs[sign].sign) : 0;

	*term = (struct table_term){ .compare = sign < SIGNS ? signs[sign].compare : TERM_HAS };
	if (sign < SIGNS) {
		if (!table_column(kind, word, at, &column))
			return say_unknown_column(kind, word, at, why, why_size);
		term->column = &kind->columns[column];
	}
	term->text = strndup(word + cut, size - cut);
	if (!term->text) {
		snprintf(why, why_size, "out of memory");
		return false;
	}
	terms->count++;
	return !term->column || take_right_side(term, kind, why, why_size);
}

bool table_terms_parse(struct table_terms *terms, const struct table_kind *kind, const char *text,
                       char *why, size_t why_size)
{
	*terms = (struct table_terms){ 0 };
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		const size_t size = term_size(text);

		if (terms->count == TERMS_LIMIT)
			snprintf(why, why_size, "there are more than %d terms", TERMS_LIMIT);
		if (terms->count == TERMS_LIMIT ||
		    !take_term(terms, kind, text, size, why, why_size)) {
			table_terms_release(terms);
			return false;
		}
		text += size;
	}
	return true;
}

void table_terms_quote(struct kmeta_buffer *out, struct kmeta_bytes value)
{
	for (size_t i = 0; i < value.size; i++) {
		const uint8_t c = value.data[i];

		if (c < 0x80 && !isalnum(c) && !strchr("._-", c))
			kmeta_buffer_add(out, "\\", 1);
		kmeta_buffer_add(out, &c, 1);
	}
}

/* ---- matching ---- */

/* One of the values between commas. Patterns are as a shell has them. */
static bool is_value(const struct table_term *term, const struct table_value *value,
                     const char *cell, const char *wanted)
{
	char *end;
	const double number = strtod(wanted, &end);
	const bool is_number = *wanted && !*end;

	if (!strcmp(wanted, "none"))
		return value->kind == VALUE_NONE || !strcmp(cell, "-") || !strcmp(cell, "none");
	if (term->column->flags & COLUMN_FLAG && (!strcmp(wanted, "no") || !strcmp(wanted, "yes")))
		return (value->number > 0) == !strcmp(wanted, "yes");
	if (value->kind == VALUE_LIST && is_number) {
		for (size_t i = 0; i < value->ids.size / 4; i++)
			if (table_id(value->ids, i) == (int32_t)number)
				return true;
		return false;
	}
	if (value->kind == VALUE_NUMBER && is_number)
		return !(value->number < number) && !(value->number > number);
	return !fnmatch(wanted, cell, 0);
}

static bool is_any_value(const struct table_term *term, const struct table_value *value,
                         const char *cell)
{
	char wanted[512];
	size_t size = 0;
	bool met = false;

	for (const char *at = term->text; !met; at++) {
		if (*at == ',' || !*at) {
			wanted[size] = '\0';
			met = is_value(term, value, cell, wanted);
			size = 0;
			if (!*at)
				break;
			continue;
		}
		if (*at == '\\' && at[1] && size + 2 < sizeof(wanted))
			wanted[size++] = *at++;
		if (size + 1 < sizeof(wanted))
			wanted[size++] = *at;
	}
	return met;
}

static bool in_order(enum term_compare compare, double left, double right)
{
	switch (compare) {
	case TERM_BELOW:
		return left < right;
	case TERM_ABOVE:
		return left > right;
	case TERM_UP_TO:
		return left <= right;
	default:
		return left >= right;
	}
}

static const char *cell_of(const struct table_row *row, const struct column *column,
                           struct table_value *value, struct kmeta_buffer *text)
{
	text->size = 0;
	table_cell(row, column, value, text);
	kmeta_buffer_add(text, "", 1);
	return text->failed ? "" : text->at;
}

static bool any_has(struct table_terms *terms, const struct table_row *row, const char *word)
{
	const struct table_kind *kind = row->table->about;
	struct table_value value;

	for (size_t i = 0; i < kind->count; i++)
		if (strcasestr(cell_of(row, &kind->columns[i], &value, &terms->left), word))
			return true;
	return false;
}

static bool meets_order(const struct table_term *term, const struct table_row *row)
{
	struct table_value left, right = { .kind = VALUE_NUMBER, .number = term->number };

	table_cell(row, term->column, &left, NULL);
	if (term->other)
		table_cell(row, term->other, &right, NULL);
	/* What is unknown or not there is neither less nor more. */
	return (left.kind == VALUE_NUMBER || left.kind == VALUE_LIST) &&
	       (right.kind == VALUE_NUMBER || right.kind == VALUE_LIST) &&
	       in_order(term->compare, left.number, right.number);
}

static bool meets(struct table_terms *terms, const struct table_term *term,
                  const struct table_row *row)
{
	const bool wanted = term->compare == TERM_HAS || term->compare == TERM_IS;
	struct table_value left, right;
	const char *cell;

	if (!term->column)
		return any_has(terms, row, term->text);
	if (is_order(term->compare))
		return meets_order(term, row);
	cell = cell_of(row, term->column, &left, &terms->left);
	if (left.kind == VALUE_UNKNOWN)
		return false;
	if (term->compare == TERM_HAS || term->compare == TERM_HAS_NOT)
		return (strcasestr(cell, term->text) != NULL) == wanted;
	if (term->other)
		return !strcmp(cell, cell_of(row, term->other, &right, &terms->right)) == wanted;
	return is_any_value(term, &left, cell) == wanted;
}

bool table_terms_match(struct table_terms *terms, const struct table_row *row)
{
	for (size_t i = 0; i < terms->count; i++)
		if (!meets(terms, &terms->at[i], row))
			return false;
	return true;
}
