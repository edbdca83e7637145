/* SPDX-License-Identifier: Apache-2.0 */
/* changes.c: prints the changes of an entity, for kmeta-diff and kmeta-history. */
#include "changes.h"

#include <string.h>

#include "common.h"

static const char *const whats[] = { "added", "removed", "changed" };

enum what changes_what(const struct kmeta_change *change)
{
	/* What is known in part was there before, as a record changes it. */
	if (!change->before)
		return change->after->unknown ? CHANGED : ADDED;
	return change->after ? CHANGED : REMOVED;
}

const struct kmeta_entity *changes_entity(const struct kmeta_change *change)
{
	return change->after ? change->after : change->before;
}

/* ---- fields ---- */

static bool is_shown(const struct changes *c, const struct kmeta_entity *entity,
                     const struct kmeta_field *field)
{
	return !kmeta_entity_is_key(entity, field) &&
	       !words_contain(c->ignored, field->schema->name);
}

/* A field of an entity before and after. NULL: it is absent and has its default. */
struct pair {
	const char *name;
	const struct kmeta_field *before, *after;
};

typedef void pair_seen(const struct changes *c, const struct kmeta_change *change,
                       const struct pair *pair, bool first);

/* True if one side of a change is not absent but unknown. */
static bool is_unknown(const struct kmeta_change *change, const struct kmeta_entity *side,
                       const struct pair *pair)
{
	return side ? kmeta_entity_is_unknown(side, pair->name) : changes_what(change) == CHANGED;
}

/*
 * A field by that of a schema, which is nearly always the one that the fields have: then they are in
 * its order, and "from" goes along.
 */
static const struct kmeta_field *side_field(const struct kmeta_entity *entity,
                                            const struct kmeta_schema *schema, size_t number,
                                            size_t *from)
{
	const struct kmeta_fields *fields = entity ? entity->fields : NULL;

	if (!fields)
		return NULL;
	if (fields->schema != schema)
		return kmeta_fields_find(fields, schema->fields[number].name);
	while (*from < fields->count && fields->at[*from].schema < &schema->fields[number])
		*from += fields->at[*from].span;
	return *from < fields->count && fields->at[*from].schema == &schema->fields[number]
	               ? &fields->at[*from]
	               : NULL;
}

static bool same_bytes(const struct kmeta_field *a, const struct kmeta_field *b)
{
	return a->value.bytes.size == b->value.bytes.size &&
	       (!a->value.bytes.size ||
	        !memcmp(a->value.bytes.data, b->value.bytes.data, a->value.bytes.size));
}

/* Numbers and uuids, and arrays of them, whose values say at once whether they print the same. */
static bool tells_by_value(const struct kmeta_field *field)
{
	return field->schema->kind <= KMETA_INT64 || field->schema->kind == KMETA_UUID;
}

static bool same_plain_value(const struct kmeta_field *a, const struct kmeta_field *b)
{
	const bool has_bytes =
		a->schema->kind == KMETA_UUID || a->schema->flags & KMETA_FIELD_ARRAY;

	if (a->flags & KMETA_VALUE_NULL || b->flags & KMETA_VALUE_NULL)
		return (a->flags & KMETA_VALUE_NULL) == (b->flags & KMETA_VALUE_NULL);
	return has_bytes ? same_bytes(a, b) : a->value.integer == b->value.integer;
}

/* Bytes that are no UTF-8 may differ and yet print the same. */
static bool prints_the_same(const struct kmeta_change *change, const struct pair *pair)
{
	struct kmeta_buffer before = { 0 }, after = { 0 };
	bool same;

	kmeta_field_json(&before, change->before->fields, pair->before, KMETA_SHOW_SECRETS);
	kmeta_field_json(&after, change->after->fields, pair->after, KMETA_SHOW_SECRETS);
	same = !kmeta_bytes_compare(kmeta_buffer_bytes(&before), kmeta_buffer_bytes(&after));
	kmeta_buffer_release(&before);
	kmeta_buffer_release(&after);
	return same;
}

static bool same_value(const struct kmeta_change *change, const struct pair *pair)
{
	if (!pair->before || !pair->after)
		return false;
	if (pair->before->schema == pair->after->schema && tells_by_value(pair->before))
		return same_plain_value(pair->before, pair->after);
	return prints_the_same(change, pair);
}

