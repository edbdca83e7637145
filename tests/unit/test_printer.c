/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_printer.c: what is printed without decoding is what the printers of decoded records print,
 * for every record of testdata, and for the same records with damage. CORPUS names more logs.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <kmeta.h>

enum { DAMAGES = 4, LONGEST = 512 };

static const struct form {
	enum kmeta_line_format format;
	unsigned flags;
	bool names;
} forms[] = {
	{ KMETA_LINE_JSON, 0, false },
	{ KMETA_LINE_JSON, KMETA_SHOW_SECRETS, false },
	{ KMETA_LINE_JSON, KMETA_SHOW_BATCH, false },
	{ KMETA_LINE_KAFKA, 0, false },
	{ KMETA_LINE_TEXT, KMETA_SHOW_UTC, false },
	{ KMETA_LINE_TEXT, KMETA_SHOW_UTC, true },
	{ KMETA_LINE_TEXT, KMETA_SHOW_UTC | KMETA_SHOW_COLOR, true },
	{ KMETA_LINE_TEXT, KMETA_SHOW_NARROW, true },
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

/* One log on its way through all forms. */
struct walk {
	struct kmeta_printer *printers[FORMS];
	struct kmeta_text *texts[FORMS];
	struct kmeta_topics *topics;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_buffer quick, slow;
	uint64_t random;
};

static size_t records, quick[FORMS], damaged_quick;

static void print_decoded(struct walk *w, size_t form, const struct kmeta_line *line)
{
	const unsigned flags = forms[form].flags;

	w->slow.size = 0;
	if (forms[form].format == KMETA_LINE_JSON)
		kmeta_json(&w->slow, line, flags);
	else if (forms[form].format == KMETA_LINE_KAFKA)
		kmeta_dumplog_record(&w->slow, line, flags);
	else
		kmeta_text(&w->slow, w->texts[form], line, flags);
}

/* Whether the record was printed without decoding it, by a copy of the dialect. */
static bool compare(struct walk *w, size_t form, const struct kmeta_batch *batch,
                    const struct kmeta_record *record)
{
	const struct kmeta_topics *topics = forms[form].names ? w->topics : NULL;
	struct kmeta_dialect dialect = w->dialect;
	struct kmeta_finding why;
	struct kmeta_line line = {
		.batch = batch, .record = record, .fields = &w->fields, .topics = topics
	};

	w->quick.size = 0;
	if (!kmeta_printer_record(w->printers[form], &w->quick, &w->dialect, batch, record,
	                          topics)) {
		cr_assert_eq(w->quick.size, 0);
		return false;
	}
	cr_assert_eq(kmeta_decode(&dialect, record, &w->fields, &why), KMETA_OK, "%s at %lld: %s",
	             batch->file, (long long)record->offset, why.message);
	cr_assert(!memcmp(&dialect, &w->dialect, sizeof(dialect)), "the dialect learned");
	print_decoded(w, form, &line);
	cr_assert(w->quick.size == w->slow.size && !memcmp(w->quick.at, w->slow.at, w->slow.size),
	          "%s at %lld, form %zu:\n%.*s%.*s", batch->file, (long long)record->offset, form,
	          (int)w->quick.size, w->quick.at, (int)w->slow.size, w->slow.at);
	return true;
}

static uint64_t next_random(struct walk *w)
{
	w->random = w->random * 6364136223846793005u + 1442695040888963407u;
	return w->random >> 33;
}

/* A few bytes are others, or missing: in memory of its own size, as a sanitizer would see. */
static void compare_damaged(struct walk *w, const struct kmeta_batch *batch,
                            const struct kmeta_record *record)
{
	struct kmeta_record damaged = *record;

	if (record->control || record->value.size <= record->body || record->value.size > LONGEST)
		return;
	for (size_t n = 0; n < DAMAGES; n++) {
		const size_t body = record->value.size - record->body;
		const size_t size = record->value.size - (n & 1 ? next_random(w) % body : 0);
		uint8_t *bytes = malloc(size);

		cr_assert_not_null(bytes);
		memcpy(bytes, record->value.data, size);
		for (size_t i = 0; i <= n / 2 && size > record->body; i++)
			bytes[record->body + next_random(w) % (size - record->body)] =
				(uint8_t)(n == 2 ? next_random(w) % 4 : next_random(w));
		damaged.value = (struct kmeta_bytes){ bytes, size };
		for (size_t form = 0; form < FORMS; form++)
			kmeta_printer_expect(w->printers[form], &w->dialect, &damaged, 1,
			                     w->topics);
		for (size_t form = 0; form < FORMS; form++)
			damaged_quick += compare(w, form, batch, &damaged);
		free(bytes);
	}
}

static void compare_batch(struct walk *w, const struct kmeta_batch *batch)
{
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_record record;
	struct kmeta_finding why;

	while (kmeta_batch_next(batch, &cursor, &record, &why) == KMETA_OK) {
		for (size_t form = 0; form < FORMS; form++)
			quick[form] += compare(w, form, batch, &record);
		compare_damaged(w, batch, &record);
		records++;
		if (kmeta_decode(&w->dialect, &record, &w->fields, &why) == KMETA_OK)
			cr_assert(kmeta_topics_learn(w->topics, &record, &w->fields));
	}
}

static void compare_log(const char *path, const char *release)
{
	struct walk w = { .topics = kmeta_topics_new(), .random = 1 };
	struct kmeta_source *source = NULL;
	struct kmeta_batch batch;
	struct kmeta_finding why;
	enum kmeta_status status = KMETA_OK;

	cr_assert(kmeta_dialect_init(&w.dialect, release));
	for (size_t form = 0; form < FORMS; form++) {
		w.printers[form] = kmeta_printer_new(forms[form].format, forms[form].flags);
		w.texts[form] = kmeta_text_new();
	}
	if (kmeta_source_open(&source, path, NULL, &why) == KMETA_OK)
		while (status == KMETA_OK || status == KMETA_DAMAGED) {
			status = kmeta_source_next(source, &batch, &why);
			if (status == KMETA_OK)
				compare_batch(&w, &batch);
		}
	kmeta_source_close(source);
	for (size_t form = 0; form < FORMS; form++) {
		kmeta_printer_free(w.printers[form]);
		kmeta_text_free(w.texts[form]);
	}
	kmeta_topics_free(w.topics);
	kmeta_fields_release(&w.fields);
	kmeta_buffer_release(&w.quick);
	kmeta_buffer_release(&w.slow);
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *at)
{
	const char *ending = strrchr(path, '.');

	(void)st;
	(void)at;
	if (type == FTW_F && ending &&
	    (!strcmp(ending, ".log") || !strcmp(ending, ".checkpoint"))) {
		compare_log(path, NULL);
		compare_log(path, "3.7");
	}
	return 0;
}

Test(printer, prints_what_the_printers_of_decoded_records_print)
{
	const char *roots[] = { getenv("TESTDATA"), getenv("CORPUS") };

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (roots[i] && *roots[i])
			nftw(roots[i], visit, 16, FTW_PHYS);
	cr_assert_gt(records, 1000);
	for (size_t form = 0; form < FORMS; form++) {
		const bool none = forms[form].flags & (KMETA_SHOW_BATCH | KMETA_SHOW_COLOR);

		cr_assert(none ? !quick[form] : quick[form] > records / 3, "form %zu: %zu of %zu",
		          form, quick[form], records);
	}
	cr_assert_gt(damaged_quick, 0);
}
