/* SPDX-License-Identifier: Apache-2.0 */
/* prompt.c: reads text on the last line. */
#include <wchar.h>

#include "prompt.h"

void prompt_ask(struct prompt *prompt, char lead, const char *title, prompt_enter *enter,
                void *context)
{
	prompt->active = true;
	prompt->lead = lead;
	prompt->title = title;
	prompt->size = prompt->cursor = 0;
	prompt->enter = enter;
	prompt->context = context;
	prompt->recalled = prompt->past_count;
}

static struct prompt_line *past_line(struct prompt *prompt, size_t number)
{
	return &prompt->past[number % PROMPT_PAST];
}

static void save_line(const struct prompt *prompt, struct prompt_line *line)
{
	line->lead = prompt->lead;
	line->size = prompt->size;
	wmemcpy(line->text, prompt->text, prompt->size);
}

/* Not the same text twice in a row. */
static void keep_line(struct prompt *prompt)
{
	for (size_t i = prompt->past_count; i-- > 0 && i + PROMPT_PAST >= prompt->past_count;) {
		const struct prompt_line *last = past_line(prompt, i);

		if (last->lead != prompt->lead)
			continue;
		if (last->size == prompt->size && !wmemcmp(last->text, prompt->text, prompt->size))
			return;
		break;
	}
	if (prompt->size)
		save_line(prompt, past_line(prompt, prompt->past_count++));
}

static void recall_line(struct prompt *prompt, const struct prompt_line *line)
{
	prompt->size = prompt->cursor = line->size;
	wmemcpy(prompt->text, line->text, line->size);
}

/* Goes back to the text that was entered before; stays where there is none. */
static void recall_older(struct prompt *prompt)
{
	for (size_t i = prompt->recalled; i-- > 0 && i + PROMPT_PAST >= prompt->past_count;) {
		if (past_line(prompt, i)->lead != prompt->lead)
			continue;
		if (prompt->recalled == prompt->past_count)
			save_line(prompt, &prompt->draft);
		prompt->recalled = i;
		recall_line(prompt, past_line(prompt, i));
		return;
	}
}

/* Goes on to the text that was entered behind it, and at last to what was typed now. */
static void recall_newer(struct prompt *prompt)
{
	if (prompt->recalled == prompt->past_count)
		return;
	while (++prompt->recalled < prompt->past_count)
		if (past_line(prompt, prompt->recalled)->lead == prompt->lead)
			break;
	recall_line(prompt, prompt->recalled < prompt->past_count
	                            ? past_line(prompt, prompt->recalled)
	                            : &prompt->draft);
}

void prompt_finish(struct prompt *prompt)
{
	struct kmeta_buffer text = { 0 };

	for (size_t i = 0; i < prompt->size; i++)
		grid_add_character(&text, prompt->text[i]);
	kmeta_buffer_add(&text, "", 1);
	if (!text.failed)
		prompt->enter(prompt->context, text.at);
	kmeta_buffer_release(&text);
}

enum prompt_end prompt_press(struct prompt *prompt, int key)
{
	wchar_t *at = prompt->text + prompt->cursor;
	const size_t behind = prompt->size - prompt->cursor;

	switch (key) {
	case '\n':
		keep_line(prompt);
		prompt->active = false;
		return PROMPT_ENTERED;
	case PRESS_ESCAPE:
	case CONTROL('c'):
		prompt->active = false;
		return PROMPT_LEFT;
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
	case PRESS_UP:
		recall_older(prompt);
		break;
	case PRESS_DOWN:
		recall_newer(prompt);
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
		if (key < ' ' || key >= PRESS_UP || prompt->size + 1 >= PROMPT_LIMIT)
			break;
		wmemmove(at + 1, at, behind);
		*at = (wchar_t)key;
		prompt->cursor++;
		prompt->size++;
	}
	return PROMPT_GOES_ON;
}

void prompt_draw(const struct prompt *prompt, struct grid *grid, struct area area)
{
	struct kmeta_buffer text = { 0 };
	int column;

	kmeta_buffer_format(&text, "%s%c", prompt->title, prompt->lead);
	column = (int)text.size;
	for (size_t i = 0; i < prompt->size; i++) {
		grid_add_character(&text, prompt->text[i]);
		if (i < prompt->cursor)
			column += wcwidth(prompt->text[i]) == 2 ? 2 : 1;
	}
	/* Of a long text, show the end, where the user types. */
	grid_put(grid, area, 0, column >= area.width ? column - area.width + 1 : 0,
	         kmeta_buffer_bytes(&text), 0);
	grid->cursor_y = area.y;
	grid->cursor_x = column < area.width ? column : area.width - 1;
	kmeta_buffer_release(&text);
}
