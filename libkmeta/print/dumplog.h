/* SPDX-License-Identifier: Apache-2.0 */
/* dumplog.h: the parts of a line that kafka-dump-log prints about a record, in their order. */
#ifndef KMETA_PRINT_DUMPLOG_H
#define KMETA_PRINT_DUMPLOG_H

#include "base/buffer.h"
#include "kmeta/print.h"

/* What stands before the size of the value, in place of header keys, and before the payload. */
#define DUMPLOG_VALUE_SIZE " valueSize: "
#define DUMPLOG_NO_HEADERS " headerKeys: []"
#define DUMPLOG_PAYLOAD    " payload: "

/* | offset: 5 */
void dumplog_offset(struct kmeta_buffer *out, int64_t offset);

/* CreateTime: 1730000000000 */
void dumplog_time(struct kmeta_buffer *out, const struct kmeta_batch *batch, int64_t timestamp);

/* keySize: -1 */
void dumplog_key_size(struct kmeta_buffer *out, int64_t size);

/* sequence: -1 */
void dumplog_sequence(struct kmeta_buffer *out, int32_t sequence);

/* payload: {"type":"TOPIC_RECORD","version":0,"data": */
void dumplog_payload(struct kmeta_buffer *out, const struct kmeta_schema *schema, int32_t version);

#endif
