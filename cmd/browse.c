/* SPDX-License-Identifier: Apache-2.0 */
/* browse.c: kmeta-browse, the log and the state in a terminal. */
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browse/browser.h"

enum {
	OPTION_COMMAND = OPTION_OWN,
	OPTION_PRINT,
	OPTION_SIZE,
	DEFAULT_WIDTH = 80,
	DEFAULT_HEIGHT = 24,
	SIZE_LIMIT = 1000,
	BUSY_MILLISECONDS = 50,
	IDLE_MILLISECONDS = 500
};

static const struct command_option options[] = {
	{ OPTION_COMMAND, "command", "KEYS",
	  "press these keys first: <Enter>, <Down>, <C-d>, <lt> for <" },
	{ OPTION_PRINT, "print", NULL, "use no terminal: print the screen after --command" },
	{ OPTION_SIZE, "size", "WxH", "the screen of --print; default 80x24" },
	COMMON_OPTIONS,
};

static const struct command command = {
	.name = "kmeta-browse",
	.synopsis = "[options] ADDRESS",
	.about =
		"Shows a log in the terminal: its records, each one's fields and bytes, the state at any of them,\n"
		"what changed between two of them, and statistics. ADDRESS is a segment, a checkpoint, a metadata\n"
		"directory, a log directory, or - for standard input; @POINT behind it is where to begin.",
	.notes = "In it ? shows the keys, and q ends.\n"
		 "Exit status: 0 done; 2 trouble.\n",
	.options = options,
	.options_count = sizeof(options) / sizeof(options[0]),
};

struct browse_command {
	struct browser browser;
	const char *keys;
	bool print, color;
	int width, height;
};

static void take_size(struct browse_command *c, const char *text)
{
	char rest;

	if (sscanf(text, "%dx%d%c", &c->width, &c->height, &rest) != 2 || c->width < 1 ||
	    c->height < 1 || c->width > SIZE_LIMIT || c->height > SIZE_LIMIT)
		common_usage(&c->browser.common, "--size: '%s' is not like 80x24", text);
}

static void take_option(struct browse_command *c, int id)
{
	switch (id) {
	case OPTION_COMMAND:
		c->keys = optarg;
		break;
	case OPTION_PRINT:
		c->print = true;
		break;
	case OPTION_SIZE:
		take_size(c, optarg);
		break;
	default:
		break;
	}
}

/* ---- without a terminal ---- */

static int print_screen(struct browser *b)
{
	struct output out = { 0 };

	browser_draw(b);
	grid_print(&b->grid, 0, b->grid.height, &out.buffer);
	output_flush(&out, &b->common);
	kmeta_buffer_release(&out.buffer);
	return out.failed ? EXIT_TROUBLE : EXIT_CLEAN;
}

/* Before a terminal is taken, which could not be given back. */
static void check_keys(const struct browse_command *c)
{
	const char *keys = c->keys;

	while (keys && *keys)
		if (press_parse(&keys) == PRESS_NONE)
			common_usage(&c->browser.common, "--command: there is no key '%s'", keys);
}

/* Keys are pressed one after another, each when what the one before began is done. */
static void press_keys(struct browser *b, const char *keys)
{
	while (*keys && !b->quit) {
		const int key = press_parse(&keys);

		browser_tick(b, !b->terminal);
		browser_draw(b);
		browser_press(b, key);
		browser_tick(b, !b->terminal);
	}
}

/* ---- with one ---- */

static void run(struct browser *b)
{
	bool changed = true;

	while (!b->quit && !terminal_ended()) {
		int width, height, key;

		terminal_size(b->terminal, &width, &height);
		if (!grid_resize(&b->grid, width, height))
			return;
		if (changed) {
			browser_draw(b);
			terminal_draw(b->terminal, &b->grid);
		}
		terminal_wait(b->terminal, b->wake[0],
		              changed && browser_is_busy(b) ? BUSY_MILLISECONDS
		                                            : IDLE_MILLISECONDS);
		changed = browser_tick(b, false);
		while ((key = terminal_key(b->terminal)) != PRESS_NONE && !b->quit) {
			browser_press(b, key);
			changed = true;
		}
	}
}

static int browse(struct browse_command *c)
{
	struct browser *b = &c->browser;
	char why[160];

	if (!c->print) {
		b->terminal = terminal_open(c->color, why, sizeof(why));
		if (!b->terminal) {
			common_note(&b->common, "%s", why);
			return EXIT_TROUBLE;
		}
		terminal_size(b->terminal, &c->width, &c->height);
	}
	if (!grid_resize(&b->grid, c->width, c->height))
		return EXIT_TROUBLE;
	if (c->keys)
		press_keys(b, c->keys);
	browser_tick(b, c->print);
	if (c->print)
		return print_screen(b);
	run(b);
	terminal_close(b->terminal);
	return EXIT_CLEAN;
}

/* ---- the command line ---- */

/* What has no terminal to heed can always be printed as UTF-8. */
static void set_locale(bool print)
{
	setlocale(LC_CTYPE, "");
	if (print && strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

int main(int argc, char **argv)
{
	struct browse_command c = { .browser = { .common = { .command = &command } },
		                    .width = DEFAULT_WIDTH,
		                    .height = DEFAULT_HEIGHT };
	struct browser *b = &c.browser;
	struct kmeta_point point;
	struct kmeta_finding why;
	char *path = NULL;
	int id, status = EXIT_TROUBLE, ended;

	signal(SIGPIPE, SIG_IGN);
	while ((id = common_next_option(&b->common, argc, argv)) != -1)
		take_option(&c, id);
	if (argc - optind != 1)
		common_usage(&b->common, "name one segment, checkpoint or directory");
	check_keys(&c);
	set_locale(c.print);
	c.color = b->common.flags & KMETA_SHOW_COLOR;
	b->common.flags &= ~(unsigned)KMETA_SHOW_COLOR;
	if (kmeta_address_parse(argv[optind], common_now(), &path, &point, &why) != KMETA_OK) {
		common_report(&b->common, argv[optind], &why);
		return EXIT_TROUBLE;
	}
	b->address = path;
	if (browser_open(b, &why) == KMETA_OK) {
		/* Without a point it begins at the start, where the end is meant elsewhere. */
		if (point.kind == KMETA_POINT_END && !strcmp(path, argv[optind]))
			point.kind = KMETA_POINT_START;
		/* Nobody looks yet who could try again. */
		if (point.kind == KMETA_POINT_TIME)
			job_wait(index_job(b->index), -1);
		browser_go(b, point);
		status = browse(&c);
	} else {
		common_report(&b->common, b->address, &why);
	}
	browser_close(b);
	free(path);
	ended = terminal_ended();
	if (ended) {
		signal(ended, SIG_DFL);
		raise(ended);
	}
	return status;
}
