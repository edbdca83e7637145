/* SPDX-License-Identifier: Apache-2.0 */
/* dump.c: kmeta-dump prints the records of a metadata log. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

enum { NO_OP = 20, WAIT_MILLISECONDS = 1000, LEARN_FOR_SHOW = 64 << 20 };

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_KAFKA };

static const char *const formats[] = { "text", "json", "kafka" };

/* ---- options ---- */

enum {
	OPTION_TYPE = OPTION_OWN,
	OPTION_NOT_TYPE,
	OPTION_OFFSET,
	OPTION_TIME,
	OPTION_EPOCH,
	OPTION_TOPIC,
	OPTION_PARTITION,
	OPTION_BROKER,
	OPTION_GREP,
	OPTION_CONTROL,
	OPTION_BATCH,
	OPTION_REVERSE,
	OPTION_SALVAGE,
	OPTION_FOLD
};

static const struct command_option options[] = {
	{ 'o', "output", "FORMAT",
	  "text (default), json (a line a record), kafka (as kafka-dump-log)" },
	{ OPTION_TYPE, "type", "TYPE,...", "only these record types: names, globs, numbers" },
	{ OPTION_NOT_TYPE, "not-type", "TYPE,...", "all but these record types" },
	{ OPTION_OFFSET, "offset", "A..B",
	  "only these offsets; both ends included, either may be missing" },
	{ OPTION_TIME, "time", "A..B", "only these times: 2026-11-24T14:05[Z], 14:05, -10m, now" },
	{ OPTION_EPOCH, "epoch", "A..B", "only what leaders of these epochs wrote" },
	{ OPTION_TOPIC, "topic", "TOPIC,...", "only what names these topics: names, globs, ids" },
	{ OPTION_PARTITION, "partition", "N,...",
	  "only what names these partitions: numbers, ranges" },
	{ OPTION_BROKER, "broker", "N,...", "only what names these brokers: numbers, ranges" },
	{ OPTION_GREP, "grep", "TEXT", "only records whose line holds this text" },
	{ OPTION_CONTROL, "control", NULL, "only control records" },
	{ OPTION_BATCH, "batch", NULL, "with the fields of each record's batch" },
	{ 'n', "limit", "N", "at most so many records" },
	{ OPTION_REVERSE, "reverse", NULL, "the newest record first" },
	{ 'f', "follow", NULL, "wait for more, over segment rolls and truncation" },
	{ OPTION_SALVAGE, "salvage", NULL, "go on behind damage, at the next sound batch" },
	{ OPTION_FOLD, "fold", NULL, "hide no-op records, and say how many" },
	COMMON_OPTIONS,
};

static const struct command command = {
	.name = "kmeta-dump",
	.synopsis = "[options] ADDRESS...",
	.about =
		"Prints the records of a KRaft metadata log. ADDRESS is a segment (.log), a checkpoint,\n"
		"a metadata directory, a log directory that holds one, or - for standard input.",
	.notes = "Exit status: 0 all was read; 2 something could not be, as standard error says.\n",
	.options = options,
	.options_count = sizeof(options) / sizeof(options[0]),
};

/* ---- the dump ---- */

struct dump {
	struct common common;
	enum format format;
	bool reverse, follow, salvage, fold_noops;
	int64_t limit, now;
	struct {
		int id;
		const char *value;
	} * terms; /* of the filter, as given */
	size_t terms_count;
	struct kmeta_filter *filter;

	const char *address;
	struct kmeta_topics *topics;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_text text;
	struct output out;
	struct progress progress;
	struct kmeta_fold fold; /* the no-ops that wait to be told of */
	int64_t folded;         /* and those that were */
	int64_t printed, next_offset;
	struct kmeta_cursor *cursors; /* of one batch, to print its records backwards */
	size_t cursors_capacity;
	int status;
};

/* What is known of the batch at hand. */
struct place {
	const struct kmeta_batch *batch;
	const struct kmeta_finding *damage; /* NULL: it is sound */
	bool announced;                     /* its own line was printed */
	int32_t records;                    /* that could be told apart */
};

static void report(struct dump *d, const struct kmeta_finding *finding)
{
	progress_hide(&d->progress);
	common_report(&d->common, d->address, finding);
	if (kmeta_code_severity(finding->code) == KMETA_ERROR)
		d->status = EXIT_TROUBLE;
}

