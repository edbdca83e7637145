/* SPDX-License-Identifier: Apache-2.0 */
/* document.c: prints a state as one JSON document, and computes its digest. */
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "print/entity.h"
#include "print/json.h"
#include "print/scalar.h"
#include "print/secret.h"
#include "print/text.h"
#include "record/kind.h"
#include "state/image.h"

/* ---- the document ---- */

/*
 * The document is written while the walk goes on. Objects are open up to some depth, each with its
 * name; an entity closes those that it is not in and opens those that it is in. The table of kinds
 * says where an entity goes, and which of its fields.
 */
enum { DEPTH = 4 };

struct document {
	struct kmeta_buffer *out;
	unsigned flags;
	struct kmeta_buffer names[DEPTH];
	size_t depth;
	bool comma;    /* the current object has a member already */
	size_t hidden; /* members whose name is a secret */
};

static void next_member(struct document *d)
{
	if (d->comma)
		buffer_char(d->out, ',');
	d->comma = true;
}

static void close_to(struct document *d, size_t depth)
{
	while (d->depth > depth) {
		buffer_char(d->out, '}');
		d->depth--;
		d->comma = true;
	}
}

/* Opens the object "name" at "depth", unless it is open. */
static void open_object(struct document *d, size_t depth, const struct kmeta_buffer *name)
{
	if (d->depth > depth &&
	    !kmeta_bytes_compare(kmeta_buffer_bytes(&d->names[depth]), kmeta_buffer_bytes(name)))
		return;
	close_to(d, depth);
	d->names[depth].size = 0;
	buffer_add(&d->names[depth], name->at, name->size);
	next_member(d);
	buffer_add(d->out, name->at, name->size);
	buffer_text(d->out, ":{");
	d->depth = depth + 1;
	d->comma = false;
}

/* ---- where an entity goes ---- */

/* The number of a quoted, hidden name tells its namesakes apart. */
static void add_hidden(struct document *d, struct kmeta_buffer *name)
{
	buffer_format(name, "\"" SECRET_HIDDEN " %zu\"", ++d->hidden);
}

/*
 * A name in the document is a JSON string, whatever the field is. Only small numbers have words,
 * and the search for one is slow.
 */
static void add_number(struct kmeta_buffer *name, const struct kmeta_entity *entity,
                       const struct kmeta_field *field)
{
	const char *word = field->schema->kind == KMETA_INT8
	                           ? text_word(entity->fields->schema->name, field->schema->name,
	                                       field->value.integer)
	                           : NULL;

	buffer_char(name, '"');
	if (word)
		buffer_text(name, word);
	else
		buffer_integer(name, field->value.integer);
	buffer_char(name, '"');
}

static void add_field(struct document *d, struct kmeta_buffer *name,
                      const struct kmeta_entity *entity, const struct kmeta_field *field)
{
	if (!(d->flags & KMETA_SHOW_SECRETS) && secret_is_hidden(field, false))
		add_hidden(d, name);
	else if (field->schema->flags & KMETA_FIELD_ARRAY)
		entity_quota_name(name, entity->fields);
	else if (field->schema->kind == KMETA_STRING)
		scalar_string(name, field->value.bytes);
	else if (field->schema->kind == KMETA_UUID)
		kmeta_field_json(name, entity->fields, field, d->flags);
	else
		add_number(name, entity, field);
}

/* The name that one part of a kind's document path stands for: a word, or a {slot}. */
static void add_name(struct document *d, struct kmeta_buffer *name,
                     const struct kmeta_entity *entity, const char *part, size_t size)
{
	const struct kmeta_field *field;

	if (*part != '{') {
		buffer_format(name, "\"%.*s\"", (int)size, part);
		return;
	}
	field = entity_field(entity, part + 1, size - 2);
	if (field)
		add_field(d, name, entity, field);
	else
		scalar_string(name, entity->topic_name);
}

/* ---- what it is there ---- */

static void put_member(struct document *d, const struct kmeta_entity *entity, const char *member)
{
	kmeta_field_json(d->out, entity->fields, kmeta_fields_find(entity->fields, member),
	                 d->flags);
}

