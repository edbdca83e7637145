/* SPDX-License-Identifier: Apache-2.0 */
/* source.c: one address of kmeta-dump, batch by batch, with what is damaged between them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crew.h"
#include "dump.h"
#include "names.h"

enum { WAIT_MILLISECONDS = 1000, LEARN_FOR_SHOW = 64 << 20 };

/* ---- batches ---- */

static bool sees_all(const struct dump *d)
{
	struct kmeta_source_options window = { .size = sizeof(window) };

	kmeta_filter_window(d->filter, &window);
	return !window.offsets && !window.times && !window.epochs && !d->reverse;
}

/* Records are missing: what is printed is not the whole log. */
static void report_gap(struct dump *d, const struct kmeta_batch *batch, int64_t expected)
{
	struct kmeta_finding finding = { .code = KMETA_OFFSET_GAP,
		                         .file = batch->file,
		                         .position = batch->position,
		                         .offset = batch->base_offset };

	snprintf(finding.message, sizeof(finding.message), "the records %lld to %lld are missing",
	         (long long)expected, (long long)batch->base_offset - 1);
	common_report(&d->common, &finding);
}

/* Reports offsets that jump; every record that is there can still be read. */
static void check_order(struct dump *d, const struct kmeta_batch *batch)
{
	const int64_t expected = d->next_offset;

	d->next_offset = batch->last_offset < INT64_MAX ? batch->last_offset + 1 : -1;
	if (expected < 0 || batch->base_offset == expected || !sees_all(d) || !crew_catch_up(d))
		return;
	if (batch->skipped && batch->base_offset > expected)
		common_note(
			&d->common,
			"%s: byte %lld (offset %lld): goes on here, behind %lld damaged bytes with "
			"the offsets %lld to %lld",
			batch->file, (long long)batch->position, (long long)batch->base_offset,
			(long long)batch->skipped, (long long)expected,
			(long long)batch->base_offset - 1);
	else if (d->format != DUMP_KAFKA && batch->base_offset > expected)
		report_gap(d, batch, expected);
	else if (d->format != DUMP_KAFKA)
		common_note(&d->common, "%s: byte %lld (offset %lld): follows offset %lld",
		            batch->file, (long long)batch->position, (long long)batch->base_offset,
		            (long long)expected - 1);
}

bool dump_batch(struct dump *d, struct printed_batch *printed)
{
	const struct kmeta_batch *batch = printed->batch;
	bool sound;

	if (kmeta_filter_is_empty(d->filter))
		dump_announce(d, printed);
	sound = dump_records(d, printed);
	if (printed->damage && printed->records < batch->count && !dump_is_done(d))
		common_note(
			&d->common, "%s: byte %lld: %d of the batch's %d records can be told apart",
			batch->file, (long long)batch->position, printed->records, batch->count);
	return sound;
}

/* Learns what topics were called: everything for a filter by names, but only what is read quickly
 * where names are just printed. */
static void dump_learn_names(struct dump *d, int64_t first_offset)
{
	const struct names names = { .topics = d->topics,
		                     .dialect = &d->dialect,
		                     .backwards = d->reverse,
		                     .limit = kmeta_filter_needs_topics(d->filter) ? INT64_MAX
		                                                                   : LEARN_FOR_SHOW,
		                     .progress = &d->common.progress };

	if (d->topics && first_offset > 0 && strcmp(d->common.address, "-") != 0)
		names_learn(&names, d->common.address, first_offset);
}

/* ---- addresses ---- */

static void file_opened(void *context, const char *file)
{
	struct dump *d = context;

	if (d->format == DUMP_KAFKA && crew_catch_up(d))
		kmeta_dumplog_file(&d->common.out.buffer, file);
}

/* kafka-dump-log says on standard output that a file is cut. */
static void print_kafka_tail(struct dump *d, const struct kmeta_finding *finding)
{
	if (d->format == DUMP_KAFKA && finding->code == KMETA_TRUNCATED)
		kmeta_dumplog_tail(&d->common.out.buffer, finding->file, finding->size);
}

