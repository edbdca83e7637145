/* SPDX-License-Identifier: Apache-2.0 */
/* past.h: what was entered at prompts in earlier runs, in $XDG_STATE_HOME/kmeta/browse-history. */
#ifndef BROWSE_PAST_H
#define BROWSE_PAST_H

#include "term/prompt.h"

/* Reads the file. Where there is none that can be read, nothing was entered. */
void past_load(struct prompt *prompt);

/* Adds what was kept last to the file, if it can be written. */
/* True the first time that the user starts the browser. */
bool past_is_none(void);

void past_keep(const struct prompt *prompt);

#endif
