/* SPDX-License-Identifier: Apache-2.0 */
/* secret.h: decides which values stay hidden unless the user asks for them. */
#ifndef KMETA_PRINT_SECRET_H
#define KMETA_PRINT_SECRET_H

#include <string.h>

#include "kmeta/print.h"

/* Printed in place of a secret. */
#define SECRET_HIDDEN "[hidden]"

/* True if the record is a config whose field "value" is sensitive. */
bool secret_is_config(const struct kmeta_fields *fields);

/* True if the field must be hidden. "config" is the result of secret_is_config(). */
static inline bool secret_is_hidden(const struct kmeta_field *field, bool config)
{
	return field->schema->role == KMETA_ROLE_SECRET ||
	       (config && !strcmp(field->schema->name, "value"));
}

/*
 * True if the undecoded bytes of a record may hold a secret: by its type, or because the type may
 * be wrong in a damaged batch.
 */
bool secret_is_raw(const struct kmeta_batch *batch, const struct kmeta_record *record);

#endif
