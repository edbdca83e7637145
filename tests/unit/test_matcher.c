/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_matcher.c: what is said of records without decoding them is what the filter says of decoded
 * ones, for every record of testdata, with filters made of the words in their lines. CORPUS names
 * more logs.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <kmeta.h>

#include "make.h"
#include "print/needle.h"
#include "rows.h"

enum { WORDS = 12, LONGEST = 40, FORMS = 3 };

static const enum kmeta_line_format forms[FORMS] = { KMETA_LINE_TEXT, KMETA_LINE_JSON,
	                                             KMETA_LINE_KAFKA };

/* Conditions that are tried beside a word that is searched for. */
static const char *const terms[][2] = {
	{ NULL, NULL },
	{ "topic", "*" },
	{ "topic", "[a-m]*" },
	{ "broker", "1,3" },
	{ "broker", "100.." },
	{ "partition", "0" },
	{ "topic", "nobody-has-this" },
};

/* One pass over a log, with a filter and what is expected of it. */
struct pass {
	enum kmeta_line_format format;
	struct kmeta_filter *filter;
	struct kmeta_matcher *matcher;
	struct kmeta_topics *topics;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_text *text;
	struct kmeta_buffer line;
	char (*words)[LONGEST + 1]; /* gets words, in a pass without a filter */
	size_t words_count, lines;
};

static size_t refused, accepted;

static void print_form(struct pass *p, const struct kmeta_line *line)
{
	p->line.size = 0;
	if (p->format == KMETA_LINE_JSON)
		kmeta_json(&p->line, line, 0);
	else if (p->format == KMETA_LINE_KAFKA)
		kmeta_dumplog_record(&p->line, line, 0);
	else
		kmeta_text(&p->line, p->text, line, KMETA_SHOW_UTC);
}

/* Takes pieces of the lines, at places that change from line to line. */
static void take_word(struct pass *p)
{
	const size_t size = 5 + p->lines * 7 % 13;
	const size_t start = p->line.size ? p->lines * 31 % p->line.size : 0;
	char *word = p->words[p->words_count % WORDS];

	if (start + size >= p->line.size || p->lines % 5)
		return;
	memcpy(word, p->line.at + start, size);
	word[size] = '\0';
	p->words_count++;
}

static void hold_against(struct pass *p, const struct kmeta_batch *batch,
                         const struct kmeta_record *record, const struct kmeta_fields *fields,
                         enum kmeta_match match)
{
	const bool wanted = fields && kmeta_filter_fields(p->filter, p->topics, fields);
	const bool found = wanted && kmeta_filter_line(p->filter, p->line.at, p->line.size);

	cr_assert(match != KMETA_MATCH_NO || (fields && !found), "%s at %lld refused: %.*s",
	          batch->file, (long long)record->offset, (int)p->line.size, p->line.at);
	cr_assert(match != KMETA_MATCH_FIELDS || wanted, "%s at %lld accepted: %.*s", batch->file,
	          (long long)record->offset, (int)p->line.size, p->line.at);
	refused += match == KMETA_MATCH_NO;
	accepted += match == KMETA_MATCH_FIELDS;
}

static void look_at(struct pass *p, const struct kmeta_batch *batch,
                    const struct kmeta_record *record)
{
	struct kmeta_line line = { .batch = batch, .record = record, .topics = p->topics };
	enum kmeta_match match = KMETA_MATCH_UNKNOWN;
	struct kmeta_finding why;

	if (p->matcher && !kmeta_topics_wants(record))
		match = kmeta_matcher_record(p->matcher, &p->dialect, batch, record, p->topics);
	if (kmeta_decode(&p->dialect, record, &p->fields, &why) == KMETA_OK)
		line.fields = &p->fields;
	else
		line.error = &why;
	if (line.fields)
		cr_assert(kmeta_topics_learn(p->topics, record, line.fields));
	print_form(p, &line);
	if (p->words)
		take_word(p);
	else
		hold_against(p, batch, record, line.fields, match);
	p->lines++;
}

static void look_at_log(struct pass *p, const char *path)
{
	struct kmeta_source *source = NULL;
	struct kmeta_batch batch;
	struct kmeta_finding why;
	enum kmeta_status status = KMETA_OK;

	cr_assert(kmeta_dialect_init(&p->dialect, NULL));
	p->topics = kmeta_topics_new();
	p->text = kmeta_text_new();
	if (p->matcher)
		kmeta_matcher_mark(p->matcher, p->topics);
	if (kmeta_source_open(&source, path, NULL, &why) == KMETA_OK)
		while (status == KMETA_OK || status == KMETA_DAMAGED) {
			struct kmeta_cursor cursor = { 0 };
			struct kmeta_record record;

			status = kmeta_source_next(source, &batch, &why);
			if (status != KMETA_OK)
				continue;
			if (p->matcher)
				kmeta_matcher_begin(p->matcher, batch.records);
			while (kmeta_batch_next(&batch, &cursor, &record, &why) == KMETA_OK)
				look_at(p, &batch, &record);
		}
	kmeta_source_close(source);
	kmeta_topics_free(p->topics);
	kmeta_text_free(p->text);
	kmeta_fields_release(&p->fields);
	kmeta_buffer_release(&p->line);
}

static struct kmeta_filter *make_filter(const char *const term[2], const char *word)
{
	struct kmeta_filter *filter = kmeta_filter_new();
	struct kmeta_finding why;

