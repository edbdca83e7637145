/* SPDX-License-Identifier: Apache-2.0 */
/* image.c: kmeta-image prints the state that a log makes, at any moment. */
#include "image/image.h"

static const struct option_word image_formats[] = {
	[IMAGE_TEXT] = { "text", "for people, the default" },
	[IMAGE_JSON] = { "json", "one document" },
	[IMAGE_RECORDS] = { "records", "JSON Lines, a line a record" },
	[IMAGE_HASH] = { "hash", "equal for equal states" },
	[IMAGE_ARROW] = { "arrow", "an Arrow stream of one kind" },
	{ "", NULL }
};

static const struct option_word image_severities[] = {
	[KMETA_NOTE] = { "note", "worth knowing" },
	[KMETA_WARNING] = { "warning", "unusual, or about to be a problem" },
	[KMETA_ERROR] = { "error", "something does not work" },
	{ "", NULL }
};

static void take_broker(struct common *c, const struct command_option *option, const char *value)
{
	struct image *i = (struct image *)c;

	i->query.on_broker = true;
	i->query.broker = (int32_t)option_number(c, option, value);
}

static void take_directory(struct common *c, const struct command_option *option, const char *value)
{
	struct image *i = (struct image *)c;

	i->query.on_directory = true;
	if (!kmeta_uuid_parse(value, i->query.directory))
		common_usage(c, "--%s takes an id of 22 characters, not '%s'", option->name, value);
}

static const struct command_option image_options[] = {
	{ .name = "kind",
	  .argument = "KIND,...",
	  .help = "only entities of these kinds",
	  .manual = "Only entities of these kinds: {words}. Topics are without their partitions.",
	  TO_SET(struct image, kinds),
	  .vocabulary = words_kinds,
	  .find = words_find_kind,
	  .value = "kind of entity" },
	{ .name = "leaderless",
	  .help = "only partitions without a leader",
	  .manual = "Only partitions without a leader.",
	  TO_FLAG(struct image, query.leaderless) },
	{ .name = "under-replicated",
	  .help = "only partitions with replicas out of sync",
	  .manual = "Only partitions with fewer in-sync replicas than replicas.",
	  TO_FLAG(struct image, query.under_replicated) },
	{ .name = "under-min-isr",
	  .help = "only partitions below min.insync.replicas",
	  .manual = "Only partitions with fewer in-sync replicas than `min.insync.replicas`. "
	            "That is the topic's setting, or that of `configs/broker/(default)`, or 1. "
	            "Settings in a broker's properties file, or in the configuration of a single "
	            "broker, do not count.",
	  TO_FLAG(struct image, query.under_min_isr) },
	{ .name = "reassigning",
	  .help = "only partitions that are being moved",
	  .manual = "Only partitions of which a replica is being added or removed.",
	  TO_FLAG(struct image, query.reassigning) },
	{ .name = "on-broker",
	  .argument = "N",
	  .help = "only partitions with a replica on this broker",
	  .manual = "Only partitions with a replica on this broker.",
	  TO_FUNCTION(take_broker),
	  .most = INT32_MAX,
	  .value = "number of a broker" },
	{ .name = "on-directory",
	  .argument = "ID",
	  .help = "only partitions with a replica in this log directory",
	  .manual = "Only partitions with a replica in the log directory with this id of 22 "
	            "characters, one of a broker's `logDirs`.",
	  TO_FUNCTION(take_directory),
	  .value = "id of a log directory" },
	{ .name = "problems",
	  .help = "what is wrong with the state, worst first",
	  .manual = "Print what is wrong with the state, worst first, instead of the state; see "
	            "[PROBLEMS]. In `text` and `json`.",
	  TO_FLAG(struct image, problems) },
	{ .name = "severity",
	  .argument = "SEVERITY",
	  .help = "only problems at least as bad; default note",
	  .manual =
	          "With --problems: only those that are at least as bad: {words}. By default all.",
	  TO_WORD(struct image, severity),
	  .words = image_severities,
	  .value = "severity" },
	{ .name = "from-log",
	  .group = GROUP_READING,
	  .help = "replay segments alone, whatever checkpoints there are",
	  .manual = "Replay segments alone. Only where they begin above offset 0, the oldest "
	            "checkpoint that is there or behind it tells the state.",
	  TO_FLAG(struct image, load.from_log) },
	{ .name = "partial",
	  .group = GROUP_READING,
	  .help = "take a log that begins late, and mark what is unknown",
	  .manual =
	          "Take a log that begins late without a checkpoint, such as one segment alone; see [PARTIAL LOGS].",
	  TO_FLAG(struct image, load.partial) },
	{ .name = "strict",
	  .group = GROUP_READING,
	  .help = "stop at the first record that Kafka's image throws on",
	  .manual =
	          "Stop at the first record that Kafka's own image throws on. With --problems: end "
	          "with status 1 if a problem is as bad as --severity says.",
	  TO_FLAG(struct image, strict) },
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format",
	  .manual = "The format: {words}. See [OUTPUT FORMATS].",
	  TO_WORD(struct image, format),
	  .words = image_formats,
	  .value = "format" },
	{ .letter = 'n',
	  .name = "limit",
	  .argument = "N",
	  .group = GROUP_OUTPUT,
	  .help = "at most so many lines of entities",
	  .manual =
	          "In `text`, `records` and `arrow`: print at most *N* entities; standard error says how many "
	          "more there are. With --problems: at most *N* of each kind, by default 20 in "
	          "`text` and all in `json`.",
	  TO_NUMBER(struct image, limit, 0, 0),
	  .value = "number of entities" },
	{ .name = "newest",
	  .group = GROUP_OUTPUT,
	  .help = "records in their newest versions, as the hash takes them",
	  .manual =
	          "In `text`, `records` and `arrow`: in the newest version of each record, whatever the "
	          "metadata.version is; see [WHERE KAFKA IS FOLLOWED].",
	  TO_BITS(struct image, walk_flags, KMETA_WALK_NEWEST) },
};

