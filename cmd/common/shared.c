/* SPDX-License-Identifier: Apache-2.0 */
/* shared.c: the options that every command understands, or every one that prints. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "version.h"

static const char *last_known_release(void)
{
	size_t release = 0;

	while (kmeta_release_name(release + 1))
		release++;
	return kmeta_release_name(release);
}

static void take_dialect(struct common *c, const struct command_option *option, const char *value)
{
	struct kmeta_dialect dialect;

	(void)option;
	if (!kmeta_dialect_init(&dialect, value))
		common_usage(c, "no release '%s' is known: use 2.8 to %s, or auto", value,
		             last_known_release());
	c->dialect = value;
}

/* Times without a zone are then read in UTC as well. */
static void take_utc(struct common *c, const struct command_option *option, const char *value)
{
	(void)option, (void)value;
	c->flags |= KMETA_SHOW_UTC;
	setenv("TZ", "UTC0", 1);
	tzset();
}

/* Help and version go to standard output, which may be full. */
static _Noreturn void finish_printing(const struct common *c)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		exit(EXIT_CLEAN);
	fprintf(stderr, "%s: cannot write: %s\n", c->command->name, strerror(errno));
	exit(EXIT_TROUBLE);
}

static void take_help(struct common *c, const struct command_option *option, const char *value)
{
	(void)option, (void)value;
	command_print_help(c->command);
	finish_printing(c);
}

static void take_version(struct common *c, const struct command_option *option, const char *value)
{
	(void)option, (void)value;
	version_print(c->command->name);
	finish_printing(c);
}

static const struct command_option printing_options[] = {
	{ .name = "wide",
	  .group = GROUP_OUTPUT,
	  .help = "lines as long as they are, on a terminal too",
	  .manual = "Print lines as long as they are. Without it those of `text` are cut on a "
	            "terminal; kmeta(7) says how.",
	  TO_FLAG(struct common, wide) },
	{ .name = "no-pager",
	  .group = GROUP_OUTPUT,
	  .help = "use no pager on a terminal",
	  .manual = "Use no pager. Without it output on a terminal goes through one; see kmeta(7).",
	  TO_FLAG(struct common, no_pager) },
};

static const struct command_option shared_options[] = {
	{ .name = "dialect",
	  .argument = "RELEASE",
	  .group = GROUP_READING,
	  .help = "read by this release's layouts: 2.8, 3.2, ...; default auto",
	  .manual = "Read by this Kafka release's layouts: {words}. "
	            "`auto`, the default, tells them from the log. See kmeta-dump(1).",
	  TO_FUNCTION(take_dialect),
	  .vocabulary = words_releases,
	  .value = "release" },
	{ .name = "color",
	  .argument = "WHEN",
	  .group = GROUP_OUTPUT,
	  .help = "colours",
	  .manual = "`auto` (the default: on a terminal), `always` or `never`.",
	  TO_WORD(struct common, color),
	  .vocabulary = words_whens,
	  .value = "when" },
	{ .name = "utc",
	  .group = GROUP_OUTPUT,
	  .help = "times in UTC, not local time",
	  .manual = "Print times in UTC and not in local time, and read them so.",
	  TO_FUNCTION(take_utc) },
	{ .name = "show-secrets",
	  .group = GROUP_OUTPUT,
	  .help = "print credentials and sensitive configs",
	  .manual = "Print credentials and the values of sensitive configurations, which otherwise "
	            "are \"[hidden]\".",
	  TO_BITS(struct common, flags, KMETA_SHOW_SECRETS) },
	{ .name = "progress",
	  .argument = "WHEN",
	  .group = GROUP_OUTPUT,
	  .help = "a progress line",
	  .manual = "Print a line on standard error that says how far the work is, after its first "
	            "second. `auto` (the default): if standard error is a terminal and standard "
	            "output is none; `always` or `never`.",
	  TO_WORD(struct common, show_progress),
	  .vocabulary = words_whens,
	  .value = "when" },
	{ .letter = 'q',
	  .name = "quiet",
	  .group = GROUP_OUTPUT,
	  .help = "say nothing but errors",
	  .manual = "Say nothing on standard error but errors.",
	  TO_FLAG(struct common, quiet) },
	{ .letter = 'h',
	  .name = "help",
	  .group = GROUP_GENERAL,
	  .help = "print this help",
	  .manual = "Print a summary of the options.",
	  TO_FUNCTION(take_help) },
	{ .letter = 'V',
	  .name = "version",
	  .group = GROUP_GENERAL,
	  .help = "print the version",
	  .manual = "Print the version.",
	  TO_FUNCTION(take_version) },
};

const struct command_option *command_option_at(const struct command *command, size_t number)
{
	if (number < command->options_count)
		return &command->options[number];
	number -= command->options_count;
	if (command_prints(command)) {
		if (number < sizeof(printing_options) / sizeof(printing_options[0]))
			return &printing_options[number];
		number -= sizeof(printing_options) / sizeof(printing_options[0]);
	}
	if (number < sizeof(shared_options) / sizeof(shared_options[0]))
		return &shared_options[number];
	return NULL;
}

struct option_text command_text(const struct command *command, const struct command_option *option)
{
	struct option_text text = { option->name, option->help, option->manual };

	for (const struct option_text *t = command->texts; t && t->name; t++) {
		if (strcmp(t->name, option->name) != 0)
			continue;
		text.help = t->help ? t->help : text.help;
		text.manual = t->manual ? t->manual : text.manual;
	}
	return text;
}
