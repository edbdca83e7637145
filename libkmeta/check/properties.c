/* SPDX-License-Identifier: Apache-2.0 */
/* properties.c: takes the ids of cluster, node and directory out of meta.properties. */
#include "check/properties.h"

#include <string.h>

static bool take_property(const struct side_text *text, const char *name, char *value, size_t room)
{
	const bool has = side_text_property(text, name, value, room);

	if (!has)
		value[0] = '\0';
	return has;
}

static int32_t number_in(const char *value)
{
	const struct kmeta_bytes word = { (const uint8_t *)value, strlen(value) };
	int64_t number;

	return side_text_number(word, 0, INT32_MAX, &number) ? (int32_t)number : -1;
}

void properties_take(struct properties *p, const struct side_text *text)
{
	char version[24];

	take_property(text, "version", version, sizeof(version));
	p->version = number_in(version);
	p->has_node_id = take_property(text, "node.id", p->node_id, sizeof(p->node_id)) ||
	                 take_property(text, "broker.id", p->node_id, sizeof(p->node_id));
	p->node = number_in(p->node_id);
	p->has_cluster_id = take_property(text, "cluster.id", p->cluster_id, sizeof(p->cluster_id));
	p->has_directory_id =
		take_property(text, "directory.id", p->directory_id, sizeof(p->directory_id));
}
