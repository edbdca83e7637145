/* SPDX-License-Identifier: Apache-2.0 */
/* scalar.h: prints single values as Kafka's JSON has them: strings, base64, doubles. */
#ifndef KMETA_PRINT_SCALAR_H
#define KMETA_PRINT_SCALAR_H

#include "base/buffer.h"
#include "kmeta/print.h"

/* A quoted JSON string. Bytes that are not UTF-8 become U+FFFD, as Java decodes them. */
void scalar_string(struct kmeta_buffer *out, struct kmeta_bytes text);

/* The same without quotes and escapes. */
void scalar_utf8(struct kmeta_buffer *out, struct kmeta_bytes text);

/*
 * True if every printer writes the text as it is: ASCII, and neither blanks nor controls, quotes or
 * backslashes are in it.
 */
bool scalar_is_simple(struct kmeta_bytes text);

/* A double as JDK 17's Double.toString() prints it, without quotes. */
void scalar_double(struct kmeta_buffer *out, double value);

/* Bytes that uuid_print() writes. */
enum { UUID_TEXT = 22 };

/* A uuid as Kafka prints it: URL-safe base64 without padding. */
char *uuid_print(char *at, const uint8_t uuid[16]);

/* Parses a uuid in that form. False: the text is none. */
bool uuid_parse(const char *text, size_t size, uint8_t uuid[16]);

/* The size of the well-formed character at "at" or, with *valid false, of one ill-formed part. */
size_t utf8_step(const uint8_t *at, size_t left, bool *valid);

#endif
