/* SPDX-License-Identifier: Apache-2.0 */
/* known_nodes.c: a set of node ids, and of pairs of a node and one of its log directories. */
#include "check/known_nodes.h"

#include <string.h>

enum { DIRECTORY = 16 };

struct known {
	int32_t id;
	bool has_directory;
	uint8_t directory[DIRECTORY];
};

static struct known known_of(int32_t id, const uint8_t *directory)
{
	struct known k;

	/* All bytes count for the hash, those between the members too. */
	memset(&k, 0, sizeof(k));
	k.id = id;
	k.has_directory = directory;
	if (directory)
		memcpy(k.directory, directory, DIRECTORY);
	return k;
}

static bool is_same_node(const void *value, const void *key)
{
	return !memcmp(value, key, sizeof(struct known));
}

bool known_nodes_has(const struct known_nodes *k, int32_t id, const uint8_t *directory)
{
	const struct known key = known_of(id, directory);

	return table_find(&k->table, table_hash(k->seed, &key, sizeof(key)), is_same_node, &key);
}

bool known_nodes_add(struct known_nodes *k, int32_t id, const uint8_t *directory)
{
	const struct known key = known_of(id, directory);
	const uint64_t hash = table_hash(k->seed, &key, sizeof(key));
	struct known *kept;

	if (table_find(&k->table, hash, is_same_node, &key))
		return true;
	kept = pool_get(&k->pool, sizeof(*kept));
	if (!kept)
		return false;
	memcpy(kept, &key, sizeof(key));
	return table_add(&k->table, hash, kept);
}

bool known_nodes_learn(struct known_nodes *k, const struct kmeta_fields *fields)
{
	static const char *const ids[] = { "brokerId", "controllerId", "voterId" };
	const struct kmeta_field *dirs = kmeta_fields_find(fields, "logDirs"), *id = NULL;
	const struct kmeta_field *own = kmeta_fields_find(fields, "voterDirectoryId");
	bool added;

	for (size_t i = 0; !id && i < sizeof(ids) / sizeof(ids[0]); i++)
		id = kmeta_fields_find(fields, ids[i]);
	if (!id)
		return true;
	added = known_nodes_add(k, (int32_t)id->value.integer, NULL);
	if (own)
		added = added &&
		        known_nodes_add(k, (int32_t)id->value.integer, own->value.bytes.data);
	for (size_t at = 0; added && dirs && at + DIRECTORY <= dirs->value.bytes.size;
	     at += DIRECTORY)
		added = known_nodes_add(k, (int32_t)id->value.integer, dirs->value.bytes.data + at);
	return added;
}

bool known_nodes_begin(struct known_nodes *k, const struct kmeta_image *image)
{
	static const enum kmeta_entity_kind nodes[] = { KMETA_BROKER, KMETA_CONTROLLER,
		                                        KMETA_VOTER };
	struct kmeta_finding why;
	bool added = true;

	known_nodes_release(k);
	k->seed = (uint64_t)(uintptr_t)k;
	for (size_t i = 0; added && i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		struct kmeta_walk *walk = NULL;
		struct kmeta_entity entity;
		enum kmeta_status status =
			kmeta_walk_open_kind(&walk, image, nodes[i], NULL, KMETA_WALK_NEWEST, &why);

		while (added && status == KMETA_OK &&
		       (status = kmeta_walk_next(walk, &entity, &why)) == KMETA_OK)
			added = known_nodes_learn(k, entity.fields);
		added = added && status == KMETA_END;
		kmeta_walk_close(walk);
	}
	return added;
}

void known_nodes_release(struct known_nodes *k)
{
	table_release(&k->table);
	pool_release(&k->pool);
	*k = (struct known_nodes){ 0 };
}
