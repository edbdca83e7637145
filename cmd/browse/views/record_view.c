/* SPDX-License-Identifier: Apache-2.0 */
/* record_view.c: one record: its fields as a tree, beside the bytes that they were read from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "named.h"
#include "way.h"

enum {
	RAW_LIMIT = 4096, /* how many bytes of damage to show */
	TREE_SHARE = 55,  /* in percent of the width */
	HEX_COLUMNS = 4,  /* columns of a byte: two digits, a blank, a character */
	POSITION_COLUMNS = 11,
	ID_SIZE = 16
};

struct bytes {
	int64_t cursor, top; /* byte in the value */
	int columns, height; /* as drawn last */
};

struct record_state {
	struct outline outline;
	struct bytes bytes;
	struct kmeta_buffer value;  /* the bytes that are shown */
	struct kmeta_buffer hidden; /* 1 for each byte that is a secret */
	int64_t position;           /* of the first byte in the file; -1: it was compressed */
	struct kmeta_fields fields;
	bool unnamed; /* a topic's name was not known yet */
};

static struct record_state *record_of(const struct screen *s)
{
	return s->states[VIEW_RECORD];
}

static void record_close(struct screen *s)
{
	outline_release(&record_of(s)->outline);
	kmeta_buffer_release(&record_of(s)->value);
	kmeta_buffer_release(&record_of(s)->hidden);
	kmeta_fields_release(&record_of(s)->fields);
}

/* ---- the tree ---- */

static void put_batch_fields(struct screen *s, struct content *content,
                             const struct kmeta_batch *batch)
{
	const bool open = key_set_has(&record_of(s)->outline.toggled,
	                              (struct kmeta_bytes){ (const uint8_t *)"batch", 5 });
	const char *codec = kmeta_codec_name(batch->attributes & KMETA_BATCH_CODEC);
	struct outline_line *line =
		content_line(content, 0, "batch", "batch of %d at byte %lld of %s", batch->count,
	                     (long long)batch->position, batch->file);

	if (!line)
		return;
	line->foldable = true;
	line->open = open;
	line->style = batch->valid ? 0 : (unsigned)RED;
	if (!open)
		return;
	content_line(content, 1, "", "size=%lld", (long long)batch->size);
	content_line(content, 1, "", "offsets=%lld..%lld", (long long)batch->base_offset,
	             (long long)batch->last_offset);
	content_line(content, 1, "", "epoch=%d", batch->epoch);
	content_line(content, 1, "", "codec=%s", codec ? codec : "unknown");
	content_line(content, 1, "", "attributes=0x%04x", batch->attributes);
	content_line(content, 1, "", "crc=%08x%s", batch->crc,
	             batch->valid ? "" : ", which is wrong: its content cannot be trusted");
	content_line(content, 1, "", "producerId=%lld producerEpoch=%d baseSequence=%d",
	             (long long)batch->producer_id, batch->producer_epoch, batch->base_sequence);
}

static const char *label_of(const struct kmeta_fields *fields, size_t i, size_t parent, char *text,
                            size_t size, size_t number)
{
	if (!(fields->at[i].flags & KMETA_VALUE_ELEMENT))
		return fields->at[i].schema->name;
	snprintf(text, size, "%s[%zu]", fields->at[parent].schema->name, number);
	return text;
}

static bool has_children(const struct kmeta_field *field)
{
	return field->span > 1;
}

static void hide_field(struct record_state *r, const struct kmeta_field *field)
{
	for (size_t i = field->at; i < (size_t)field->at + field->size && i < r->hidden.size; i++)
		r->hidden.at[i] = 1;
}

/* The record that gives a topic its name shows both. False: the name is not known. */
static bool put_name_of_id(struct screen *s, struct kmeta_buffer *out,
                           const struct kmeta_field *field)
{
	struct kmeta_timeline *timeline = s->model->index->timeline;
	struct kmeta_bytes name;

	if (field->schema->role != KMETA_ROLE_TOPIC_ID || field->value.bytes.size != ID_SIZE ||
	    record_of(s)->fields.schema->type == KMETA_TOPIC_RECORD)
		return true;
	name = kmeta_topics_name(kmeta_timeline_lock_topics(timeline), field->value.bytes.data);
	if (name.data && out) {
		kmeta_buffer_format(out, "  (");
		kmeta_shell_word(out, name);
		kmeta_buffer_format(out, ")");
	}
	kmeta_timeline_unlock_topics(timeline);
	return name.data != NULL;
}

