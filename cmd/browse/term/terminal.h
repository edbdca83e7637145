/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.h: the terminal, by ncurses: screen, keys, mouse, and giving it back as it was. */
#ifndef BROWSE_TERMINAL_H
#define BROWSE_TERMINAL_H

#include "grid.h"
#include "keys.h"

struct terminal;

/* Takes the terminal over; NULL: it cannot be used, for a reason that is written to "why". */
struct terminal *terminal_open(bool color, char *why, size_t why_size);

/* Gives it back. */
void terminal_close(struct terminal *t);

void terminal_size(const struct terminal *t, int *width, int *height);
void terminal_draw(struct terminal *t, const struct grid *grid);

/* The next key that was pressed; PRESS_NONE: none is there. */
int terminal_key(struct terminal *t);

/* Waits for a key, a byte from descriptor "wake", or the time to pass. */
void terminal_wait(struct terminal *t, int wake, int milliseconds);

/* Where the mouse was when PRESS_CLICK came. */
void terminal_click(const struct terminal *t, int *y, int *x);

/* Stops the process as ^Z does elsewhere, and goes on when it is continued. */
void terminal_suspend(struct terminal *t);

/* Puts text into the terminal's clipboard (OSC 52), where the terminal takes that. */
void terminal_copy(struct terminal *t, struct kmeta_bytes text);

/* The signal that asked the process to end, or 0. */
int terminal_ended(void);

#endif
