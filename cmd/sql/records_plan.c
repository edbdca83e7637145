/* SPDX-License-Identifier: Apache-2.0 */
/* records_plan.c: which conditions on records go down to the log, and what they say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records.h"

/* In the number of a plan: the order, and whether anybody needs the names of topics. */
enum { PLAN_ORDERED = 1, PLAN_REVERSE = 2, PLAN_NAMES = 4 };

enum { PLAN_LETTERS = 24, PLAN_TYPES = 256 };

static const struct sql_arguments records_arguments = { .first = RECORDS_ADDRESS,
	                                                .names = { "address" },
	                                                .needed = 1 };

/*
 * The conditions that are understood, with the letter that stands for each in a plan; a capital one
 * has a list of values. Terms of the filter are not looked at again, as they find more than the
 * column shows: a record names several brokers.
 */
static const struct condition {
	int column;
	unsigned char op;
	char letter;
	bool is_term;
	double share; /* of the records that are left */
} conditions[] = {
	{ RECORDS_OFFSET, SQLITE_INDEX_CONSTRAINT_EQ, 'o', false, 0.000001 },
	{ RECORDS_OFFSET, SQLITE_INDEX_CONSTRAINT_GE, 'p', false, 0.05 },
	{ RECORDS_OFFSET, SQLITE_INDEX_CONSTRAINT_GT, 'p', false, 0.05 },
	{ RECORDS_OFFSET, SQLITE_INDEX_CONSTRAINT_LE, 'q', false, 0.05 },
	{ RECORDS_OFFSET, SQLITE_INDEX_CONSTRAINT_LT, 'q', false, 0.05 },
	{ RECORDS_TIMESTAMP, SQLITE_INDEX_CONSTRAINT_EQ, 't', false, 0.001 },
	{ RECORDS_TIMESTAMP, SQLITE_INDEX_CONSTRAINT_GE, 'u', false, 0.1 },
	{ RECORDS_TIMESTAMP, SQLITE_INDEX_CONSTRAINT_GT, 'u', false, 0.1 },
	{ RECORDS_TIMESTAMP, SQLITE_INDEX_CONSTRAINT_LE, 'v', false, 0.1 },
	{ RECORDS_TIMESTAMP, SQLITE_INDEX_CONSTRAINT_LT, 'v', false, 0.1 },
	{ RECORDS_EPOCH, SQLITE_INDEX_CONSTRAINT_EQ, 'e', false, 0.2 },
	{ RECORDS_EPOCH, SQLITE_INDEX_CONSTRAINT_GE, 'f', false, 0.2 },
	{ RECORDS_EPOCH, SQLITE_INDEX_CONSTRAINT_GT, 'f', false, 0.2 },
	{ RECORDS_EPOCH, SQLITE_INDEX_CONSTRAINT_LE, 'g', false, 0.2 },
	{ RECORDS_EPOCH, SQLITE_INDEX_CONSTRAINT_LT, 'g', false, 0.2 },
	{ RECORDS_TYPE, SQLITE_INDEX_CONSTRAINT_EQ, 'k', true, 0.9 },
	{ RECORDS_TOPIC, SQLITE_INDEX_CONSTRAINT_EQ, 'n', true, 0.9 },
	{ RECORDS_PARTITION, SQLITE_INDEX_CONSTRAINT_EQ, 'i', true, 0.9 },
	{ RECORDS_BROKER, SQLITE_INDEX_CONSTRAINT_EQ, 'b', true, 0.9 },
};

enum { CONDITIONS = sizeof(conditions) / sizeof(conditions[0]) };

/* ---- planning ---- */

static const struct condition *condition_of(int column, unsigned char op)
{
	for (size_t i = 0; i < CONDITIONS; i++)
		if (conditions[i].column == column && conditions[i].op == op)
			return &conditions[i];
	return NULL;
}

/* The values of one term are alternatives, so a second condition is left to SQLite. */
static bool is_taken(const struct condition *condition, const char *letters, int count)
{
	for (int i = 0; condition->is_term && i < count; i++)
		if ((letters[i] | 0x20) == condition->letter)
			return true;
	return false;
}

static void plan_conditions(sqlite3_index_info *info, char *letters, int *count, double *share)
{
	for (int i = 0; i < info->nConstraint && *count < PLAN_LETTERS - 1; i++) {
		const struct condition *condition =
			condition_of(info->aConstraint[i].iColumn, info->aConstraint[i].op);
		char letter;

		if (!condition || !info->aConstraint[i].usable ||
		    is_taken(condition, letters, *count))
			continue;
		letter = condition->letter;
		/* All values of a list in one pass. */
		if (sqlite3_vtab_in(info, i, -1)) {
			sqlite3_vtab_in(info, i, 1);
			letter = (char)(letter & ~0x20);
		}
		letters[(*count)++] = letter;
		info->aConstraintUsage[i].argvIndex = *count;
		info->aConstraintUsage[i].omit = condition->is_term;
		*share *= condition->share;
	}
}

