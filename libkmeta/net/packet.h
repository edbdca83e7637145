/* SPDX-License-Identifier: Apache-2.0 */
/* packet.h: the encodings of Kafka's protocol (KIP-482): writing requests, reading responses. */
#ifndef KMETA_NET_PACKET_H
#define KMETA_NET_PACKET_H

#include "base/wire.h"

/* ---- writing ---- */

void packet_int8(struct kmeta_buffer *out, int8_t value);
void packet_int16(struct kmeta_buffer *out, int16_t value);
void packet_int32(struct kmeta_buffer *out, int32_t value);
void packet_int64(struct kmeta_buffer *out, int64_t value);
void packet_uvarint(struct kmeta_buffer *out, uint32_t value);

/* A compact string, NULL being null; compact bytes; a string of the older, not flexible form. */
void packet_string(struct kmeta_buffer *out, const char *text);
void packet_bytes(struct kmeta_buffer *out, struct kmeta_bytes bytes);
void packet_plain_string(struct kmeta_buffer *out, const char *text);

/* The count of a compact array, the elements of which follow. */
void packet_count(struct kmeta_buffer *out, uint32_t count);

/* The end of a struct without tagged fields. */
void packet_no_tags(struct kmeta_buffer *out);

/* Writes a number over four bytes that are there. */
void packet_patch32(struct kmeta_buffer *out, size_t at, int32_t value);

/* ---- reading; a reader that failed gives empty values ---- */

/* A compact string or bytes, null being NULL. */
struct kmeta_bytes packet_take_bytes(struct wire *w);

/* The count of a compact array. It fails if the bytes left cannot hold so many elements of at least
 * "smallest" bytes; null is 0. */
size_t packet_take_count(struct wire *w, size_t smallest);

/* The next tagged field. Begin with "left" from packet_take_tags(). False: there is none. */
uint32_t packet_take_tags(struct wire *w);
bool packet_next_tag(struct wire *w, uint32_t *left, uint32_t *tag, struct wire *value);
void packet_skip_tags(struct wire *w);

/* Text of a server for a message: what is not printable ASCII becomes a question mark. */
void packet_text(char *text, size_t size, struct kmeta_bytes bytes);

#endif