/* Adds the fields from "from" to before "end" below "parent". */
static void put_record_fields(struct screen *s, struct content *content, size_t from, size_t end,
                              size_t parent, int depth)
{
	struct record_state *r = record_of(s);
	const struct kmeta_fields *fields = &r->fields;
	size_t number = 0;

	for (size_t i = from; i < end; i += fields->at[i].span ? fields->at[i].span : 1) {
		const struct kmeta_field *field = &fields->at[i];
		char key[32], label[128];
		struct outline_line *line;
		bool open;

		snprintf(key, sizeof(key), "field %zu", i);
		open = !key_set_has(&r->outline.toggled,
		                    (struct kmeta_bytes){ (const uint8_t *)key, strlen(key) });
		line = content_begin(content, depth,
		                     (struct kmeta_bytes){ (const uint8_t *)key, strlen(key) });
		if (!line)
			return;
		line->foldable = has_children(field);
		line->open = open;
		line->from = field->at;
		line->size = field->size;
		kmeta_buffer_format(&content->bytes, "%s",
		                    label_of(fields, i, parent, label, sizeof(label), number++));
		if (!has_children(field) || !open) {
			kmeta_buffer_format(&content->bytes, "=");
			kmeta_field_text(&content->bytes, fields, field, s->model->flags);
			r->unnamed |= !put_name_of_id(s, &content->bytes, field);
		}
		content_end(content);
		if (has_children(field))
			put_record_fields(s, content, i + 1, open ? i + field->span : i + 1, i,
			                  depth + 1);
	}
}

static void hide_all(struct record_state *r)
{
	memset(r->hidden.at, 1, r->hidden.size);
}

/* If the value of a field is hidden, hide its bytes too. */
static void hide_secrets(struct screen *s)
{
	static const char hidden[] = "[hidden]";
	struct record_state *r = record_of(s);
	struct kmeta_buffer text = { 0 };

	for (size_t i = 0; i < r->fields.count; i++) {
		text.size = 0;
		kmeta_field_text(&text, &r->fields, &r->fields.at[i], s->model->flags);
		if (!has_children(&r->fields.at[i]) && text.size == sizeof(hidden) - 1 &&
		    !memcmp(text.at, hidden, text.size))
			hide_field(r, &r->fields.at[i]);
	}
	kmeta_buffer_release(&text);
}

static void put_whole_record(struct screen *s, struct content *content, const struct line *line)
{
	const struct kmeta_record *record = &line->row->record;
	const char *name = kmeta_type_name(record->control, record->type);
	struct kmeta_finding why;
	struct kmeta_bytes headers = record->headers, key, value;
	struct outline_line *head;
	bool decoded;

	head = content_line(content, 0, "", "offset %lld  %s v%d", (long long)record->offset,
	                    name ? name : "unknown record", record->version);
	if (head)
		head->style = STYLE_BOLD;
	decoded = rows_decode(line, &record_of(s)->fields, &why);
	hide_secrets(s);
	if (!decoded && !(s->model->flags & KMETA_SHOW_SECRETS) &&
	    kmeta_record_is_secret(line->batch, record))
		hide_all(record_of(s));
	if (!decoded && (head = content_line(content, 0, "", "%s: %s", kmeta_code_name(why.code),
	                                     why.message)) != NULL)
		head->style = STYLE_BOLD | (unsigned)RED;
	if (!record->control && (head = content_line(content, 0, "frame", "frame %d, type %d",
	                                             record->frame, record->type)) != NULL) {
		head->from = 0;
		head->size = record->body;
	}
	put_record_fields(s, content, 0, record_of(s)->fields.count, 0, 0);
	while (kmeta_header_next(&headers, &key, &value))
		content_line(content, 0, "", "header %.*s=%.*s", (int)key.size,
		             (const char *)key.data, (int)value.size, (const char *)value.data);
	put_batch_fields(s, content, line->batch);
}