static int plan_order(sqlite3_index_info *info)
{
	if (info->nOrderBy != 1 || info->aOrderBy[0].iColumn != RECORDS_OFFSET)
		return 0;
	info->orderByConsumed = 1;
	return info->aOrderBy[0].desc ? PLAN_ORDERED | PLAN_REVERSE : PLAN_ORDERED;
}

int records_plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	char letters[PLAN_LETTERS + SQL_ARGUMENTS] = "";
	double share = 1;
	int count = 0, code;

	(void)table;
	code = sql_take_arguments(info, &records_arguments, letters, &count);
	if (code != SQLITE_OK)
		return code;
	plan_conditions(info, letters, &count, &share);
	info->idxNum = plan_order(info);
	if (info->colUsed >> RECORDS_TOPIC & 1)
		info->idxNum |= PLAN_NAMES;
	/* Conditions that do not seek save little: the log is read all the same. */
	info->estimatedCost = 100 + 1000000 * share;
	info->estimatedRows = 1 + (sqlite3_int64)(1000000 * share);
	return sql_end_plan(info, &records_arguments, letters, count);
}

/* ---- values ---- */

const char *records_address(const char *letters, int count, sqlite3_value **values)
{
	return sql_argument(letters, count, values, 0);
}

/* The values of a condition, of which there may be one or a list. */
struct value_list {
	sqlite3_value *list, *at;
	bool is_list;
};

static sqlite3_value *first_value(struct value_list *v)
{
	v->at = v->list;
	if (v->is_list && sqlite3_vtab_in_first(v->list, &v->at) != SQLITE_OK)
		v->at = NULL;
	return v->at;
}

static sqlite3_value *next_value(struct value_list *v)
{
	if (!v->is_list || sqlite3_vtab_in_next(v->list, &v->at) != SQLITE_OK)
		v->at = NULL;
	return v->at;
}

/* False: it is no whole number, and equal to none. */
static bool whole_number(sqlite3_value *value, int64_t *number)
{
	double real;

	switch (sqlite3_value_numeric_type(value)) {
	case SQLITE_INTEGER:
		*number = sqlite3_value_int64(value);
		return true;
	case SQLITE_FLOAT:
		real = sqlite3_value_double(value);
		*number = real > -9e18 && real < 9e18 ? (int64_t)real : 0;
		return (double)*number == real;
	default:
		return false;
	}
}

/* ---- ranges: SQLite looks again, so that they may be too wide ---- */

static void narrow(struct kmeta_range *range, int64_t first, int64_t last)
{
	range->first = first > range->first ? first : range->first;
	range->last = last < range->last ? last : range->last;
}

/* From the lowest to the highest of the values. */
static void take_equal(struct records_wish *wish, struct kmeta_range *range,
                       struct value_list *values)
{
	int64_t number, first = INT64_MAX, last = INT64_MIN;

	for (sqlite3_value *value = first_value(values); value; value = next_value(values)) {
		if (!whole_number(value, &number))
			continue;
		first = number < first ? number : first;
		last = number > last ? number : last;
	}
	if (first > last)
		wish->is_empty = true;
	else
		narrow(range, first, last);
}

static void take_bound(struct records_wish *wish, struct kmeta_range *range, bool is_first,
                       sqlite3_value *value)
{
	int64_t number;

	if (sqlite3_value_type(value) == SQLITE_NULL)
		wish->is_empty = true;
	else if (!whole_number(value, &number))
		return;
	else if (is_first)
		narrow(range, number, INT64_MAX);
	else
		narrow(range, INT64_MIN, number);
}

/* ---- terms of the filter ---- */

static int plan_add_term(struct records_cursor *c, const char *term, const char *value)
{
	struct kmeta_finding why;

	if (!c->wish.filter)
		c->wish.filter = kmeta_filter_new();
	if (!c->wish.filter)
		return SQLITE_NOMEM;
	if (kmeta_filter_add(c->wish.filter, term, value, (struct kmeta_clock){ 0 }, &why) !=
	    KMETA_OK)
		return sql_fail(c->common.base.pVtab, &why, NULL);
	return SQLITE_OK;
}

static int take_numbers(struct records_cursor *c, const char *term, struct value_list *values)
{
	int code = SQLITE_OK;
	bool any = false;

	for (sqlite3_value *value = first_value(values); value && code == SQLITE_OK;
	     value = next_value(values)) {
		char text[24];
		int64_t number;

		if (!whole_number(value, &number))
			continue;
		any = true;
		snprintf(text, sizeof(text), "%lld", (long long)number);
		code = plan_add_term(c, term, text);
	}
	c->wish.is_empty |= !any;
	return code;
}

/* A type by its name, with or without _RECORD; NULL: no type has it. */
static const char *type_named(const char *text)
{
	for (int32_t i = 0; i < 2 * PLAN_TYPES; i++) {
		const char *name = kmeta_type_name(i >= PLAN_TYPES, i % PLAN_TYPES);
		const size_t size = strlen(text);

		if (name && !sqlite3_strnicmp(name, text, (int)size) &&
		    (!name[size] || !strcmp(name + size, "_RECORD")))
			return name;
	}
	return NULL;
}

