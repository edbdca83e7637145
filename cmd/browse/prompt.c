/* SPDX-License-Identifier: Apache-2.0 */
/* prompt.c: text typed on the last line. */
#include <wchar.h>

#include "browser.h"

void browser_ask(struct browser *b, char lead, const char *title,
                 void (*enter)(struct browser *b, const char *text))
{
	b->prompt = (struct prompt){ .active = true, .lead = lead, .title = title, .enter = enter };
}

static void enter_prompt(struct browser *b)
{
	struct prompt *prompt = &b->prompt;
	struct kmeta_buffer text = { 0 };

	prompt->active = false;
	b->message[0] = '\0';
	for (size_t i = 0; i < prompt->size; i++)
		grid_add_character(&text, prompt->text[i]);
	kmeta_buffer_add(&text, "", 1);
	if (!text.failed)
		prompt->enter(b, text.at);
	kmeta_buffer_release(&text);
}

void prompt_press(struct browser *b, int key)
{
	struct prompt *prompt = &b->prompt;
	wchar_t *at = prompt->text + prompt->cursor;
	const size_t behind = prompt->size - prompt->cursor;

	switch (key) {
	case '\n':
		enter_prompt(b);
		break;
	case PRESS_ESCAPE:
	case CONTROL('c'):
		prompt->active = false;
		b->message[0] = '\0';
		break;
	case PRESS_BACKSPACE:
		prompt->active = prompt->size > 0;
		if (!prompt->cursor)
			break;
		wmemmove(at - 1, at, behind);
		prompt->cursor--;
		prompt->size--;
		break;
	case PRESS_DELETE:
		if (!behind)
			break;
		wmemmove(at, at + 1, behind - 1);
		prompt->size--;
		break;
	case CONTROL('u'):
		prompt->size = prompt->cursor = 0;
		break;
	case PRESS_LEFT:
		prompt->cursor -= prompt->cursor > 0;
		break;
	case PRESS_RIGHT:
		prompt->cursor += behind > 0;
		break;
	case PRESS_HOME:
	case CONTROL('a'):
		prompt->cursor = 0;
		break;
	case PRESS_END:
	case CONTROL('e'):
		prompt->cursor = prompt->size;
		break;
	default:
		if (key < ' ' || key >= PRESS_UP || prompt->size + 1 >= TEXT_LIMIT)
			break;
		wmemmove(at + 1, at, behind);
		*at = (wchar_t)key;
		prompt->cursor++;
		prompt->size++;
	}
}

void prompt_draw(struct browser *b, struct area area)
{
	const struct prompt *prompt = &b->prompt;
	struct kmeta_buffer text = { 0 };
	int column;

	kmeta_buffer_format(&text, "%s%c", prompt->title, prompt->lead);
	column = (int)text.size;
	for (size_t i = 0; i < prompt->size; i++) {
		grid_add_character(&text, prompt->text[i]);
		if (i < prompt->cursor)
			column += wcwidth(prompt->text[i]) == 2 ? 2 : 1;
	}
	/* What does not fit goes out on the left. */
	grid_put(&b->grid, area, 0, column >= area.width ? column - area.width + 1 : 0,
	         (struct kmeta_bytes){ (const uint8_t *)text.at, text.size }, 0);
	b->grid.cursor_y = area.y;
	b->grid.cursor_x = column < area.width ? column : area.width - 1;
	kmeta_buffer_release(&text);
}
