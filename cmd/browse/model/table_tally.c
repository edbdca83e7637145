/* SPDX-License-Identifier: Apache-2.0 */
/* table_tally.c: counts what topics and brokers have of partitions, in one walk. */
#include <stdlib.h>

#include "table.h"

enum { TALLY_EVERY = 4096 };

/* Where the fields of a partition stood last. */
struct tally {
	struct table *t;
	size_t topic; /* its number + 1; 0: none yet */
	size_t leader_at, replicas_at, isr_at, adding_at, removing_at;
};

static struct kmeta_bytes tally_ids(const struct kmeta_entity *entity, const char *name, size_t *at)
{
	const struct kmeta_field *field = table_field(entity->fields, name, at);

	return field ? field->value.bytes : (struct kmeta_bytes){ 0 };
}

static uint32_t *tallies_at(const struct tally *c, size_t number)
{
	return c->t->tallies + number * c->t->about->tallies;
}

/* NULL: the broker is not registered. */
static uint32_t *tallies_of_broker(const struct tally *c, int32_t id)
{
	const struct table_node *node = table_node(c->t, id);

	return node ? tallies_at(c, (size_t)(node - c->t->nodes)) : NULL;
}

static bool list_has_id(struct kmeta_bytes ids, int32_t id)
{
	for (size_t i = 0; i < ids.size / 4; i++)
		if (table_id(ids, i) == id)
			return true;
	return false;
}

static void count_for_brokers(const struct tally *c, int64_t leader, struct kmeta_bytes replicas,
                              struct kmeta_bytes isr)
{
	uint32_t *tallies = leader >= 0 ? tallies_of_broker(c, (int32_t)leader) : NULL;

	if (tallies)
		tallies[TALLY_LEADERS]++;
	for (size_t i = 0; i < replicas.size / 4; i++) {
		const int32_t id = table_id(replicas, i);

		tallies = tallies_of_broker(c, id);
		if (!tallies)
			continue;
		tallies[TALLY_REPLICAS]++;
		tallies[TALLY_BEHIND] += !list_has_id(isr, id);
	}
}

static void count_for_topic(const struct tally *c, size_t replicas, bool leaderless, bool behind,
                            bool reassigning)
{
	uint32_t *tallies = tallies_at(c, c->topic - 1);
	const uint32_t size = (uint32_t)replicas;

	if (!tallies[TALLY_PARTITIONS] || size < tallies[TALLY_LEAST_REPLICAS])
		tallies[TALLY_LEAST_REPLICAS] = size;
	if (size > tallies[TALLY_MOST_REPLICAS])
		tallies[TALLY_MOST_REPLICAS] = size;
	tallies[TALLY_PARTITIONS]++;
	tallies[TALLY_LEADERLESS] += leaderless;
	tallies[TALLY_UNDER_REPLICATED] += behind;
	tallies[TALLY_REASSIGNING] += reassigning;
}

static void count_partition(struct tally *c, const struct kmeta_entity *entity)
{
	const struct kmeta_field *field = table_field(entity->fields, "leader", &c->leader_at);
	const struct kmeta_bytes replicas = tally_ids(entity, "replicas", &c->replicas_at);
	const struct kmeta_bytes isr = tally_ids(entity, "isr", &c->isr_at);
	const bool knows_isr = !entity->unknown || !kmeta_entity_is_unknown(entity, "isr");
	const bool leaderless = field && field->value.integer < 0;
	const bool behind = knows_isr && isr.size < replicas.size;
	const bool reassigning = tally_ids(entity, "addingReplicas", &c->adding_at).size ||
	                         tally_ids(entity, "removingReplicas", &c->removing_at).size;

	c->t->totals[TOTAL_LEADERLESS] += leaderless;
	c->t->totals[TOTAL_UNDER_REPLICATED] += behind;
	c->t->totals[TOTAL_REASSIGNING] += reassigning;
	if (c->t->kind == KMETA_TOPIC && c->topic && c->topic <= c->t->count)
		count_for_topic(c, replicas.size / 4, leaderless, behind, reassigning);
	else if (c->t->kind == KMETA_BROKER)
		count_for_brokers(c, field ? field->value.integer : -1, replicas, isr);
}