static int take_types(struct records_cursor *c, struct value_list *values)
{
	int code = SQLITE_OK;
	bool any = false;

	for (sqlite3_value *value = first_value(values); value && code == SQLITE_OK;
	     value = next_value(values)) {
		const char *text = (const char *)sqlite3_value_text(value);
		const char *name = text ? type_named(text) : NULL;
		char number[16];

		if (!text)
			continue;
		any = true;
		if (!name && sscanf(text, "UNKNOWN(%10[0-9])", number) == 1)
			name = number;
		if (!name)
			return sql_fail_text(c->common.base.pVtab,
			                     "no type of record is called '%s': kmeta-dump "
			                     "--type=list prints all",
			                     text);
		code = plan_add_term(c, "type", name);
	}
	c->wish.is_empty |= !any;
	return code;
}

/* Names are no patterns here. A comma would end one, but no topic of Kafka has it in its name. */
static bool put_literal(struct kmeta_buffer *out, const char *name)
{
	out->size = 0;
	for (; *name; name++) {
		if (*name == ',')
			return false;
		if (strchr("*?[]\\", *name))
			kmeta_buffer_add(out, "\\", 1);
		kmeta_buffer_add(out, name, 1);
	}
	kmeta_buffer_add(out, "", 1);
	return true;
}

/* Names that the filter has no words for are compared with the column. */
static bool are_literal(struct kmeta_buffer *scratch, struct value_list *values)
{
	for (sqlite3_value *value = first_value(values); value; value = next_value(values)) {
		const char *text = (const char *)sqlite3_value_text(value);

		if (text && (!*text || !put_literal(scratch, text)))
			return false;
	}
	return true;
}

static int plan_add_topic(struct records_cursor *c, const char *name, bool is_literal)
{
	if (!is_literal) {
		kmeta_buffer_add(&c->wish.topics, name, strlen(name) + 1);
		return c->wish.topics.failed ? SQLITE_NOMEM : SQLITE_OK;
	}
	put_literal(&c->scratch, name);
	return c->scratch.failed ? SQLITE_NOMEM : plan_add_term(c, "topic", c->scratch.at);
}

static int plan_take_topics(struct records_cursor *c, struct value_list *values)
{
	const bool is_literal = are_literal(&c->scratch, values);
	int code = SQLITE_OK;
	bool any = false;

	c->wish.needs_names = true;
	for (sqlite3_value *value = first_value(values); value && code == SQLITE_OK;
	     value = next_value(values)) {
		const char *text = (const char *)sqlite3_value_text(value);

		any |= text != NULL;
		if (text)
			code = plan_add_topic(c, text, is_literal);
	}
	c->wish.is_empty |= !any;
	return code;
}

/* ---- all of them ---- */

static int plan_take_value(struct records_cursor *c, char letter, sqlite3_value *value)
{
	struct records_wish *w = &c->wish;
	struct value_list values = { .list = value, .is_list = letter < 'a' };

	switch (letter | 0x20) {
	case 'o':
		take_equal(w, &w->offsets, &values);
		return SQLITE_OK;
	case 't':
		take_equal(w, &w->times, &values);
		return SQLITE_OK;
	case 'e':
		take_equal(w, &w->epochs, &values);
		return SQLITE_OK;
	case 'p':
	case 'q':
		take_bound(w, &w->offsets, letter == 'p', value);
		return SQLITE_OK;
	case 'u':
	case 'v':
		take_bound(w, &w->times, letter == 'u', value);
		return SQLITE_OK;
	case 'f':
	case 'g':
		take_bound(w, &w->epochs, letter == 'f', value);
		return SQLITE_OK;
	case 'k':
		return take_types(c, &values);
	case 'n':
		return plan_take_topics(c, &values);
	case 'i':
		return take_numbers(c, "partition", &values);
	case 'b':
		return take_numbers(c, "broker", &values);
	default:
		return SQLITE_OK;
	}
}

int records_wish_take(struct records_cursor *c, int number, const char *letters, int count,
                      sqlite3_value **values)
{
	const struct kmeta_range all = { INT64_MIN, INT64_MAX };
	int code = SQLITE_OK;

	c->wish = (struct records_wish){ .offsets = all,
		                         .times = all,
		                         .epochs = all,
		                         .is_ordered = number & PLAN_ORDERED,
		                         .is_reverse = number & PLAN_REVERSE,
		                         .needs_names = number & PLAN_NAMES };
	for (int i = 0; i < count && code == SQLITE_OK; i++)
		if (letters[i] > '9')
			code = plan_take_value(c, letters[i], values[i]);
	if (c->wish.offsets.first > c->wish.offsets.last ||
	    c->wish.times.first > c->wish.times.last || c->wish.epochs.first > c->wish.epochs.last)
		c->wish.is_empty = true;
	return code;
}

void records_wish_release(struct records_wish *wish)
{
	kmeta_filter_free(wish->filter);
	kmeta_buffer_release(&wish->topics);
	*wish = (struct records_wish){ 0 };
}