static bool is_done(const struct dump *d)
{
	return d->out.closed || d->out.failed || (d->limit >= 0 && d->printed >= d->limit);
}

/* ---- lines ---- */

static void print_fold(struct dump *d)
{
	if (d->fold.count && d->format == FORMAT_TEXT)
		kmeta_text_fold(&d->out.buffer, &d->text, &d->fold, d->common.flags);
	d->folded += d->fold.count;
	d->fold.count = 0;
}

static bool fold(struct dump *d, const struct kmeta_batch *batch, const struct kmeta_record *record)
{
	struct kmeta_fold *f = &d->fold;

	if (!d->fold_noops || record->control || record->type != NO_OP)
		return false;
	if (!f->count)
		*f = (struct kmeta_fold){ .first_offset = record->offset,
			                  .timestamp = record->timestamp,
			                  .epoch = batch->epoch };
	f->last_offset = record->offset;
	f->count++;
	return true;
}

static void announce(struct dump *d, struct place *place)
{
	if (place->announced)
		return;
	place->announced = true;
	if (d->format == FORMAT_KAFKA)
		kmeta_kafka_batch(&d->out.buffer, place->batch);
	else if (d->format == FORMAT_TEXT && d->common.flags & KMETA_SHOW_BATCH)
		kmeta_text_batch(&d->out.buffer, place->batch, d->common.flags);
}

static void put_line(struct dump *d, const struct kmeta_line *line, unsigned flags)
{
	struct kmeta_buffer *out = &d->out.buffer;

	if (d->format == FORMAT_JSON)
		kmeta_json(out, line, flags);
	else if (d->format == FORMAT_KAFKA)
		kmeta_kafka_record(out, line, flags);
	else
		kmeta_text(out, &d->text, line, flags);
}

static void print_record(struct dump *d, struct place *place, const struct kmeta_line *line)
{
	struct kmeta_buffer *out = &d->out.buffer;
	const struct place before = *place;
	const size_t start = out->size;
	size_t at;

	announce(d, place);
	at = out->size;
	put_line(d, line, d->common.flags & ~(unsigned)KMETA_SHOW_COLOR);
	if (!out->failed && !kmeta_filter_line(d->filter, out->at + at, out->size - at)) {
		out->size = start;
		*place = before;
		return;
	}
	/* A line is searched as it reads, without what colours it. */
	if (d->common.flags & KMETA_SHOW_COLOR && d->format == FORMAT_TEXT) {
		out->size = at;
		put_line(d, line, d->common.flags);
	}
	d->printed++;
	output_drain(&d->out, &d->common);
}

/* ---- records ---- */

static void dump_record(struct dump *d, struct place *place, const struct kmeta_record *record)
{
	const bool wanted = kmeta_filter_record(d->filter, place->batch, record);
	const bool learning = d->topics && kmeta_topics_wants(record);
	struct kmeta_line line = {
		.batch = place->batch, .record = record, .error = place->damage, .topics = d->topics
	};
	struct kmeta_finding finding;
	enum kmeta_status status;

	if (!wanted && !learning)
		return;
	status = kmeta_decode(&d->dialect, record, &d->fields, &finding);
	if (status == KMETA_OK) {
		line.fields = &d->fields;
		if (d->topics && !kmeta_topics_learn(d->topics, record, &d->fields))
			d->out.buffer.failed = true;
	} else {
		finding.file = place->batch->file;
		line.error = &finding;
		if (wanted && !place->damage)
			report(d, &finding);
		/* A record of a newer release is no fault of the log, but it was not read. */
		if (wanted)
			d->status = EXIT_TROUBLE;
	}
	if (!wanted)
		return;
	if (kmeta_filter_needs_fields(d->filter) &&
	    (!line.fields || !kmeta_filter_fields(d->filter, d->topics, line.fields)))
		return;
	if (fold(d, place->batch, record))
		return;
	print_fold(d);
	print_record(d, place, &line);
}

static void hint(const struct dump *d)
{
	if (!d->follow)
		common_note(&d->common, "stopped at the damage; --salvage goes on behind it");
}

