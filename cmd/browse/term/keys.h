/* SPDX-License-Identifier: Apache-2.0 */
/* keys.h: keys by number and by name. */
#ifndef BROWSE_KEYS_H
#define BROWSE_KEYS_H

#include <stddef.h>

/* A key is its character or, if it has none, one of these numbers above all characters. */
enum press {
	PRESS_NONE = -1,
	PRESS_ESCAPE = 27,
	PRESS_UP = 0x110000,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_HOME,
	PRESS_END,
	PRESS_BACKSPACE,
	PRESS_DELETE,
	PRESS_BACK_TAB,
	PRESS_F1,
	PRESS_RESIZE,
	PRESS_CLICK, /* terminal_click() returns the place */
	PRESS_WHEEL_UP,
	PRESS_WHEEL_DOWN
};

/* Returns the key of a letter with Control. */
#define CONTROL(letter) ((letter)&0x1f)

/* Returns the name of a key in help and --command: "j", "^D", "PageDown", "Space". */
const char *press_name(int key, char *text, size_t size);

/*
 * Takes the next key off a line of keys. Characters stand for themselves; the others are <Enter>,
 * <Down>, <C-d> and so on, and <lt> is <. PRESS_NONE: the line is at its end, or no key has this
 * name; *keys does not move then.
 */
int press_parse(const char **keys);

#endif
