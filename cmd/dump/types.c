/* SPDX-License-Identifier: Apache-2.0 */
/* types.c: the types of records: all of them, and those near to a word that is none. */
#include <string.h>
#include <strings.h>

#include "dump.h"

/* No release has a type above this. */
enum { LISTED_TYPES = 256, LISTED_NAME = 64 };

static void list_type(struct dump *d, bool control, int32_t type)
{
	const char *name = kmeta_type_name(control, type), *about = kmeta_type_about(control, type);
	struct kmeta_buffer *out = &d->common.out.buffer;

	if (!name)
		return;
	if (control)
		kmeta_buffer_format(out, " - ");
	else
		kmeta_buffer_format(out, "%2d ", type);
	kmeta_buffer_format(out, " %-28.*s  %s\n", (int)words_type_size(name), name,
	                    about ? about : "");
}

void dump_list_types(struct dump *d)
{
	for (int control = 0; control < 2; control++)
		for (int32_t type = 0; type < LISTED_TYPES; type++)
			list_type(d, control, type);
}

static bool is_some_type(const char *text, size_t size)
{
	struct kmeta_filter *filter = kmeta_filter_new();
	struct kmeta_finding ignored; /* the caller offers the nearest words */
	char word[LISTED_NAME];
	bool known;

	/* No type has so long a name. */
	if (size >= sizeof(word) || !filter) {
		kmeta_filter_free(filter);
		return !filter;
	}
	memcpy(word, text, size);
	word[size] = '\0';
	known = kmeta_filter_add(filter, "type", word, (struct kmeta_clock){ 0 }, &ignored) ==
	        KMETA_OK;
	kmeta_filter_free(filter);
	return known;
}

static bool is_type_name(const char *word)
{
	struct option_word type;

	for (size_t i = 0; *(type = words_types(i)).word; i++)
		if (!strcasecmp(type.word, word))
			return true;
	return false;
}

static _Noreturn void refuse_word(const struct dump *d, const struct command_option *option,
                                  const char *text, size_t size)
{
	struct kmeta_buffer nearest = { 0 };
	struct option_word word;
	struct near near;

	near_begin(&near, text, size);
	for (size_t i = 0; *(word = words_types(i)).word; i++)
		near_add(&near, word.word, strlen(word.word));
	for (size_t i = 0; *(word = words_kinds(i)).word; i++)
		if (!is_type_name(word.word))
			near_add(&near, word.word, strlen(word.word));
	near_put(&near, &nearest);
	kmeta_buffer_add(&nearest, "", 1);
	common_usage(&d->common, "--%s: '%.*s' is no %s, see --type=list%s", option->name,
	             (int)size, text, option->value, nearest.failed ? "" : nearest.at);
}

void dump_refuse_type(const struct dump *d, const struct option_value *term)
{
	for (const char *word = term->value; word;) {
		const char *comma = strchr(word, ',');
		const size_t size = comma ? (size_t)(comma - word) : strlen(word);

		if (!is_some_type(word, size))
			refuse_word(d, term->option, word, size);
		word = comma ? comma + 1 : NULL;
	}
}
