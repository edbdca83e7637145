/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c: prints the rows of a statement as text in columns, JSON Lines, or CSV. */
#include <stdlib.h>
#include <string.h>

#include "command.h"

/* Columns are as wide as the first rows need. */
enum { ROWS_LOOKED_AT = 500, WIDEST = 60, JSON_SUBTYPE = 'J' };

/* ---- single values ---- */

static bool is_number(int type)
{
	return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

static void put_plain(struct kmeta_buffer *out, sqlite3_stmt *s, int column)
{
	if (sqlite3_column_type(s, column) == SQLITE_BLOB)
		kmeta_base64(out, (struct kmeta_bytes){ sqlite3_column_blob(s, column),
		                                        (size_t)sqlite3_column_bytes(s, column) });
	else if (sqlite3_column_text(s, column))
		kmeta_buffer_add(out, sqlite3_column_text(s, column),
		                 (size_t)sqlite3_column_bytes(s, column));
}

/* How many bytes at "at" a terminal might act on, which are better not printed as they are. */
static size_t wild_bytes(const unsigned char *at, size_t left)
{
	if (*at < 0x20 || *at == 0x7f)
		return 1;
	if (left > 1 && at[0] == 0xc2 && at[1] < 0xa0)
		return 2;
	/* What turns the direction of the text around it. */
	if (left > 2 && at[0] == 0xe2 &&
	    ((at[1] == 0x80 && at[2] >= 0x8e && at[2] <= 0xae &&
	      (at[2] <= 0x8f || at[2] >= 0xa8)) ||
	     (at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9)))
		return 3;
	return 0;
}

static void put_tame(struct kmeta_buffer *out, struct kmeta_bytes text)
{
	size_t wild;

	for (size_t i = 0; i < text.size; i += wild ? wild : 1) {
		wild = wild_bytes(text.data + i, text.size - i);
		for (size_t b = 0; b < wild; b++)
			kmeta_buffer_format(out, "\\x%02x", text.data[i + b]);
		if (!wild)
			kmeta_buffer_add(out, text.data + i, 1);
	}
}

/* A text may hold a NUL, which ends a string of the library's. */
static void put_json_text(struct kmeta_buffer *out, const char *text, size_t size)
{
	const char *const end = text + size;

	kmeta_buffer_add(out, "\"", 1);
	while (text < end) {
		const size_t start = out->size, piece = strnlen(text, (size_t)(end - text));

		/* What SQLite lends ends in a NUL. */
		kmeta_string_json(out, text);
		if (out->failed)
			return;
		memmove(out->at + start, out->at + start + 1, out->size - start - 2);
		out->size -= 2;
		text += piece;
		if (text < end) {
			kmeta_buffer_format(out, "\\u0000");
			text++;
		}
	}
	kmeta_buffer_add(out, "\"", 1);
}

static bool is_boolean(sqlite3_stmt *s, int column)
{
	const char *type = sqlite3_column_decltype(s, column);

	return type && !strcmp(type, "BOOLEAN");
}

static void row_put_json_value(struct kmeta_buffer *out, sqlite3_stmt *s, int column)
{
	sqlite3_value *value = sqlite3_column_value(s, column);
	const int type = sqlite3_value_type(value);
	const char *text;

	if (type == SQLITE_INTEGER && is_boolean(s, column)) {
		kmeta_buffer_format(out, "%s", sqlite3_column_int(s, column) ? "true" : "false");
	} else if (type == SQLITE_NULL) {
		kmeta_buffer_add(out, "null", 4);
	} else if (type == SQLITE_BLOB) {
		kmeta_buffer_add(out, "\"", 1);
		put_plain(out, s, column);
		kmeta_buffer_add(out, "\"", 1);
	} else if (type == SQLITE_TEXT && sqlite3_value_subtype(value) == JSON_SUBTYPE) {
		/* As bytes, it needs no NUL behind it. */
		text = sqlite3_value_blob(value);
		kmeta_buffer_add(out, text, (size_t)sqlite3_value_bytes(value));
	} else {
		text = (const char *)sqlite3_value_text(value);
		if (text && is_number(type) && !strstr(text, "Inf"))
			kmeta_buffer_add(out, text, (size_t)sqlite3_value_bytes(value));
		else if (text)
			put_json_text(out, text, (size_t)sqlite3_value_bytes(value));
		else
			out->failed = true;
	}
}

/* Quotes where RFC 4180 needs them. */
static void put_csv_value(struct kmeta_buffer *out, struct kmeta_bytes text)
{
	bool quoted = false;

	for (size_t i = 0; i < text.size; i++)
		quoted |= strchr(",\"\r\n", text.data[i]) && text.data[i];
	if (!quoted) {
		kmeta_buffer_add(out, text.data, text.size);
		return;
	}
	kmeta_buffer_add(out, "\"", 1);
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == '"')
			kmeta_buffer_add(out, "\"", 1);
		kmeta_buffer_add(out, text.data + i, 1);
	}
	kmeta_buffer_add(out, "\"", 1);
}

