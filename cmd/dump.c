/* SPDX-License-Identifier: Apache-2.0 */
/* dump.c: kmeta-dump prints the records of a metadata log. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dump/dump.h"

static const struct option_word dump_formats[] = { [DUMP_TEXT] = { "text",
	                                                           "for people, the default" },
	                                           [DUMP_JSON] = { "json", "a line a record" },
	                                           [DUMP_KAFKA] = { "kafka", "as kafka-dump-log" },
	                                           [DUMP_ARROW] = { "arrow", "an Arrow stream" },
	                                           { "", NULL } };

static const struct command_option dump_options[] = {
	{ .name = "type",
	  .argument = "TYPE,...",
	  .help = "only these record types: names, globs, numbers; or list",
	  .manual =
	          "Only records of these types. "
	          "*TYPE* is a name with or without _RECORD (`PARTITION_CHANGE`), "
	          "a pattern with `*`, `?` and `[]` (`'TOPIC*'`), or the number of a metadata record "
	          "(`5`). Upper and lower case are the same, and so are singular and plural. "
	          "A kind of entity that is no type's name means all types about it: `acl`, "
	          "`brokers`. "
	          "Control records have no numbers here: call them by name. See [RECORD TYPES].\n\n"
	          "`--type=list` prints all types with their numbers and what Kafka writes them for, "
	          "and needs no address.",
	  TO_LIST(struct dump, terms),
	  .vocabulary = words_types,
	  .value = "record type",
	  .is_list = true,
	  .any_case = true },
	{ .name = "not-type",
	  .argument = "TYPE,...",
	  .help = "all but these record types",
	  .manual = "All but records of these types.",
	  TO_LIST(struct dump, terms),
	  .vocabulary = words_types,
	  .value = "record type",
	  .is_list = true,
	  .any_case = true },
	{ .name = "offset",
	  .argument = "RANGE,...",
	  .help = "only these offsets: A, A..B, A.. or ..B, both ends included",
	  .manual = "Only records with these offsets.",
	  TO_LIST(struct dump, terms),
	  .value = "offsets (A..B)" },
	{ .name = "time",
	  .argument = "RANGE,...",
	  .help = "only these times: 2026-11-24T14:05[Z], 14:05, -10m, now",
	  .manual = "Only records with these times, by the controller's clock. See [Times].",
	  TO_LIST(struct dump, terms),
	  .value = "times (A..B, as in 2026-11-24T14:05Z, 14:05, -10m, now)" },
	{ .name = "epoch",
	  .argument = "RANGE,...",
	  .help = "only what leaders of these epochs wrote",
	  .manual = "Only what the active controllers of these epochs wrote.",
	  TO_LIST(struct dump, terms),
	  .value = "epochs (A..B)" },
	{ .name = "topic",
	  .argument = "TOPIC,...",
	  .help = "only what names these topics: names, globs, ids",
	  .manual =
	          "Only records that name one of these topics. "
	          "*TOPIC* is a name, a pattern (`'bulk-*'`), or an id of 22 characters.\n\n"
	          "Records of partitions hold a topic's id and not its name. "
	          "They match by the name that the id had at that point of the log. "
	          "So a name finds the partitions of every topic that ever had it, "
	          "even if one was deleted and another created; an id finds those of one topic. "
	          "Names come from the log's own records and from the newest checkpoint beside them; "
	          "see [LIMITS] for where that does not reach.\n\n"
	          "Configurations and ACLs hold a topic's name and no id. "
	          "They match by that name, as it is written: an ACL on the prefix `pay` does not match "
	          "`--topic=payments`. A record that means all topics matches every name.",
	  TO_LIST(struct dump, terms),
	  .value = "topic (name, glob or id)" },
	{ .name = "partition",
	  .argument = "RANGE,...",
	  .help = "only what names these partitions: numbers, ranges",
	  .manual =
	          "Only PARTITION and PARTITION_CHANGE records of partitions with these numbers, of "
	          "all topics unless `--topic` is given too.",
	  TO_LIST(struct dump, terms),
	  .value = "partitions (number or range)" },
	{ .name = "broker",
	  .argument = "RANGE,...",
	  .help = "only what names these brokers: numbers, ranges",
	  .manual =
	          "Only records that name one of these brokers: its registration and changes to that, "
	          "fencing and unfencing, its producer ids, its configuration, and partitions that have "
	          "it as leader, replica, in-sync replica, replica being added or removed, or eligible "
	          "leader replica, now or last known. A PARTITION_CHANGE record holds only what changed, "
	          "so it matches only if the broker is part of that.",
	  TO_LIST(struct dump, terms),
	  .value = "brokers (number or range)" },
	{ .name = "grep",
	  .argument = "TEXT",
	  .help = "only records whose line holds this text",
	  .manual =
	          "Only records whose line holds this text. It is no pattern, and case matters. "
	          "The line is the one that is printed: `text` has the names of topics, `json` their "
	          "ids, and neither has what is hidden. The line of a batch does not count.",
	  TO_LIST(struct dump, terms),
	  .value = "text" },
	{ .name = "control",
	  .help = "only control records",
	  .manual = "Only control records: leader changes, voters, headers and footers of "
	            "checkpoints.",
	  TO_LIST(struct dump, terms) },
	{ .letter = 'n',
	  .name = "limit",
	  .argument = "N",
	  .help = "at most so many records",
	  .manual = "At most *N* records, over all addresses. Folded records do not count.",
	  TO_NUMBER(struct dump, limit, 0, 0),
	  .value = "number of records" },
	{ .name = "reverse",
	  .group = GROUP_READING,
	  .help = "the newest record first",
	  .manual = "The newest record first.",
	  TO_FLAG(struct dump, reverse) },
	{ .letter = 'f',
	  .name = "follow",
	  .group = GROUP_READING,
	  .help = "wait for more, over segment rolls and truncation",
	  .manual = "Wait for more at the end; see [FOLLOW].",
	  TO_FLAG(struct dump, follow),
	  .excludes = "reverse" },
	{ .name = "salvage",
	  .group = GROUP_READING,
	  .help = "go on behind damage, at the next sound batch",
	  .manual = "Go on behind damage, at the next sound batch; see [DAMAGE AND FINDINGS].",
	  TO_FLAG(struct dump, salvage) },
	{ .letter = 'j',
	  .name = "jobs",
	  .argument = "N",
	  .group = GROUP_READING,
	  .help = "print so many batches side by side; by default as many as processors",
	  .manual =
	          "Print so many batches side by side, up to 64; by default as many as there are "
	          "processors. The output is the same, and a log below a mebibyte is printed by one "
	          "thread. `--reverse` and `--fold` print one batch after the other.",
	  TO_NUMBER(struct dump, jobs, 1, JOBS_LIMIT),
	  .value = "number of jobs" },
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format",
	  .manual = "The format: {words}. See [OUTPUT FORMATS].",
	  TO_WORD(struct dump, format),
	  .words = dump_formats,
	  .value = "format" },
	{ .name = "batch",
	  .group = GROUP_OUTPUT,
	  .help = "with the fields of each record's batch",
	  .manual = "With the fields of each record's batch. In `kafka` they are always there.",
	  TO_BITS(struct dump, common.flags, KMETA_SHOW_BATCH) },
	{ .name = "fold",
	  .group = GROUP_OUTPUT,
	  .help = "hide no-op records, and say how many",
	  .manual =
	          "Do not print the no-op records that an idle controller writes about twice a "
	          "second. In `text` one line stands for those between two other lines and says how "
	          "many they were; otherwise standard error gives their number at the end.",
	  TO_FLAG(struct dump, fold_noops) },
};

static const struct option_text dump_texts[] = {
	{ "dialect", NULL, "Read by this Kafka release's layouts; see [DIALECTS]." },
	{ "show-secrets", NULL,
	  "Print credentials and the values of sensitive configurations; see [SECRETS]." },
	{ "quiet", NULL, "Say nothing on standard error but errors: no warnings, no notes." },
	{ NULL, NULL, NULL }
};

static const struct command_operand dump_operands[] = {
	{ .title = "segment, checkpoint or directory", .many = true }, { .title = NULL }
};

/* Looks for the ends of the logs only if a time may refer to them. */
static struct kmeta_clock dump_clock(const struct dump *d)
{
	for (size_t i = 0; i < d->terms.count; i++)
		if (!strcmp(d->terms.at[i].option->name, "time"))
			return common_clock(d->common.operands, d->common.operands_count);
	return (struct kmeta_clock){ 0 };
}