static void put_damage_fields(struct content *content, const struct kmeta_finding *damage)
{
	struct outline_line *line =
		content_line(content, 0, "", "DAMAGE: %s", kmeta_code_name(damage->code));

	if (line)
		line->style = STYLE_BOLD | (unsigned)RED;
	content_line(content, 0, "", "%s", damage->message);
	content_line(content, 0, "", "%s", kmeta_code_meaning(damage->code));
	content_line(content, 0, "", "file=%s", damage->file ? damage->file : "");
	content_line(content, 0, "", "position=%lld", (long long)damage->position);
	if (damage->size >= 0)
		content_line(content, 0, "", "size=%lld", (long long)damage->size);
	if (damage->offset >= 0)
		content_line(content, 0, "", "offset=%lld", (long long)damage->offset);
}

/* ---- the bytes ---- */

static void take_value(struct record_state *r, const void *at, size_t size, int64_t position)
{
	static const char shown[RAW_LIMIT];

	r->value.size = r->hidden.size = 0;
	r->position = position;
	r->bytes.cursor = r->bytes.top = 0;
	kmeta_buffer_add(&r->value, at, size);
	for (size_t done = 0; done < size; done += RAW_LIMIT)
		kmeta_buffer_add(&r->hidden, shown,
		                 size - done < RAW_LIMIT ? size - done : RAW_LIMIT);
	if (r->value.failed || r->hidden.failed)
		r->value.size = r->hidden.size = 0;
}

static void take_raw(struct screen *s, const struct kmeta_finding *damage, size_t file)
{
	uint8_t bytes[RAW_LIMIT];
	struct kmeta_pages *pages = kmeta_pages_copy(s->model->pages);
	size_t have =
		damage->size > 0 && damage->size < RAW_LIMIT ? (size_t)damage->size : RAW_LIMIT;

	have = pages && damage->position >= 0
	               ? kmeta_pages_bytes(pages, file, damage->position, bytes, have)
	               : 0;
	take_value(record_of(s), bytes, have, damage->position);
	kmeta_pages_close(pages);
}

static void record_build(struct screen *s)
{
	struct content content = { 0 };
	struct line line;

	if (!cursor_line(s->model, &line))
		return;
	record_of(s)->fields.count = 0;
	record_of(s)->unnamed = false;
	if (line.damage) {
		take_raw(s, line.damage, line.place.file);
		/* No field says which of the damaged bytes are secret: hide all. */
		if (!(s->model->flags & KMETA_SHOW_SECRETS))
			hide_all(record_of(s));
		put_damage_fields(&content, line.damage);
	} else {
		take_value(record_of(s), line.row->record.value.data, line.row->record.value.size,
		           line.row->record.value_position);
		put_whole_record(s, &content, &line);
	}
	outline_take(&record_of(s)->outline, &content);
}

static void record_follow(struct screen *s)
{
	record_of(s)->outline.cursor = record_of(s)->outline.top = 0;
	record_of(s)->outline.shift = 0;
	record_build(s);
}

/* ---- moving: the tree and the bytes follow each other ---- */

/* Returns the innermost field that a byte was read from. */
static void show_field_of_byte(struct record_state *r)
{
	const struct content *content = &r->outline.content;
	int64_t best = INT64_MAX;

	for (size_t i = 0; i < content->count; i++) {
		const struct outline_line *line = &content->lines[i];

		if (line->from < 0 || r->bytes.cursor < line->from ||
		    r->bytes.cursor >= line->from + line->size || line->size > best)
			continue;
		best = line->size;
		r->outline.cursor = i;
	}
}

static void show_bytes_of_field(struct record_state *r)
{
	const struct outline_line *line = outline_at(&r->outline);

	if (line && line->from >= 0 && line->from < (int64_t)r->value.size)
		r->bytes.cursor = line->from;
}

static void fields_move(struct screen *s, enum motion motion, int64_t count)
{
	outline_move(&record_of(s)->outline, motion, count);
	show_bytes_of_field(record_of(s));
}

