/* SPDX-License-Identifier: Apache-2.0 */
/* help.c: --help, wrapped to the width of a terminal. */
#include <stdio.h>
#include <string.h>

#include "command.h"

enum { HELP_WIDTH = 80, HELP_COLUMN = 27 };

/* Prints words from a column on, and further lines from there too. Ends with a newline. */
static void print_wrapped(const char *text, size_t indent)
{
	size_t column = indent;

	for (bool first = true; *text; first = false) {
		const size_t size = strcspn(text, " \n");
		const bool fits = column + !first + size <= HELP_WIDTH;

		if (!first && !fits) {
			printf("\n%*s", (int)indent, "");
			column = indent;
		} else if (!first && column > indent) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)size, text);
		column += size;
		text += size;
		if (*text == '\n') {
			printf("\n%*s", (int)indent, "");
			column = indent;
		}
		text += *text != '\0';
	}
	putchar('\n');
}

const char *command_group_title(const struct command *command, enum option_group group)
{
	static const char *const titles[] = {
		[GROUP_READING] = "Reading", [GROUP_OUTPUT] = "Output", [GROUP_GENERAL] = "General"
	};

	return group == GROUP_OWN ? command->own_group : titles[group];
}

/* Help names words once, not again with the next option that takes them. */
static bool words_stand_before(const struct command *command, const struct command_option *option)
{
	for (size_t i = 0; command_option_at(command, i) != option; i++)
		if (command_option_at(command, i)->vocabulary == option->vocabulary)
			return true;
	return false;
}

/* Words of lists stand without their meanings, which would fill the screen. */
static void put_option_words(struct kmeta_buffer *text, const struct command_option *option)
{
	struct option_word word;

	for (size_t i = 0; *(word = option_word(option, i)).word; i++) {
		kmeta_buffer_format(text, "%s%s", i ? ", " : ": ", word.word);
		if (word.about && option->target == OPTION_WORD)
			kmeta_buffer_format(text, " (%s)", word.about);
	}
}

static void print_explained(const struct command *command, const struct command_option *option)
{
	struct kmeta_buffer text = { 0 };

	kmeta_buffer_format(&text, "%s", command_text(command, option).help);
	if (option->target == OPTION_WORD ||
	    (option->target == OPTION_SET && !words_stand_before(command, option)))
		put_option_words(&text, option);
	kmeta_buffer_add(&text, "", 1);
	if (!text.failed)
		print_wrapped(text.at, HELP_COLUMN);
	kmeta_buffer_release(&text);
}

static void print_option(const struct command *command, const struct command_option *option)
{
	char left[64];

	snprintf(left, sizeof(left), "  %c%c%s --%s%s%s", option->letter ? '-' : ' ',
	         option->letter ? option->letter : ' ', option->letter ? "," : " ", option->name,
	         option->argument ? "=" : "", option->argument ? option->argument : "");
	printf("%-*s", HELP_COLUMN, left);
	if (strlen(left) >= HELP_COLUMN)
		printf("\n%*s", HELP_COLUMN, "");
	print_explained(command, option);
}

static void print_group(const struct command *command, enum option_group group)
{
	const struct command_option *option;
	bool any = false;

	for (size_t i = 0; (option = command_option_at(command, i)); i++) {
		if (option->group != group)
			continue;
		if (!any)
			printf("\n%s:\n", command_group_title(command, group));
		any = true;
		print_option(command, option);
	}
}

void command_print_help(const struct command *command)
{
	printf("usage: %s %s\n\n", command->name, command->synopsis);
	print_wrapped(command->about, 0);
	for (size_t group = 0; group < OPTION_GROUPS; group++)
		print_group(command, (enum option_group)group);
	putchar('\n');
	print_wrapped(command->notes, 0);
}