static const struct command_operand image_operands[] = {
	{ .title = "segment, checkpoint or directory" },
	{ .title = "path or pattern", .vocabulary = words_groups, .many = true },
	{ .title = NULL }
};

/* The hash is of a whole state, and in versions of its own. */
static void image_check(struct common *c)
{
	struct image *i = (struct image *)c;

	c->address = c->operands[0];
	image_take_words(i, c->operands + 1, c->operands_count - 1);
	if (i->format == IMAGE_HASH && (image_chooses_partitions(i) || i->words_count || i->kinds))
		common_usage(c, "--output=hash is of the whole state: it takes neither PATH-GLOBs "
		                "nor options that choose entities");
	if (i->problems &&
	    (image_chooses_partitions(i) || i->words_count || i->kinds || i->walk_flags))
		common_usage(c, "--problems is of the whole state: it takes neither PATH-GLOBs nor "
		                "options that choose entities or versions");
	if (i->problems && i->format != IMAGE_TEXT && i->format != IMAGE_JSON)
		common_usage(c, "--problems goes with --output=text and --output=json");
	if (!i->problems && i->severity != KMETA_NOTE)
		common_usage(c, "--severity goes with --problems");
	if (i->problems)
		return;
	if (i->format == IMAGE_JSON && i->walk_flags)
		common_usage(
			c, "--newest goes with --output=text, --output=records and --output=arrow");
	if ((i->format == IMAGE_JSON || i->format == IMAGE_HASH) && i->limit >= 0)
		common_usage(
			c, "--limit goes with --output=text, --output=records and --output=arrow");
	if (i->format == IMAGE_ARROW)
		image_begin_arrow(i);
}

/* Where the state is unknown, says so if some of it would be known. */
static void hint_at_partial(struct image *i, const struct kmeta_finding *why)
{
	struct kmeta_load_options quiet = i->load;
	struct kmeta_finding ignored; /* the caller says why there is no whole state */

	if (why->code != KMETA_MISSING_RECORDS || i->load.partial)
		return;
	quiet.partial = true;
	quiet.report = NULL;
	quiet.context = NULL;
	quiet.progress = NULL;
	if (common_load(&i->common, &i->state, i->common.address, &quiet, &ignored) == KMETA_OK)
		common_note(&i->common, "--partial shows what the records that are there say");
}

static enum kmeta_status load_and_print(struct image *i, struct kmeta_finding *why)
{
	struct common *c = &i->common;
	enum kmeta_status status;

	i->load.size = sizeof(i->load);
	i->load.nearest = true;
	i->load.since = i->problems;
	i->load.strict = i->strict && !i->problems;
	i->load.dialect = c->dialect;
	i->load.report = common_report;
	i->load.progress = common_progress;
	i->load.context = c;
	status = common_load(c, &i->state, c->address, &i->load, why);
	progress_hide(&c->progress);
	if (status != KMETA_OK)
		hint_at_partial(i, why);
	return status == KMETA_OK ? image_print(i, why) : status;
}

/* A table ends in its proper form, whatever happened. */
static enum kmeta_status image_run(struct common *c, struct kmeta_finding *why)
{
	struct image *i = (struct image *)c;
	const enum kmeta_status status = load_and_print(i, why);

	if (i->arrow)
		kmeta_arrow_end(i->arrow, &c->out.buffer);
	output_flush(&c->out);
	return status;
}

static const struct command image_command = {
	.name = "kmeta-image",
	.synopsis = "[options] ADDRESS[@POINT] [PATH-GLOB...]",
	.about = "Prints the state of a cluster at an end offset (@1500), at a time "
		 "(@2026-11-24T14:05:00Z, @-10m), at the @start or the @end (default) of what is "
		 "kept. A PATH-GLOB chooses entities: topics, 'topics/orders/*', brokers/11, "
		 "'configs/topic/*/retention.ms', quotas, acls, ...",
	.notes =
		"Exit status: 0 done; 1 something that was named is not there, or no partition is so; "
		"2 the state is unknown or in doubt, as standard "
		"error says.",
	.own_group = "Which entities",
	.options = image_options,
	.options_count = sizeof(image_options) / sizeof(image_options[0]),
	.operands = image_operands,
	.least = 1,
	.missing = "name a directory, a checkpoint or a segment",
	.check = image_check,
	.run = image_run,
};

int main(int argc, char **argv)
{
	struct image i = { .common.command = &image_command, .limit = -1 };
	const int status = common_main(&i.common, argc, argv);

	kmeta_image_free(i.state);
	kmeta_arrow_free(i.arrow);
	image_release_words(&i);
	kmeta_buffer_release(&i.path);
	kmeta_buffer_release(&i.next);
	return status;
}
