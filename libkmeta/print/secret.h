/* SPDX-License-Identifier: Apache-2.0 */
/* secret.h: which values are never shown unless asked for. */
#ifndef KMETA_PRINT_SECRET_H
#define KMETA_PRINT_SECRET_H

#include <string.h>

#include "kmeta/print.h"

/* What stands in a secret's place. */
#define SECRET_HIDDEN "[hidden]"

/* True if the record is a config whose value is sensitive: decides on its field "value". */
bool secret_is_config(const struct kmeta_fields *fields);

/* True if this field must be hidden; "config" is what secret_is_config() said. */
static inline bool secret_is_hidden(const struct kmeta_field *field, bool config)
{
	return field->schema->role == KMETA_ROLE_SECRET ||
	       (config && !strcmp(field->schema->name, "value"));
}

/*
 * True if the undecoded bytes of a record may hold a secret: by its type, which a damaged batch may
 * tell wrongly.
 */
bool secret_is_raw(const struct kmeta_batch *batch, const struct kmeta_record *record);

#endif
