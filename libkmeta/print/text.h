/* SPDX-License-Identifier: Apache-2.0 */
/* text.h: prints single values for people. */
#ifndef KMETA_PRINT_TEXT_H
#define KMETA_PRINT_TEXT_H

#include "base/buffer.h"
#include "kmeta/print.h"

/* The word that a number stands for, or NULL. */
const char *text_word(const char *record, const char *field, int64_t value);

/* A string, quoted where it could confuse the eye or the terminal. */
void text_string(struct kmeta_buffer *out, struct kmeta_bytes text);

/*
 * True if the text has no character that a terminal may act on, or that breaks or reverses the text
 * around it.
 */
bool text_is_tame(struct kmeta_bytes text);

/* True if the field is worth printing: empty arrays and strings are not. */
bool text_is_telling(const struct kmeta_field *field);

/* ---- the parts of a line, in their order ---- */

void text_offset(struct kmeta_buffer *out, int64_t offset);
void text_time(struct kmeta_buffer *out, struct kmeta_text *text, int64_t timestamp,
               unsigned flags);
void text_epoch(struct kmeta_buffer *out, int32_t epoch, unsigned flags);
void text_type(struct kmeta_buffer *out, const struct kmeta_schema *schema, unsigned flags);

/* ---- how a schema is put into words ---- */

/* What comes first, with the names of fields in braces. NULL: nothing. */
const char *text_lead(const struct kmeta_schema *schema);

/* A field that does not follow the lead by its name. */
bool text_is_left_out(const struct kmeta_schema *schema, const struct kmeta_schema_field *field);

/* A field that is printed even if it is an empty array. */
bool text_is_always(const struct kmeta_schema_field *field);

/* The words that some numbers of a field stand for, NULL: none; and the word for one, or NULL. */
struct text_words;
const struct text_words *text_words(const char *record, const char *field);
const char *text_word_of(const struct text_words *words, int64_t value);

/* The word for a directory id that Kafka reserves, or NULL. */
const char *text_directory(const uint8_t *id);

/* True if one of these words, or of those for directories, holds a part. "words" may be NULL. */
bool text_words_hold(const struct text_words *words, struct kmeta_bytes part);

#endif