/* What to do about damage inside a batch; false: leave the batch here. */
static bool meet_record(struct dump *d, struct place *place, const struct kmeta_record *record,
                        const struct kmeta_finding *finding)
{
	struct place doubted = *place;

	/* Of a batch that is damaged as a whole everything was said. */
	if (!place->damage) {
		report(d, finding);
		doubted.damage = finding;
		if (!d->salvage)
			hint(d);
	}
	if (finding->code != KMETA_BAD_OFFSET || !d->salvage)
		return d->salvage;
	dump_record(d, &doubted, record);
	place->announced = doubted.announced;
	place->records++;
	return true;
}

/* False: the batch is damaged inside, and no --salvage asked for. */
static bool dump_forwards(struct dump *d, struct place *place)
{
	struct kmeta_cursor cursor = { 0 };

	while (!is_done(d)) {
		struct kmeta_record record;
		struct kmeta_finding finding;
		const enum kmeta_status status =
			kmeta_batch_next(place->batch, &cursor, &record, &finding);

		if (status == KMETA_END)
			break;
		if (status == KMETA_OK) {
			place->records++;
			dump_record(d, place, &record);
		} else if (!meet_record(d, place, &record, &finding)) {
			return false;
		}
	}
	return true;
}

static bool keep_cursor(struct dump *d, size_t count, struct kmeta_cursor cursor)
{
	if (count == d->cursors_capacity) {
		const size_t capacity = count ? count * 2 : 256;
		struct kmeta_cursor *at = realloc(d->cursors, capacity * sizeof(*at));

		if (!at)
			return false;
		d->cursors = at;
		d->cursors_capacity = capacity;
	}
	d->cursors[count] = cursor;
	return true;
}

/* Where each record of a batch begins is found first, so that they can be taken from the last. */
static bool dump_backwards(struct dump *d, struct place *place)
{
	struct kmeta_cursor cursor = { 0 }, here;
	struct kmeta_record record;
	struct kmeta_finding finding;
	enum kmeta_status status = KMETA_OK;
	bool sound = true;
	size_t count = 0;

	while (sound && status != KMETA_END) {
		here = cursor;
		status = kmeta_batch_next(place->batch, &cursor, &record, &finding);
		if (status == KMETA_DAMAGED)
			sound = meet_record(d, place, &record, &finding);
		place->records += status == KMETA_OK;
		if (status == KMETA_OK && !keep_cursor(d, count++, here)) {
			d->out.buffer.failed = true;
			return false;
		}
	}
	while (count-- > 0 && !is_done(d))
		if (kmeta_batch_next(place->batch, &d->cursors[count], &record, &finding) ==
		    KMETA_OK)
			dump_record(d, place, &record);
	return sound;
}

/* ---- batches ---- */

static bool sees_all(const struct dump *d)
{
	struct kmeta_source_options window = { 0 };

	kmeta_filter_window(d->filter, &window);
	return !window.offsets && !window.times && !window.epochs && !d->reverse;
}

/* Offsets that do not follow each other are worth a word, but every record can be read. */
static void check_order(struct dump *d, const struct kmeta_batch *batch)
{
	const int64_t expected = d->next_offset;

	d->next_offset = batch->last_offset < INT64_MAX ? batch->last_offset + 1 : -1;
	if (expected < 0 || batch->base_offset == expected || !sees_all(d))
		return;
	progress_hide(&d->progress);
	if (batch->skipped && batch->base_offset > expected)
		common_note(
			&d->common,
			"%s: byte %lld (offset %lld): goes on here, behind %lld damaged bytes with "
			"the offsets %lld to %lld",
			batch->file, (long long)batch->position, (long long)batch->base_offset,
			(long long)batch->skipped, (long long)expected,
			(long long)batch->base_offset - 1);
	else if (d->format != FORMAT_KAFKA)
		common_note(&d->common, "%s: byte %lld (offset %lld): follows offset %lld",
		            batch->file, (long long)batch->position, (long long)batch->base_offset,
		            (long long)expected - 1);
}

