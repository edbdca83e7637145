/* SPDX-License-Identifier: Apache-2.0 */
/* common.h: what the commands share: options, messages, output, progress. */
#ifndef KMETA_COMMON_H
#define KMETA_COMMON_H

#include <kmeta.h>

/* Exit statuses of every command. */
enum { EXIT_CLEAN = 0, EXIT_DIFFERENT = 1, EXIT_TROUBLE = 2 };

/* ---- options ---- */

/* One option: a letter, or a number above all letters, and what --help says of it. */
struct command_option {
	int id;
	const char *name, *argument, *help;
};

struct command {
	const char *name, *synopsis, *about, *notes;
	const struct command_option *options;
	size_t options_count;
};

enum {
	OPTION_COLOR = 256,
	OPTION_PROGRESS,
	OPTION_UTC,
	OPTION_SHOW_SECRETS,
	OPTION_DIALECT,
	OPTION_OWN /* a command's own go on from here */
};

/* What every command understands. */
#define COMMON_OPTIONS                                                                             \
	{ OPTION_DIALECT, "dialect", "RELEASE",                                                    \
	  "read by this release's layouts (2.8, 3.2, ...); default auto" },                        \
		{ 'q', "quiet", NULL, "say nothing but errors" },                                  \
		{ OPTION_COLOR, "color", "WHEN", "colours: auto (on a terminal), always, never" }, \
		{ OPTION_PROGRESS, "progress", "WHEN", "a progress line: auto, always, never" },   \
		{ OPTION_UTC, "utc", NULL, "times in UTC, not local time" },                       \
		{ OPTION_SHOW_SECRETS, "show-secrets", NULL,                                       \
		  "print credentials and sensitive configs" },                                     \
		{ 'h', "help", NULL, "print this help" },                                          \
	{                                                                                          \
		'V', "version", NULL, "print the version"                                          \
	}

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* The shared options as given. */
struct common {
	const struct command *command;
	bool quiet;
	unsigned flags; /* KMETA_SHOW_ */
	enum when color, progress;
	const char *dialect; /* NULL: auto */
};

/*
 * The next option of the command line, as getopt_long(): its id, with the argument in optarg; -1:
 * no more. Shared options are taken in; help, version and mistakes end the process.
 */
int common_next_option(struct common *c, int argc, char **argv);

/* Ends the process: a usage mistake, said in one line. */
_Noreturn __attribute__((format(printf, 2, 3))) void common_usage(const struct common *c,
                                                                  const char *format, ...);

/* The number of a word among those that an option takes; ends the process if it is none of them. */
size_t common_word(const struct common *c, const char *option, const char *text,
                   const char *const *words, size_t count);

/* The state at an address PATH[@POINT]. */
enum kmeta_status common_load(struct kmeta_image **image, const char *address,
                              const struct kmeta_load_options *options, struct kmeta_finding *why);

/* Milliseconds since 1970; and those of a clock that nobody sets. */
int64_t common_now(void);
int64_t common_steady(void);

/* ---- messages ---- */

/* "kmeta-NAME: FILE: byte N (offset M): what is wrong" on standard error. */
void common_report(const struct common *c, const char *address,
                   const struct kmeta_finding *finding);
__attribute__((format(printf, 2, 3))) void common_note(const struct common *c, const char *format,
                                                       ...);

/* ---- standard output ---- */

/* Lines gather in the buffer and leave it in large pieces. */
struct output {
	struct kmeta_buffer buffer;
	bool closed; /* the reader went away: no use going on, and no trouble */
	bool failed; /* it could not be written; this was said */
};

/* Writes what has gathered if it is much, or all; false: no use going on. */
bool output_drain(struct output *out, const struct common *c);
bool output_flush(struct output *out, const struct common *c);

/* "1 batch", "2 batches". */
void output_count(struct kmeta_buffer *out, int64_t count, const char *one, const char *many);

/* ---- progress ---- */

struct progress {
	int64_t started, shown; /* milliseconds of a steady clock, 0: not yet */
	unsigned calls;
	bool wanted, visible;
};

void progress_begin(struct progress *p, const struct common *c);

/* Cheap: looks at the clock now and then. */
void progress_step(struct progress *p, const struct common *c, const struct kmeta_source *source);

/* The same where bytes are counted elsewhere. */
void progress_show(struct progress *p, const struct common *c, int64_t done, int64_t total);

/* Takes the line away, so that others can be printed. */
void progress_hide(struct progress *p);

#endif