static void bytes_move(struct screen *s, enum motion motion, int64_t count)
{
	struct record_state *r = record_of(s);
	/* A screen that is too small shows no bytes. */
	const int64_t row = r->bytes.columns ? r->bytes.columns : 1;
	const int64_t page = row * (r->bytes.height ? r->bytes.height : 1);
	const int64_t last = (int64_t)r->value.size - 1;
	int64_t to = r->bytes.cursor;

	switch (motion) {
	case LINE_DOWN:
	case LINE_UP:
		to += (motion == LINE_DOWN ? row : -row) * count;
		break;
	case HALF_DOWN:
	case HALF_UP:
		to += (motion == HALF_DOWN ? 1 : -1) * count * (page / row / 2 + 1) * row;
		break;
	case PAGE_DOWN:
	case PAGE_UP:
		to += (motion == PAGE_DOWN ? page : -page) * count;
		break;
	case TO_START:
		to = 0;
		break;
	case TO_END:
		to = last;
		break;
	case TO_LEFT:
	case TO_RIGHT:
		to += motion == TO_RIGHT ? count : -count;
		break;
	}
	to = to > last ? last : to;
	r->bytes.cursor = to < 0 ? 0 : to;
	show_field_of_byte(r);
}

static void record_move(struct screen *s, enum motion motion, int64_t count)
{
	if (s->focus == FOCUS_BYTES)
		bytes_move(s, motion, count);
	else
		fields_move(s, motion, count);
}

/*
 * A folded field has the text of all its parts. The fields of the batch are seen only where they are
 * unfolded, so do that, and fold them again if nothing is found there. They are the last lines.
 */
static void record_search(struct screen *s, bool backwards)
{
	struct outline *o = &record_of(s)->outline;
	const struct kmeta_bytes batch = { (const uint8_t *)"batch", 5 };
	const size_t folded = o->content.count;
	const bool opened = !key_set_has(&o->toggled, batch) && key_set_toggle(&o->toggled, batch);
	bool found;

	if (opened)
		record_build(s);
	found = outline_search(o, s->model->search.pattern, backwards);
	if (opened && o->cursor < folded && key_set_toggle(&o->toggled, batch))
		record_build(s);
	show_bytes_of_field(record_of(s));
	search_say(s->model, found, false);
}

static void record_toggle(struct screen *s)
{
	struct record_state *r = record_of(s);
	const struct outline_line *line = outline_at(&r->outline);

	if (!line || !line->foldable)
		return;
	if (key_set_toggle(&r->outline.toggled, content_key_of(&r->outline.content, line)))
		record_build(s);
	show_bytes_of_field(r);
}

/* ---- to the state ---- */

/* The field under the cursor. NULL: the line is of the record as a whole. */
static const struct kmeta_field *selected_field(const struct record_state *r)
{
	const struct outline_line *line = outline_at(&r->outline);
	const struct kmeta_bytes key =
		line ? content_key_of(&r->outline.content, line) : (struct kmeta_bytes){ 0 };
	static const char before[] = "field ";
	char text[32] = "";
	size_t number;

	if (key.size < sizeof(before) || key.size >= sizeof(text) ||
	    memcmp(key.data, before, sizeof(before) - 1) != 0)
		return NULL;
	memcpy(text, key.data, key.size);
	number = strtoul(text + sizeof(before) - 1, NULL, 10);
	return number < r->fields.count ? &r->fields.at[number] : NULL;
}

static void show_named(struct screen *s)
{
	const struct record_state *r = record_of(s);
	enum view_kind view;
	struct wish wish;

	if (!r->fields.count ||
	    !named_find(&r->fields, selected_field(r), s->model->index->timeline, s->model->flags,
	                &wish, &view)) {
		model_say(s->model, "this record names no entity of the state");
		return;
	}
	way_push(s);
	wish_release(&s->wish);
	s->wish = wish;
	s->wanted = view;
}

/* ---- drawing ---- */