static void put_members(struct document *d, const struct kmeta_entity *entity,
                        const char *const members[KIND_MEMBERS])
{
	for (size_t i = 0; i < KIND_MEMBERS && members[i]; i++) {
		buffer_format(d->out, "%c\"%s\":", i ? ',' : '{', members[i]);
		put_member(d, entity, members[i]);
	}
	buffer_char(d->out, '}');
}

static void put_content(struct document *d, const struct kmeta_entity *entity)
{
	const struct kind *kind = &kinds[entity->kind];

	if (!kind->members[0]) {
		json_fields(d->out, entity->fields, d->flags);
		if (entity->unknown) {
			d->out->size -= d->out->size > 0; /* the brace */
			entity_unknown_json(d->out, entity);
			buffer_char(d->out, '}');
		}
	} else if (!kind->members[1])
		put_member(d, entity, kind->members[0]);
	else
		put_members(d, entity, kind->members);
}

static void document_entity(struct document *d, const struct kmeta_entity *entity)
{
	const char *part = kind_document(entity->kind), *slash;
	struct kmeta_buffer name = { 0 };
	size_t depth = 0;

	/* Two topics of the same name are two members. */
	if (entity->kind == KMETA_TOPIC)
		close_to(d, 1);
	for (; (slash = strchr(part, '/')) != NULL; part = slash + 1) {
		name.size = 0;
		add_name(d, &name, entity, part, (size_t)(slash - part));
		open_object(d, depth++, &name);
	}
	close_to(d, depth);
	next_member(d);
	name.size = 0;
	add_name(d, &name, entity, part, strlen(part));
	buffer_add(d->out, name.at, name.size);
	buffer_char(d->out, ':');
	put_content(d, entity);
	d->out->failed |= name.failed;
	kmeta_buffer_release(&name);
}

static void document_head(struct document *d, const struct kmeta_image *image)
{
	const struct kmeta_moment moment = image->moment;
	const struct kmeta_quorum quorum = image->quorum;
	const char *name = kmeta_metadata_version_name(moment.level);

	buffer_format(d->out, "{\"endOffset\":%lld,\"epoch\":%d,\"timestamp\":%lld",
	              (long long)moment.end_offset, moment.epoch, (long long)moment.timestamp);
	if (image->is_partial)
		buffer_format(d->out, ",\"partialFrom\":%lld", (long long)image->partial_from);
	if (moment.level)
		buffer_format(d->out, ",\"metadataVersion\":{\"level\":%lld,\"name\":%s%s%s}",
		              (long long)moment.level, name ? "\"" : "", name ? name : "null",
		              name ? "\"" : "");
	buffer_format(d->out, ",\"quorum\":{\"leader\":%d,\"leaderEpoch\":%d,\"kraftVersion\":%d}",
	              quorum.leader, quorum.leader_epoch, quorum.kraft_version);
	d->comma = true;
}

enum kmeta_status kmeta_image_json(const struct kmeta_image *image, kmeta_wanted *wanted,
                                   kmeta_drain *drain, void *context, struct kmeta_buffer *out,
                                   unsigned flags, struct kmeta_finding *why)
{
	struct document d = { .out = out, .flags = flags };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open(&walk, image, 0, why);
	bool going = true;

	if (status == KMETA_OK)
		document_head(&d, image);
	while (going && status == KMETA_OK &&
	       (status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK) {
		if (wanted && !wanted(context, &entity))
			continue;
		document_entity(&d, &entity);
		going = drain(context, out);
	}
	if (status == KMETA_END || status == KMETA_OK) {
		close_to(&d, 0);
		buffer_text(out, "}\n");
		status = KMETA_OK;
	}
	for (size_t i = 0; i < DEPTH; i++) {
		/* Without the name of an object, what is in it is in another. */
		if (d.names[i].failed && status == KMETA_OK)
			status = finding_memory(why);
		kmeta_buffer_release(&d.names[i]);
	}
	kmeta_walk_close(walk);
	return status;
}
