/* SPDX-License-Identifier: Apache-2.0 */
/* node.c: what the small files beside a metadata log say of the node that it belongs to. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "base/finding.h"
#include "check/properties.h"
#include "kmeta/check.h"
#include "log/logdir.h"
#include "print/scalar.h"

/* ---- places ---- */

static bool is_a_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The metadata directory of an address that is a directory. END: there is none. */
static enum kmeta_status find_inside(const char *address, char **path, struct kmeta_finding *why)
{
	struct logdir dir;

	if (logdir_open(&dir, address, true, why) != KMETA_OK)
		return why->code == KMETA_NOT_A_LOG ? KMETA_END : KMETA_FAILED;
	*path = dir.path;
	dir.path = NULL;
	logdir_release(&dir);
	return *path ? KMETA_OK : finding_memory(why);
}

/* The directory that a file is in, by its name: a file that was copied elsewhere belongs to nobody. */
static enum kmeta_status find_around(const char *address, char **path, struct kmeta_finding *why)
{
	static const char *const names[] = { "__cluster_metadata-0", "@metadata-0" };
	const char *slash = strrchr(address, '/'), *last;

	if (!strcmp(address, "-"))
		return KMETA_END;
	*path = slash ? strndup(address, (size_t)(slash - address)) : realpath(".", NULL);
	if (!*path)
		return finding_system(why, NULL, errno, "cannot tell the current directory");
	last = strrchr(*path, '/');
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(last ? last + 1 : *path, names[i]))
			return KMETA_OK;
	free(*path);
	*path = NULL;
	return KMETA_END;
}

/* Reads a file of the directory. END: there is none. */
static enum kmeta_status read_member(struct side_text *text, const char *directory,
                                     const char *name, struct kmeta_finding *why)
{
	const size_t size = strlen(directory) + strlen(name) + 2;
	char *path = malloc(size);
	enum kmeta_status status;

	if (path)
		snprintf(path, size, "%s/%s", directory, name);
	status = side_text_read(text, path, why);
	if (status == KMETA_FAILED)
		finding_detach(why, directory);
	free(path);
	return status;
}

/* ---- meta.properties: Kafka's MetaProperties ---- */

static enum kmeta_status wrong(struct kmeta_finding *why, const char *what)
{
	finding_set(why, KMETA_BAD_PROPERTIES, "meta.properties: %s", what);
	return KMETA_FAILED;
}

static enum kmeta_status take_properties(struct kmeta_node *node, const struct side_text *text,
                                         struct kmeta_finding *why)
{
	struct properties says;

	properties_take(&says, text);
	if (!says.has_node_id)
		return wrong(why, "it has no node.id");
	if (says.node < 0)
		return wrong(why, "its node.id is no number");
	node->id = says.node;
	if (!says.has_cluster_id)
		return wrong(why, "it has no cluster.id");
	memcpy(node->cluster_id, says.cluster_id, sizeof(node->cluster_id));
	if (!says.has_directory_id)
		return KMETA_OK;
	if (!uuid_parse(says.directory_id, strlen(says.directory_id), node->directory_id))
		return wrong(why, "its directory.id is no uuid");
	node->has_directory_id = true;
	return KMETA_OK;
}

/* ---- quorum-state: Kafka's QuorumStateData ---- */

/* What is wrong with it is not asked here: kmeta_verify() says it. */
static enum kmeta_status take_quorum_state(struct kmeta_node *node, const struct side_text *text,
                                           struct kmeta_finding *why)
{
	json_error_t error;
	json_t *state = json_loadb(text->at, text->size, JSON_DISABLE_EOF_CHECK, &error);
	const json_t *epoch = json_object_get(state, "leaderEpoch");
	const json_int_t number = json_integer_value(epoch);

	if (!state && json_error_code(&error) == json_error_out_of_memory)
		return finding_memory(why);
	if (json_is_integer(epoch) && number >= 0 && number <= INT32_MAX)
		node->leader_epoch = (int32_t)number;
	json_decref(state);
	return KMETA_OK;
}

/* Reads one of the files, and lets a function take what it says. END: there is none. */
static enum kmeta_status take_file(struct kmeta_node *node, const char *directory, const char *name,
                                   enum kmeta_status (*take)(struct kmeta_node *,
                                                             const struct side_text *,
                                                             struct kmeta_finding *),
                                   struct kmeta_finding *why)
{
	struct side_text text = { 0 };
	enum kmeta_status status = read_member(&text, directory, name, why);

	if (status == KMETA_OK)
		status = take(node, &text, why);
	side_text_release(&text);
	return status;
}

enum kmeta_status kmeta_node_read(const char *address, struct kmeta_node *node,
                                  struct kmeta_finding *why)
{
	char *directory = NULL;
	enum kmeta_status status;

	*node = (struct kmeta_node){ .id = -1, .leader_epoch = -1 };
	status = is_a_directory(address) ? find_inside(address, &directory, why)
	                                 : find_around(address, &directory, why);
	if (status == KMETA_OK)
		status = take_file(node, directory, "quorum-state", take_quorum_state, why);
	if (directory && status != KMETA_FAILED)
		status = take_file(node, directory, "../meta.properties", take_properties, why);
	free(directory);
	return status;
}
