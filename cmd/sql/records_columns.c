/* SPDX-License-Identifier: Apache-2.0 */
/* records_columns.c: the columns of the table of records, each made only where it is asked for. */
#include <string.h>

#include "records.h"

/* The header of a checkpoint always has 11 bytes; release 2.8 wrote leader changes as that type. */
enum { SNAPSHOT_HEADER_BYTES = 11 };

static const char *column_type_name(const struct kmeta_record *record)
{
	int32_t type = record->type;

	if (record->control && type == KMETA_CONTROL_SNAPSHOT_HEADER &&
	    record->value.size != SNAPSHOT_HEADER_BYTES)
		type = KMETA_CONTROL_LEADER_CHANGE;
	return kmeta_type_name(record->control, type);
}

static void column_put_type(struct records_cursor *c, sqlite3_context *result)
{
	const char *name = column_type_name(&c->record);

	if (name) {
		sqlite3_result_text(result, name, -1, SQLITE_STATIC);
		return;
	}
	if (c->record.type < 0 && !c->record.control)
		return;
	c->scratch.size = 0;
	kmeta_buffer_format(&c->scratch, "UNKNOWN(%d)", c->record.type);
	sql_result_buffer(result, &c->scratch);
}

static const char data_key[] = ",\"data\":";

enum { DATA_KEY = sizeof(data_key) - 1 };

/* Where "data" begins in a line, which is nearly always where it began in the line before. */
static size_t find_data(struct records_cursor *c)
{
	const struct kmeta_buffer *line = &c->scratch;
	const char *found;

	if (c->data_at && c->data_at + DATA_KEY <= line->size &&
	    !memcmp(line->at + c->data_at, data_key, DATA_KEY))
		return c->data_at + DATA_KEY;
	found = memmem(line->at, line->size, data_key, DATA_KEY);
	c->data_at = found ? (size_t)(found - line->at) : 0;
	return found ? c->data_at + DATA_KEY : 0;
}

/* "data" of a line as the printer makes it, which is the last of it. */
static bool put_printed_data(struct records_cursor *c, sqlite3_context *result)
{
	size_t begin;

	c->scratch.size = 0;
	if (c->decoded != RECORDS_NOT_TRIED || c->has_error ||
	    !kmeta_printer_record(c->printer, &c->scratch, &c->dialect, &c->batch, &c->record,
	                          NULL) ||
	    c->scratch.failed)
		return false;
	begin = find_data(c);
	if (!begin)
		return false;
	/* The line ends in the bracket of the line and a newline. */
	sql_result_json_text(result, c->scratch.at + begin, c->scratch.size - begin - 2);
	return true;
}

static void put_data(struct records_cursor *c, sqlite3_context *result)
{
	if (c->decoded != RECORDS_DECODED)
		return;
	c->scratch.size = 0;
	kmeta_fields_json(&c->scratch, &c->fields, c->common.sql->options.flags);
	sql_result_json(result, &c->scratch);
}

static void column_put_about(struct records_cursor *c, sqlite3_context *result, int column)
{
	int64_t number;

	if (c->decoded != RECORDS_DECODED)
		return;
	if (column == RECORDS_TOPIC) {
		c->scratch.size = 0;
		if (kmeta_fields_topic(&c->fields, c->topics, &c->scratch))
			sql_result_buffer(result, &c->scratch);
	} else if (column == RECORDS_PARTITION) {
		if (kmeta_fields_partition(&c->fields, &number))
			sqlite3_result_int64(result, number);
	} else if (kmeta_fields_broker(&c->fields, &number))
		sqlite3_result_int64(result, number);
}

/* Columns that take the fields of the record. */
static int put_decoded(struct records_cursor *c, sqlite3_context *result, int column)
{
	sqlite3_vtab *table = c->common.base.pVtab;
	int code;

	if (column == RECORDS_DATA && put_printed_data(c, result))
		return SQLITE_OK;
	code = records_decode(c);
	if (code == SQLITE_ERROR && table->zErrMsg)
		sqlite3_result_error(result, table->zErrMsg, -1);
	if (code != SQLITE_OK)
		return code;
	if (column == RECORDS_DATA)
		put_data(c, result);
	else if (column != RECORDS_ERROR)
		column_put_about(c, result, column);
	else if (c->has_error)
		sqlite3_result_text(result, c->error.message, -1, SQLITE_TRANSIENT);
	return SQLITE_OK;
}

static void put_codec(const struct records_cursor *c, sqlite3_context *result)
{
	const char *name = kmeta_codec_name(c->batch.attributes & KMETA_BATCH_CODEC);

	sqlite3_result_text(result, name ? name : "unknown", -1, SQLITE_STATIC);
}

int records_put_column(struct records_cursor *c, sqlite3_context *result, int column)
{
	switch ((enum records_column)column) {
	case RECORDS_OFFSET:
		sqlite3_result_int64(result, c->record.offset);
		break;
	case RECORDS_TIMESTAMP:
		sqlite3_result_int64(result, c->record.timestamp);
		break;
	case RECORDS_TIME:
		sql_result_time(result, &c->scratch, c->record.timestamp,
		                c->common.sql->options.flags);
		break;
	case RECORDS_EPOCH:
		sqlite3_result_int(result, c->batch.epoch);
		break;
	case RECORDS_TYPE:
		column_put_type(c, result);
		break;
	case RECORDS_VERSION:
		if (c->record.version >= 0 || c->record.control)
			sqlite3_result_int(result, c->record.version);
		break;
	case RECORDS_TOPIC:
	case RECORDS_PARTITION:
	case RECORDS_BROKER:
	case RECORDS_DATA:
	case RECORDS_ERROR:
		return put_decoded(c, result, column);
	case RECORDS_FILE:
		sqlite3_result_text(result, c->batch.file, -1, SQLITE_TRANSIENT);
		break;
	case RECORDS_POSITION:
		sqlite3_result_int64(result, c->record.position);
		break;
	case RECORDS_BATCH_OFFSET:
		sqlite3_result_int64(result, c->batch.base_offset);
		break;
	case RECORDS_BATCH_SIZE:
		sqlite3_result_int64(result, (sqlite3_int64)c->batch.size);
		break;
	case RECORDS_CODEC:
		put_codec(c, result);
		break;
	case RECORDS_VALID:
		sqlite3_result_int(result, c->batch.valid);
		break;
	case RECORDS_CONTROL:
		sqlite3_result_int(result, c->record.control);
		break;
	case RECORDS_SIZE:
		sqlite3_result_int64(result, (sqlite3_int64)c->record.value.size);
		break;
	case RECORDS_ADDRESS:
		break;
	}
	return SQLITE_OK;
}
