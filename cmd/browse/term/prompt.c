/* SPDX-License-Identifier: Apache-2.0 */
/* prompt.c: reads text on the last line. */
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "../../common/columns.h"
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
	prompt->tabs = 0;
}

void prompt_release(struct prompt *prompt)
{
	kmeta_buffer_release(&prompt->words);
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

/* Characters that could do something on a screen are no text that was typed. */
void prompt_remember(struct prompt *prompt, char lead, const char *text)
{
	struct kmeta_bytes left = { (const uint8_t *)text, strlen(text) };
	const char lead_before = prompt->lead;

	prompt->lead = lead;
	for (prompt->size = 0; left.size && prompt->size + 1 < PROMPT_LIMIT;) {
		const wchar_t c = columns_next_character(&left);

		if (iswprint((wint_t)c))
			prompt->text[prompt->size++] = c;
	}
	keep_line(prompt);
	prompt->lead = lead_before;
	prompt->size = prompt->cursor = 0;
}

static struct kmeta_buffer utf8_of(const wchar_t *text, size_t size)
{
	struct kmeta_buffer out = { 0 };

	for (size_t i = 0; i < size; i++)
		grid_add_character(&out, text[i]);
	kmeta_buffer_add(&out, "", 1);
	return out;
}

struct kmeta_buffer prompt_past(const struct prompt *prompt, size_t number, char *lead)
{
	const struct prompt_line *line = &prompt->past[number % PROMPT_PAST];

	*lead = line->lead;
	return utf8_of(line->text, line->size);
}

/* ---- Tab ---- */

/* Puts a word in place of what stands before the cursor. */
static void put_completed(struct prompt *prompt, struct kmeta_bytes word)
{
	const size_t behind = prompt->size - prompt->cursor;
	wchar_t rest[PROMPT_LIMIT];

	wmemcpy(rest, prompt->text + prompt->cursor, behind);
	prompt->cursor = prompt->word_start;
	while (word.size && prompt->cursor + behind + 1 < PROMPT_LIMIT) {
		const wchar_t c = columns_next_character(&word);

		if (iswprint((wint_t)c))
			prompt->text[prompt->cursor++] = c;
	}
	wmemcpy(prompt->text + prompt->cursor, rest, behind);
	prompt->size = prompt->cursor + behind;
}

static struct kmeta_bytes completed_word(const struct prompt *prompt, size_t number)
{
	const uint8_t *at = (const uint8_t *)prompt->words.at;
	size_t left = prompt->words.size;

	for (;; number--) {
		const uint8_t *end = memchr(at, '\n', left);
		const size_t size = end ? (size_t)(end - at) : left;

		if (!number || !end)
			return (struct kmeta_bytes){ at, size };
		at += size + 1;
		left -= size + 1;
	}
}

/* What all words begin with. */
static struct kmeta_bytes common_start(const struct prompt *prompt)
{
	struct kmeta_bytes common = completed_word(prompt, 0);

	for (size_t i = 1; i < prompt->words_count; i++) {
		const struct kmeta_bytes word = completed_word(prompt, i);
		size_t same = 0;

		while (same < common.size && same < word.size &&
		       common.data[same] == word.data[same])
			same++;
		common.size = same;
	}
	/* Not in the middle of a character. */
	while (common.size && prompt->words_count > 1 && common.data[common.size - 1] >= 0x80)
		common.size--;
	return common;
}

static void find_words(struct prompt *prompt)
{
	struct kmeta_buffer text = utf8_of(prompt->text, prompt->cursor);
	size_t start = text.size;

	prompt->words.size = prompt->words_count = 0;
	if (!text.failed)
		prompt->complete(prompt->context, prompt->lead, text.at, &prompt->words, &start);
	for (size_t i = 0; !prompt->words.failed && i < prompt->words.size; i++)
		prompt->words_count += prompt->words.at[i] == '\n';
	/* Each character has one first byte. */
	prompt->word_start = 0;
	for (size_t i = 0; !text.failed && i < start && i < text.size; i++)
		prompt->word_start += (text.at[i] & 0xc0) != 0x80;
	if (prompt->word_start > prompt->cursor)
		prompt->word_start = prompt->cursor;
	kmeta_buffer_release(&text);
}

/* The first Tab goes as far as all words agree and shows them; further ones go through them. */
static void complete_text(struct prompt *prompt)
{
	struct kmeta_bytes common;

	if (!prompt->complete)
		return;
	if (prompt->tabs && prompt->words_count > 1) {
		put_completed(prompt,
		              completed_word(prompt, (prompt->tabs++ - 1) % prompt->words_count));
		return;
	}
	find_words(prompt);
	if (!prompt->words_count)
		return;
	common = common_start(prompt);
	if (prompt->words_count == 1 || common.size > prompt->cursor - prompt->word_start)
		put_completed(prompt, common);
	prompt->tabs = prompt->words_count > 1;
}

static void draw_words(const struct prompt *prompt, struct grid *grid, struct area area, int column)
{
	struct kmeta_buffer text = { 0 };

	for (size_t i = 0; i < prompt->words_count && text.size < PROMPT_LIMIT; i++) {
		const struct kmeta_bytes word = completed_word(prompt, i);

		kmeta_buffer_format(&text, "  ");
		kmeta_buffer_add(&text, word.data, word.size);
	}
	area.x += column;
	area.width -= column;
	grid_put(grid, area, 0, 0, kmeta_buffer_bytes(&text), STYLE_DIM);
	kmeta_buffer_release(&text);
}

void prompt_finish(struct prompt *prompt)
{
	struct kmeta_buffer text = utf8_of(prompt->text, prompt->size);

	if (!text.failed)
		prompt->enter(prompt->context, text.at);
	kmeta_buffer_release(&text);
}

enum prompt_end prompt_press(struct prompt *prompt, int key)
{
	wchar_t *at = prompt->text + prompt->cursor;
	const size_t behind = prompt->size - prompt->cursor;

	prompt->tabs = key == '\t' ? prompt->tabs : 0;
	switch (key) {
	case '\t':
		complete_text(prompt);
		break;
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
	int column, end, last;

	kmeta_buffer_format(&text, "%s%c", prompt->title, prompt->lead);
	column = end = (int)text.size;
	for (size_t i = 0; i < prompt->size; i++) {
		grid_add_character(&text, prompt->text[i]);
		end += wcwidth(prompt->text[i]) == 2 ? 2 : 1;
		if (i < prompt->cursor)
			column = end;
	}
	/* Of a long text, show where the user types, and the mark behind it if the text goes on. */
	last = area.width - (end > column ? 2 : 1);
	grid_put(grid, area, 0, column > last ? column - last : 0, kmeta_buffer_bytes(&text), 0);
	if (prompt->tabs && end < area.width)
		draw_words(prompt, grid, area, end);
	grid->cursor_y = area.y;
	grid->cursor_x = column < last ? column : last;
	kmeta_buffer_release(&text);
}
