/* SPDX-License-Identifier: Apache-2.0 */
/* words.h: the words that values of options are made of, from the library's own tables. */
#ifndef COMMON_WORDS_H
#define COMMON_WORDS_H

#include <kmeta.h>
#include <stdbool.h>
#include <stddef.h>

struct option_word {
	char word[32];     /* empty behind the last of a list */
	const char *about; /* what it means, where this needs saying; may be NULL */
};

/* The word with this number; an empty one behind the last. */
typedef struct option_word option_words(size_t number);

option_words words_releases; /* auto, 2.8, 3.0, ... */
option_words words_types;    /* of records, without _RECORD; metadata, then control */
option_words words_kinds;    /* of entities: the bits of a set are 1 << enum kmeta_entity_kind */
option_words words_groups;   /* first words of paths of entities */
option_words words_checks;   /* classes: the bits of a set are KMETA_CHECK_ */
option_words words_whens;    /* enum when */

/* The length of a record type's name without the "_RECORD" that nearly all have. */
size_t words_type_size(const char *name);

/* Understands a word in more forms than the list has. Returns its number there, or -1. */
typedef int option_find(const char *word, size_t size);

option_find words_find_kind; /* kmeta_entity_kind_find() */

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* True if "word" is one of those between commas. */
bool words_contain(const char *list, const char *word);

#endif
