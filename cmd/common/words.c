/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: the words that values of options are made of, from the library's own tables. */
#include "words.h"

#include <stdio.h>
#include <string.h>

/* No release has a record type above this. */
enum { TYPES_LIMIT = 256 };

static struct option_word word_of(const char *text, size_t size, const char *about)
{
	struct option_word word = { .about = about };

	snprintf(word.word, sizeof(word.word), "%.*s", (int)size, text);
	return word;
}

static struct option_word word_or_end(const char *text)
{
	return word_of(text ? text : "", text ? strlen(text) : 0, NULL);
}

/* "3.2" of "3.2.3". */
static size_t minor_size(const char *release)
{
	const char *dot = strchr(release, '.');
	const char *second = dot ? strchr(dot + 1, '.') : NULL;

	return second ? (size_t)(second - release) : strlen(release);
}

struct option_word words_releases(size_t number)
{
	const char *name, *before = "";

	if (!number)
		return word_of("auto", 4, NULL);
	for (size_t i = 0; (name = kmeta_release_name(i)); i++) {
		const size_t size = minor_size(name);

		if (size == minor_size(before) && !strncmp(name, before, size))
			continue;
		before = name;
		if (!--number)
			return word_of(name, size, NULL);
	}
	return word_or_end(NULL);
}

size_t words_type_size(const char *name)
{
	static const char suffix[] = "_RECORD";
	const size_t size = strlen(name), cut = sizeof(suffix) - 1;

	return size > cut && !strcmp(name + size - cut, suffix) ? size - cut : size;
}

struct option_word words_types(size_t number)
{
	for (int32_t i = 0; i < 2 * TYPES_LIMIT; i++) {
		const char *name = kmeta_type_name(i >= TYPES_LIMIT, i % TYPES_LIMIT);

		if (name && !number--)
			return word_of(name, words_type_size(name), NULL);
	}
	return word_or_end(NULL);
}

struct option_word words_kinds(size_t number)
{
	return word_or_end(number < KMETA_ENTITY_KINDS
	                           ? kmeta_entity_kind_name((enum kmeta_entity_kind)number)
	                           : NULL);
}

int words_find_kind(const char *word, size_t size)
{
	const enum kmeta_entity_kind kind = kmeta_entity_kind_find(word, size);

	return kind < KMETA_ENTITY_KINDS ? (int)kind : -1;
}

/* Partitions are in the group of topics, which stands before them. */
struct option_word words_groups(size_t number)
{
	for (size_t i = 0; i < KMETA_ENTITY_KINDS; i++)
		if (i != KMETA_PARTITION && !number--)
			return word_or_end(kmeta_entity_kind_group((enum kmeta_entity_kind)i));
	return word_or_end(NULL);
}

struct option_word words_checks(size_t number)
{
	static const char *const abouts[KMETA_CHECK_COUNT] = {
		[KMETA_CHECK_BIT_BYTES] = "framing, checksums, compression, lengths",
		[KMETA_CHECK_BIT_RECORDS] = "every record decodes, and is written as Kafka would",
		[KMETA_CHECK_BIT_ORDER] = "offsets and epochs follow each other",
		[KMETA_CHECK_BIT_CHECKPOINT] = "header, footer, name and content of checkpoints",
		[KMETA_CHECK_BIT_DIRECTORY] =
			"indexes, leader-epoch-checkpoint, quorum-state, properties",
		[KMETA_CHECK_BIT_MEANING] = "every record fits the state before it",
		[KMETA_CHECK_BIT_REPLAY_MATCH] = "checkpoints hold the state that the log makes",
		[KMETA_CHECK_BIT_NODES] = "the logs of several addresses agree",
	};
	const char *name = number < KMETA_CHECK_COUNT ? kmeta_check_name(number) : NULL;

	return name ? word_of(name, strlen(name), abouts[number]) : word_or_end(NULL);
}

struct option_word words_whens(size_t number)
{
	static const struct option_word words[] = { [WHEN_AUTO] = { "auto", "on a terminal" },
		                                    [WHEN_ALWAYS] = { "always", NULL },
		                                    [WHEN_NEVER] = { "never", NULL } };

	return number < sizeof(words) / sizeof(words[0]) ? words[number] : word_or_end(NULL);
}

bool words_contain(const char *list, const char *word)
{
	const size_t size = strlen(word);

	while (list) {
		const char *comma = strchr(list, ',');

		if ((comma ? (size_t)(comma - list) : strlen(list)) == size &&
		    !strncmp(list, word, size))
			return true;
		list = comma ? comma + 1 : NULL;
	}
	return false;
}
