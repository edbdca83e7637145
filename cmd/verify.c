/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c: kmeta-verify checks whether a log is whole, and whether nodes agree. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"

enum format { FORMAT_TEXT, FORMAT_JSON };

enum {
	OPTION_ONLY = OPTION_OWN,
	OPTION_SKIP,
	OPTION_CHECKSUM_ONLY,
	OPTION_FAIL_ON,
	OPTION_MAX_FINDINGS
};

static const struct command_option options[] = {
	{ 'o', "output", "FORMAT", "text (default), json (a line a finding, and a summary)" },
	{ OPTION_ONLY, "only", "CLASS,...", "only these checks, of the classes below" },
	{ OPTION_SKIP, "skip", "CLASS,...", "all but these checks" },
	{ OPTION_CHECKSUM_ONLY, "checksum-only", NULL,
	  "the fast pass: each batch's checksum alone" },
	{ OPTION_FAIL_ON, "fail-on", "SEVERITY",
	  "end with 1 from error (default), warning or note on" },
	{ OPTION_MAX_FINDINGS, "max-findings", "N",
	  "tell of at most so many in each file; default 10000" },
	{ 'j', "jobs", "N", "check so many files side by side; replay is one after another" },
	COMMON_OPTIONS,
};

static const struct command command = {
	.name = "kmeta-verify",
	.synopsis = "[options] ADDRESS...",
	.about =
		"Checks segments (.log), checkpoints, metadata directories and log directories; several\n"
		"directories also against each other, as the nodes of one quorum.",
	.notes = "Classes: bytes records order checkpoint directory meaning replay-match nodes.\n"
		 "Exit status: 0 clean; 1 errors were found; 2 could not be checked.\n",
	.options = options,
	.options_count = sizeof(options) / sizeof(options[0]),
};

static const char *const severities[] = { "note", "warning", "error" };

struct verify {
	struct common common;
	enum format format;
	enum kmeta_severity fail_on;
	struct kmeta_verify_options library;
	struct output out;
	struct progress progress;
	char *grouped; /* the file that findings are being told of */
};

/* ---- findings ---- */

static void put_color(struct verify *v, const char *code)
{
	if (v->common.flags & KMETA_SHOW_COLOR)
		kmeta_buffer_add(&v->out.buffer, code, strlen(code));
}

static void put(struct verify *v, const char *text)
{
	kmeta_buffer_add(&v->out.buffer, text, strlen(text));
}

/* The file stands above its findings, once. */
static void put_file(struct verify *v, const char *file)
{
	if (!file || (v->grouped && !strcmp(v->grouped, file)))
		return;
	free(v->grouped);
	v->grouped = strdup(file);
	put_color(v, "\x1b[1m");
	kmeta_buffer_format(&v->out.buffer, "%s\n", file);
	put_color(v, "\x1b[0m");
}

static void put_text(struct verify *v, const struct kmeta_finding *finding)
{
	static const char *const colors[] = { "\x1b[2m", "\x1b[33m", "\x1b[31m" };
	const enum kmeta_severity severity = kmeta_code_severity(finding->code);
	struct kmeta_buffer *out = &v->out.buffer;

	put_file(v, finding->file);
	put_color(v, colors[severity]);
	kmeta_buffer_format(out, "  %-7s  %-18s  ", severities[severity],
	                    kmeta_code_name(finding->code));
	put_color(v, "\x1b[0m");
	if (finding->position >= 0)
		kmeta_buffer_format(out, "byte %lld", (long long)finding->position);
	if (finding->offset >= 0)
		kmeta_buffer_format(out, "%s(offset %lld)", finding->position >= 0 ? " " : "",
		                    (long long)finding->offset);
	kmeta_buffer_format(out, "%s%s\n",
	                    finding->position >= 0 || finding->offset >= 0 ? ": " : "",
	                    finding->message);
}

/* What is trouble, and not only a finding. */
static bool is_unreadable(enum kmeta_code code)
{
	return code == KMETA_CANNOT_READ || code == KMETA_NOT_A_LOG ||
	       code == KMETA_OUT_OF_MEMORY || code == KMETA_BAD_ARGUMENT;
}

static bool report(void *context, const struct kmeta_finding *finding)
{
	struct verify *v = context;
	const enum kmeta_severity severity = kmeta_code_severity(finding->code);

	progress_hide(&v->progress);
	if (is_unreadable(finding->code))
		common_report(&v->common, NULL, finding);
	if (v->common.quiet && severity != KMETA_ERROR)
		return true;
	if (v->format == FORMAT_JSON)
		kmeta_json_finding(&v->out.buffer, finding);
	else
		put_text(v, finding);
	return output_drain(&v->out, &v->common);
}

