/* SPDX-License-Identifier: Apache-2.0 */
/*
 * needle.h: what the bytes of a record must hold, or else its line cannot hold a word that is searched
 * for: a part of the word that neither a number nor a time can spell.
 */
#ifndef KMETA_PRINT_NEEDLE_H
#define KMETA_PRINT_NEEDLE_H

#include "kmeta/base.h"

enum { NEEDLE_LIMIT = 64, NEEDLE_PHASES = 4 };

/* Bytes to look for, and which of them is the rarest. */
struct needle_bytes {
	uint8_t at[NEEDLE_LIMIT];
	size_t size, rare;
};

/* A part of a word: as it stands in strings, and as the base64 of an id can spell it. */
struct needle {
	struct needle_bytes text;
	struct needle_bytes phases[NEEDLE_PHASES];
	size_t phases_count;
};

/* True for what names and numbers are made of: all else stands between them in a line. */
bool needle_has(char c);

/* Chooses the part of a word. False: it has none that is telling enough. */
bool needle_make(struct needle *needle, const char *word);

/* True if the bytes hold these bytes. */
bool needle_is_in(const struct needle_bytes *needle, struct kmeta_bytes bytes);

/* True if strings or ids among the bytes may spell the needle. */
bool needle_may_be_in(const struct needle *needle, struct kmeta_bytes bytes);

#endif
