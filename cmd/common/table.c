/* SPDX-License-Identifier: Apache-2.0 */
/* table.c: a command's table of options as JSON, which tools/generate reads. */
#include <stdio.h>

#include "command.h"

static void table_put_string(struct kmeta_buffer *out, const char *name, const char *text)
{
	if (!text)
		return;
	kmeta_buffer_format(out, ",\"%s\":", name);
	kmeta_string_json(out, text);
}

static void table_put_true(struct kmeta_buffer *out, const char *name, bool value)
{
	if (value)
		kmeta_buffer_format(out, ",\"%s\":true", name);
}

static void table_put_word(struct kmeta_buffer *out, const struct option_word *word, size_t number)
{
	kmeta_buffer_format(out, "%s[", number ? "," : ",\"words\":[");
	kmeta_string_json(out, word->word);
	kmeta_buffer_format(out, ",");
	kmeta_string_json(out, word->about ? word->about : "");
	kmeta_buffer_format(out, "]");
}

static void table_put_words(struct kmeta_buffer *out, const struct command_option *option)
{
	struct option_word word;
	size_t i;

	for (i = 0; *(word = option_word(option, i)).word; i++)
		table_put_word(out, &word, i);
	kmeta_buffer_format(out, i ? "]" : "");
}

static void put_option(struct kmeta_buffer *out, const struct command *command,
                       const struct command_option *option)
{
	const struct option_text text = command_text(command, option);
	const char letter[] = { option->letter, '\0' };

	kmeta_buffer_format(out, "{\"name\":");
	kmeta_string_json(out, option->name);
	table_put_string(out, "letter", option->letter ? letter : NULL);
	table_put_string(out, "argument", option->argument);
	table_put_string(out, "group", command_group_title(command, option->group));
	table_put_string(out, "help", text.help);
	table_put_string(out, "manual", text.manual);
	table_put_string(out, "value", option->value);
	table_put_words(out, option);
	table_put_true(out, "isList", option->is_list);
	table_put_true(out, "anyCase", option->any_case);
	table_put_true(out, "repeatable", option->target == OPTION_LIST && option->argument);
	table_put_string(out, "excludes", option->excludes);
	kmeta_buffer_format(out, "}");
}

static void put_operands(struct kmeta_buffer *out, const struct command_operand *operand)
{
	for (size_t i = 0; operand[i].title; i++) {
		const struct command_option words = { .vocabulary = operand[i].vocabulary };

		kmeta_buffer_format(out, "%s{\"title\":", i ? "," : "");
		kmeta_string_json(out, operand[i].title);
		table_put_words(out, &words);
		table_put_true(out, "many", operand[i].many);
		kmeta_buffer_format(out, "}");
	}
}

void command_print_table(const struct command *command)
{
	const struct command_option *option;
	struct kmeta_buffer out = { 0 };

	kmeta_buffer_format(&out, "{\"name\":");
	kmeta_string_json(&out, command->name);
	kmeta_buffer_format(&out, ",\"operands\":[");
	put_operands(&out, command->operands);
	kmeta_buffer_format(&out, "],\"options\":[\n");
	for (size_t group = 0, count = 0; group < OPTION_GROUPS; group++)
		for (size_t i = 0; (option = command_option_at(command, i)); i++)
			if (option->group == group) {
				kmeta_buffer_format(&out, count++ ? ",\n" : "");
				put_option(&out, command, option);
			}
	kmeta_buffer_format(&out, "\n]}\n");
	fwrite(out.at, 1, out.size, stdout);
	kmeta_buffer_release(&out);
}
