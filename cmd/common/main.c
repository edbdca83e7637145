/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: what every command does, from its command line to its exit status. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

bool common_progress(void *context, int64_t done, int64_t total)
{
	struct common *c = context;

	progress_show(&c->progress, done, total);
	return true;
}

static bool wants_color(const struct common *c)
{
	const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
	const bool able = isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0 &&
	                  !(none && *none);

	return c->color == WHEN_ALWAYS || (c->color == WHEN_AUTO && able);
}

/* Records on the same terminal would run into the line. */
static bool wants_progress(const struct common *c)
{
	const bool fitting = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) && !c->quiet;

	return c->show_progress == WHEN_ALWAYS || (c->show_progress == WHEN_AUTO && fitting);
}

static void prepare_command(struct common *c, int argc, char **argv)
{
	const struct command *command = c->command;

	command_parse(c, argc, argv);
	if (wants_color(c))
		c->flags |= KMETA_SHOW_COLOR;
	if (c->operands_count < command->least ||
	    (command->most && c->operands_count > command->most))
		common_usage(c, "%s", command->missing);
	if (command->check)
		command->check(c);
	common_prepare_terminal(c);
}

int common_main(struct common *c, int argc, char **argv)
{
	struct kmeta_finding why;
	enum kmeta_status status;

	/* Writing to a closed pipe fails, which ends the output quietly. */
	signal(SIGPIPE, SIG_IGN);
	c->out.command = c->progress.command = c->command->name;
	if (argc == 2 && !strcmp(argv[1], "--print-table-of-options")) {
		command_print_table(c->command);
		return EXIT_CLEAN;
	}
	prepare_command(c, argc, argv);
	progress_begin(&c->progress, wants_progress(c), &c->out.pager.running);
	status = c->command->run(c, &why);
	progress_hide(&c->progress);
	output_end(&c->out);
	if (status != KMETA_OK && !c->out.closed) {
		common_say(c, &why);
		c->trouble = true;
	}
	output_close(&c->out);
	if (c->trouble || c->out.failed)
		return EXIT_TROUBLE;
	return c->different ? EXIT_DIFFERENT : EXIT_CLEAN;
}
