/* SPDX-License-Identifier: Apache-2.0 */
/* command.h: what a command is, what was asked of it, and how it runs. */
#ifndef COMMON_COMMAND_H
#define COMMON_COMMAND_H

#include <kmeta.h>

#include "option.h"
#include "output.h"
#include "progress.h"

/* Exit statuses of every command. */
enum { EXIT_CLEAN = 0, EXIT_DIFFERENT = 1, EXIT_TROUBLE = 2 };

/* What stands on the command line beside the options, for completions. */
struct command_operand {
	const char *title;        /* NULL behind the last */
	option_words *vocabulary; /* NULL: an address */
	bool many;
};

/* Other texts for an option that all commands share; those that are NULL stay. */
struct option_text {
	const char *name; /* NULL behind the last */
	const char *help, *manual;
};

struct command {
	const char *name, *synopsis;
	const char *about, *notes; /* for --help, before and behind the options; wrapped there */
	const char *own_group;     /* the title of GROUP_OWN */
	const struct command_option *options;
	size_t options_count;
	const struct option_text *texts; /* may be NULL */
	const struct command_operand *operands;
	size_t least, most;  /* operands; most 0: no limit */
	const char *missing; /* the message if there are fewer or more */
	/* Called when all options are known: finishes those that depend on others, and finds
	 * mistakes. May be NULL. */
	void (*check)(struct common *c);
	/* The work. If the status is not KMETA_OK the frame reports "why", unless the reader of
	 * the output went away. */
	enum kmeta_status (*run)(struct common *c, struct kmeta_finding *why);
};

/* The first member of every command's own struct, so that one points to the other. */
struct common {
	const struct command *command;
	bool quiet, wide, no_pager;
	unsigned flags; /* KMETA_SHOW_ */
	enum when color, show_progress;
	const char *dialect; /* NULL: auto */
	const char *const *operands;
	size_t operands_count;

	const char *address; /* the file in a message whose finding names none; may be NULL */
	struct output out;
	struct progress progress;
	bool different; /* EXIT_DIFFERENT, if nothing is worse */
	bool trouble;   /* EXIT_TROUBLE */
};

/* Parses the command line, runs the command, reports what went wrong; returns the exit status. */
int common_main(struct common *c, int argc, char **argv);

/* ---- messages ---- */

/* Ends the process: a mistake on the command line, said in one line. */
_Noreturn __attribute__((format(printf, 2, 3))) void common_usage(const struct common *c,
                                                                  const char *format, ...);

/* "kmeta-NAME: FILE: byte N (offset M): what is wrong" on standard error. */
void common_say(struct common *c, const struct kmeta_finding *finding);

/* Fills in a finding about a file, which may be NULL, and returns KMETA_FAILED. */
__attribute__((format(printf, 4, 5))) enum kmeta_status common_fault(struct kmeta_finding *why,
                                                                     enum kmeta_code code,
                                                                     const char *file,
                                                                     const char *format, ...);

/*
 * True for what hides a part of the log: errors, and records that are not understood, which may do
 * anything.
 */
bool common_hides(enum kmeta_code code);

/* A kmeta_report whose context is the struct common: says it, and what hides a part is trouble. */
bool common_report(void *context, const struct kmeta_finding *finding);

/* Silent with --quiet. */
__attribute__((format(printf, 2, 3))) void common_note(struct common *c, const char *format, ...);

/* That a list ended at its limit, and how many more there were; nothing if there were none. */
void common_note_more(struct common *c, int64_t more);

/* ---- help ---- */

/* Every option that a command takes, its own first, then those that all share; NULL behind the
 * last. */
const struct command_option *command_option_at(const struct command *command, size_t number);

/* It has a choice of formats, and so options for how they go to a terminal. */
bool command_prints(const struct command *command);

/* What it says of an option: its own words for one that all share. */
struct option_text command_text(const struct command *command, const struct command_option *option);

const char *command_group_title(const struct command *command, enum option_group group);

void command_print_help(const struct command *command);

/* All of the table as one JSON document, for tools/generate. */
void command_print_table(const struct command *command);

/* ---- the command line ---- */

/* Writes options to their targets and operands to "c". Mistakes end the process, as do --help and
 * --version. */
void command_parse(struct common *c, int argc, char **argv);

/* Prepares the output for the terminal, if there is one: it goes through a pager, or lines are cut.
 */
void common_prepare_terminal(struct common *c);

/* ---- what most commands need ---- */

/* A kmeta_progress whose context is the struct common. */
bool common_progress(void *context, int64_t done, int64_t total);

/* How many threads to work with: as many as were asked for or, if 0, as there are processors. */
enum { JOBS_LIMIT = 64 };
unsigned common_jobs(unsigned asked);

/* Milliseconds since 1970. */
int64_t common_now(void);

/* Splits an address PATH[@POINT]; the caller frees the path. Says of which day a time of day is, and
 * that a point is behind the end of the log, which it then becomes. */
enum kmeta_status common_address(struct common *c, const char *address, char **path,
                                 struct kmeta_point *point, struct kmeta_finding *why);

/* Ends the process if an address that is followed ends at a point. */
void common_check_follow(const struct common *c, const char *address,
                         const struct kmeta_point *point);

/* Where the log at an address PATH[@POINT] ends, as kmeta_log_end() says. The point does not matter. */
enum kmeta_status common_log_end(const char *address, int64_t *end_offset, int64_t *time);

/* The clock for times of options: a time of day is the last one that the addresses cover. */
struct kmeta_clock common_clock(const char *const *addresses, size_t count);

/* The state at an address PATH[@POINT]. */
enum kmeta_status common_load(struct common *c, struct kmeta_image **image, const char *address,
                              const struct kmeta_load_options *options, struct kmeta_finding *why);

#endif
