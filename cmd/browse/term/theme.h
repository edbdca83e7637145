/* SPDX-License-Identifier: Apache-2.0 */
/* theme.h: which colours of a terminal stand for those of a grid. */
#ifndef BROWSE_THEME_H
#define BROWSE_THEME_H

#include "grid.h"

/* What the colours are to be read on. */
enum ground { GROUND_AUTO, GROUND_DARK, GROUND_LIGHT, GROUND_NONE };

struct theme {
	short colors[CYAN + 1]; /* for RED ... CYAN, as terminals number them */
	short selected;         /* behind a line that is selected without the focus; 0: none is */
};

/* Returns what COLORFGBG says; NULL, or a text that says nothing: dark. */
enum ground theme_ground(const char *colorfgbg);

/* Returns the theme for a terminal with so many colours. NULL: none are wanted. */
const struct theme *theme_find(enum ground ground, int colors);

#endif
