/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_filter.c: takes its input for a word that is searched for, up to the first newline, and a file
 * behind it. What is said of its records without decoding them has to be what the filter says of the
 * decoded ones, and their lines.
 */
#include <stdlib.h>

#include <kmeta.h>

#include "input.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { WORD_LIMIT = 80 };

static const struct {
	enum kmeta_line_format format;
	const char *term, *value;
} passes[] = {
	{ KMETA_LINE_TEXT, NULL, NULL },
	{ KMETA_LINE_JSON, "topic", "o*,a*" },
	{ KMETA_LINE_KAFKA, "broker", "1,3..5" },
};

struct pass {
	enum kmeta_line_format format;
	struct kmeta_filter *filter;
	struct kmeta_matcher *matcher;
	struct kmeta_topics *topics;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_text *text;
	struct kmeta_buffer line;
};

static void print_line(struct pass *p, const struct kmeta_line *line)
{
	p->line.size = 0;
	if (p->format == KMETA_LINE_JSON)
		kmeta_json(&p->line, line, 0);
	else if (p->format == KMETA_LINE_KAFKA)
		kmeta_dumplog_record(&p->line, line, 0);
	else
		kmeta_text(&p->line, p->text, line, KMETA_SHOW_UTC);
	CHECK(!p->line.failed);
}

static void look_at(struct pass *p, const struct kmeta_batch *batch,
                    const struct kmeta_record *record)
{
	struct kmeta_line line = { .batch = batch, .record = record, .topics = p->topics };
	struct kmeta_finding why;
	enum kmeta_match match = KMETA_MATCH_UNKNOWN;
	bool wanted;

	if (!kmeta_topics_wants(record))
		match = kmeta_matcher_record(p->matcher, &p->dialect, batch, record, p->topics);
	if (kmeta_decode(&p->dialect, record, &p->fields, &why) == KMETA_OK)
		line.fields = &p->fields;
	else
		line.error = &why;
	if (line.fields)
		CHECK(kmeta_topics_learn(p->topics, record, &p->fields));
	wanted = line.fields && kmeta_filter_fields(p->filter, p->topics, &p->fields);
	CHECK(match != KMETA_MATCH_FIELDS || wanted);
	if (match != KMETA_MATCH_NO)
		return;
	CHECK(line.fields);
	print_line(p, &line);
	CHECK(!wanted || !kmeta_filter_line(p->filter, p->line.at, p->line.size));
}

static void look_at_file(struct pass *p, const char *path)
{
	struct kmeta_source *source = NULL;
	struct kmeta_batch batch;
	struct kmeta_finding why;
	enum kmeta_status status = KMETA_OK;
	int64_t left = 1 << 20; /* bytes: a packed file may unpack to more than anyone waits for */

	if (kmeta_source_open(&source, path, NULL, &why) != KMETA_OK)
		return;
	while ((status == KMETA_OK || status == KMETA_DAMAGED) && left > 0) {
		struct kmeta_cursor cursor = { 0 };
		struct kmeta_record record;

		status = kmeta_source_next(source, &batch, &why);
		if (status != KMETA_OK)
			continue;
		left -= (int64_t)batch.records.size;
		kmeta_matcher_begin(p->matcher, batch.records);
		while (kmeta_batch_next(&batch, &cursor, &record, &why) == KMETA_OK)
			look_at(p, &batch, &record);
	}
	kmeta_source_close(source);
}

static void search_file(const char *path, const char *word, size_t number)
{
	const struct kmeta_clock clock = { 0 };
	struct pass p = { .format = passes[number].format, .filter = kmeta_filter_new() };
	struct kmeta_finding why;

	CHECK(p.filter && kmeta_dialect_init(&p.dialect, NULL));
	if (passes[number].term)
		CHECK(kmeta_filter_add(p.filter, passes[number].term, passes[number].value, clock,
		                       &why) == KMETA_OK);
	if (*word)
		CHECK(kmeta_filter_add(p.filter, "grep", word, clock, &why) == KMETA_OK);
	p.matcher = kmeta_matcher_new(p.filter, p.format, KMETA_SHOW_UTC);
	p.topics = kmeta_topics_new();
	p.text = kmeta_text_new();
	CHECK(p.matcher && p.topics && p.text);
	kmeta_matcher_mark(p.matcher, p.topics);
	look_at_file(&p, path);
	kmeta_topics_free(p.topics);
	kmeta_matcher_free(p.matcher);
	kmeta_filter_free(p.filter);
	kmeta_text_free(p.text);
	kmeta_fields_release(&p.fields);
	kmeta_buffer_release(&p.line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end =
		size ? memchr(data, '\n', size < WORD_LIMIT ? size : WORD_LIMIT) : NULL;
	const size_t word_size = end ? (size_t)(end - data) : 0;
	char word[WORD_LIMIT] = "", path[32];
	uint8_t *file = malloc(size + 1);
	size_t file_size;
	int fd;

	CHECK(file);
	if (end) {
		memcpy(word, data, word_size);
		data = end + 1;
		size -= word_size + 1;
	}
	file_size = size;
	if (size)
		memcpy(file, data, size);
	seal_batches(file, file_size);
	fd = file_of(file, file_size, path);
	for (size_t i = 0; i < COUNT(passes); i++)
		search_file(path, word, i);
	close(fd);
	free(file);
	return 0;
}
