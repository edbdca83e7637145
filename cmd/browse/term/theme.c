/* SPDX-License-Identifier: Apache-2.0 */
/* theme.c: which colours of a terminal stand for those of a grid. */
#include "theme.h"

#include <string.h>

/*
 * Of 8 colours the terminal decides how they look. In most of them, green, yellow and cyan cannot be
 * read on white, nor blue on black: others stand in. Of 256, those from 16 are the same everywhere.
 */
static const struct {
	enum ground ground;
	int least; /* so many colours are needed */
	struct theme theme;
} themes[] = {
	/* red, green, yellow, blue, magenta, cyan */
	{ GROUND_DARK, 256, { { 0, 203, 114, 221, 75, 176, 80 }, 237 } },
	{ GROUND_DARK, 8, { { 0, RED, GREEN, YELLOW, CYAN, MAGENTA, CYAN }, 0 } },
	{ GROUND_LIGHT, 256, { { 0, 124, 22, 94, 25, 90, 23 }, 253 } },
	{ GROUND_LIGHT, 8, { { 0, RED, BLUE, MAGENTA, BLUE, MAGENTA, BLUE }, 0 } },
};

/* "15;0", or "0;default;15": the background is behind the last semicolon. */
enum ground theme_ground(const char *colorfgbg)
{
	static const char *const lights[] = { "7", "9", "10", "11", "12", "13", "14", "15" };
	const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;

	for (size_t i = 0; last && i < sizeof(lights) / sizeof(lights[0]); i++)
		if (!strcmp(last + 1, lights[i]))
			return GROUND_LIGHT;
	return GROUND_DARK;
}

const struct theme *theme_find(enum ground ground, int colors)
{
	for (size_t i = 0; i < sizeof(themes) / sizeof(themes[0]); i++)
		if (themes[i].ground == ground && themes[i].least <= colors)
			return &themes[i].theme;
	return NULL;
}