/* ---- rows ---- */

struct cell {
	size_t at, size, width;
	bool is_number;
};

/* A table whose first rows are held until it is known how wide they are. */
struct sheet {
	int columns;
	size_t *widths;
	struct cell *cells; /* of the rows that are held, the names of columns first */
	size_t rows;
	struct kmeta_buffer text; /* of the cells */
	struct kmeta_buffer scratch;
	struct kmeta_buffer *keys; /* of JSON, with what stands before and behind: {"offset": */
	bool is_open;              /* the widths are settled */
};

static size_t width_of(const char *text, size_t size)
{
	size_t width = 0;

	for (size_t i = 0; i < size; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

static void sheet_put_cell(struct kmeta_buffer *out, const struct sheet *sheet,
                           const struct cell *cell, int column)
{
	const size_t width = sheet->widths[column];
	const size_t blanks = cell->width < width ? width - cell->width : 0;
	const bool is_last = column == sheet->columns - 1;

	if (cell->is_number)
		kmeta_buffer_format(out, "%*s", (int)blanks, "");
	kmeta_buffer_add(out, sheet->text.at ? sheet->text.at + cell->at : "", cell->size);
	if (!cell->is_number && !is_last)
		kmeta_buffer_format(out, "%*s", (int)blanks, "");
	kmeta_buffer_add(out, is_last ? "\n" : "  ", is_last ? 1 : 2);
}

/* Prints the rows that are held. */
static void flush_sheet(struct sheet *sheet, struct kmeta_buffer *out)
{
	for (size_t row = 0; row < sheet->rows; row++) {
		for (int column = 0; column < sheet->columns; column++) {
			const struct cell *cell =
				&sheet->cells[row * (size_t)sheet->columns + (size_t)column];

			sheet_put_cell(out, sheet, cell, column);
		}
		while (out->size > 1 && out->at[out->size - 2] == ' ') {
			out->at[out->size - 2] = '\n';
			out->size--;
		}
	}
	sheet->rows = sheet->text.size = 0;
}

static void hold_cell(struct sheet *sheet, int column, struct kmeta_bytes text, bool is_number_)
{
	struct cell *cell = &sheet->cells[sheet->rows * (size_t)sheet->columns + (size_t)column];

	cell->at = sheet->text.size;
	put_tame(&sheet->text, text);
	cell->size = sheet->text.size - cell->at;
	cell->width = sheet->text.failed ? 0 : width_of(sheet->text.at + cell->at, cell->size);
	cell->is_number = is_number_;
	if (!sheet->is_open && cell->width > sheet->widths[column])
		sheet->widths[column] = cell->width < WIDEST ? cell->width : WIDEST;
}

static void hold_row(struct sheet *sheet, sqlite3_stmt *s, struct kmeta_buffer *out)
{
	for (int column = 0; column < sheet->columns; column++) {
		sheet->scratch.size = 0;
		put_plain(&sheet->scratch, s, column);
		hold_cell(sheet, column, kmeta_buffer_bytes(&sheet->scratch),
		          is_number(sqlite3_column_type(s, column)));
	}
	sheet->rows++;
	if (!sheet->is_open && sheet->rows <= ROWS_LOOKED_AT)
		return;
	sheet->is_open = true;
	flush_sheet(sheet, out);
}

static bool make_keys(struct sheet *sheet, sqlite3_stmt *s)
{
	bool failed = false;

	sheet->keys = calloc((size_t)sheet->columns, sizeof(*sheet->keys));
	for (int column = 0; sheet->keys && column < sheet->columns; column++) {
		struct kmeta_buffer *key = &sheet->keys[column];

		kmeta_buffer_add(key, column ? "," : "{", 1);
		kmeta_string_json(key, sqlite3_column_name(s, column));
		kmeta_buffer_add(key, ":", 1);
		failed |= key->failed;
	}
	return sheet->keys && !failed;
}

static bool open_sheet(struct sheet *sheet, sqlite3_stmt *s)
{
	const size_t columns = (size_t)sqlite3_column_count(s);

	*sheet = (struct sheet){ .columns = (int)columns };
	sheet->widths = calloc(columns, sizeof(*sheet->widths));
	sheet->cells = calloc(columns * (ROWS_LOOKED_AT + 2), sizeof(*sheet->cells));
	if (!sheet->widths || !sheet->cells)
		return false;
	for (int column = 0; column < sheet->columns; column++) {
		const char *name = sqlite3_column_name(s, column);

		if (!name)
			return false;
		hold_cell(sheet, column,
		          (struct kmeta_bytes){ (const uint8_t *)name, strlen(name) }, false);
	}
	sheet->rows = 1;
	return make_keys(sheet, s);
}

static void close_sheet(struct sheet *sheet)
{
	for (int column = 0; sheet->keys && column < sheet->columns; column++)
		kmeta_buffer_release(&sheet->keys[column]);
	free(sheet->keys);
	free(sheet->widths);
	free(sheet->cells);
	kmeta_buffer_release(&sheet->text);
	kmeta_buffer_release(&sheet->scratch);
}

static void put_csv_head(struct kmeta_buffer *out, sqlite3_stmt *s)
{
	for (int column = 0; column < sqlite3_column_count(s); column++) {
		const char *name = sqlite3_column_name(s, column);

		kmeta_buffer_add(out, ",", column ? 1 : 0);
		put_csv_value(out, (struct kmeta_bytes){ (const uint8_t *)name, strlen(name) });
	}
	kmeta_buffer_add(out, "\n", 1);
}

static void put_csv_row(struct sheet *sheet, struct kmeta_buffer *out, sqlite3_stmt *s)
{
	for (int column = 0; column < sheet->columns; column++) {
		kmeta_buffer_add(out, ",", column ? 1 : 0);
		sheet->scratch.size = 0;
		put_plain(&sheet->scratch, s, column);
		put_csv_value(out, kmeta_buffer_bytes(&sheet->scratch));
	}
	kmeta_buffer_add(out, "\n", 1);
}

static void put_json_row(const struct sheet *sheet, struct kmeta_buffer *out, sqlite3_stmt *s)
{
	for (int column = 0; column < sheet->columns; column++) {
		kmeta_buffer_add(out, sheet->keys[column].at, sheet->keys[column].size);
		row_put_json_value(out, s, column);
	}
	kmeta_buffer_add(out, "}\n", 2);
}

static void sheet_put_row(struct asked *a, struct sheet *sheet, sqlite3_stmt *s)
{
	struct kmeta_buffer *out = &a->common.out.buffer;

	if (a->format == SQL_JSON)
		put_json_row(sheet, out, s);
	else if (a->format == SQL_CSV)
		put_csv_row(sheet, out, s);
	else
		hold_row(sheet, s, out);
}

enum kmeta_status sql_print_rows(struct asked *a, sqlite3_stmt *statement, int64_t *count,
                                 struct kmeta_finding *why)
{
	struct kmeta_buffer *out = &a->common.out.buffer;
	struct sheet sheet = { 0 };
	int code = SQLITE_ROW;

	*count = 0;
	if (sqlite3_column_count(statement) && !open_sheet(&sheet, statement)) {
		close_sheet(&sheet);
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	}
	if (a->format == SQL_CSV && sheet.columns)
		put_csv_head(out, statement);
	while (!a->common.out.closed && !a->common.out.failed &&
	       (code = sqlite3_step(statement)) == SQLITE_ROW) {
		sheet_put_row(a, &sheet, statement);
		++*count;
		progress_hide(&a->common.progress);
		output_drain(&a->common.out);
	}
	if (a->format == SQL_TEXT && sheet.columns && *count)
		flush_sheet(&sheet, out);
	out->failed |= sheet.text.failed || sheet.scratch.failed;
	close_sheet(&sheet);
	output_flush(&a->common.out);
	return code == SQLITE_ROW || code == SQLITE_DONE ? KMETA_OK : sql_database_fault(a, why);
}
