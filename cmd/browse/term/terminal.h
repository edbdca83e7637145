/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.h: the terminal, by ncurses: screen, keys, mouse, and how to restore it. */
#ifndef BROWSE_TERMINAL_H
#define BROWSE_TERMINAL_H

#include "grid.h"
#include "keys.h"
#include "theme.h"

struct terminal;

/* Takes the terminal over. NULL: it cannot be used, and "why" gets the reason. */
struct terminal *terminal_open(enum ground ground, char *why, size_t why_size);

/* Restores the terminal as it was. */
void terminal_close(struct terminal *t);

void terminal_size(const struct terminal *t, int *width, int *height);
void terminal_draw(struct terminal *t, const struct grid *grid);

/* The next draw sends everything, also what the terminal should have already. */
void terminal_redraw(struct terminal *t);

/* Returns the next key that was pressed. PRESS_NONE: there is none. */
int terminal_key(struct terminal *t);

/* Waits for a key, for a byte from the descriptor "wake", or until the time is over. */
void terminal_wait(struct terminal *t, int wake, int milliseconds);

/* Returns where the mouse was at the last click, or turn of its wheel. */
void terminal_click(const struct terminal *t, int *y, int *x);

/* Stops the process as ^Z usually does. Returns when a shell continues it. */
void terminal_suspend(struct terminal *t);

/* Puts text into the terminal's clipboard (OSC 52). Some terminals ignore it. */
void terminal_copy(struct terminal *t, struct kmeta_bytes text);

/* Returns the signal that asked the process to end. 0: none did. */
int terminal_ended(void);

#endif
