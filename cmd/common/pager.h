/* SPDX-License-Identifier: Apache-2.0 */
/* pager.h: a program like less, through which long output goes on a terminal. */
#ifndef COMMON_PAGER_H
#define COMMON_PAGER_H

#include <stdbool.h>
#include <sys/types.h>

struct pager {
	const char *command; /* NULL: none is wanted */
	bool is_named;       /* the user chose it */
	bool running;        /* it has standard output */
	bool takes_errors;   /* and standard error */
	pid_t process;
};

/* Chooses a pager, and sets what less and lv are told by their environment. "cuts": less is to cut
 * lines and scroll sideways. */
void pager_choose(struct pager *p, bool cuts);

/* Starts it in place of standard output, and of standard error if that is a terminal as well.
 * Returns 0, or the number of the error. */
int pager_start(struct pager *p);

/* Says that there is no more, and waits until its user has left it. */
void pager_finish(struct pager *p);

#endif
