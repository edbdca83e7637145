/* SPDX-License-Identifier: Apache-2.0 */
/* values.c: values of a log as values of SQL. */
#include <string.h>

#include "sql.h"

enum { JSON_SUBTYPE = 'J' };

void sql_result_buffer(sqlite3_context *result, const struct kmeta_buffer *text)
{
	if (text->failed)
		sqlite3_result_error_nomem(result);
	else
		sqlite3_result_text64(result, text->at ? text->at : "", text->size,
		                      SQLITE_TRANSIENT, SQLITE_UTF8);
}

void sql_result_json_text(sqlite3_context *result, const char *text, size_t size)
{
	sqlite3_result_text64(result, text, size, SQLITE_TRANSIENT, SQLITE_UTF8);
	sqlite3_result_subtype(result, JSON_SUBTYPE);
}

void sql_result_json(sqlite3_context *result, const struct kmeta_buffer *text)
{
	if (text->failed)
		sqlite3_result_error_nomem(result);
	else
		sql_result_json_text(result, text->at ? text->at : "", text->size);
}

void sql_result_time(sqlite3_context *result, struct kmeta_buffer *scratch, int64_t milliseconds,
                     unsigned flags)
{
	scratch->size = 0;
	kmeta_print_time(scratch, milliseconds, flags);
	sql_result_buffer(result, scratch);
}

/* ---- fields ---- */

static int hex_value(char c)
{
	return c <= '9' ? c - '0' : (c & ~0x20) - 'A' + 10;
}

/* Makes the text of a JSON string in place, as the printers of the library write them. */
static void unquote(struct kmeta_buffer *json)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	size_t out = 0;

	for (size_t i = 1; i + 1 < json->size; i++) {
		const char *short_form;

		if (json->at[i] != '\\') {
			json->at[out++] = json->at[i];
			continue;
		}
		i++;
		short_form = memchr(from, json->at[i], sizeof(from) - 1);
		if (json->at[i] == 'u' && i + 4 < json->size) {
			json->at[out++] = (char)(hex_value(json->at[i + 3]) << 4 |
			                         hex_value(json->at[i + 4]));
			i += 4;
		} else
			json->at[out++] = short_form ? to[short_form - from] : json->at[i];
	}
	json->size = out;
}

static bool is_json_field(const struct kmeta_schema_field *field)
{
	return field->flags & KMETA_FIELD_ARRAY || field->kind == KMETA_STRUCT;
}

const char *sql_field_type(const struct kmeta_schema *schema,
                           const struct kmeta_schema_field *field)
{
	if (is_json_field(field))
		return "JSON TEXT";
	if (kmeta_field_word(schema, field, 1))
		return "TEXT";
	if (field->kind == KMETA_BOOL)
		return "BOOLEAN";
	if (field->kind == KMETA_FLOAT64)
		return "REAL";
	return field->kind < KMETA_FLOAT64 ? "INTEGER" : "TEXT";
}

static void result_number(sqlite3_context *result, const struct kmeta_schema *schema,
                          const struct kmeta_schema_field *field, int64_t value)
{
	const char *word = schema ? kmeta_field_word(schema, field, value) : NULL;

	if (word)
		sqlite3_result_text(result, word, -1, SQLITE_STATIC);
	else
		sqlite3_result_int64(result, value);
}

void sql_result_field(sqlite3_context *result, struct kmeta_buffer *scratch,
                      const struct kmeta_fields *fields, const struct kmeta_field *field,
                      unsigned flags)
{
	const struct kmeta_schema_field *schema = field->schema;

	if (field->flags & KMETA_VALUE_NULL) {
		sqlite3_result_null(result);
		return;
	}
	if (!is_json_field(schema) && schema->kind < KMETA_FLOAT64) {
		result_number(result, fields->schema, schema, field->value.integer);
		return;
	}
	if (!is_json_field(schema) && schema->kind == KMETA_FLOAT64) {
		sqlite3_result_double(result, field->value.real);
		return;
	}
	scratch->size = 0;
	kmeta_field_json(scratch, fields, field, flags);
	if (is_json_field(schema)) {
		sql_result_json(result, scratch);
		return;
	}
	unquote(scratch);
	sql_result_buffer(result, scratch);
}

void sql_result_default(sqlite3_context *result, const struct kmeta_schema *schema,
                        const struct kmeta_schema_field *field)
{
	if (field->flags & (KMETA_FIELD_DEFAULT_NULL | KMETA_FIELD_NULLABLE))
		sqlite3_result_null(result);
	else if (field->flags & KMETA_FIELD_ARRAY)
		sqlite3_result_text(result, "[]", 2, SQLITE_STATIC);
	else if (field->kind < KMETA_FLOAT64)
		result_number(result, schema, field, field->default_value);
	else
		sqlite3_result_null(result);
}

void sql_put_name(struct kmeta_buffer *out, const char *name)
{
	for (; *name; name++) {
		const char small = (char)(*name | 0x20);

		if (*name >= 'A' && *name <= 'Z') {
			kmeta_buffer_add(out, "_", 1);
			kmeta_buffer_add(out, &small, 1);
		} else
			kmeta_buffer_add(out, name, 1);
	}
}
