/* SPDX-License-Identifier: Apache-2.0 */
/* text.h: single values as people read them. */
#ifndef KMETA_PRINT_TEXT_H
#define KMETA_PRINT_TEXT_H

#include "kmeta/print.h"

/* The word that a number stands for, or NULL. */
const char *text_word(const char *record, const char *field, int64_t value);

/* A string, quoted where it could confuse the eye or the terminal. */
void text_string(struct kmeta_buffer *out, struct kmeta_bytes text);

/*
 * Whether a text has no character that a terminal may act on, or that turns round or breaks what
 * stands around it.
 */
bool text_is_tame(struct kmeta_bytes text);

/* Whether a field says anything: empty arrays and strings do not. */
bool text_is_telling(const struct kmeta_field *field);

#endif
