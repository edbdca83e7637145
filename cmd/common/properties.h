/* SPDX-License-Identifier: Apache-2.0 */
/* properties.h: meta.properties of a log directory that is made. */
#ifndef COMMON_PROPERTIES_H
#define COMMON_PROPERTIES_H

#include "place.h"

/* Writes the file into a place. */
enum kmeta_status properties_write(struct place *place, const struct kmeta_node *node,
                                   struct kmeta_finding *why);

/* As Kafka prints it: base64 for URLs, without padding. */
void properties_put_uuid(struct kmeta_buffer *out, const uint8_t id[16]);

#endif
