/* SPDX-License-Identifier: Apache-2.0 */
/* entity.h: pieces of the names of entities. */
#ifndef KMETA_PRINT_ENTITY_H
#define KMETA_PRINT_ENTITY_H

#include "kmeta/print.h"

/* The field of an entity's record that has this name; NULL: there is none. */
const struct kmeta_field *entity_field(const struct kmeta_entity *entity, const char *name,
                                       size_t size);

/* The entity of a quota record as an object: {"user":"alice","client-id":null}. */
void entity_quota_json(struct kmeta_buffer *out, const struct kmeta_fields *fields);

/* The same as one JSON string, as paths have it: "user:alice,client-id:(default)". */
void entity_quota_name(struct kmeta_buffer *out, const struct kmeta_fields *fields);

/* ,"unknown":["replicas","isr"] */
void entity_unknown_json(struct kmeta_buffer *out, const struct kmeta_entity *entity);

#endif
