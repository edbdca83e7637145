/* SPDX-License-Identifier: Apache-2.0 */
/* take.c: writes the screen, or the record under the cursor, to a file or the clipboard. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "browser.h"

/* Create a new file only: a typing error must not overwrite one. */
static void save(struct browser *b, const char *path, const struct kmeta_buffer *text)
{
	FILE *file = *path ? fopen(path, "wxe") : NULL;
	bool written;

	if (!file) {
		model_complain(&b->model, "%s: %s", *path ? path : "no file",
		               *path ? strerror(errno) : "a name is needed");
		return;
	}
	written = !text->failed && fwrite(text->at, 1, text->size, file) == text->size;
	written &= fclose(file) == 0;
	if (written)
		model_say(&b->model, "written to %s", path);
	else
		model_complain(&b->model, "%s: %s", path, strerror(errno));
}

/* Takes the part that has the focus, as the screen shows it. */
void take_screen(void *browser, const char *path)
{
	struct browser *b = browser;
	const struct area *area = b->screen.focus == FOCUS_LOG ? &b->log_area : &b->view_area;
	struct kmeta_buffer text = { 0 };

	browser_draw(b);
	grid_print(&b->screen.grid, area->y, area->y + area->height, &text);
	save(b, path, &text);
	kmeta_buffer_release(&text);
}

static bool put_cursor_record(struct browser *b, struct kmeta_buffer *out)
{
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;
	struct line line;
	struct kmeta_line whole = { 0 };

	if (!cursor_line(&b->model, &line))
		return false;
	if (line.damage) {
		kmeta_json_finding(out, line.damage);
		return true;
	}
	whole.batch = line.batch;
	whole.record = &line.row->record;
	if (rows_decode(&line, &fields, &why))
		whole.fields = &fields;
	else
		whole.error = &why;
	kmeta_json(out, &whole, b->model.flags);
	kmeta_fields_release(&fields);
	return true;
}

void take_record(void *browser, const char *path)
{
	struct browser *b = browser;
	struct kmeta_buffer text = { 0 };

	if (put_cursor_record(b, &text))
		save(b, path, &text);
	kmeta_buffer_release(&text);
}

void copy_record(struct screen *s)
{
	struct browser *b = browser_of(s);
	struct kmeta_buffer text = { 0 };

	if (!put_cursor_record(b, &text)) {
		model_say(&b->model, "there is no record");
	} else {
		if (b->terminal && !text.failed)
			terminal_copy(b->terminal, kmeta_buffer_bytes(&text));
		model_say(&b->model,
		          b->terminal ? "copied the record as JSON to the terminal's clipboard"
		                      : "there is no terminal with a clipboard: Y writes a file");
	}
	kmeta_buffer_release(&text);
}
