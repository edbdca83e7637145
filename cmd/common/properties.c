/* SPDX-License-Identifier: Apache-2.0 */
/* properties.c: meta.properties of a log directory that is made. */
#include "properties.h"

#include <string.h>

#include "command.h"

void properties_put_uuid(struct kmeta_buffer *out, const uint8_t id[16])
{
	const size_t start = out->size;

	kmeta_base64(out, (struct kmeta_bytes){ id, 16 });
	while (out->size > start && out->at[out->size - 1] == '=')
		out->size--;
	for (size_t i = start; i < out->size; i++)
		out->at[i] = out->at[i] == '+' ? '-' : out->at[i] == '/' ? '_' : out->at[i];
}

/* As java.util.Properties writes a value. */
static void put_property(struct kmeta_buffer *out, const char *name, const char *value)
{
	kmeta_buffer_format(out, "%s=", name);
	for (const char *at = value; *at; at++)
		kmeta_buffer_format(out, strchr("\\=:#! ", *at) ? "\\%c" : "%c", *at);
	kmeta_buffer_add(out, "\n", 1);
}

static void put_properties(struct kmeta_buffer *out, const struct kmeta_node *node)
{
	kmeta_buffer_format(out, "version=1\n");
	kmeta_buffer_format(out, "node.id=%d\n", node->id);
	put_property(out, "cluster.id", node->cluster_id);
	if (!node->has_directory_id)
		return;
	kmeta_buffer_format(out, "directory.id=");
	properties_put_uuid(out, node->directory_id);
	kmeta_buffer_add(out, "\n", 1);
}

enum kmeta_status properties_write(struct place *place, const struct kmeta_node *node,
                                   struct kmeta_finding *why)
{
	struct kmeta_buffer text = { 0 };
	struct place_file file;
	enum kmeta_status status;

	put_properties(&text, node);
	if (text.failed) {
		kmeta_buffer_release(&text);
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	}
	status = place_make_file(place, &file, "meta.properties", why);
	if (status == KMETA_OK) {
		place_write(&file, text.at, text.size);
		status = place_close_file(&file, why);
	}
	kmeta_buffer_release(&text);
	return status;
}
