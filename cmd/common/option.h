/* SPDX-License-Identifier: Apache-2.0 */
/*
 * option.h: options as data. A table holds all that there is to know of the options of a command. The
 * frame parses the command line by it and prints --help from it; tools/generate writes the
 * completions of the shells and the OPTIONS sections of the manual from it.
 */
#ifndef COMMON_OPTION_H
#define COMMON_OPTION_H

#include <stdint.h>

#include "words.h"

struct common;
struct command_option;

/* What happens to a value that was given. All but TAKE write to a member of the command's struct.
 */
enum option_target {
	OPTION_TAKE,   /* a function of the command's takes it */
	OPTION_FLAG,   /* bool: true */
	OPTION_BITS,   /* unsigned: these bits are set */
	OPTION_NUMBER, /* an integer of any size, from "least" to "most" */
	OPTION_WORD,   /* an enum: the number of the word */
	OPTION_SET,    /* unsigned: a bit for each word of a list */
	OPTION_TEXT,   /* const char * */
	OPTION_LIST,   /* struct option_list: with all others that go there, in their order */
};

/* In the order in which --help and the manual print them. */
enum option_group { GROUP_OWN, GROUP_READING, GROUP_OUTPUT, GROUP_GENERAL, OPTION_GROUPS };

/* Values in the order of the command line; NULL where an option takes none. */
struct option_list {
	struct option_value {
		const struct command_option *option;
		const char *value;
	} * at;
	size_t count;
};

typedef void option_take(struct common *c, const struct command_option *option, const char *value);

struct command_option {
	char letter;          /* 0: none */
	const char *name;     /* without dashes */
	const char *argument; /* "TYPE,..."; NULL: the option takes no value */
	enum option_group group;
	const char *help; /* a few words, for --help and the shells */
	/* Sentences for the manual. `x` is to be typed, *X* the name of a value, [X] a section,
	 * {words} the words below; name(1) is a page, an empty line begins a paragraph. */
	const char *manual;

	enum option_target target;
	size_t at, size; /* bytes from the begin of the command's struct, and bytes there */
	unsigned bits;
	int64_t least, most; /* most 0: no limit */
	option_take *take;

	/* What a value may be: a list that ends with an empty word, or a function that knows it. */
	const struct option_word *words;
	option_words *vocabulary;
	option_find *find;    /* understands more than the words; may be NULL */
	const char *value;    /* what one value is: "class of checks", "offsets (A..B)" */
	bool is_list;         /* several, between commas */
	bool any_case;        /* small letters mean large ones */
	const char *excludes; /* names of options that do not go with it, between blanks */
};

/* Targets. A member of a wrong type does not compile: an array cannot have -1 elements. */
#define OPTION_REQUIRE(condition) (0 * sizeof(char[(condition) ? 1 : -1]))
#define OPTION_MEMBER(type, member, wanted) \
	(offsetof(type, member) +           \
	 OPTION_REQUIRE(_Generic(((type *)0)->member, wanted : 1, default : 0)))

#define TO_FLAG(type, member) .target = OPTION_FLAG, .at = OPTION_MEMBER(type, member, bool)
#define TO_BITS(type, member, mask) \
	.target = OPTION_BITS, .at = OPTION_MEMBER(type, member, unsigned), .bits = (mask)
#define TO_NUMBER(type, member, from, to)                      \
	.target = OPTION_NUMBER, .at = offsetof(type, member), \
	.size = sizeof(((type *)0)->member), .least = (from), .most = (to)
#define TO_WORD(type, member)  \
	.target = OPTION_WORD, \
	.at = offsetof(type, member) + OPTION_REQUIRE(sizeof(((type *)0)->member) == sizeof(int))
#define TO_SET(type, member) \
	.target = OPTION_SET, .at = OPTION_MEMBER(type, member, unsigned), .is_list = true
#define TO_TEXT(type, member) .target = OPTION_TEXT, .at = OPTION_MEMBER(type, member, const char *)
#define TO_LIST(type, member) \
	.target = OPTION_LIST, .at = OPTION_MEMBER(type, member, struct option_list)
#define TO_FUNCTION(function) .target = OPTION_TAKE, .take = (function)

/* The word with this number that a value may be; an empty one behind the last, or if any will do.
 */
struct option_word option_word(const struct command_option *option, size_t number);

/* Values as the targets take them, for functions that take an option themselves. A value that is
 * none ends the process with a message. */
int64_t option_number(const struct common *c, const struct command_option *option,
                      const char *value);
unsigned option_set(const struct common *c, const struct command_option *option, const char *value);

#endif
