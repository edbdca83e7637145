/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: reads a checkpoint back, and holds each of its records against the state. */
#include "snapshot.h"

struct comparison {
	struct snapshot *snapshot;
	struct kmeta_walk *walk;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	int64_t records;
	bool has_footer;
};

/* The next entity that was to be written. END: there is none. */
static enum kmeta_status next_wanted(struct comparison *c, struct kmeta_entity *entity,
                                     struct kmeta_finding *why)
{
	enum kmeta_status status;

	while ((status = kmeta_walk_next(c->walk, entity, why)) == KMETA_OK)
		if (entity->kind != KMETA_VOTER && snapshot_wants(c->snapshot, entity))
			break;
	return status;
}

static enum kmeta_status differs(const struct kmeta_record *record, struct kmeta_finding *why)
{
	common_fault(why, KMETA_CHECKPOINT_DIFFERS, NULL,
	             "what was read back is not the state that was to be written");
	why->offset = record->offset;
	return KMETA_FAILED;
}

/* The header comes first, the footer last, and other control records in between. */
static enum kmeta_status compare_control(struct comparison *c, const struct kmeta_record *record,
                                         struct kmeta_finding *why)
{
	const bool is_header = record->type == KMETA_CONTROL_SNAPSHOT_HEADER;

	c->has_footer = record->type == KMETA_CONTROL_SNAPSHOT_FOOTER;
	return is_header == !c->records ? KMETA_OK : differs(record, why);
}

static enum kmeta_status compare_entity(struct comparison *c, const struct kmeta_record *record,
                                        struct kmeta_finding *why)
{
	struct kmeta_entity wanted, read;
	const enum kmeta_status status = next_wanted(c, &wanted, why);

	if (status == KMETA_FAILED)
		return status;
	if (status == KMETA_END || c->has_footer || c->fields.schema != wanted.fields->schema ||
	    c->fields.irregular)
		return differs(record, why);
	read = (struct kmeta_entity){ .kind = wanted.kind, .fields = &c->fields };
	return kmeta_entity_same(&wanted, &read) ? KMETA_OK : differs(record, why);
}

static enum kmeta_status compare_batch(struct comparison *c, const struct kmeta_batch *batch,
                                       struct kmeta_finding *why)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	enum kmeta_status status;

	while ((status = kmeta_batch_next(batch, &cursor, &record, why)) == KMETA_OK) {
		if (kmeta_decode(&c->dialect, &record, &c->fields, why) != KMETA_OK)
			return KMETA_FAILED;
		if (record.offset != c->records || batch->epoch != c->snapshot->epoch_written)
			return differs(&record, why);
		status = record.control ? compare_control(c, &record, why)
		                        : compare_entity(c, &record, why);
		if (status != KMETA_OK)
			return status;
		c->records++;
	}
	return status == KMETA_END ? KMETA_OK : status;
}

static enum kmeta_status compare_file(struct comparison *c, struct kmeta_source *source,
                                      struct kmeta_finding *why)
{
	struct kmeta_batch batch;
	struct kmeta_entity left;
	struct kmeta_record end = { .offset = -1 };
	enum kmeta_status status;

	while ((status = kmeta_source_next(source, &batch, why)) == KMETA_OK)
		if (compare_batch(c, &batch, why) != KMETA_OK)
			return KMETA_FAILED;
	if (status != KMETA_END)
		return KMETA_FAILED;
	status = next_wanted(c, &left, why);
	if (status == KMETA_FAILED)
		return status;
	return status == KMETA_END && c->has_footer ? KMETA_OK : differs(&end, why);
}

enum kmeta_status snapshot_compare(struct snapshot *s, const char *file, struct kmeta_finding *why)
{
	struct comparison c = { .snapshot = s };
	struct kmeta_source *source = NULL;
	enum kmeta_status status = kmeta_source_open(&source, file, NULL, why);

	if (status == KMETA_OK)
		status = kmeta_walk_open(&c.walk, s->state, 0, why);
	if (status == KMETA_OK && !kmeta_dialect_init(&c.dialect, NULL))
		status = KMETA_FAILED;
	if (status == KMETA_OK)
		status = compare_file(&c, source, why);
	/* The names of files go with the source. */
	if (status != KMETA_OK)
		why->file = s->out;
	kmeta_walk_close(c.walk);
	kmeta_source_close(source);
	kmeta_fields_release(&c.fields);
	return status;
}
