/* SPDX-License-Identifier: Apache-2.0 */
/* parse.c: the command line, by the table of options. */
#include <assert.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

/* getopt_long() returns a letter, or for long names a number above all letters. */
enum { OPTIONS_LIMIT = 64, FIRST_NUMBER = UCHAR_MAX + 1 };

/* The table as getopt_long() wants it, and which options were given. */
struct parse {
	const struct command_option *options[OPTIONS_LIMIT];
	struct option longs[OPTIONS_LIMIT + 1];
	char letters[2 * OPTIONS_LIMIT + 2];
	size_t count;
	bool given[OPTIONS_LIMIT];
};

static void list_options(struct parse *p, const struct command *command)
{
	const struct command_option *o;
	size_t at = 0;

	p->letters[at++] = ':';
	for (; (o = command_option_at(command, p->count)); p->count++) {
		assert(p->count < OPTIONS_LIMIT);
		p->options[p->count] = o;
		p->longs[p->count] =
			(struct option){ o->name, o->argument ? required_argument : no_argument,
			                 NULL, FIRST_NUMBER + (int)p->count };
		if (o->letter)
			p->letters[at++] = o->letter;
		if (o->letter && o->argument)
			p->letters[at++] = ':';
	}
}

/* ---- values ---- */

struct option_word option_word(const struct command_option *option, size_t number)
{
	static const struct option_word end;

	if (option->vocabulary)
		return option->vocabulary(number);
	return option->words ? option->words[number] : end;
}

/* "a, b or c" */
static void join_words(const struct command_option *option, char *text, size_t size)
{
	struct option_word word = option_word(option, 0);
	size_t at = 0;

	*text = '\0';
	for (size_t i = 0; *word.word; i++) {
		const struct option_word next = option_word(option, i + 1);
		const int n = snprintf(text + at, size - at, "%s%s",
		                       !i           ? ""
		                       : *next.word ? ", "
		                                    : " or ",
		                       word.word);

		at += n > 0 && (size_t)n < size - at ? (size_t)n : 0;
		word = next;
	}
}

/* The number of the word, or -1. */
static int find_word(const struct command_option *option, const char *text, size_t size)
{
	struct option_word word;

	for (size_t i = 0; *(word = option_word(option, i)).word; i++)
		if (strlen(word.word) == size && !strncmp(word.word, text, size))
			return (int)i;
	return option->find ? option->find(text, size) : -1;
}

static int option_choice(const struct common *c, const struct command_option *option,
                         const char *value)
{
	const int number = find_word(option, value, strlen(value));
	char all[512];

	if (number >= 0)
		return number;
	join_words(option, all, sizeof(all));
	common_usage(c, "--%s takes %s, not '%s'", option->name, all, value);
}

unsigned option_set(const struct common *c, const struct command_option *option, const char *value)
{
	unsigned set = 0;
	char all[512];

	while (value) {
		const char *comma = strchr(value, ',');
		const size_t size = comma ? (size_t)(comma - value) : strlen(value);
		const int number = find_word(option, value, size);

		if (number < 0) {
			join_words(option, all, sizeof(all));
			common_usage(c, "--%s: '%.*s' is no %s: use %s", option->name, (int)size,
			             value, option->value, all);
		}
		set |= 1u << number;
		value = comma ? comma + 1 : NULL;
	}
	return set;
}

int64_t option_number(const struct common *c, const struct command_option *option,
                      const char *value)
{
	const int64_t most = option->most ? option->most : INT64_MAX;
	char *end;
	const long long number = strtoll(value, &end, 10);

	if (end != value && !*end && number >= option->least && number <= most)
		return number;
	if (option->most)
		common_usage(c, "--%s takes a number from %lld to %lld, not '%s'", option->name,
		             (long long)option->least, (long long)most, value);
	common_usage(c, "--%s takes a %s, not '%s'", option->name, option->value, value);
}

/* ---- targets ---- */

static void store_number(void *target, size_t size, int64_t number)
{
	const int32_t small = (int32_t)number;

	assert(size == sizeof(small) || size == sizeof(number));
	memcpy(target, size == sizeof(small) ? (const void *)&small : &number, size);
}

static void append_value(const struct common *c, struct option_list *list,
                         const struct command_option *option, const char *value)
{
	struct option_value *at = realloc(list->at, (list->count + 1) * sizeof(*at));

	if (!at)
		common_usage(c, "out of memory");
	list->at = at;
	list->at[list->count++] = (struct option_value){ option, value };
}

static void store_value(struct common *c, const struct command_option *option, const char *value)
{
	void *target = (char *)c + option->at;

	switch (option->target) {
	case OPTION_TAKE:
		option->take(c, option, value);
		break;
	case OPTION_FLAG:
		*(bool *)target = true;
		break;
	case OPTION_BITS:
		*(unsigned *)target |= option->bits;
		break;
	case OPTION_NUMBER:
		store_number(target, option->size, option_number(c, option, value));
		break;
	case OPTION_WORD:
		store_number(target, sizeof(int), option_choice(c, option, value));
		break;
	case OPTION_SET:
		*(unsigned *)target = option_set(c, option, value);
		break;
	case OPTION_TEXT:
		*(const char **)target = value;
		break;
	case OPTION_LIST:
		append_value(c, target, option, value);
		break;
	}
}

/* ---- the command line ---- */

static _Noreturn void refuse_option(const struct common *c, const struct parse *p, int id,
                                    char **argv)
{
	const char *word = argv[optind - 1];

	if (id == ':')
		common_usage(c, "%s needs a value", word);
	if (optopt && optopt < FIRST_NUMBER && !strchr(p->letters, optopt))
		common_usage(c, "unknown option -%c", optopt);
	common_usage(c, "%s '%s'", optopt ? "no value goes with" : "unknown option", word);
}

static size_t option_index(const struct parse *p, int id)
{
	size_t i = 0;

	if (id >= FIRST_NUMBER)
		return (size_t)(id - FIRST_NUMBER);
	while (p->options[i]->letter != id)
		i++;
	return i;
}

static bool option_is_given(const struct parse *p, const char *name, size_t size)
{
	for (size_t i = 0; i < p->count; i++)
		if (strlen(p->options[i]->name) == size &&
		    !strncmp(p->options[i]->name, name, size))
			return p->given[i];
	assert(false); /* an option excludes one that there is */
	return false;
}

static void check_excluded(const struct common *c, const struct parse *p,
                           const struct command_option *option)
{
	const char *first = option->excludes;
	const size_t size = strcspn(first, " ");
	const char *second = first[size] ? first + size + 1 : NULL;

	if (second &&
	    (option_is_given(p, first, size) || option_is_given(p, second, strlen(second))))
		common_usage(c, "--%s: neither --%.*s nor --%s goes with it", option->name,
		             (int)size, first, second);
	if (option_is_given(p, first, size))
		common_usage(c, "--%s and --%s do not go together", option->name, first);
}

void command_parse(struct common *c, int argc, char **argv)
{
	struct parse p = { 0 };
	int id;

	list_options(&p, c->command);
	while ((id = getopt_long(argc, argv, p.letters, p.longs, NULL)) != -1) {
		size_t number;

		if (id == ':' || id == '?')
			refuse_option(c, &p, id, argv);
		number = option_index(&p, id);
		p.given[number] = true;
		store_value(c, p.options[number], optarg);
	}
	for (size_t i = 0; i < p.count; i++)
		if (p.given[i] && p.options[i]->excludes)
			check_excluded(c, &p, p.options[i]);
	c->operands = (const char *const *)argv + optind;
	c->operands_count = (size_t)(argc - optind);
}