/* ---- the verdict ---- */

static void put_summary_json(struct verify *v, const struct kmeta_verify_totals *t)
{
	kmeta_buffer_format(
		&v->out.buffer,
		"{\"summary\":{\"files\":%lld,\"batches\":%lld,\"records\":%lld,\"bytes\":%lld,"
		"\"lostBytes\":%lld,\"errors\":%lld,\"warnings\":%lld,\"notes\":%lld",
		(long long)t->files, (long long)t->batches, (long long)t->records,
		(long long)t->bytes, (long long)t->lost_bytes, (long long)t->errors,
		(long long)t->warnings, (long long)t->notes);
	if (t->unreadable)
		kmeta_buffer_format(&v->out.buffer, ",\"unreadable\":%lld",
		                    (long long)t->unreadable);
	if (t->first_lost >= 0)
		kmeta_buffer_format(&v->out.buffer, ",\"firstLostOffset\":%lld",
		                    (long long)t->first_lost);
	if (t->last_lost >= 0)
		kmeta_buffer_format(&v->out.buffer, ",\"lastLostOffset\":%lld",
		                    (long long)t->last_lost);
	if (t->first_offset >= 0)
		kmeta_buffer_format(
			&v->out.buffer,
			",\"firstOffset\":%lld,\"lastOffset\":%lld,\"firstEpoch\":%d,"
			"\"lastEpoch\":%d,\"firstTimestamp\":%lld,\"lastTimestamp\":%lld",
			(long long)t->first_offset, (long long)t->last_offset, t->first_epoch,
			t->last_epoch, (long long)t->first_time, (long long)t->last_time);
	put(v, "}}\n");
}

/* What could not be read is not said to be damaged. */
static const char *verdict(const struct kmeta_verify_totals *t)
{
	if (t->errors > t->unreadable)
		return "damaged: ";
	if (t->unreadable)
		return "not checked: ";
	return t->warnings ? "whole: " : "clean: ";
}

static void put_contents(struct verify *v, const struct kmeta_verify_totals *t)
{
	output_count(&v->out.buffer, t->files, "file", "files");
	put(v, ", ");
	output_count(&v->out.buffer, t->bytes, "byte", "bytes");
	put(v, ", ");
	output_count(&v->out.buffer, t->batches, "batch", "batches");
	if (t->records) {
		put(v, ", ");
		output_count(&v->out.buffer, t->records, "record", "records");
	}
	if (t->first_offset >= 0)
		kmeta_buffer_format(&v->out.buffer, ", offsets %lld..%lld, epochs %d..%d",
		                    (long long)t->first_offset, (long long)t->last_offset,
		                    t->first_epoch, t->last_epoch);
	if (t->first_time >= 0) {
		put(v, ", ");
		kmeta_print_time(&v->out.buffer, t->first_time, v->common.flags);
		put(v, " to ");
		kmeta_print_time(&v->out.buffer, t->last_time, v->common.flags);
	}
}

static void put_loss(struct verify *v, const struct kmeta_verify_totals *t)
{
	struct kmeta_buffer *out = &v->out.buffer;
	const char *among = t->lost_places > 1 ? "among " : "";

	put(v, "; ");
	output_count(&v->out.buffer, t->lost_bytes, "byte", "bytes");
	put(v, " lost");
	if (t->lost_places > 1)
		kmeta_buffer_format(out, " in %lld places", (long long)t->lost_places);
	if (t->first_lost < 0)
		return;
	if (t->first_lost == t->last_lost)
		kmeta_buffer_format(out, ", offset %lld", (long long)t->first_lost);
	else if (t->last_lost < 0)
		kmeta_buffer_format(out, ", %soffsets from %lld on", among,
		                    (long long)t->first_lost);
	else
		kmeta_buffer_format(out, ", %soffsets %lld..%lld", among, (long long)t->first_lost,
		                    (long long)t->last_lost);
}

static void put_summary_text(struct verify *v, const struct kmeta_verify_totals *t)
{
	put_color(v, t->errors ? "\x1b[1;31m" : "\x1b[1;32m");
	put(v, verdict(t));
	put_color(v, "\x1b[0m");
	output_count(&v->out.buffer, t->errors, "error", "errors");
	put(v, ", ");
	output_count(&v->out.buffer, t->warnings, "warning", "warnings");
	put(v, " in ");
	put_contents(v, t);
	if (t->unreadable)
		kmeta_buffer_format(&v->out.buffer, "; %lld could not be read",
		                    (long long)t->unreadable);
	if (t->lost_places)
		put_loss(v, t);
	put(v, "\n");
}

