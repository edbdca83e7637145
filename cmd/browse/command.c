/* SPDX-License-Identifier: Apache-2.0 */
/* command.c: going to what is typed, and taking along what is shown. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browser.h"

/* ---- going ---- */

static void go_to_time(struct browser *b, const char *text)
{
	struct kmeta_point point;
	struct kmeta_finding why;

	if (kmeta_point_parse(text, common_now(), false, &point, &why) != KMETA_OK) {
		browser_complain(b, "%s", why.message);
		return;
	}
	browser_go(b, point);
}

static void write_shown(struct browser *b, const char *path);

static void enter_command(struct browser *b, const char *text)
{
	char *end;
	int64_t number;

	text += strspn(text, " ");
	if (*text == '@') {
		go_to_time(b, text + 1);
		return;
	}
	if (!strcmp(text, "q") || !strcmp(text, "quit")) {
		b->quit = true;
		return;
	}
	if (!strncmp(text, "w ", 2)) {
		write_shown(b, text + 2 + strspn(text + 2, " "));
		return;
	}
	errno = 0;
	number = strtoll(text, &end, 10);
	if (end == text || errno || (*end && strcmp(end, "%") != 0) || number < 0) {
		browser_complain(
			b, "'%s' is no offset: use :OFFSET, :@TIME, :PERCENT%%, :w FILE, :q", text);
	} else if (*end) {
		log_go_percent(b, number);
	} else {
		log_go_offset(b, number);
	}
}

void command_ask(struct browser *b)
{
	browser_ask(b, ':', "", enter_command);
}

/* ---- taking along ---- */

/* New files only: nothing that is there is ever written over. */
static void save(struct browser *b, const char *path, const struct kmeta_buffer *text)
{
	FILE *file = *path ? fopen(path, "wxe") : NULL;
	bool written;

	if (!file) {
		browser_complain(b, "%s: %s", *path ? path : "no file",
		                 *path ? strerror(errno) : "a name is needed");
		return;
	}
	written = !text->failed && fwrite(text->at, 1, text->size, file) == text->size;
	written &= fclose(file) == 0;
	if (written)
		browser_say(b, "written to %s", path);
	else
		browser_complain(b, "%s: %s", path, strerror(errno));
}

/* The part that has the focus, as it stands on the screen. */
static void write_shown(struct browser *b, const char *path)
{
	const struct area *area = b->focus == FOCUS_LOG ? &b->log_area : &b->view_area;
	struct kmeta_buffer text = { 0 };

	browser_draw(b);
	grid_print(&b->grid, area->y, area->y + area->height, &text);
	save(b, path, &text);
	kmeta_buffer_release(&text);
}

void write_ask(struct browser *b)
{
	browser_ask(b, ' ', "write what is shown to the file:", write_shown);
}

static bool put_record(struct browser *b, struct kmeta_buffer *out)
{
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;
	struct line line;
	struct kmeta_line whole = { 0 };

	if (!log_line(b, &line))
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
	kmeta_json(out, &whole, b->common.flags);
	kmeta_fields_release(&fields);
	return true;
}

static void write_record(struct browser *b, const char *path)
{
	struct kmeta_buffer text = { 0 };

	if (put_record(b, &text))
		save(b, path, &text);
	kmeta_buffer_release(&text);
}

void write_record_ask(struct browser *b)
{
	browser_ask(b, ' ', "write the record as JSON to the file:", write_record);
}

void copy_record(struct browser *b)
{
	struct kmeta_buffer text = { 0 };

	if (!put_record(b, &text)) {
		browser_say(b, "there is no record");
	} else {
		if (b->terminal && !text.failed)
			terminal_copy(b->terminal,
			              (struct kmeta_bytes){ (const uint8_t *)text.at, text.size });
		browser_say(b, b->terminal
		                       ? "copied the record as JSON to the terminal's clipboard"
		                       : "there is no terminal with a clipboard: Y writes a file");
	}
	kmeta_buffer_release(&text);
}
