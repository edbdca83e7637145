/* SPDX-License-Identifier: Apache-2.0 */
/* checkpoint.c: writes a state as a checkpoint: what Kafka's RecordsSnapshotWriter writes. */
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/options.h"
#include "record/encode.h"
#include "record/kind.h"
#include "record/schema.h"
#include "record/write.h"
#include "state/image.h"

/* Kafka refuses batches above 8 MiB. */
enum { BATCH_BYTES = 1 << 20 };

struct checkpoint {
	struct kmeta_checkpoint_options options;
	const struct kmeta_image *image;
	kmeta_drain *drain;
	struct kmeta_buffer *out;
	struct kmeta_checkpoint_totals *totals;
	struct kmeta_finding *why;
	struct batch_writer writer;
	struct kmeta_buffer value;
	int64_t timestamp;
};

/* ---- batches ---- */

static enum kmeta_status end_batch(struct checkpoint *c)
{
	const size_t before = c->out->size;
	const int32_t count = c->writer.count;
	enum kmeta_status status;

	if (!count)
		return KMETA_OK;
	status = batch_writer_end(&c->writer, c->out, c->why);
	if (status != KMETA_OK)
		return status;
	c->totals->batches++;
	c->totals->bytes += (int64_t)(c->out->size - before);
	c->writer.batch.base_offset += count;
	c->writer.batch.control = false;
	return c->drain(c->options.context, c->out) ? KMETA_OK : finding_stopped(c->why);
}

/* All records have one time, so that a checkpoint of a state is always the same. */
static void put_record_of_value(struct checkpoint *c, struct kmeta_bytes key)
{
	const struct kmeta_new_record record = { .timestamp = c->timestamp,
		                                 .key = key,
		                                 .value = kmeta_buffer_bytes(&c->value) };

	batch_writer_add(&c->writer, &record);
	c->totals->records++;
}

/* ---- control records ---- */

static void add_control(struct checkpoint *c, uint8_t type)
{
	const uint8_t key[4] = { 0, 0, 0, type };

	c->writer.batch.control = true;
	put_record_of_value(c, (struct kmeta_bytes){ key, sizeof(key) });
}

/* A control record whose fields are its version, which is 0, and a number with a name, if any. */
static void add_control_number(struct checkpoint *c, uint8_t type, const char *name, int64_t number)
{
	const struct kmeta_schema *schema = kmeta_schema_find(true, type, 0);
	struct kmeta_field field = { .span = 1, .value.integer = number };
	struct kmeta_fields fields = { .at = &field };

	for (size_t i = 0; name && i < schema->count; i++)
		if (!strcmp(schema->fields[i].name, name)) {
			field.schema = &schema->fields[i];
			fields.count = 1;
		}
	c->value.size = 0;
	encode_body(&c->value, schema, &fields);
	add_control(c, type);
}

/* ---- voters ---- */

static struct kmeta_bytes text_bytes(const char *text)
{
	return (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) };
}

/* A voter with one endpoint, as an element of the record's array. */
static void put_voter(struct kmeta_buffer *out, const struct kmeta_voter *voter)
{
	enum { ID, DIRECTORY, ENDPOINTS, NAME, HOST, PORT, VERSIONS, LEAST, MOST };
	const struct kmeta_schema_field *f = schema_voter.fields;
	struct kmeta_field fields[] = {
		{ .schema = &f[ID], .span = 1, .value.integer = voter->id },
		{ .schema = &f[DIRECTORY], .span = 1, .value.bytes = { voter->directory, 16 } },
		{ .schema = &f[ENDPOINTS], .span = 5, .value.integer = 1 },
		{ .schema = &f[ENDPOINTS], .span = 4, .flags = KMETA_VALUE_ELEMENT },
		{ .schema = &f[NAME], .span = 1, .value.bytes = text_bytes(voter->listener) },
		{ .schema = &f[HOST], .span = 1, .value.bytes = text_bytes(voter->host) },
		{ .schema = &f[PORT], .span = 1, .value.integer = voter->port },
		{ .schema = &f[VERSIONS], .span = 3 },
		{ .schema = &f[LEAST], .span = 1, .value.integer = voter->least_version },
		{ .schema = &f[MOST], .span = 1, .value.integer = voter->most_version },
	};
	const struct kmeta_fields all = { .at = fields,
		                          .count = sizeof(fields) / sizeof(fields[0]) };

	encode_body(out, &schema_voter, &all);
}

/* The image keeps each of its voters as such an element, behind a frame. */
static enum kmeta_status put_voters_of_image(struct checkpoint *c)
{
	struct kmeta_buffer key = { 0 };

	for (size_t at = 0; at < c->image->voters.size; at += sizeof(int32_t)) {
		const struct item *item;
		int32_t id;

		memcpy(&id, c->image->voters.at + at, sizeof(id));
		key.size = 0;
		image_key_number(&key, id);
		item = key.failed ? NULL
		                  : image_item(c->image, KMETA_VOTER, kmeta_buffer_bytes(&key));
		if (item)
			buffer_add(&c->value, item->value + IMAGE_FRAME,
			           item->value_size - IMAGE_FRAME);
	}
	c->value.failed |= key.failed;
	kmeta_buffer_release(&key);
	return c->value.failed ? finding_memory(c->why) : KMETA_OK;
}

/* VotersRecord.json, version 0. */
static enum kmeta_status add_voters(struct checkpoint *c)
{
	const bool given = c->options.voters != NULL;
	const size_t count =
		given ? c->options.voters_count : c->image->voters.size / sizeof(int32_t);
	enum kmeta_status status = KMETA_OK;

