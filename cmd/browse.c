/* SPDX-License-Identifier: Apache-2.0 */
/* browse.c: kmeta-browse, the log and the state in a terminal. */
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browse/browser.h"

enum { DEFAULT_WIDTH = 80, DEFAULT_HEIGHT = 24, SIZE_LIMIT = 1000 };

struct browse_command {
	struct browser browser;
	struct other *others;
	struct browser_wishes wishes;
};

static void take_size(struct common *common, const struct command_option *option, const char *value)
{
	struct browser_wishes *w = &((struct browse_command *)common)->wishes;
	char rest;

	if (sscanf(value, "%dx%d%c", &w->width, &w->height, &rest) != 2 || w->width < 1 ||
	    w->height < 1 || w->width > SIZE_LIMIT || w->height > SIZE_LIMIT)
		common_usage(common, "--%s: '%s' is not like 80x24", option->name, value);
}

static const struct option_word themes[] = {
	[GROUND_AUTO] = { "auto", "what COLORFGBG says, or else dark" },
	[GROUND_DARK] = { "dark", "for a dark background" },
	[GROUND_LIGHT] = { "light", "for a light background" },
	[GROUND_NONE] = { "none", "no colours" },
	{ "", NULL }
};

static const struct command_option browse_options[] = {
	{ .name = "command",
	  .argument = "KEYS",
	  .help = "press these keys first: <Enter>, <Down>, <C-d>, <lt> for <",
	  .manual = "Press these keys first, one after another, each when the work that the one "
	            "before began is done and the index is built; Escape or ^C leaves out the "
	            "rest. See [NAMES OF KEYS].",
	  TO_TEXT(struct browse_command, wishes.keys),
	  .value = "keys (G<Enter>, /orders<Enter>s)" },
	{ .name = "keys",
	  .argument = "FILE",
	  .help = "keys of your own: lines such as <C-n> down",
	  .manual =
	          "Give keys to actions by this file instead of `~/.config/kmeta/browse`. A line has a "
	          "key as `--command` does and the name of an action; # begins a comment. See "
	          "[KEYS OF YOUR OWN].",
	  TO_TEXT(struct browse_command, wishes.keys_file),
	  .value = "file of keys" },
	{ .name = "print",
	  .help = "use no terminal: print the screen after --command",
	  .manual =
	          "Use no terminal: print the screen as it is after `--command`, without colours, and "
	          "end.",
	  TO_FLAG(struct browse_command, wishes.print) },
	{ .name = "size",
	  .argument = "WxH",
	  .help = "the screen of --print; default 80x24",
	  .manual = "The screen of `--print`, in columns and lines, each up to 1000; `80x24` by "
	            "default.",
	  TO_FUNCTION(take_size),
	  .value = "columns and lines (80x24)" },
	{ .name = "theme",
	  .argument = "THEME",
	  .help = "colours that can be read on a background",
	  .manual = "Colours that can be read on this background: {words}.",
	  TO_WORD(struct browse_command, wishes.ground),
	  .words = themes,
	  .value = "theme" },
};

static const struct option_text browse_texts[] = {
	{ "color", NULL, "`auto` (the default: if the terminal has them), `always` or `never`." },
	{ "progress", NULL, "Accepted as by the other commands; here the screen always shows it." },
	{ "utc", NULL, "Show times in UTC and not in local time, and read them so." },
	{ "show-secrets", "begin with credentials and sensitive configs shown",
	  "Begin with credentials and the values of sensitive configurations shown." },
	{ NULL, NULL, NULL }
};

static const struct command_operand browse_operands[] = {
	{ .title = "segment, checkpoint or directory", .many = true }, { .title = NULL }
};

/* ---- the command line ---- */

/* common_usage() ends the process, so call it before the terminal is taken over. */
static void check_keys(const struct browse_command *c)
{
	const char *keys = c->wishes.keys;

	while (keys && *keys)
		if (press_parse(&keys) == PRESS_NONE)
			common_usage(&c->browser.common, "--command: there is no key '%s'", keys);
}

