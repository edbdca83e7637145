/* SPDX-License-Identifier: Apache-2.0 */
/* json.h: prints decoded fields as Kafka's JSON converters do. */
#ifndef KMETA_PRINT_JSON_H
#define KMETA_PRINT_JSON_H

#include "base/buffer.h"
#include "kmeta/print.h"

/* Prints the object of a record's fields: {"name":"orders",...}. */
void json_fields(struct kmeta_buffer *out, const struct kmeta_fields *fields, unsigned flags);

#endif