	if (!count)
		return KMETA_OK;
	c->value.size = 0;
	buffer_big_endian(&c->value, 0, 2);
	buffer_varint(&c->value, count + 1);
	for (size_t i = 0; given && i < count; i++)
		put_voter(&c->value, &c->options.voters[i]);
	if (!given)
		status = put_voters_of_image(c);
	buffer_varint(&c->value, 0);
	add_control(c, KMETA_CONTROL_KRAFT_VOTERS);
	return status;
}

/* Kafka writes neither version nor voters of a quorum whose voters its configuration lists. */
static enum kmeta_status add_quorum(struct checkpoint *c)
{
	const int32_t version = c->options.voters ? 1 : c->image->quorum.kraft_version;

	if (c->options.static_voters || version <= 0)
		return KMETA_OK;
	add_control_number(c, KMETA_CONTROL_KRAFT_VERSION, "kRaftVersion", version);
	return add_voters(c);
}

/* ---- entities ---- */

static enum kmeta_status add_entity(struct checkpoint *c, const struct kmeta_entity *entity)
{
	if (entity->fields->schema->control ||
	    (c->options.wanted && !c->options.wanted(c->options.context, entity)))
		return KMETA_OK;
	c->value.size = 0;
	encode_fields(&c->value, entity->fields->schema, entity->fields);
	if (c->value.failed)
		return finding_memory(c->why);
	/* Only a large record makes a batch larger than it should be. */
	if (c->writer.count && c->writer.records.size + c->value.size > BATCH_BYTES &&
	    end_batch(c) != KMETA_OK)
		return KMETA_FAILED;
	put_record_of_value(c, (struct kmeta_bytes){ 0 });
	c->totals->entities[entity->kind]++;
	return KMETA_OK;
}

static int64_t entities_of(const struct kmeta_image *image)
{
	int64_t all = 0;

	for (size_t kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
		all += (int64_t)image->counts[kind];
	return all;
}

static enum kmeta_status add_entities(struct checkpoint *c)
{
	const int64_t all = entities_of(c->image);
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open(&walk, c->image, 0, c->why);

	if (status != KMETA_OK)
		return status;
	for (int64_t done = 1; status == KMETA_OK; done++) {
		status = kmeta_walk_next(walk, &entity, c->why);
		if (status == KMETA_OK)
			status = add_entity(c, &entity);
		if (status == KMETA_OK && c->options.progress &&
		    !c->options.progress(c->options.context, done < all ? done : all, all))
			status = finding_stopped(c->why);
	}
	kmeta_walk_close(walk);
	return status == KMETA_END ? end_batch(c) : status;
}

/* ---- all of it ---- */

static enum kmeta_status check_checkpoint_options(const struct checkpoint *c)
{
	if (c->options.epoch < 0)
		return finding_set(c->why, KMETA_BAD_ARGUMENT, "an epoch is 0 or above, not %d",
		                   c->options.epoch);
	if (c->options.static_voters && c->options.voters)
		return finding_set(c->why, KMETA_BAD_ARGUMENT,
		                   "static voters stand in the configuration alone");
	if (c->image->is_partial)
		return finding_set(c->why, KMETA_MISSING_RECORDS,
		                   "the state is known in part only, from @%lld on",
		                   (long long)c->image->partial_from);
	return KMETA_OK;
}

static enum kmeta_status write_checkpoint(struct checkpoint *c)
{
	enum kmeta_status status;

	add_control_number(c, KMETA_CONTROL_SNAPSHOT_HEADER, "lastContainedLogTimestamp",
	                   c->timestamp);
	status = add_quorum(c);
	if (status == KMETA_OK)
		status = end_batch(c);
	if (status == KMETA_OK)
		status = add_entities(c);
	if (status != KMETA_OK)
		return status;
	add_control_number(c, KMETA_CONTROL_SNAPSHOT_FOOTER, NULL, 0);
	return end_batch(c);
}

enum kmeta_status kmeta_write_checkpoint(const struct kmeta_image *image,
                                         const struct kmeta_checkpoint_options *options,
                                         kmeta_drain *drain, struct kmeta_buffer *out,
                                         struct kmeta_checkpoint_totals *totals,
                                         struct kmeta_finding *why)
{
	const struct kmeta_moment moment = kmeta_image_moment(image);
	struct checkpoint c = {
		.image = image, .drain = drain, .out = out, .totals = totals, .why = why
	};
	enum kmeta_status status = options_take(&c.options, sizeof(c.options), options, why);

	*totals = (struct kmeta_checkpoint_totals){ 0 };
	if (status == KMETA_OK)
		status = check_checkpoint_options(&c);
	if (status != KMETA_OK)
		return KMETA_FAILED;
	/* Kafka refuses negative times. */
	c.timestamp = moment.timestamp > 0 ? moment.timestamp : 0;
	c.writer.batch.epoch = c.options.epoch    ? c.options.epoch
	                       : moment.epoch > 0 ? moment.epoch
	                                          : 0;
	c.writer.batch.codec = c.options.codec;
	status = write_checkpoint(&c);
	if (status == KMETA_OK && c.value.failed)
		status = finding_memory(why);
	batch_writer_release(&c.writer);
	kmeta_buffer_release(&c.value);
	return status == KMETA_OK ? KMETA_OK : KMETA_FAILED;
}
