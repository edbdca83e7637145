/* SPDX-License-Identifier: Apache-2.0 */
/* text.h: prints single values for people. */
#ifndef KMETA_PRINT_TEXT_H
#define KMETA_PRINT_TEXT_H

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

#endif
