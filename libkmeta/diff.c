/* SPDX-License-Identifier: Apache-2.0 */
/* diff.c: which entities differ between two states. */
#include <string.h>

#include "finding.h"
#include "kmeta.h"

/* Topics and their partitions are one group, in which keys decide. */
static int group_of(enum kmeta_entity_kind kind)
{
	return kind == KMETA_PARTITION ? KMETA_TOPIC : (int)kind;
}

static int compare(const struct kmeta_entity *a, const struct kmeta_entity *b)
{
	const int x = group_of(a->kind), y = group_of(b->kind);

	return x != y ? (x < y ? -1 : 1) : kmeta_bytes_compare(a->key, b->key);
}

/* Both in the newest version: the same fields in the same order. */
static bool same_field(const struct kmeta_field *a, const struct kmeta_field *b)
{
	const enum kmeta_kind kind = (enum kmeta_kind)a->schema->kind;
	const bool array =
		a->schema->flags & KMETA_FIELD_ARRAY && !(a->flags & KMETA_VALUE_ELEMENT);

	if (a->schema != b->schema || a->span != b->span || a->flags != b->flags)
		return false;
	if (kind == KMETA_STRUCT || (array && kind >= KMETA_STRING))
		return true;
	if (array || kind == KMETA_UUID || kind == KMETA_STRING || kind == KMETA_BYTES)
		return a->value.bytes.size == b->value.bytes.size &&
		       (!a->value.bytes.size ||
		        !memcmp(a->value.bytes.data, b->value.bytes.data, a->value.bytes.size));
	/* The bits of a real too: what was written, not what it is worth. */
	return a->value.integer == b->value.integer;
}

bool kmeta_entity_same(const struct kmeta_entity *a, const struct kmeta_entity *b)
{
	const struct kmeta_fields *x = a->fields, *y = b->fields;

	if (x->schema != y->schema || x->count != y->count)
		return false;
	for (size_t i = 0; i < x->count; i++)
		if (!same_field(&x->at[i], &y->at[i]))
			return false;
	return true;
}

struct side {
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	enum kmeta_status status;
};

static void step(struct side *side, struct kmeta_finding *why)
{
	side->status = kmeta_walk_next(side->walk, &side->entity, why);
}

static enum kmeta_status merge(struct side *a, struct side *b, kmeta_change_seen *seen,
                               void *context, struct kmeta_finding *why)
{
	step(a, why);
	step(b, why);
	while (a->status == KMETA_OK || b->status == KMETA_OK) {
		const int order = a->status != KMETA_OK   ? 1
		                  : b->status != KMETA_OK ? -1
		                                          : compare(&a->entity, &b->entity);
		const struct kmeta_change change = { order <= 0 ? &a->entity : NULL,
			                             order >= 0 ? &b->entity : NULL };

		if (a->status > KMETA_END || b->status > KMETA_END)
			return KMETA_FAILED;
		if ((order || !kmeta_entity_same(&a->entity, &b->entity)) &&
		    !seen(context, &change))
			return KMETA_OK;
		if (order <= 0)
			step(a, why);
		if (order >= 0)
			step(b, why);
	}
	return a->status > KMETA_END || b->status > KMETA_END ? KMETA_FAILED : KMETA_OK;
}

enum kmeta_status kmeta_diff(const struct kmeta_image *before, const struct kmeta_image *after,
                             kmeta_change_seen *seen, void *context, struct kmeta_finding *why)
{
	struct side a = { 0 }, b = { 0 };
	enum kmeta_status status = kmeta_walk_open(&a.walk, before, KMETA_WALK_NEWEST, why);

	if (status == KMETA_OK)
		status = kmeta_walk_open(&b.walk, after, KMETA_WALK_NEWEST, why);
	if (status == KMETA_OK)
		status = merge(&a, &b, seen, context, why);
	kmeta_walk_close(a.walk);
	kmeta_walk_close(b.walk);
	return status;
}
