/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c: kmeta-verify checks whether a log is whole, and whether nodes agree. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/verify.h"

enum { FINDINGS_LIMIT = 1000000 };

static const struct option_word verify_formats[] = {
	[VERIFY_TEXT] = { "text", "for people, the default" },
	[VERIFY_JSON] = { "json", "a line a finding, and a summary" },
	[VERIFY_PROMETHEUS] = { "prometheus", "metrics for node_exporter" },
	{ "", NULL }
};

const struct option_word verify_severities[] = {
	[KMETA_NOTE] = { "note", "any finding" },
	[KMETA_WARNING] = { "warning", "warnings and errors, the default" },
	[KMETA_ERROR] = { "error", "errors" },
	{ "", NULL }
};

/* Without replay there is no state to compare checkpoints with, nor to judge. */
static void verify_skip(struct common *c, const struct command_option *option, const char *value)
{
	struct verify *v = (struct verify *)c;
	unsigned classes = option_set(c, option, value);

	if (classes & KMETA_CHECK_MEANING)
		classes |= KMETA_CHECK_REPLAY_MATCH | KMETA_CHECK_START;
	v->library.checks &= ~classes;
}

static struct option_word start_releases(size_t number)
{
	const char *name = kmeta_start_release(number);
	struct option_word word = { .about = NULL };

	snprintf(word.word, sizeof(word.word), "%s", name ? name : "");
	return word;
}

/* "4.3", or "4.3.1" of it. */
static void take_release(struct common *c, const struct command_option *option, const char *value)
{
	struct verify *v = (struct verify *)c;
	struct option_word word;

	v->library.release = NULL;
	for (size_t i = 0; *(word = start_releases(i)).word; i++) {
		const size_t size = strlen(word.word);

		if (!strncmp(word.word, value, size) && (!value[size] || value[size] == '.'))
			v->library.release = value;
	}
	if (!v->library.release)
		common_usage(c, "--%s: no release '%s' is known that could start", option->name,
		             value);
}

static void take_static_voters(struct common *c, const struct command_option *option,
                               const char *value)
{
	struct verify *v = (struct verify *)c;

	v->voters.size = 0;
	for (const char *at = value; at;) {
		char *end;
		const long number = strtol(at, &end, 10);
		const int32_t id = (int32_t)number;

		if (end == at || (*end && *end != ',') || *at < '0' || *at > '9' ||
		    number > INT32_MAX)
			common_usage(c, "--%s takes ids as 1,2,3, not '%s'", option->name, value);
		kmeta_buffer_add(&v->voters, &id, sizeof(id));
		at = *end ? end + 1 : NULL;
	}
	if (v->voters.failed)
		common_usage(c, "out of memory");
}

static const struct command_option verify_options[] = {
	{ .name = "only",
	  .argument = "CLASS,...",
	  .help = "only these classes of checks",
	  .manual = "Make only these checks: {words}. If given again, the last counts. "
	            "See [CHECKS].",
	  TO_SET(struct verify, library.checks),
	  .vocabulary = words_checks,
	  .value = "class of checks" },
	{ .name = "skip",
	  .argument = "CLASS,...",
	  .help = "all but these checks",
	  .manual =
	          "Make all but these checks. Without `meaning` there is neither `replay-match` nor `start`.",
	  TO_FUNCTION(verify_skip),
	  .vocabulary = words_checks,
	  .value = "class of checks",
	  .is_list = true },
	{ .name = "checksum-only",
	  .help = "the fast pass: each batch's checksum alone",
	  .manual =
	          "The fast pass: look at each batch's length, magic byte, checksum and attributes, "
	          "decompress it, and leave its records alone. "
	          "It goes about as fast as the files can be read. "
	          "Of the other classes two things remain: each segment has to begin where the one "
	          "before it ends, and `nodes`. `--only` and `--skip` do not go with it.",
	  TO_FLAG(struct verify, library.checksum_only),
	  .excludes = "only skip" },
	{ .letter = 'j',
	  .name = "jobs",
	  .argument = "N",
	  .group = GROUP_READING,
	  .help = "check so many files side by side; replay is one after another",
	  .manual =
	          "Check so many files of a directory side by side, up to 64; "
	          "by default as many as there are processors. The output is the same. "
	          "Where records are replayed the segments are one job, as each builds on the one "
	          "before, but with two jobs or more what comes next is read and decoded while records "
	          "are replayed. Most is gained with `--skip=meaning` and with `--checksum-only`.",
	  TO_NUMBER(struct verify, library.jobs, 1, JOBS_LIMIT),
	  .value = "number of jobs" },
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format",
	  .manual = "The format: {words}. See [OUTPUT FORMATS].",
	  TO_WORD(struct verify, format),
	  .words = verify_formats,
	  .value = "format" },
	{ .name = "explain",
	  .argument = "CODE",
	  .help = "say what a finding means and what to do, and check nothing",
	  .manual = "Say of the finding with this name what it means, what Kafka does about it and "
	            "what to do now, and check nothing; of all findings with `all`.",
	  TO_FUNCTION(verify_take_code),
	  .vocabulary = verify_codes,
	  .value = "finding" },
	{ .name = "release",
	  .argument = "RELEASE",
	  .help = "judge whether this release of Kafka starts",
	  .manual =
	          "Judge for this release of Kafka, as `4.3`, whether it starts on a directory. Without it, an "
	          "error is only what no known release starts on. See [START].",
	  TO_FUNCTION(take_release),
	  .vocabulary = start_releases,
	  .value = "release" },
	{ .name = "static-voters",
	  .argument = "ID,...",
	  .help = "the voters that the servers are configured with",
	  .manual =
	          "Judge for servers that have these ids of voters in `controller.quorum.voters`.",
	  TO_FUNCTION(take_static_voters),
	  .value = "ids of voters" },
	{ .name = "fail-on",
	  .argument = "SEVERITY",
	  .group = GROUP_OUTPUT,
	  .help = "end with 1 from this severity on",
	  .manual = "End with exit status 1 from this severity on: {words}.",
	  TO_WORD(struct verify, fail_on),
	  .words = verify_severities,
	  .value = "severity" },
	{ .name = "max-findings",
	  .argument = "N",
	  .group = GROUP_OUTPUT,
	  .help = "print at most so many of each file; default 10000",
	  .manual =
	          "Print at most so many findings of each file, 10000 by default. "
	          "The others are counted, and the exit status knows of them; with `text`, standard "
	          "error says how many they are.",
	  TO_NUMBER(struct verify, library.findings_limit, 1, FINDINGS_LIMIT),
	  .value = "number of findings" },
};

