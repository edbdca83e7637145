/* SPDX-License-Identifier: Apache-2.0 */
/* entity.h: pieces of how entities are called. */
#ifndef KMETA_PRINT_ENTITY_H
#define KMETA_PRINT_ENTITY_H

#include "kmeta/print.h"

/* The entity of a quota record as an object: {"user":"alice","client-id":null}. */
void entity_quota_json(struct kmeta_buffer *out, const struct kmeta_fields *fields);

#endif