static void add_term(const struct dump *d, const struct option_value *term,
                     struct kmeta_clock clock)
{
	/* The filter's terms have the names of the options. */
	const char *name = term->option->name;
	struct kmeta_finding why;

	if (kmeta_filter_add(d->filter, name, term->value, clock, &why) == KMETA_OK)
		return;
	if (!strcmp(name, "type") || !strcmp(name, "not-type"))
		dump_refuse_type(d, term);
	common_usage(&d->common, "%s%s", why.code == KMETA_BAD_ARGUMENT ? "--" : "", why.message);
}

/* Adds the filter's terms only now: --utc, wherever it stands, changes how times are read. */
static void dump_check(struct common *c)
{
	struct dump *d = (struct dump *)c;
	struct kmeta_clock clock;

	for (size_t i = 0; i < d->terms.count; i++)
		d->lists_types |= !strcmp(d->terms.at[i].option->name, "type") &&
		                  !strcasecmp(d->terms.at[i].value, "list");
	if (d->lists_types)
		return;
	if (!c->operands_count)
		common_usage(c, "%s", c->command->missing);
	if (d->follow && c->operands_count > 1)
		common_usage(c, "--follow takes one address");
	d->filter = kmeta_filter_new();
	d->text = kmeta_text_new();
	d->jobs = common_jobs(d->jobs);
	d->printer = kmeta_printer_new(d->format == DUMP_ARROW ? KMETA_LINE_JSON
	                                                       : (enum kmeta_line_format)d->format,
	                               c->flags);
	if (!d->filter || !d->text || !d->printer)
		common_usage(c, "out of memory");
	clock = dump_clock(d);
	for (size_t i = 0; i < d->terms.count; i++)
		add_term(d, &d->terms.at[i], clock);
	if (!dump_find_matcher(d))
		common_usage(c, "out of memory");
	if (d->format == DUMP_ARROW)
		dump_begin_arrow(d);
}

