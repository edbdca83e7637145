/* SPDX-License-Identifier: Apache-2.0 */
/* outline.c: a pane of lines that open and close. */
#include "outline.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INDENT = 2, SHIFT = 16, LINE_LIMIT = 1024 };

/* ---- content ---- */

void content_clear(struct content *content)
{
	content->bytes.size = 0;
	content->count = 0;
}

void content_release(struct content *content)
{
	kmeta_buffer_release(&content->bytes);
	free(content->lines);
	*content = (struct content){ 0 };
}

struct outline_line *content_begin(struct content *content, int depth, struct kmeta_bytes key)
{
	struct outline_line *line;

	if (content->count == content->capacity) {
		const size_t capacity = content->capacity ? content->capacity * 2 : 64;
		struct outline_line *lines = realloc(content->lines, capacity * sizeof(*lines));

		if (!lines)
			return NULL;
		content->lines = lines;
		content->capacity = capacity;
	}
	line = &content->lines[content->count++];
	*line = (struct outline_line){
		.depth = depth, .key = content->bytes.size, .key_size = key.size, .from = -1
	};
	kmeta_buffer_add(&content->bytes, key.data, key.size);
	line->text = content->bytes.size;
	return line;
}

void content_end(struct content *content)
{
	struct outline_line *line = &content->lines[content->count - 1];

	line->text_size = content->bytes.size - line->text;
}

struct outline_line *content_line(struct content *content, int depth, const char *key,
                                  const char *format, ...)
{
	char text[LINE_LIMIT];
	va_list arguments;
	struct outline_line *line = content_begin(
		content, depth, (struct kmeta_bytes){ (const uint8_t *)key, strlen(key) });

	if (!line)
		return NULL;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	kmeta_buffer_add(&content->bytes, text, strlen(text));
	content_end(content);
	return line;
}

void content_text(struct content *content, struct kmeta_bytes text)
{
	while (text.size) {
		const uint8_t *end = memchr(text.data, '\n', text.size);
		const size_t size = end ? (size_t)(end - text.data) : text.size;

		if (!content_begin(content, 0, (struct kmeta_bytes){ 0 }))
			return;
		kmeta_buffer_add(&content->bytes, text.data, size);
		content_end(content);
		text.data += size + (end != NULL);
		text.size -= size + (end != NULL);
	}
}

static struct kmeta_bytes part(const struct content *content, size_t at, size_t size)
{
	/* If memory ran out, lines may refer to bytes that were not added. */
	if (!content->bytes.at || at + size > content->bytes.size)
		return (struct kmeta_bytes){ (const uint8_t *)"", 0 };
	return (struct kmeta_bytes){ (const uint8_t *)content->bytes.at + at, size };
}

struct kmeta_bytes content_text_of(const struct content *content, const struct outline_line *line)
{
	return part(content, line->text, line->text_size);
}

struct kmeta_bytes content_key_of(const struct content *content, const struct outline_line *line)
{
	return part(content, line->key, line->key_size);
}

/* ---- keys ---- */

static int compare(const char *have, struct kmeta_bytes key)
{
	return kmeta_bytes_compare((struct kmeta_bytes){ (const uint8_t *)have, strlen(have) },
	                           key);
}

