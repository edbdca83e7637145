/* SPDX-License-Identifier: Apache-2.0 */
/* identity.c: reads the ids of cluster, node and directory. */
#include "check/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/side_text.h"

static void take(const struct side_text *text, const char *name, char *value, size_t room)
{
	if (!side_text_property(text, name, value, room))
		value[0] = '\0';
}

static void take_all(struct identity *identity, const struct side_text *text)
{
	char version[8];

	take(text, "version", version, sizeof(version));
	/* Brokers under ZooKeeper wrote version 0. */
	take(text, strcmp(version, "0") ? "node.id" : "broker.id", identity->node_id,
	     sizeof(identity->node_id));
	take(text, "cluster.id", identity->cluster_id, sizeof(identity->cluster_id));
	take(text, "directory.id", identity->directory_id, sizeof(identity->directory_id));
}

bool identity_read(struct identity *identity, const char *directory)
{
	static const char name[] = "/../meta.properties";
	struct side_text text = { 0 };
	struct kmeta_finding why; /* the check of the file reports what cannot be read */
	enum kmeta_status status;

	*identity = (struct identity){ 0 };
	identity->path = malloc(strlen(directory) + sizeof(name));
	if (!identity->path)
		return false;
	sprintf(identity->path, "%s%s", directory, name);
	status = side_text_read(&text, identity->path, &why);
	if (status == KMETA_OK) {
		take_all(identity, &text);
	} else {
		free(identity->path);
		identity->path = NULL;
		identity->is_missing = status == KMETA_END;
	}
	side_text_release(&text);
	return status != KMETA_FAILED || why.code != KMETA_OUT_OF_MEMORY;
}

int32_t identity_node(const struct identity *identity)
{
	const struct kmeta_bytes text = { (const uint8_t *)identity->node_id,
		                          strlen(identity->node_id) };
	int64_t number;

	return side_text_number(text, 0, INT32_MAX, &number) ? (int32_t)number : -1;
}

void identity_release(struct identity *identity)
{
	free(identity->path);
	*identity = (struct identity){ 0 };
}