/*
 * Calls "seen" for each field that differs, in the order of the schema. Returns their number; without
 * "seen", whether there is any.
 */
static size_t each_pair(const struct changes *c, const struct kmeta_change *change, pair_seen *seen)
{
	const struct kmeta_entity *entity = change->after ? change->after : change->before;
	const struct kmeta_schema *schema = entity->fields->schema;
	size_t count = 0, before = 0, after = 0;

	for (size_t i = 0; i < schema->count; i += schema->fields[i].span) {
		const struct pair pair = { schema->fields[i].name,
			                   side_field(change->before, schema, i, &before),
			                   side_field(change->after, schema, i, &after) };
		const struct kmeta_field *field = pair.after ? pair.after : pair.before;

		if (!field || same_value(change, &pair) || !is_shown(c, entity, field))
			continue;
		if (!seen)
			return 1;
		seen(c, change, &pair, !count);
		count++;
	}
	return count;
}

bool changes_any(const struct changes *c, const struct kmeta_change *change)
{
	return changes_what(change) != CHANGED || each_pair(c, change, NULL);
}

/* ---- JSON ---- */

static void put_words(const struct changes *c, const char *words)
{
	kmeta_buffer_add(c->out, words, strlen(words));
}

static void put_json_side(const struct changes *c, const struct kmeta_change *change,
                          const struct pair *pair, bool is_after)
{
	const struct kmeta_entity *entity = is_after ? change->after : change->before;
	const struct kmeta_field *field = is_after ? pair->after : pair->before;

	if (field)
		kmeta_field_json(c->out, entity->fields, field, c->flags);
	else
		put_words(c, is_unknown(change, entity, pair) ? "{\"unknown\":true}" : "null");
}

static void put_json_pair(const struct changes *c, const struct kmeta_change *change,
                          const struct pair *pair, bool first)
{
	put_words(c, first ? "\"" : ",\"");
	put_words(c, pair->name);
	put_words(c, "\":[");
	put_json_side(c, change, pair, false);
	put_words(c, ",");
	put_json_side(c, change, pair, true);
	put_words(c, "]");
}

void changes_json(const struct changes *c, const struct kmeta_change *change)
{
	const struct kmeta_entity *entity = changes_entity(change);

	kmeta_buffer_format(c->out, "\"change\":\"%s\",\"entity\":\"%s\",\"key\":",
	                    whats[changes_what(change)], kmeta_entity_kind_name(entity->kind));
	kmeta_entity_key_json(c->out, entity, c->flags);
	put_words(c, ",\"fields\":{");
	each_pair(c, change, put_json_pair);
	put_words(c, "}");
}

/* ---- text ---- */

static void changes_put_color(const struct changes *c, const char *code)
{
	if (c->flags & KMETA_SHOW_COLOR)
		kmeta_buffer_format(c->out, "\x1b[%sm", code);
}

static void put_text_side(const struct changes *c, const struct kmeta_change *change,
                          const struct pair *pair, bool is_after)
{
	const struct kmeta_entity *entity = is_after ? change->after : change->before;
	const struct kmeta_field *field = is_after ? pair->after : pair->before;

	if (field)
		kmeta_field_text(c->out, entity->fields, field, c->flags);
	else
		put_words(c, is_unknown(change, entity, pair) ? "(unknown)" : "(none)");
}

static void put_text_pair(const struct changes *c, const struct kmeta_change *change,
                          const struct pair *pair, bool first)
{
	put_words(c, first ? "  " : ", ");
	put_words(c, pair->name);
	put_words(c, " ");
	put_text_side(c, change, pair, false);
	put_words(c, " -> ");
	put_text_side(c, change, pair, true);
}

void changes_text(const struct changes *c, const struct kmeta_change *change)
{
	static const char *const signs[] = { "+", "-", "~" }, *const colors[] = { "32", "31",
		                                                                  "33" };
	const struct kmeta_entity *entity = changes_entity(change);
	const enum what what = changes_what(change);

	changes_put_color(c, colors[what]);
	put_words(c, signs[what]);
	put_words(c, " ");
	kmeta_entity_path(c->out, entity, c->flags);
	if (what == CHANGED) {
		changes_put_color(c, "0");
		each_pair(c, change, put_text_pair);
		return;
	}
	put_words(c, "  ");
	kmeta_entity_text(c->out, entity, c->flags);
	changes_put_color(c, "0");
}