/* Reports damage between batches, or to a whole one; false: stop here. */
static bool dump_meet_damage(struct dump *d, const struct kmeta_batch *batch,
                             const struct kmeta_finding *finding)
{
	const bool serious = kmeta_code_severity(finding->code) == KMETA_ERROR;
	struct printed_batch printed = { .batch = batch, .damage = finding };

	dump_print_fold(d);
	print_kafka_tail(d, finding);
	output_flush(&d->common.out);
	common_report(&d->common, finding);
	if (!serious)
		return true;
	if (!d->salvage) {
		dump_hint(d);
		return d->follow;
	}
	if (batch->size)
		dump_batch(d, &printed);
	return true;
}

/* Waits for more; false: nobody reads any more, or the files cannot be watched. */
static bool dump_wait(struct dump *d, struct kmeta_source *source)
{
	struct kmeta_finding finding;
	enum kmeta_status status = KMETA_END;

	dump_print_fold(d);
	if (d->arrow)
		kmeta_arrow_flush(d->arrow, &d->common.out.buffer);
	while (status == KMETA_END && output_flush(&d->common.out))
		status = kmeta_source_wait(source, WAIT_MILLISECONDS, &finding);
	if (status == KMETA_DAMAGED || status == KMETA_FAILED)
		common_report(&d->common, &finding);
	d->next_offset = status == KMETA_DAMAGED ? -1 : d->next_offset;
	return status == KMETA_OK || status == KMETA_DAMAGED;
}

static bool dump_sound_batch(struct dump *d, const struct kmeta_batch *batch)
{
	check_order(d, batch);
	return !d->ended && crew_take(d, batch);
}

static void dump_source(struct dump *d, struct kmeta_source *source)
{
	bool first = true, going = true;

	while (going && !dump_is_done(d)) {
		struct kmeta_batch batch;
		struct kmeta_finding finding;
		const enum kmeta_status status = kmeta_source_next(source, &batch, &finding);

		if (status == KMETA_OK && first)
			dump_learn_names(d, d->reverse && batch.last_offset < INT64_MAX
			                            ? batch.last_offset + 1
			                            : batch.base_offset);
		first = first && status != KMETA_OK;
		if (status == KMETA_OK)
			going = dump_sound_batch(d, &batch);
		else if (!crew_catch_up(d))
			going = false;
		else if (status == KMETA_DAMAGED)
			going = dump_meet_damage(d, &batch, &finding);
		else if (status == KMETA_END)
			going = d->follow && dump_wait(d, source);
		else
			going = false;
		if (status == KMETA_FAILED && !d->ended)
			common_report(&d->common, &finding);
		progress_step(&d->common.progress, source);
	}
}

static bool needs_topics(const struct dump *d)
{
	return d->format == DUMP_TEXT || kmeta_filter_needs_topics(d->filter);
}

void dump_address(struct dump *d, const char *address)
{
	struct kmeta_source_options window = { .size = sizeof(window),
		                               .reverse = d->reverse,
		                               .follow = d->follow,
		                               .opened = file_opened,
		                               .context = d };
	struct kmeta_source *source = NULL;
	struct kmeta_finding finding;
	char *path = NULL;

	d->common.address = address;
	d->next_offset = -1;
	d->read = 0;
	d->crew_tried = d->ended = false;
	if (!kmeta_dialect_init(&d->dialect, d->common.dialect))
		return;
	if (common_address(&d->common, address, &path, &d->until, &finding) != KMETA_OK) {
		common_report(&d->common, &finding);
		return;
	}
	if (d->follow)
		common_check_follow(&d->common, address, &d->until);
	d->common.address = path;
	window.until = &d->until;
	d->topics = needs_topics(d) ? kmeta_topics_new() : NULL;
	if (d->topics && d->matcher)
		kmeta_matcher_mark(d->matcher, d->topics);
	/* Standard input is read only once: all of it, if the filter needs names of topics. */
	if (strcmp(path, "-") != 0 || !kmeta_filter_needs_topics(d->filter))
		kmeta_filter_window(d->filter, &window);
	if (kmeta_source_open(&source, path, &window, &finding) != KMETA_OK)
		common_report(&d->common, &finding);
	else
		dump_source(d, source);
	crew_dismiss(d);
	dump_print_fold(d);
	output_flush(&d->common.out);
	kmeta_source_close(source);
	kmeta_topics_free(d->topics);
	d->topics = NULL;
	d->common.address = NULL;
	free(path);
}