/* ---- brokers and settings ---- */

static bool take_brokers(struct table *t)
{
	const size_t room = kmeta_image_count(t->image, KMETA_BROKER);
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	bool enough;

	t->nodes = calloc(room + 1, sizeof(*t->nodes));
	enough = t->nodes &&
	         kmeta_walk_open_kind(&walk, t->image, KMETA_BROKER, NULL, 0, &why) == KMETA_OK;
	while (enough && kmeta_walk_next(walk, &entity, &why) == KMETA_OK &&
	       t->nodes_count < room) {
		const struct kmeta_field *id = kmeta_fields_find(entity.fields, "brokerId");
		const struct kmeta_field *fenced = kmeta_fields_find(entity.fields, "fenced");

		if (!id)
			continue;
		t->nodes[t->nodes_count++] =
			(struct table_node){ (int32_t)id->value.integer,
			                     !fenced || !fenced->value.integer };
		t->totals[TOTAL_FENCED] += fenced && fenced->value.integer;
	}
	kmeta_walk_close(walk);
	t->totals[TOTAL_BROKERS] = t->nodes_count;
	return enough;
}

/* Topics and settings come in the same order: by name, and by the name of the resource. */
static bool count_overrides(struct table *t, struct job *job)
{
	struct kmeta_walk *configs = NULL;
	struct kmeta_entity config, topic;
	struct kmeta_finding why;
	size_t at = 0;
	bool enough =
		kmeta_walk_open_kind(&configs, t->image, KMETA_CONFIG, NULL, 0, &why) == KMETA_OK;

	while (enough && kmeta_walk_next(configs, &config, &why) == KMETA_OK &&
	       !job_should_stop(job)) {
		const struct kmeta_field *type = kmeta_fields_find(config.fields, "resourceType");
		const struct kmeta_field *name = kmeta_fields_find(config.fields, "resourceName");
		int order = -1;

		if (!type || !name || type->value.integer != 2)
			continue;
		for (; at < t->count; at++) {
			if (kmeta_list_entity(t->list, at, &topic, &why) != KMETA_OK)
				break;
			order = kmeta_bytes_compare(topic.topic_name, name->value.bytes);
			if (order >= 0)
				break;
		}
		if (at < t->count && !order)
			t->tallies[at * t->about->tallies + TALLY_OVERRIDES]++;
	}
	kmeta_walk_close(configs);
	return enough;
}

/* ---- the walk ---- */

bool table_tally(struct table *t, struct job *job)
{
	const size_t all = kmeta_image_count(t->image, KMETA_PARTITION);
	struct tally c = { .t = t };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding why;
	size_t done = 0;
	bool enough = take_brokers(t);

	if (enough && t->about->tallies)
		t->tallies = calloc(t->count + 1, t->about->tallies * sizeof(*t->tallies));
	enough = enough && (t->tallies || !t->about->tallies) &&
	         kmeta_walk_open(&walk, t->image, 0, &why) == KMETA_OK;
	t->totals[TOTAL_TOPICS] = kmeta_image_count(t->image, KMETA_TOPIC);
	t->totals[TOTAL_PARTITIONS] = all;
	while (enough && !job_should_stop(job) &&
	       kmeta_walk_next(walk, &entity, &why) == KMETA_OK) {
		if (entity.kind > KMETA_PARTITION)
			break;
		if (entity.kind == KMETA_TOPIC)
			c.topic++;
		else if (entity.kind == KMETA_PARTITION)
			count_partition(&c, &entity);
		if (++done % TALLY_EVERY == 0)
			job_progress(job, (int64_t)done, (int64_t)(all + c.topic));
	}
	kmeta_walk_close(walk);
	if (enough && t->kind == KMETA_TOPIC)
		enough = count_overrides(t, job);
	return enough && !job_should_stop(job);
}