	if (term[0])
		cr_assert_eq(
			kmeta_filter_add(filter, term[0], term[1], (struct kmeta_clock){ 0 }, &why),
			KMETA_OK);
	if (word && *word)
		cr_assert_eq(
			kmeta_filter_add(filter, "grep", word, (struct kmeta_clock){ 0 }, &why),
			KMETA_OK);
	return filter;
}

static void look_with(const char *path, enum kmeta_line_format format, const char *const term[2],
                      const char *word)
{
	struct pass p = { .format = format, .filter = make_filter(term, word) };

	p.matcher = kmeta_matcher_new(p.filter, format, KMETA_SHOW_UTC);
	look_at_log(&p, path);
	kmeta_matcher_free(p.matcher);
	kmeta_filter_free(p.filter);
}

static int compare_filters(const char *path, const struct stat *st, int type, struct FTW *at)
{
	static const char *const none[2] = { NULL, NULL };
	static size_t logs;

	(void)at;
	if (type != FTW_F || st->st_size > 1 << 18 ||
	    (!strstr(path, ".log") && !strstr(path, ".checkpoint")))
		return 0;
	for (size_t form = 0; form < FORMS; form++) {
		char words[WORDS][LONGEST + 1] = { "" };
		struct pass collect = { .format = forms[form], .words = words };

		look_at_log(&collect, path);
		/* All of them for all logs would take minutes: each log has its share. */
		for (size_t i = logs % 4; i < WORDS; i += 4)
			look_with(path, forms[form], none, words[i]);
		for (size_t i = 0; i < COUNT(terms); i++)
			look_with(path, forms[form], terms[i], words[(logs + i) % WORDS]);
		look_with(path, forms[form], terms[logs % COUNT(terms)], NULL);
	}
	logs++;
	return 0;
}

Test(matcher, as_decoded, .timeout = 300)
{
	const char *corpus = getenv("CORPUS");

	cr_assert_eq(nftw(getenv("TESTDATA"), compare_filters, 20, FTW_PHYS), 0);
	if (corpus && *corpus)
		nftw(corpus, compare_filters, 20, FTW_PHYS);
	cr_expect(refused > 100000 && accepted > 1000, "%zu refused, %zu accepted", refused,
	          accepted);
}

/* ---- what is looked for in the bytes ---- */

/* clang-format off */
static const struct {
	const char *word, *part; /* NULL: nothing in it is telling */
	size_t phases;
} needles[] = {
	{ "orders", "orders", 4 },
	{ "\"name\":\"orders\"", "orders", 4 },
	{ "svc.orders-v2/3", "svc.orders-v2", 0 },
	{ "topic=a.b.cd", "a.b.cd", 0 },
	{ "1730000000000", NULL, 0 },
	{ "2026-11-24T14:05", NULL, 0 },
	{ "-1", NULL, 0 },
	{ "ab", NULL, 0 },
	{ "", NULL, 0 },
	{ "a1b2c3d4", NULL, 0 },
	{ "0123456789abcdefABCDEF_-", "0123456789abcdefABCDEF_-", 0 },
	{ "a\xc3\xa4" "bcdef", "bcdef", 4 },
};
/* clang-format on */

ROWS(needle, parts, needles)
ParameterizedTest(const size_t *row, needle, parts, .timeout = 10)
{
	struct needle needle;
	const bool made = needle_make(&needle, needles[*row].word);

	cr_assert_eq(made, needles[*row].part != NULL, "%s", needles[*row].word);
	if (!made)
		return;
	cr_expect(needle.text.size == strlen(needles[*row].part) &&
	                  !memcmp(needle.text.at, needles[*row].part, needle.text.size),
	          "%s: %.*s", needles[*row].word, (int)needle.text.size, (char *)needle.text.at);
	cr_expect_eq(needle.phases_count, needles[*row].phases);
}

/* Every part of an id as text is found in the id's bytes. */
Test(needle, ids, .timeout = 10)
{
	static const char text[] = "6Iw0X54eRwa0cl6YaNpYAg";
	uint8_t id[16];
	size_t made = 0;

	cr_assert(kmeta_uuid_parse(text, id));
	for (size_t start = 0; start < sizeof(text) - 1; start++)
		for (size_t size = 1; start + size < sizeof(text); size++) {
			char word[sizeof(text)] = "";
			struct needle needle;

			memcpy(word, text + start, size);
			if (!needle_make(&needle, word))
				continue;
			made++;
			cr_expect(needle_may_be_in(&needle, (struct kmeta_bytes){ id, 16 }), "%s",
			          word);
			/* The eighth byte is another, and the word covers all of it. */
			id[7] ^= 0xff;
			cr_expect(
				start * 6 > 56 || (start + size) * 6 < 64 ||
					!needle_may_be_in(&needle, (struct kmeta_bytes){ id, 16 }),
				"%s", word);
			id[7] ^= 0xff;
		}
	cr_expect(made > 50, "%zu", made);
}

Test(needle, edges, .timeout = 10)
{
	const struct needle_bytes needle = { .at = "abz", .size = 3, .rare = 2 };

	cr_expect(needle_is_in(&needle, BYTES("abz")));
	cr_expect(needle_is_in(&needle, BYTES("xxabz")));
	cr_expect(needle_is_in(&needle, BYTES("zabz.")));
	cr_expect(!needle_is_in(&needle, BYTES("ab")));
	cr_expect(!needle_is_in(&needle, BYTES("zzzzab")));
	cr_expect(!needle_is_in(&needle, (struct kmeta_bytes){ 0 }));
}
