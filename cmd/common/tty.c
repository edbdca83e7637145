/* SPDX-License-Identifier: Apache-2.0 */
/* tty.c: how a command's output goes to a terminal: through a pager, or cut at its width. */
#include <string.h>
#include <unistd.h>

#include "command.h"

static const struct command_option *own_option(const struct command *command, const char *name)
{
	for (size_t i = 0; i < command->options_count; i++)
		if (!strcmp(command->options[i].name, name))
			return &command->options[i];
	return NULL;
}

bool command_prints(const struct command *command)
{
	return own_option(command, "output");
}

static bool prints_text(const struct common *c)
{
	const struct command_option *output = own_option(c->command, "output");
	const int number = *(const int *)(const void *)((const char *)c + output->at);

	return !strcmp(output->words[number].word, "text");
}

static bool is_following(const struct common *c)
{
	const struct command_option *follow = own_option(c->command, "follow");

	return follow && *((const bool *)(const void *)((const char *)c + follow->at));
}

void common_prepare_terminal(struct common *c)
{
	if (!command_prints(c->command) || !isatty(STDOUT_FILENO))
		return;
	if (!columns_open(&c->out.columns, c->flags & KMETA_SHOW_COLOR))
		return;
	c->out.cuts = prints_text(c) && !c->wide;
	if (!c->no_pager && !is_following(c))
		pager_choose(&c->out.pager, c->out.cuts);
}