static void draw_byte(struct screen *s, struct area area, int row, int column, size_t at,
                      bool marked)
{
	const struct record_state *r = record_of(s);
	const int columns = r->bytes.columns;
	const uint8_t byte = (uint8_t)r->value.at[at];
	const bool hidden = r->hidden.at[at];
	const int hex = POSITION_COLUMNS + column * 3,
		  text = POSITION_COLUMNS + columns * 3 + column;
	unsigned style = marked ? STYLE_REVERSE : 0;

	if ((int64_t)at == r->bytes.cursor && s->focus == FOCUS_BYTES)
		style |= STYLE_UNDERLINE | STYLE_BOLD;
	if (hidden)
		grid_format(&s->grid, (struct area){ area.y + row, area.x + hex, 1, 2 }, 0, style,
		            "**");
	else
		grid_format(&s->grid, (struct area){ area.y + row, area.x + hex, 1, 2 }, 0, style,
		            "%02x", byte);
	if (text < area.width)
		grid_format(&s->grid, (struct area){ area.y + row, area.x + text, 1, 1 }, 0, style,
		            "%c",
		            hidden                       ? '*'
		            : byte >= ' ' && byte < 0x7f ? byte
		                                         : '.');
}

static void draw_bytes(struct screen *s, struct area area)
{
	struct record_state *r = record_of(s);
	const struct outline_line *line = outline_at(&r->outline);
	const int64_t size = (int64_t)r->value.size;
	int columns = (area.width - POSITION_COLUMNS) / HEX_COLUMNS;
	int64_t row_of_cursor;

	columns = columns >= 16 ? 16 : columns >= 8 ? 8 : 4;
	r->bytes.columns = columns;
	r->bytes.height = area.height > 0 ? area.height : 1;
	row_of_cursor = r->bytes.cursor / columns;
	if (row_of_cursor < r->bytes.top)
		r->bytes.top = row_of_cursor;
	if (row_of_cursor >= r->bytes.top + r->bytes.height)
		r->bytes.top = row_of_cursor - r->bytes.height + 1;
	if (!size)
		grid_format(&s->grid, area, 0, STYLE_DIM, "no bytes");
	for (int row = 0; row < area.height; row++) {
		const int64_t first = (r->bytes.top + row) * columns;

		if (first >= size)
			break;
		grid_format(&s->grid, area, row, STYLE_DIM, "%*lld ", POSITION_COLUMNS - 2,
		            (long long)(r->position >= 0 ? r->position + first : first));
		for (int i = 0; i < columns && first + i < size; i++)
			draw_byte(s, area, row, i, (size_t)(first + i),
			          line && line->from >= 0 && first + i >= line->from &&
			                  first + i < line->from + line->size);
	}
}

/* The index has come to the record that names the topic. */
static bool name_is_known(struct screen *s)
{
	const struct record_state *r = record_of(s);

	for (size_t i = 0; i < r->fields.count && r->unnamed; i++)
		if (r->fields.at[i].schema->role == KMETA_ROLE_TOPIC_ID &&
		    put_name_of_id(s, NULL, &r->fields.at[i]))
			return true;
	return false;
}

static void show_name(struct screen *s)
{
	const struct bytes bytes = record_of(s)->bytes;

	record_build(s);
	record_of(s)->bytes = bytes;
}

static void record_draw(struct screen *s, struct area area)
{
	struct area tree = area, bytes = area;

	if (name_is_known(s))
		show_name(s);
	tree.width = area.width * TREE_SHARE / 100;
	bytes.x += tree.width + 1;
	bytes.width -= tree.width + 1;
	outline_draw(&record_of(s)->outline, &s->grid, tree, s->focus == FOCUS_VIEW,
	             s->model->search.pattern);
	for (int row = 0; row < area.height; row++)
		grid_format(&s->grid, (struct area){ area.y + row, tree.width, 1, 1 }, 0, STYLE_DIM,
		            "│");
	draw_bytes(s, bytes);
}

static struct outline *record_outline(struct screen *s)
{
	return &record_of(s)->outline;
}

static const struct binding record_keys[] = {
	{ '\n', "Enter", "fold or unfold a field", record_toggle, "open" },
	{ 'e', "e", "the state of the entity that the field names, or that the record is about",
	  show_named, "named" },
};

const struct view record_view = {
	.title = "record",
	.hint = "j k field  Enter fold  e its entity  Tab bytes, log  y copy JSON  q close  ? help",
	.state_size = sizeof(struct record_state),
	.bindings = { record_keys, sizeof(record_keys) / sizeof(record_keys[0]) },
	.open = record_follow,
	.follow = record_follow,
	.draw = record_draw,
	.move = record_move,
	.search = record_search,
	.outline = record_outline,
	.close = record_close,
};
