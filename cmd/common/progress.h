/* SPDX-License-Identifier: Apache-2.0 */
/* progress.h: a line on standard error that says how far long work has come. */
#ifndef COMMON_PROGRESS_H
#define COMMON_PROGRESS_H

#include <kmeta.h>

struct progress {
	const char *command;    /* its name, at the head of the line */
	int64_t started, shown; /* milliseconds of a steady clock, 0: not yet */
	unsigned calls;
	bool wanted, visible;
	const bool *held; /* true while something else has the terminal */
};

void progress_begin(struct progress *p, bool wanted, const bool *held);

/* Cheap: looks at the clock now and then. */
void progress_step(struct progress *p, const struct kmeta_source *source);

/* The same where somebody else counts the bytes. */
void progress_show(struct progress *p, int64_t done, int64_t total);

/* Takes the line away, so that others can be printed. */
void progress_hide(struct progress *p);

/* Milliseconds of a clock that nobody sets. */
int64_t common_steady(void);

#endif
