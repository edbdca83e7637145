/* SPDX-License-Identifier: Apache-2.0 */
/* fields.c: names of fields on the command line. */
#include <stdio.h>
#include <string.h>

#include "absent.h"

/* No release has a record type, or a version of one, above these. */
enum { TYPES = 256, VERSIONS = 16, NAME_ROOM = 64 };

/* True if any record has a field of this name; otherwise offers those that there are. */
static bool is_field(const char *name, struct near *near)
{
	const struct kmeta_schema *schema;

	for (int32_t type = 0; type < 2 * TYPES; type++)
		for (int32_t version = 0;
		     version < VERSIONS &&
		     (schema = kmeta_schema_find(type >= TYPES, type % TYPES, version)) != NULL;
		     version++)
			for (size_t i = 0; i < schema->count; i++) {
				const char *field = schema->fields[i].name;

				if (!strcmp(field, name))
					return true;
				near_add(near, field, strlen(field));
			}
	return false;
}

void absent_check_fields(const struct common *c, const char *option, const char *list)
{
	struct kmeta_buffer text = { 0 };
	struct near near;

	for (const char *at = list; at; at = strchr(at, ',')) {
		char name[NAME_ROOM];

		at += *at == ',';
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, ","), at);
		near_begin(&near, name, strlen(name));
		if (!*name || is_field(name, &near))
			continue;
		near_put(&near, &text);
		common_usage(c, "--%s: no record has a field '%s'%.*s", option, name,
		             (int)text.size, text.at ? text.at : "");
	}
}