static void put_summary(struct verify *v, const struct kmeta_verify_totals *t)
{
	if (v->format == FORMAT_JSON)
		put_summary_json(v, t);
	else if (!v->common.quiet)
		put_summary_text(v, t);
}

/* ---- the command line ---- */

static unsigned parse_classes(const struct common *c, const char *option, const char *text)
{
	unsigned classes = 0;

	while (text) {
		const char *comma = strchr(text, ',');
		const size_t size = comma ? (size_t)(comma - text) : strlen(text);
		const unsigned class = kmeta_check_of(text, size);

		if (!class)
			common_usage(
				c,
				"--%s: '%.*s' is no class of checks: use bytes, records, order, "
				"checkpoint, directory, meaning, replay-match or nodes",
				option, (int)size, text);
		classes |= class;
		text = comma ? comma + 1 : NULL;
	}
	return classes;
}

static size_t parse_number(const struct common *c, const char *option, const char *text,
                           long long most)
{
	char *end;
	const long long number = strtoll(text, &end, 10);

	if (end == text || *end || number < 1 || number > most)
		common_usage(c, "--%s takes a number from 1 to %lld, not '%s'", option, most, text);
	return (size_t)number;
}

/* Where replay means nothing no checkpoint can be held against it. */
static void skip(struct verify *v, unsigned classes)
{
	if (classes & KMETA_CHECK_MEANING)
		classes |= KMETA_CHECK_REPLAY_MATCH;
	v->library.checks &= ~classes;
}

static void take_option(struct verify *v, int id)
{
	static const char *const formats[] = { "text", "json" };

	switch (id) {
	case 'o':
		v->format = (enum format)common_word(&v->common, "output", optarg, formats, 2);
		break;
	case OPTION_ONLY:
		v->library.checks = parse_classes(&v->common, "only", optarg);
		break;
	case OPTION_SKIP:
		skip(v, parse_classes(&v->common, "skip", optarg));
		break;
	case OPTION_CHECKSUM_ONLY:
		v->library.checksum_only = true;
		break;
	case OPTION_FAIL_ON:
		v->fail_on = (enum kmeta_severity)common_word(&v->common, "fail-on", optarg,
		                                              severities, 3);
		break;
	case OPTION_MAX_FINDINGS:
		v->library.findings_limit =
			parse_number(&v->common, "max-findings", optarg, 1000000);
		break;
	case 'j':
		v->library.jobs = (unsigned)parse_number(&v->common, "jobs", optarg, 64);
		break;
	default:
		break;
	}
}

static void show_progress(void *context, int64_t done, int64_t total)
{
	struct verify *v = context;

	progress_show(&v->progress, &v->common, done, total);
}

/* Findings that were not told, for there were too many, count too. */
static bool is_failed(const struct verify *v, const struct kmeta_verify_totals *t)
{
	return t->errors || (v->fail_on <= KMETA_WARNING && t->warnings) ||
	       (v->fail_on <= KMETA_NOTE && t->notes);
}

int main(int argc, char **argv)
{
	struct verify v = { .common = { .command = &command },
		            .fail_on = KMETA_ERROR,
		            .library = { .checks = KMETA_CHECK_ALL, .progress = show_progress } };
	struct kmeta_verify_totals totals;
	struct kmeta_finding why;
	enum kmeta_status status;
	int id;

	signal(SIGPIPE, SIG_IGN);
	v.library.context = &v;
	while ((id = common_next_option(&v.common, argc, argv)) != -1)
		take_option(&v, id);
	if (optind == argc)
		common_usage(&v.common, "name a segment, a checkpoint or a directory");
	if (v.library.checksum_only && v.library.checks != KMETA_CHECK_ALL)
		common_usage(&v.common, "--checksum-only chooses what is checked: neither --only "
		                        "nor --skip goes with it");
	if (!v.library.checks)
		common_usage(&v.common, "nothing is left to check");
	v.library.dialect = v.common.dialect;
	progress_begin(&v.progress, &v.common);
	if (!v.progress.wanted)
		v.library.progress = NULL;
	status = kmeta_verify((const char *const *)argv + optind, (size_t)(argc - optind),
	                      &v.library, report, &v, &totals, &why);
	progress_hide(&v.progress);
	put_summary(&v, &totals);
	output_flush(&v.out, &v.common);
	/* What could not be read was said when it was found. */
	if (status != KMETA_OK && !totals.unreadable)
		common_report(&v.common, NULL, &why);
	kmeta_buffer_release(&v.out.buffer);
	free(v.grouped);
	if (status != KMETA_OK || v.out.failed)
		return EXIT_TROUBLE;
	return is_failed(&v, &totals) ? EXIT_DIFFERENT : EXIT_CLEAN;
}