/* False: damage was met, and no --salvage asked for. */
static bool dump_batch(struct dump *d, const struct kmeta_batch *batch,
                       const struct kmeta_finding *damage)
{
	struct place place = { .batch = batch, .damage = damage };
	bool sound;

	if (!damage)
		check_order(d, batch);
	if (kmeta_filter_is_empty(d->filter))
		announce(d, &place);
	sound = d->reverse ? dump_backwards(d, &place) : dump_forwards(d, &place);
	if (damage && place.records < batch->count && !is_done(d))
		common_note(&d->common,
		            "%s: byte %lld: %d of the batch's %d records can be told apart",
		            batch->file, (long long)batch->position, place.records, batch->count);
	return sound;
}

/* A filter by names needs all that topics were called; where names are only shown, what takes long
 * is left. */
static void learn_names(struct dump *d, int64_t first_offset)
{
	const struct names names = { .topics = d->topics,
		                     .dialect = &d->dialect,
		                     .backwards = d->reverse,
		                     .limit = kmeta_filter_needs_topics(d->filter) ? INT64_MAX
		                                                                   : LEARN_FOR_SHOW,
		                     .progress = &d->progress,
		                     .common = &d->common };

	if (d->topics && first_offset > 0 && strcmp(d->address, "-") != 0)
		names_learn(&names, d->address, first_offset);
}

/* ---- addresses ---- */

static void file_opened(void *context, const char *file)
{
	struct dump *d = context;

	if (d->format == FORMAT_KAFKA)
		kmeta_kafka_file(&d->out.buffer, file);
}

/* What kafka-dump-log says of a cut end, on standard output. */
static void print_kafka_tail(struct dump *d, const struct kmeta_finding *finding)
{
	if (d->format == FORMAT_KAFKA && finding->code == KMETA_TRUNCATED)
		kmeta_kafka_tail(&d->out.buffer, finding->file, finding->size);
}

/* Damage between batches or to a whole one; false: stop here. */
static bool meet_damage(struct dump *d, const struct kmeta_batch *batch,
                        const struct kmeta_finding *finding)
{
	const bool serious = kmeta_code_severity(finding->code) == KMETA_ERROR;

	print_fold(d);
	print_kafka_tail(d, finding);
	output_flush(&d->out, &d->common);
	report(d, finding);
	if (!serious)
		return true;
	if (!d->salvage) {
		hint(d);
		return d->follow;
	}
	if (batch->size)
		dump_batch(d, batch, finding);
	return true;
}

/* More may come; false: not before the end of time. */
static bool wait_for_more(struct dump *d, struct kmeta_source *source)
{
	struct kmeta_finding finding;
	enum kmeta_status status = KMETA_END;

	print_fold(d);
	while (status == KMETA_END && output_flush(&d->out, &d->common))
		status = kmeta_source_wait(source, WAIT_MILLISECONDS, &finding);
	if (status == KMETA_DAMAGED || status == KMETA_FAILED)
		report(d, &finding);
	d->next_offset = status == KMETA_DAMAGED ? -1 : d->next_offset;
	return status == KMETA_OK || status == KMETA_DAMAGED;
}

static void dump_source(struct dump *d, struct kmeta_source *source)
{
	bool first = true, going = true;

	while (going && !is_done(d)) {
		struct kmeta_batch batch;
		struct kmeta_finding finding;
		const enum kmeta_status status = kmeta_source_next(source, &batch, &finding);

		if (status == KMETA_OK && first)
			learn_names(d, d->reverse && batch.last_offset < INT64_MAX
			                       ? batch.last_offset + 1
			                       : batch.base_offset);
		first = first && status != KMETA_OK;
		if (status == KMETA_OK)
			going = dump_batch(d, &batch, NULL) || d->follow;
		else if (status == KMETA_DAMAGED)
			going = meet_damage(d, &batch, &finding);
		else if (status == KMETA_END)
			going = d->follow && wait_for_more(d, source);
		else
			going = false;
		if (status == KMETA_FAILED)
			report(d, &finding);
		progress_step(&d->progress, &d->common, source);
	}
}

static bool needs_topics(const struct dump *d)
{
	return d->format == FORMAT_TEXT || kmeta_filter_needs_topics(d->filter);
}