static enum kmeta_status dump_run(struct common *c, struct kmeta_finding *why)
{
	struct dump *d = (struct dump *)c;

	if (d->lists_types) {
		dump_list_types(d);
		return KMETA_OK;
	}
	(void)why; /* dump_address() reports the faults of its address itself */
	for (size_t i = 0; i < c->operands_count && !dump_is_done(d); i++)
		dump_address(d, c->operands[i]);
	if (d->arrow) {
		kmeta_arrow_end(d->arrow, &c->out.buffer);
		output_flush(&c->out);
	}
	if (d->folded && d->format != DUMP_TEXT)
		common_note(c, "%lld no-op records folded", (long long)d->folded);
	dump_say_nothing(d);
	return KMETA_OK;
}

static const struct command dump_command = {
	.name = "kmeta-dump",
	.synopsis = "[options] ADDRESS...",
	.about =
		"Prints the records of a KRaft metadata log. ADDRESS is a segment (.log), a "
		"checkpoint, a metadata directory, a log directory that holds one, or - for standard "
		"input.",
	.notes =
		"Exit status: 0 all was read; 1 no record matches; 2 something could not be read, as "
		"standard error says.",
	.own_group = "Which records",
	.options = dump_options,
	.options_count = sizeof(dump_options) / sizeof(dump_options[0]),
	.texts = dump_texts,
	.operands = dump_operands,
	.missing = "name a segment, a checkpoint, a directory, or - for standard input",
	.check = dump_check,
	.run = dump_run,
};

int main(int argc, char **argv)
{
	struct dump d = { .common.command = &dump_command, .limit = -1 };
	const int status = common_main(&d.common, argc, argv);

	kmeta_matcher_free(d.matcher);
	kmeta_filter_free(d.filter);
	kmeta_text_free(d.text);
	kmeta_printer_free(d.printer);
	kmeta_arrow_free(d.arrow);
	kmeta_buffer_release(&d.search);
	kmeta_fields_release(&d.fields);
	free(d.cursors);
	free(d.terms.at);
	return status;
}
