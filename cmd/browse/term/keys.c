/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c: keys by number and by name. */
#include "keys.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "../../common/columns.h"
#include "grid.h"

static const struct {
	int key;
	const char *name;
} names[] = {
	{ '\n', "Enter" },
	{ '\t', "Tab" },
	{ ' ', "Space" },
	{ '<', "lt" },
	{ PRESS_ESCAPE, "Esc" },
	{ PRESS_UP, "Up" },
	{ PRESS_DOWN, "Down" },
	{ PRESS_LEFT, "Left" },
	{ PRESS_RIGHT, "Right" },
	{ PRESS_PAGE_UP, "PageUp" },
	{ PRESS_PAGE_DOWN, "PageDown" },
	{ PRESS_HOME, "Home" },
	{ PRESS_END, "End" },
	{ PRESS_BACKSPACE, "Backspace" },
	{ PRESS_DELETE, "Delete" },
	{ PRESS_BACK_TAB, "S-Tab" },
	{ PRESS_F1, "F1" },
};

enum { NAMES = sizeof(names) / sizeof(names[0]) };

const char *press_name(int key, char *text, size_t size)
{
	for (size_t i = 0; i < NAMES; i++)
		if (names[i].key == key && key != '<')
			return names[i].name;
	if (key >= 0 && key < ' ')
		snprintf(text, size, "^%c", key + '@');
	else
		snprintf(text, size, "%lc", (wint_t)key);
	return text;
}

static int named_key(const char *name, size_t size)
{
	if (size == 3 && (name[0] == 'C' || name[0] == 'c') && name[1] == '-')
		return CONTROL(name[2]);
	for (size_t i = 0; i < NAMES; i++)
		if (strlen(names[i].name) == size && !strncasecmp(names[i].name, name, size))
			return names[i].key;
	return PRESS_NONE;
}

int press_parse(const char **keys)
{
	struct kmeta_bytes text = { (const uint8_t *)*keys, strlen(*keys) };
	const char *end = strchr(*keys, '>');
	int key;

	if (!text.size)
		return PRESS_NONE;
	if (**keys == '<' && end) {
		key = named_key(*keys + 1, (size_t)(end - *keys) - 1);
		if (key != PRESS_NONE)
			*keys = end + 1;
		return key;
	}
	key = columns_next_character(&text);
	*keys = (const char *)text.data;
	return key;
}
