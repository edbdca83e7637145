/* SPDX-License-Identifier: Apache-2.0 */
/* identity.c: reads the ids of cluster, node and directory. */
#include "check/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/side_text.h"

#define METADATA "__cluster_metadata-0"

/* The part of a path before its last name, with the slash, if that is the metadata directory's. */
static bool before_metadata(const char *path, size_t *size)
{
	const size_t all = strlen(path), end = sizeof(METADATA) - 1;

	*size = all > end ? all - end : 0;
	return all >= end && (!*size || path[*size - 1] == '/') && !strcmp(path + *size, METADATA);
}

static char *join_path(const char *path, size_t size, const char *between, const char *name)
{
	const size_t room = size + strlen(between) + strlen(name) + 1;
	char *joined = malloc(room);

	if (joined)
		snprintf(joined, room, "%.*s%s%s", (int)size, path, between, name);
	return joined;
}

char *identity_metadata(const char *directory)
{
	size_t before;

	return before_metadata(directory, &before)
	               ? strdup(directory)
	               : join_path(directory, strlen(directory), "/", METADATA);
}

char *identity_beside(const char *directory, const char *name)
{
	size_t before;

	return before_metadata(directory, &before)
	               ? join_path(directory, before, before ? "" : "../", name)
	               : join_path(directory, strlen(directory), "/../", name);
}

bool identity_read(struct identity *identity, const char *directory)
{
	struct side_text text = { 0 };
	struct kmeta_finding why; /* the check of the file reports what cannot be read */
	enum kmeta_status status;

	*identity = (struct identity){ .says = { .node = -1 } };
	identity->path = identity_beside(directory, "meta.properties");
	if (!identity->path)
		return false;
	status = side_text_read(&text, identity->path, &why);
	if (status == KMETA_OK) {
		properties_take(&identity->says, &text);
	} else {
		free(identity->path);
		identity->path = NULL;
		identity->is_missing = status == KMETA_END;
	}
	side_text_release(&text);
	return status != KMETA_FAILED || why.code != KMETA_OUT_OF_MEMORY;
}

void identity_release(struct identity *identity)
{
	free(identity->path);
	*identity = (struct identity){ 0 };
}
