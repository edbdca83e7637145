/* SPDX-License-Identifier: Apache-2.0 */
/* choose.c: which entities the result holds, and which others refer to those that it does not. */
#include <string.h>

#include "snapshot.h"

static unsigned kind_bit(enum kmeta_entity_kind kind)
{
	return 1u << kind;
}

/* The kinds that are left out. Partitions need their topic. */
static unsigned left_out_kinds(const struct snapshot *s)
{
	const unsigned out = s->only ? ~s->only : s->ignored;

	return out & kind_bit(KMETA_TOPIC) ? out | kind_bit(KMETA_PARTITION) : out;
}

void snapshot_check_kinds(const struct snapshot *s)
{
	if ((s->only | s->ignored) & kind_bit(KMETA_VOTER))
		common_usage(&s->common, "--only and --ignore do not choose voters: --voters does");
}

static bool field_is(const struct kmeta_entity *entity, const char *name, const char *text)
{
	const struct kmeta_field *field = kmeta_fields_find(entity->fields, name);

	return field && field->value.bytes.size == strlen(text) &&
	       !memcmp(field->value.bytes.data, text, strlen(text));
}

/* ConfigResource.Type of a config: what it is a setting of. */
enum { OF_TOPIC = 2, OF_BROKER = 4 };

static bool is_config_of(const struct kmeta_entity *entity, int64_t type)
{
	const struct kmeta_field *field = kmeta_fields_find(entity->fields, "resourceType");

	return entity->kind == KMETA_CONFIG && field && field->value.integer == type;
}

static bool is_chosen(const struct kmeta_entity *entity, unsigned out)
{
	/* It says how to read all the rest. */
	if (entity->kind == KMETA_FEATURE && field_is(entity, "name", "metadata.version"))
		return true;
	/* A topic's settings would apply to the next topic of that name. */
	if (out & kind_bit(KMETA_TOPIC) && is_config_of(entity, OF_TOPIC))
		return false;
	return !(out & kind_bit(entity->kind));
}

static void count_references(struct snapshot *s, const struct kmeta_entity *entity, unsigned out)
{
	if (entity->kind == KMETA_TOPIC && out & kind_bit(KMETA_PARTITION))
		s->topics_without_partitions++;
	if (!(out & kind_bit(KMETA_BROKER)))
		return;
	s->partitions_without_brokers += entity->kind == KMETA_PARTITION;
	/* The defaults of all brokers have no name. */
	s->configs_without_brokers +=
		is_config_of(entity, OF_BROKER) && !field_is(entity, "resourceName", "");
}

bool snapshot_wants(void *context, const struct kmeta_entity *entity)
{
	struct snapshot *s = context;
	const unsigned out = left_out_kinds(s);
	bool wanted;

	if (!out)
		return true;
	wanted = is_chosen(entity, out);
	if (!s->is_counting)
		return wanted;
	if (wanted)
		count_references(s, entity, out);
	else
		s->left_out[entity->kind]++;
	return wanted;
}
