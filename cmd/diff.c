/* SPDX-License-Identifier: Apache-2.0 */
/* diff.c: kmeta-diff says what changed between two states, or where two logs part. */
#include "diff/diff.h"
#include "common/absent.h"

static const struct option_word diff_formats[] = { [DIFF_TEXT] = { "text",
	                                                           "for people, the default" },
	                                           [DIFF_JSON] = { "json", "a line a change" },
	                                           { "", NULL } };

static const struct command_option diff_options[] = {
	{ .name = "only",
	  .argument = "KIND,...",
	  .help = "only these kinds",
	  .manual = "Only these kinds: {words}. "
	            "A plural, the first word of a path (`topics`) and a record's name "
	            "(`TOPIC_RECORD`) are understood as well, in any case.",
	  TO_SET(struct diff, kinds),
	  .vocabulary = words_kinds,
	  .find = words_find_kind,
	  .value = "kind of entity" },
	{ .name = "ignore",
	  .argument = "FIELD,...",
	  .help = "pass over these fields, as brokerEpoch or directories",
	  .manual = "Pass over these fields of records, such as `brokerEpoch`, `partitionEpoch` or "
	            "`directories`. A difference in them alone is no change. "
	            "What was added or removed is printed all the same.",
	  TO_TEXT(struct diff, changes.ignored),
	  .value = "fields of records (brokerEpoch,directories)" },
	{ .name = "log",
	  .group = GROUP_READING,
	  .help = "compare two logs batch by batch instead",
	  .manual = "Compare the logs batch by batch and not the states; see [LOGS].",
	  TO_FLAG(struct diff, log) },
	{ .name = "from-log",
	  .group = GROUP_READING,
	  .help = "replay directories' segments alone, whatever checkpoints there are",
	  .manual = "Replay directories' segments alone. Only where they begin above offset 0, the "
	            "oldest checkpoint that is there or behind it tells the state.",
	  TO_FLAG(struct diff, load.from_log) },
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format",
	  .manual = "The format: {words}. See [OUTPUT].",
	  TO_WORD(struct diff, format),
	  .words = diff_formats,
	  .value = "format" },
	{ .letter = 'n',
	  .name = "limit",
	  .argument = "N",
	  .group = GROUP_OUTPUT,
	  .help = "at most so many changes",
	  .manual = "Print at most *N* changes; standard error says how many more there are. "
	            "The exit status knows of all, and so does `--stat`.",
	  TO_NUMBER(struct diff, limit, 0, 0),
	  .value = "number of changes" },
	{ .name = "stat",
	  .group = GROUP_OUTPUT,
	  .help = "only how many of each kind changed",
	  .manual = "Print only how many of each kind were added, removed and changed.",
	  TO_FLAG(struct diff, stat) },
};

static const struct option_text diff_texts[] = {
	{ "quiet", NULL,
	  "Print nothing, and say nothing on standard error but errors: the exit status tells. "
	  "`--stat` is printed all the same." },
	{ NULL, NULL, NULL }
};

static const struct command_operand diff_operands[] = {
	{ .title = "segment, checkpoint or directory" },
	{ .title = "segment, checkpoint or directory" },
	{ .title = NULL }
};

/* If only the exit status tells there is nothing to page. */
static void diff_check(struct common *c)
{
	const struct diff *d = (const struct diff *)c;

	c->no_pager |= c->quiet && !d->stat;
}

static enum kmeta_status diff_run(struct common *c, struct kmeta_finding *why)
{
	struct diff *d = (struct diff *)c;

	absent_check_fields(c, "ignore", d->changes.ignored);
	d->changes.out = &c->out.buffer;
	d->changes.flags = c->flags;
	d->load.size = sizeof(d->load);
	d->load.dialect = c->dialect;
	d->load.report = common_report;
	d->load.progress = common_progress;
	d->load.context = c;
	return d->log ? diff_logs(d, why) : diff_states(d, why);
}

static const struct command diff_command = {
	.name = "kmeta-diff",
	.synopsis = "[options] ADDRESS[@POINT] ADDRESS[@POINT]",
	.about =
		"Says what was added, removed and changed between two states: of checkpoints, "
		"directories at any offset or time, or different nodes. With --log: where two logs "
		"part.",
	.notes = "Exit status: 0 the same; 1 different; 2 trouble.",
	.own_group = "Which changes",
	.options = diff_options,
	.options_count = sizeof(diff_options) / sizeof(diff_options[0]),
	.texts = diff_texts,
	.operands = diff_operands,
	.least = 2,
	.most = 2,
	.missing = "name two states, as DIRECTORY@1500 DIRECTORY@end or two checkpoints",
	.check = diff_check,
	.run = diff_run,
};

int main(int argc, char **argv)
{
	struct diff d = { .common.command = &diff_command, .limit = -1 };
	const int status = common_main(&d.common, argc, argv);

	kmeta_image_free(d.images[0]);
	kmeta_image_free(d.images[1]);
	return status;
}
