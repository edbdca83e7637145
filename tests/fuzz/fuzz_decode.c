/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_decode.c: takes its input for a file, and does all that a reader can do with one: walk it
 * forwards, backwards and through a window, decode every record by every release's layouts, filter
 * it, print it in all forms. What has to hold whatever the input is checked; what does not, aborts.
 *
 * The input is read twice: as it is, and with the checksum of everything made right that looks like
 * a batch. Otherwise hardly any change would get past the checksums.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <kmeta.h>

#include "input.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* By which layouts records are read: one release of each group that differs, and by the stream. */
static const char *const dialects[] = { NULL, "2.8", "3.0", "3.3", "3.5", "4" };

/* ---- what has to hold ---- */

static void check_finding(const struct kmeta_finding *why, size_t size, bool seekable)
{
	CHECK(why->code > KMETA_SOUND && why->code < KMETA_CODE_COUNT);
	CHECK(why->message[0] && !strpbrk(why->message, "\n\r\t\x1b"));
	CHECK(memchr(why->message, '\0', sizeof(why->message)));
	CHECK(why->position >= -1);
	CHECK(!seekable || why->position <= (int64_t)size);
}

static bool is_inside(struct kmeta_bytes inner, struct kmeta_bytes outer)
{
	if (!inner.data || !inner.size)
		return true;
	return inner.data >= outer.data && inner.size <= outer.size &&
	       (size_t)(inner.data - outer.data) <= outer.size - inner.size;
}

static void check_record(const struct kmeta_batch *batch, const struct kmeta_record *record)
{
	CHECK(is_inside(record->key, batch->records));
	CHECK(is_inside(record->value, batch->records));
	CHECK(is_inside(record->headers, batch->records));
	CHECK(record->body <= record->value.size);
	CHECK(record->header_count >= 0);
}

/* Fields lie inside the value, and what belongs to a field inside its span. */
static void check_fields(const struct kmeta_record *record, const struct kmeta_fields *fields,
                         size_t from, size_t end)
{
	for (size_t i = from; i < end; i += fields->at[i].span) {
		const struct kmeta_field *f = &fields->at[i];

		CHECK(f->span >= 1 && f->span <= end - i);
		CHECK(f->at <= record->value.size && f->size <= record->value.size - f->at);
		if (f->schema->kind >= KMETA_UUID && f->schema->kind <= KMETA_BYTES &&
		    !(f->schema->flags & KMETA_FIELD_ARRAY))
			CHECK(is_inside(f->value.bytes, record->value));
		check_fields(record, fields, i + 1, i + f->span);
	}
}

