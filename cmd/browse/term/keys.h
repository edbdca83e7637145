/* SPDX-License-Identifier: Apache-2.0 */
/* keys.h: keys by number and by name. */
#ifndef BROWSE_KEYS_H
#define BROWSE_KEYS_H

#include <stddef.h>

/* A key is its character, or, where it has none, one of these: above all characters. */
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
	PRESS_RESIZE,
	PRESS_CLICK, /* terminal_click() says where */
	PRESS_WHEEL_UP,
	PRESS_WHEEL_DOWN
};

/* The key that Control makes of a letter. */
#define CONTROL(letter) ((letter)&0x1f)

/* "j", "^D", "PageDown", "Space": how help and --command call a key. */
const char *press_name(int key, char *text, size_t size);

/*
 * The next key of a line of keys, which is moved past it: characters stand for themselves,
 * <Enter>, <Down>, <C-d> and so on for the others, <lt> for <. PRESS_NONE: the end, or a name that
 * no key has (*keys does not move then).
 */
int press_parse(const char **keys);

#endif