static void dump_address(struct dump *d, const char *address)
{
	struct kmeta_source_options window = {
		.reverse = d->reverse, .follow = d->follow, .opened = file_opened, .context = d
	};
	struct kmeta_source *source = NULL;
	struct kmeta_finding finding;

	d->address = address;
	d->next_offset = -1;
	d->text = (struct kmeta_text){ 0 };
	if (!kmeta_dialect_init(&d->dialect, d->common.dialect))
		return;
	d->topics = needs_topics(d) ? kmeta_topics_new() : NULL;
	/* Standard input cannot be read for topics first, and for records then. */
	if (strcmp(address, "-") != 0 || !kmeta_filter_needs_topics(d->filter))
		kmeta_filter_window(d->filter, &window);
	if (kmeta_source_open(&source, address, &window, &finding) != KMETA_OK)
		report(d, &finding);
	else
		dump_source(d, source);
	print_fold(d);
	output_flush(&d->out, &d->common);
	kmeta_source_close(source);
	kmeta_topics_free(d->topics);
	d->topics = NULL;
}

/* ---- the command line ---- */

static int64_t parse_limit(const struct common *c, const char *text)
{
	char *end;
	const long long limit = strtoll(text, &end, 10);

	if (end == text || *end || limit < 0)
		common_usage(c, "--limit takes a number of records, not '%s'", text);
	return limit;
}

/* The filter's terms are called as the options are. */
static void add_filter(struct dump *d, int id, const char *value)
{
	struct kmeta_finding finding;

	for (size_t i = 0; i < command.options_count; i++)
		if (options[i].id == id && kmeta_filter_add(d->filter, options[i].name, value,
		                                            d->now, &finding) != KMETA_OK)
			common_usage(&d->common, "%s%s",
			             finding.code == KMETA_BAD_ARGUMENT ? "--" : "",
			             finding.message);
}

static void take_option(struct dump *d, int id)
{
	switch (id) {
	case 'o':
		d->format = (enum format)common_word(&d->common, "output", optarg, formats, 3);
		break;
	case 'n':
		d->limit = parse_limit(&d->common, optarg);
		break;
	case 'f':
		d->follow = true;
		break;
	case OPTION_BATCH:
		d->common.flags |= KMETA_SHOW_BATCH;
		break;
	case OPTION_REVERSE:
		d->reverse = true;
		break;
	case OPTION_SALVAGE:
		d->salvage = true;
		break;
	case OPTION_FOLD:
		d->fold_noops = true;
		break;
	default:
		d->terms[d->terms_count].id = id;
		d->terms[d->terms_count++].value = optarg;
	}
}

static void check_options(struct dump *d, int addresses)
{
	if (!addresses)
		common_usage(&d->common, "name a segment, a checkpoint, a directory, or - for "
		                         "standard input");
	if (d->follow && d->reverse)
		common_usage(&d->common, "--follow and --reverse do not go together");
	if (d->follow && addresses > 1)
		common_usage(&d->common, "--follow takes one address");
}

int main(int argc, char **argv)
{
	struct dump d = { .common = { .command = &command }, .limit = -1, .now = common_now() };
	int id;

	/* A closed pipe is an end of output like another, to be met where it is written. */
	signal(SIGPIPE, SIG_IGN);
	d.filter = kmeta_filter_new();
	d.terms = calloc((size_t)argc + 1, sizeof(*d.terms));
	if (!d.filter || !d.terms)
		common_usage(&d.common, "out of memory");
	while ((id = common_next_option(&d.common, argc, argv)) != -1)
		take_option(&d, id);
	/* Times are read once it is known whether they are in UTC. */
	for (size_t i = 0; i < d.terms_count; i++)
		add_filter(&d, d.terms[i].id, d.terms[i].value);
	check_options(&d, argc - optind);
	progress_begin(&d.progress, &d.common);
	for (int i = optind; i < argc && !is_done(&d); i++)
		dump_address(&d, argv[i]);
	progress_hide(&d.progress);
	if (d.folded && d.format != FORMAT_TEXT)
		common_note(&d.common, "%lld no-op records folded", (long long)d.folded);
	kmeta_filter_free(d.filter);
	kmeta_fields_release(&d.fields);
	kmeta_buffer_release(&d.out.buffer);
	free(d.cursors);
	free(d.terms);
	return d.out.failed ? EXIT_TROUBLE : d.status;
}