static void check_json(const struct kmeta_buffer *out, size_t from)
{
	const size_t size = out->size - from;
	json_t *line;

	CHECK(size > 1 && out->at[out->size - 1] == '\n');
	CHECK(!memchr(out->at + from, '\n', size - 1));
	line = json_loadb(out->at + from, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	CHECK(json_is_object(line));
	json_decref(line);
}

/* A line of text has no byte that a terminal would act upon. */
static void check_text(const struct kmeta_buffer *out, size_t from)
{
	CHECK(out->size > from && out->at[out->size - 1] == '\n');
	for (size_t i = from; i + 1 < out->size; i++)
		CHECK((unsigned char)out->at[i] >= ' ');
}

/* ---- reading ---- */

struct reader {
	const char *path;
	size_t size;
	struct kmeta_dialect dialect;
	struct kmeta_topics *topics;
	struct kmeta_filter *filter;
	struct kmeta_fields fields;
	struct kmeta_buffer out;
	struct kmeta_text *text;
	bool print, check;
	int64_t places[64]; /* of the first sound batches, or the last ones */
	size_t places_count;
};

static void print(struct reader *r, const struct kmeta_line *line)
{
	size_t from = r->out.size;

	kmeta_json(&r->out, line, KMETA_SHOW_BATCH);
	if (r->check)
		check_json(&r->out, from);
	from = r->out.size;
	kmeta_text(&r->out, r->text, line, KMETA_SHOW_UTC);
	if (r->check)
		check_text(&r->out, from);
	kmeta_json(&r->out, line, KMETA_SHOW_SECRETS);
	kmeta_dumplog_record(&r->out, line, 0);
	CHECK(!r->out.failed);
}

static void take_record(struct reader *r, const struct kmeta_batch *batch,
                        const struct kmeta_record *record)
{
	struct kmeta_finding why;
	struct kmeta_line line = { .batch = batch, .record = record, .topics = r->topics };
	const enum kmeta_status status = kmeta_decode(&r->dialect, record, &r->fields, &why);

	check_record(batch, record);
	if (status == KMETA_OK) {
		line.fields = &r->fields;
		check_fields(record, &r->fields, 0, r->fields.count);
		CHECK(kmeta_topics_learn(r->topics, record, &r->fields));
		kmeta_filter_fields(r->filter, r->topics, &r->fields);
	} else {
		CHECK(status == KMETA_DAMAGED);
		check_finding(&why, r->size, false);
		line.error = &why;
	}
	kmeta_filter_record(r->filter, batch, record);
	/* Enough is enough: a batch of a million records teaches no more than its first. */
	if (r->print && r->out.size < 256 << 10)
		print(r, &line);
}

static void take_batch(struct reader *r, const struct kmeta_batch *batch)
{
	struct kmeta_cursor cursor = { 0 };
	enum kmeta_status status;
	size_t calls = 0;

	kmeta_dumplog_batch(&r->out, batch);
	do {
		struct kmeta_record record;
		struct kmeta_finding why;

		status = kmeta_batch_next(batch, &cursor, &record, &why);
		if (status == KMETA_DAMAGED)
			check_finding(&why, r->size, false);
		if (status == KMETA_OK || (status == KMETA_DAMAGED && why.code == KMETA_BAD_OFFSET))
			take_record(r, batch, &record);
		CHECK(++calls <= batch->records.size + 3);
	} while (status != KMETA_END);
}

static void keep_place(struct reader *r, int64_t position)
{
	if (r->places_count == COUNT(r->places))
		memmove(r->places, r->places + 1, --r->places_count * sizeof(*r->places));
	r->places[r->places_count++] = position;
}

/* All batches, and damage stepped over. False: the source could not be opened. */
static bool read_all(struct reader *r, const struct kmeta_source_options *options)
{
	struct kmeta_source *source = NULL;
	struct kmeta_finding why;
	enum kmeta_status status;
	size_t calls = 0;

	if (kmeta_source_open(&source, r->path, options, &why) != KMETA_OK) {
		check_finding(&why, r->size, false);
		return false;
	}
	do {
		struct kmeta_batch batch;

		status = kmeta_source_next(source, &batch, &why);
		if (status == KMETA_OK)
			keep_place(r, batch.position);
		if (status == KMETA_DAMAGED || status == KMETA_FAILED)
			check_finding(&why, r->size, false);
		if (status == KMETA_OK || (status == KMETA_DAMAGED && batch.size))
			take_batch(r, &batch);
		/* A file packed as a whole may hold much more than its own bytes; no more than
		 * this, or there is no end. */
		CHECK(++calls <= 1000000);
	} while (status == KMETA_OK || status == KMETA_DAMAGED);
	kmeta_source_close(source);
	return true;
}

static void reader_init(struct reader *r, const char *path, size_t size, const char *dialect)
{
	struct kmeta_finding why;

	*r = (struct reader){ .path = path, .size = size };
	CHECK(kmeta_dialect_init(&r->dialect, dialect));
	r->topics = kmeta_topics_new();
	r->filter = kmeta_filter_new();
	r->text = kmeta_text_new();
	CHECK(r->topics && r->filter && r->text);
	CHECK(kmeta_filter_add(r->filter, "topic", "a*,orders", (struct kmeta_clock){ 0 }, &why) ==
	      KMETA_OK);
	CHECK(kmeta_filter_add(r->filter, "partition", "..7", (struct kmeta_clock){ 0 }, &why) ==
	      KMETA_OK);
	CHECK(kmeta_filter_add(r->filter, "broker", "1,3..", (struct kmeta_clock){ 0 }, &why) ==
	      KMETA_OK);
	CHECK(kmeta_filter_add(r->filter, "not-type", "NO_OP", (struct kmeta_clock){ 0 }, &why) ==
	      KMETA_OK);
}

static void reader_release(struct reader *r)
{
	kmeta_topics_free(r->topics);
	kmeta_filter_free(r->filter);
	kmeta_text_free(r->text);
	kmeta_fields_release(&r->fields);
	kmeta_buffer_release(&r->out);
}

/* ---- the ways of reading ---- */

/* Twice the same way gives twice the same. */
static void read_forwards(struct reader *first, const char *path, size_t size)
{
	struct reader second;

	reader_init(first, path, size, NULL);
	reader_init(&second, path, size, NULL);
	first->print = first->check = second.print = true;
	read_all(first, NULL);
	read_all(&second, NULL);
	CHECK(first->out.size == second.out.size);
	CHECK(!first->out.size || !memcmp(first->out.at, second.out.at, first->out.size));
	reader_release(&second);
}

/* The sound batches are the same from both ends. */
static void read_backwards(const struct reader *forwards)
{
	const struct kmeta_source_options options = { .size = sizeof(options), .reverse = true };
	struct reader backwards;

	reader_init(&backwards, forwards->path, forwards->size, NULL);
	/* Where there are too many to keep the first and the last ones differ. */
	if (read_all(&backwards, &options) && forwards->places_count < COUNT(forwards->places)) {
		CHECK(backwards.places_count == forwards->places_count);
		for (size_t i = 0; i < forwards->places_count; i++)
			CHECK(backwards.places[i] ==
			      forwards->places[forwards->places_count - 1 - i]);
	}
	reader_release(&backwards);
}

static void read_in_other_ways(const char *path, size_t size)
{
	const struct kmeta_range offsets = { 3, 70 };
	const struct kmeta_source_options window = { .size = sizeof(window), .offsets = &offsets };
	const struct kmeta_source_options both = { .size = sizeof(both),
		                                   .offsets = &offsets,
		                                   .reverse = true };
	struct reader r;

	for (size_t i = 1; i < COUNT(dialects); i++) {
		reader_init(&r, path, size, dialects[i]);
		read_all(&r, NULL);
		reader_release(&r);
	}
	reader_init(&r, path, size, NULL);
	read_all(&r, &window);
	read_all(&r, &both);
	reader_release(&r);
}

static void read_file(const uint8_t *data, size_t size, bool sealed)
{
	struct reader forwards;
	char path[32];
	const int fd = file_of(data, size, path);

	read_forwards(&forwards, path, size);
	read_backwards(&forwards);
	reader_release(&forwards);
	if (sealed)
		read_in_other_ways(path, size);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *sealed = malloc(size + !size);

	CHECK(sealed);
	if (size)
		memcpy(sealed, data, size);
	seal_batches(sealed, size);
	if (size && memcmp(sealed, data, size) != 0)
		read_file(data, size, false);
	read_file(sealed, size, true);
	free(sealed);
	return 0;
}
