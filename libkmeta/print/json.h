/* SPDX-License-Identifier: Apache-2.0 */
/* json.h: prints decoded fields as Kafka's JSON converters do. */
#ifndef KMETA_PRINT_JSON_H
#define KMETA_PRINT_JSON_H

#include "base/buffer.h"
#include "kmeta/print.h"

/* Prints the object of a record's fields: {"name":"orders",...}. */
void json_fields(struct kmeta_buffer *out, const struct kmeta_fields *fields, unsigned flags);

/* The start of a line, in three parts: {"offset":5  ,"timestamp":1730000000000  ,"epoch":1 */
void json_offset(struct kmeta_buffer *out, int64_t offset);
void json_timestamp(struct kmeta_buffer *out, int64_t timestamp);
void json_epoch(struct kmeta_buffer *out, int32_t epoch);

/* ,"type":"TOPIC_RECORD","version":0 */
void json_record_type(struct kmeta_buffer *out, const struct kmeta_schema *schema, int32_t version);

/* What is between that and the fields. */
#define JSON_DATA ",\"data\":"

#endif