static size_t keys_before(const struct key_set *set, struct kmeta_bytes key)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare(set->keys[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool key_set_has(const struct key_set *set, struct kmeta_bytes key)
{
	const size_t at = keys_before(set, key);

	return at < set->count && compare(set->keys[at], key) == 0;
}

bool key_set_toggle(struct key_set *set, struct kmeta_bytes key)
{
	const size_t at = keys_before(set, key);
	char *copy;

	if (key_set_has(set, key)) {
		free(set->keys[at]);
		set->count--;
		memmove(set->keys + at, set->keys + at + 1, (set->count - at) * sizeof(*set->keys));
		return true;
	}
	if (set->count == set->capacity) {
		const size_t capacity = set->capacity ? set->capacity * 2 : 32;
		char **keys = realloc(set->keys, capacity * sizeof(*keys));

		if (!keys)
			return false;
		set->keys = keys;
		set->capacity = capacity;
	}
	copy = strndup((const char *)key.data, key.size);
	if (!copy)
		return false;
	memmove(set->keys + at + 1, set->keys + at, (set->count - at) * sizeof(*set->keys));
	set->keys[at] = copy;
	set->count++;
	return true;
}

void key_set_release(struct key_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		free(set->keys[i]);
	free(set->keys);
	*set = (struct key_set){ 0 };
}

/* ---- the pane ---- */

void outline_release(struct outline *o)
{
	content_release(&o->content);
	key_set_release(&o->toggled);
}

const struct outline_line *outline_at(const struct outline *o)
{
	return o->cursor < o->content.count ? &o->content.lines[o->cursor] : NULL;
}

bool outline_go(struct outline *o, struct kmeta_bytes key)
{
	for (size_t i = 0; i < o->content.count; i++) {
		const struct kmeta_bytes have = content_key_of(&o->content, &o->content.lines[i]);

		if (have.size == key.size && !memcmp(have.data, key.data, key.size)) {
			o->cursor = i;
			return true;
		}
	}
	return false;
}

void outline_take(struct outline *o, struct content *content)
{
	const struct outline_line *line = outline_at(o);
	struct content before = o->content;
	const struct kmeta_bytes key =
		line ? content_key_of(&before, line) : (struct kmeta_bytes){ 0 };
	const size_t above = o->cursor > o->top ? o->cursor - o->top : 0;

	o->content = *content;
	*content = (struct content){ 0 };
	if (!key.size || !outline_go(o, key))
		o->cursor = o->cursor < o->content.count ? o->cursor
		            : o->content.count           ? o->content.count - 1
		                                         : 0;
	/* Keep the line in its row of the screen. */
	o->top = o->cursor > above ? o->cursor - above : 0;
	content_release(&before);
}

static void step(struct outline *o, int64_t lines)
{
	const int64_t last = (int64_t)o->content.count - 1;
	int64_t to = (int64_t)o->cursor + lines;

	to = to > last ? last : to;
	o->cursor = to < 0 ? 0 : (size_t)to;
}

int shift_by(int shift, enum motion motion, int64_t count)
{
	const int64_t by = (motion == TO_RIGHT ? SHIFT : -SHIFT) * (count < 100 ? count : 100);

	return shift + by < 0 ? 0 : shift + (int)by;
}

void outline_move(struct outline *o, enum motion motion, int64_t count)
{
	const int64_t page = o->height > 1 ? o->height - 1 : 1;

	switch (motion) {
	case LINE_DOWN:
	case LINE_UP:
		step(o, motion == LINE_DOWN ? count : -count);
		break;
	case HALF_DOWN:
	case HALF_UP:
		step(o, (motion == HALF_DOWN ? count : -count) * (page / 2 + 1));
		break;
	case PAGE_DOWN:
	case PAGE_UP:
		step(o, (motion == PAGE_DOWN ? count : -count) * page);
		break;
	case TO_START:
		o->cursor = 0;
		break;
	case TO_END:
		step(o, INT32_MAX);
		break;
	case TO_LEFT:
	case TO_RIGHT:
		o->shift = shift_by(o->shift, motion, count);
		break;
	}
}

bool outline_search(struct outline *o, const struct pattern *pattern, bool backwards)
{
	const size_t count = o->content.count;
	size_t start, end;

	for (size_t i = 1; i <= count; i++) {
		const size_t at =
			backwards ? (o->cursor + count - i) % count : (o->cursor + i) % count;

		if (pattern_find(pattern, content_text_of(&o->content, &o->content.lines[at]), 0,
		                 &start, &end)) {
			o->cursor = at;
			return true;
		}
	}
	return false;
}

static void scroll(struct outline *o, int height)
{
	const size_t rows = height > 0 ? (size_t)height : 1;

	o->height = height;
	if (o->cursor < o->top)
		o->top = o->cursor;
	if (o->cursor >= o->top + rows)
		o->top = o->cursor - rows + 1;
	if (o->top + rows > o->content.count)
		o->top = o->content.count > rows ? o->content.count - rows : 0;
}

bool outline_click(struct outline *o, int y)
{
	const size_t at = o->top + (size_t)(y - o->y);

	if (y < o->y || y >= o->y + o->height || at >= o->content.count)
		return false;
	o->cursor = at;
	return true;
}

void outline_draw(struct outline *o, struct grid *grid, struct area area, bool focused,
                  const struct pattern *pattern)
{
	scroll(o, area.height);
	o->y = area.y;
	for (int row = 0; row < area.height; row++) {
		const size_t at = o->top + (size_t)row;
		const struct outline_line *line;
		struct area inside = area;

		if (at >= o->content.count)
			break;
		line = &o->content.lines[at];
		inside.x += line->depth * INDENT;
		inside.width -= line->depth * INDENT;
		if (line->foldable && o->shift < INDENT)
			grid_format(grid, inside, row, line->style, "%s", line->open ? "-" : "+");
		inside.x += INDENT;
		inside.width -= INDENT;
		grid_put(grid, inside, row, o->shift, content_text_of(&o->content, line),
		         line->style);
		if (pattern)
			pattern_mark(pattern, grid, inside, row, o->shift,
			             content_text_of(&o->content, line));
		if (at == o->cursor)
			grid_select_row(grid, area, row, focused);
	}
}
