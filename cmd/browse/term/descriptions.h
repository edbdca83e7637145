/* SPDX-License-Identifier: Apache-2.0 */
/* descriptions.h: what terminfo says of common terminals, for hosts that do not have it. */
#ifndef KMETA_BROWSE_DESCRIPTIONS_H
#define KMETA_BROWSE_DESCRIPTIONS_H

struct terminal_description {
	const char *name;        /* as in $TERM; NULL: the end of the table */
	const char *description; /* as $TERMINFO takes it */
};

/* The build makes it, by tools/terminal-descriptions. */
extern const struct terminal_description terminal_descriptions[];

#endif