/* A printed screen is UTF-8, whatever the locale says. */
static void set_locale(bool print)
{
	setlocale(LC_CTYPE, "");
	if (print && strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

static void browse_check(struct common *common)
{
	struct browse_command *c = (struct browse_command *)common;

	check_keys(c);
	set_locale(c->wishes.print);
	if (!(common->flags & KMETA_SHOW_COLOR))
		c->wishes.ground = GROUND_NONE;
	else if (c->wishes.ground == GROUND_AUTO)
		c->wishes.ground = theme_ground(getenv("COLORFGBG"));
	common->flags &= ~(unsigned)KMETA_SHOW_COLOR;
}

/* It is opened again for each comparison. */
static enum kmeta_status check_other(const struct other *other, struct kmeta_finding *why)
{
	struct kmeta_source *source = NULL;
	enum kmeta_status status;

	if (!strcmp(other->path, "-"))
		return common_fault(why, KMETA_BAD_ARGUMENT, other->address,
		                    "standard input can be read only once: save it to a file");
	status = kmeta_source_open(&source, other->path, NULL, why);
	kmeta_source_close(source);
	return status;
}

/* The addresses behind the first one are those of other nodes. */
static enum kmeta_status find_others(struct browse_command *c, struct kmeta_finding *why)
{
	struct common *common = &c->browser.common;
	struct model *m = &c->browser.model;
	const size_t count = common->operands_count - 1;
	enum kmeta_status status = KMETA_OK;

	c->others = calloc(count ? count : 1, sizeof(*c->others));
	if (!c->others)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	m->others = c->others;
	for (; m->others_count < count && status == KMETA_OK; m->others_count++) {
		struct other *other = &c->others[m->others_count];

		other->address = common->address = common->operands[m->others_count + 1];
		status = common_address(common, other->address, &other->path, &other->point, why);
		if (status == KMETA_OK)
			status = check_other(other, why);
	}
	return status;
}

static enum kmeta_status browse_run(struct common *common, struct kmeta_finding *why)
{
	struct browse_command *c = (struct browse_command *)common;
	struct browser *b = &c->browser;
	struct kmeta_point *point = &c->wishes.point;
	char *path = NULL;
	enum kmeta_status status = find_others(c, why);

	if (status != KMETA_OK)
		return status;
	common->address = common->operands[0];
	status = common_address(common, common->address, &path, point, why);
	if (status != KMETA_OK)
		return status;
	/*
	 * Other commands take an address without a point as the end; the browser begins at the
	 * start.
	 */
	if (point->kind == KMETA_POINT_END && !strcmp(path, common->address))
		point->kind = KMETA_POINT_START;
	common->address = path;
	if (c->wishes.keys_file) {
		status = own_keys_read(&b->own_keys, c->wishes.keys_file, browser_has_action, why);
		if (status != KMETA_OK) {
			free(path);
			return status;
		}
	}
	status = browser_open(b, why);
	if (status == KMETA_OK)
		common->trouble = browser_run(b, &c->wishes) != EXIT_CLEAN;
	else
		common_report(common, why);
	browser_close(b);
	free(path);
	return KMETA_OK;
}

static const struct command browse_command = {
	.name = "kmeta-browse",
	.synopsis = "[options] ADDRESS [OTHER...]",
	.about =
		"Shows a log in the terminal: its records, each one's fields and bytes, the state at "
		"any of them, what changed between two of them, what happened, and statistics. ADDRESS "
		"is a segment, a checkpoint, a metadata directory, a log directory, or - for standard "
		"input; @POINT behind it is where to begin. Each OTHER is the log of another node, to "
		"compare with.",
	.notes = "In it ? shows the keys, and q ends.\nExit status: 0 done; 2 trouble.",
	.own_group = "Keys and screen",
	.options = browse_options,
	.options_count = sizeof(browse_options) / sizeof(browse_options[0]),
	.texts = browse_texts,
	.operands = browse_operands,
	.least = 1,
	.missing = "name a segment, checkpoint or directory",
	.check = browse_check,
	.run = browse_run,
};

int main(int argc, char **argv)
{
	struct browse_command c = { .browser.common.command = &browse_command,
		                    .wishes = { .width = DEFAULT_WIDTH,
		                                .height = DEFAULT_HEIGHT } };
	const int status = common_main(&c.browser.common, argc, argv);
	const int ended = terminal_ended();

	for (size_t i = 0; i < c.browser.model.others_count; i++)
		free(c.others[i].path);
	free(c.others);
	if (ended) {
		signal(ended, SIG_DFL);
		raise(ended);
	}
	return status;
}