static const struct option_text verify_texts[] = {
	{ "utc", NULL, "Print times in UTC and not in local time." },
	{ "show-secrets", NULL,
	  "Accepted as by every command, but no finding ever shows a secret." },
	{ "quiet", NULL,
	  "Print only what sets the exit status, and in `text` no summary: nothing at all if nothing is wrong." },
	{ NULL, NULL, NULL }
};

static const struct command_operand verify_operands[] = {
	{ .title = "segment, checkpoint or directory", .many = true }, { .title = NULL }
};

static void verify_check(struct common *c)
{
	struct verify *v = (struct verify *)c;

	v->library.jobs = common_jobs(v->library.jobs);
	if (!v->library.checks)
		common_usage(c, "nothing is left to check");
	if (!v->explains && !c->operands_count)
		common_usage(c, "name a segment, a checkpoint or a directory");
	if (v->explains && c->operands_count)
		common_usage(c, "--explain checks nothing, but '%s' is given", c->operands[0]);
}

/* Any thread of the library calls this, one at a time. */
static void verify_progress(void *context, int64_t done, int64_t total)
{
	common_progress(context, done, total);
}

/* Findings beyond --max-findings count as well. */
bool verify_is_failed(const struct verify *v, const struct kmeta_verify_totals *t)
{
	return t->errors || (v->fail_on <= KMETA_WARNING && t->warnings) ||
	       (v->fail_on <= KMETA_NOTE && t->notes);
}

/* What the checks of every address have in common. */
static void set_library(struct verify *v)
{
	v->library.size = sizeof(v->library);
	v->library.dialect = v->common.dialect;
	v->library.static_voters = (const int32_t *)(const void *)v->voters.at;
	v->library.static_voters_count = v->voters.size / sizeof(int32_t);
	v->library.context = &v->common;
	v->library.progress = v->common.progress.wanted ? verify_progress : NULL;
}

static enum kmeta_status verify_addresses(struct common *c, struct kmeta_finding *why)
{
	struct verify *v = (struct verify *)c;
	struct kmeta_verify_totals totals = { 0 };
	struct kmeta_point *points = calloc(c->operands_count, sizeof(*points));
	char **paths = calloc(c->operands_count, sizeof(*paths));
	enum kmeta_status status = KMETA_OK;

	if (!points || !paths)
		common_usage(c, "out of memory");
	for (size_t i = 0; i < c->operands_count && status == KMETA_OK; i++)
		status = common_address(c, c->operands[i], &paths[i], &points[i], why);
	v->library.points = points;
	if (status == KMETA_OK) {
		status = kmeta_verify((const char *const *)paths, c->operands_count, &v->library,
		                      verify_report, v, &totals, why);
		progress_hide(&c->progress);
		verify_print_summary(v, &totals);
		/* The summary of JSON has all findings, and its lines can be counted. */
		if (v->format == VERIFY_TEXT)
			common_note_more(c,
			                 totals.errors + totals.warnings + totals.notes - v->told);
		c->different = verify_is_failed(v, &totals);
		c->trouble = status != KMETA_OK;
	}
	/* The report names what could not be read. The finding borrows a path. */
	if (status != KMETA_OK && !totals.unreadable)
		common_report(c, why);
	for (size_t i = 0; i < c->operands_count; i++)
		free(paths[i]);
	free(paths);
	free(points);
	return KMETA_OK;
}

static enum kmeta_status verify_run(struct common *c, struct kmeta_finding *why)
{
	struct verify *v = (struct verify *)c;

	set_library(v);
	if (v->explains)
		verify_explain(v);
	else if (v->format == VERIFY_PROMETHEUS)
		verify_prometheus(v);
	else
		return verify_addresses(c, why);
	return KMETA_OK;
}

static const struct command verify_command = {
	.name = "kmeta-verify",
	.synopsis = "[options] ADDRESS...",
	.about = "Checks segments (.log), checkpoints, metadata directories and log directories; "
		 "several directories also against each other, as the nodes of one quorum.",
	.notes = "Exit status: 0 clean; 1 errors or warnings were found; 2 could not be checked.",
	.own_group = "Which checks",
	.options = verify_options,
	.options_count = sizeof(verify_options) / sizeof(verify_options[0]),
	.texts = verify_texts,
	.operands = verify_operands,
	.check = verify_check,
	.run = verify_run,
};

int main(int argc, char **argv)
{
	struct verify v = { .common.command = &verify_command,
		            .fail_on = KMETA_WARNING,
		            .library.checks = KMETA_CHECK_ALL };
	const int status = common_main(&v.common, argc, argv);

	free(v.grouped);
	kmeta_buffer_release(&v.voters);
	return status;
}
