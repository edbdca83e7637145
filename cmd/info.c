/* SPDX-License-Identifier: Apache-2.0 */
/* info.c: kmeta-info says whose disk this is, and how several stand to each other. */
#include <stdlib.h>

#include "info/info.h"

static const struct option_word info_formats[] = { [INFO_TEXT] = { "text",
	                                                           "for people, the default" },
	                                           [INFO_JSON] = { "json", "a line a directory" },
	                                           { "", NULL } };

static const struct command_option info_options[] = {
	{ .name = "partitions",
	  .help = "directories of partitions against the state",
	  .manual = "Compare the directories of partitions in a log directory with the state in "
	            "its metadata log; see [PARTITIONS].",
	  TO_FLAG(struct info, partitions) },
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format",
	  .manual = "The format: {words}. See [JSON].",
	  TO_WORD(struct info, format),
	  .words = info_formats,
	  .value = "format" },
};

static const struct command_operand info_operands[] = {
	{ .title = "log directory, metadata directory, segment or checkpoint", .many = true },
	{ .title = NULL }
};

static void info_check(struct common *c)
{
	const struct info *i = (const struct info *)c;

	if (i->partitions && c->operands_count != 1)
		common_usage(c, "--partitions takes one log directory");
}

static enum kmeta_status read_addresses(struct info *i, struct kmeta_finding *why)
{
	struct common *c = &i->common;
	const struct kmeta_info_options options = { .size = sizeof(options),
		                                    .dialect = c->dialect,
		                                    .progress = common_progress,
		                                    .context = c };

	i->at = calloc(c->operands_count + 1, sizeof(struct kmeta_info *));
	if (!i->at)
		common_usage(c, "out of memory");
	for (size_t n = 0; n < c->operands_count; n++) {
		c->address = c->operands[n];
		if (kmeta_info_read(&i->at[i->count], c->address, &options, why) == KMETA_OK)
			i->count++;
		else
			common_report(c, why);
	}
	c->address = NULL;
	progress_hide(&c->progress);
	return KMETA_OK;
}

/* What does not fit makes status 1, what cannot be read 2. */
static void take_status(struct info *i)
{
	for (size_t n = 0; n < i->count; n++) {
		i->common.trouble |= i->at[n]->unread.size > 0;
		i->common.different |=
			i->standings[n].is_stranger || i->standings[n].is_twin ||
			i->standings[n].is_other || i->at[n]->damage[0] ||
			(i->at[n]->state_fault[0] && i->at[n]->kind != KMETA_INFO_FILE);
	}
	i->common.different |= i->count > 1 && i->voters && i->winner < 0;
}

static enum kmeta_status print_standing(struct info *i)
{
	if (!info_judge(i))
		common_usage(&i->common, "out of memory");
	info_remark(i);
	info_advise(i);
	if (i->format == INFO_JSON)
		info_print_json(i);
	else if (i->count == 1)
		info_print_screen(i, i->at[0]);
	else
		info_print_table(i);
	take_status(i);
	return KMETA_OK;
}

static enum kmeta_status info_run(struct common *c, struct kmeta_finding *why)
{
	struct info *i = (struct info *)c;
	enum kmeta_status status = read_addresses(i, why);

	if (status != KMETA_OK || !i->count)
		return status;
	if (!i->partitions) {
		status = print_standing(i);
	} else if (i->at[0]->kind == KMETA_INFO_METADATA && i->at[0]->log_directory) {
		c->address = i->at[0]->address;
		status = info_print_partitions(i, i->at[0], why);
		c->different |= i->strays > 0;
	} else {
		common_usage(c,
		             "--partitions takes a log directory with a metadata log in it, not %s",
		             i->at[0]->address);
	}
	output_flush(&c->out);
	return status;
}

static const struct command info_command = {
	.name = "kmeta-info",
	.synopsis = "[options] ADDRESS...",
	.about = "Says whose disk this is: node, cluster, log, checkpoint, voters. Of several, how "
		 "they stand to each other: which agree, which can be elected, what would be lost. "
		 "The last line says what to do first.",
	.notes = "Exit status: 0 done; 1 something does not fit, or no majority is there; 2 "
		 "something cannot be read.",
	.own_group = "What",
	.options = info_options,
	.options_count = sizeof(info_options) / sizeof(info_options[0]),
	.operands = info_operands,
	.least = 1,
	.missing = "name one or more log directories",
	.check = info_check,
	.run = info_run,
};

int main(int argc, char **argv)
{
	struct info i = { .common.command = &info_command, .winner = -1 };
	const int status = common_main(&i.common, argc, argv);

	for (size_t n = 0; n < i.count; n++)
		kmeta_info_free(i.at[n]);
	free(i.at);
	free(i.standings);
	kmeta_buffer_release(&i.remarks);
	kmeta_buffer_release(&i.first);
	return status;
}
