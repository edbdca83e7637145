/* SPDX-License-Identifier: Apache-2.0 */
/* history.c: kmeta-history prints every change of one thing. */
#include <stdlib.h>

#include "history/history.h"

static const struct option_word history_formats[] = {
	[HISTORY_TEXT] = { "text", "for people, the default" },
	[HISTORY_JSON] = { "json", "a line a change" },
	{ "", NULL }
};

static const struct command_option history_options[] = {
	{ .name = "since",
	  .argument = "POINT",
	  .help = "only changes from this offset or time on",
	  .manual =
	          "Only changes from this offset or time on: 1500, 2026-11-24T14:05Z, 14:05, -10m. "
	          "A day, minute or second means its beginning.",
	  TO_TEXT(struct history, since_text),
	  .value = "offset or time (1500, 2026-11-24T14:05Z, 14:05, -10m)" },
	{ .name = "ignore",
	  .argument = "FIELD,...",
	  .help = "pass over these fields, as partitionEpoch",
	  .manual = "Pass over these fields of records, such as `partitionEpoch` or `directories`. "
	            "A change of them alone is not printed.",
	  TO_TEXT(struct history, changes.ignored),
	  .value = "fields of records (partitionEpoch,directories)" },
	{ .name = "leaders",
	  .help = "the active controllers, one after another",
	  .manual = "The active controllers, one after another. Name no *ENTITY*.",
	  TO_FLAG(struct history, leaders),
	  .excludes = "brokers" },
	{ .name = "brokers",
	  .help = "registrations, fencing and restarts of all brokers",
	  .manual =
	          "Registrations, fencing, shutdowns and restarts of all brokers, as the *ENTITY* "
	          "`brokers` has them. Name no other.",
	  TO_FLAG(struct history, brokers) },
	{ .letter = 'f',
	  .name = "follow",
	  .group = GROUP_READING,
	  .help = "wait for more",
	  .manual = "Wait for more at the end, until it is interrupted or its reader goes away. "
	            "kmeta-dump(1) says how a log is followed.",
	  TO_FLAG(struct history, follow) },
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format",
	  .manual = "The format: {words}. See [OUTPUT].",
	  TO_WORD(struct history, format),
	  .words = history_formats,
	  .value = "format" },
};

static const struct option_text history_texts[] = {
	{ "quiet", NULL,
	  "Say nothing on standard error but errors: not where knowledge begins, either." },
	{ NULL, NULL, NULL }
};

static const struct command_operand history_operands[] = {
	{ .title = "segment or directory" },
	{ .title = "topic, partition or path", .vocabulary = words_groups, .many = true },
	{ .title = NULL }
};

static void history_check(struct common *c)
{
	static const char *const all_brokers[] = { "brokers" };
	struct history *h = (struct history *)c;
	const bool named = h->leaders || h->brokers;
	struct kmeta_finding why;

	if (h->since_text && kmeta_point_parse(h->since_text, common_clock(c->operands, 1), false,
	                                       &h->since, &why) != KMETA_OK)
		common_usage(c, "--since: %s", why.message);
	if (c->operands_count < 2 && !named)
		common_usage(c, "%s", c->command->missing);
	if (c->operands_count > 1 && named)
		common_usage(c, "--%s takes no ENTITY, but '%s' is given",
		             h->leaders ? "leaders" : "brokers", c->operands[1]);
	h->text = kmeta_text_new();
	if (!h->text)
		common_usage(c, "out of memory");
	h->targets = h->brokers ? all_brokers : c->operands + 1;
	h->targets_count = h->brokers ? 1 : c->operands_count - 1;
}

static enum kmeta_status history_run(struct common *c, struct kmeta_finding *why)
{
	struct history *h = (struct history *)c;
	char *path = NULL;
	enum kmeta_status status = common_address(c, c->operands[0], &path, &h->until, why);

	if (status == KMETA_OK && h->follow)
		common_check_follow(c, c->operands[0], &h->until);
	h->changes.out = &c->out.buffer;
	h->changes.flags = c->flags;
	c->address = path;
	if (status == KMETA_OK)
		status = h->leaders ? history_leaders(h, why) : history_entities(h, why);
	if (status != KMETA_OK)
		common_report(c, why);
	c->address = NULL;
	free(path);
	return KMETA_OK;
}

static const struct command history_command = {
	.name = "kmeta-history",
	.synopsis = "[options] ADDRESS ENTITY...",
	.about =
		"Prints every change of topics (orders, 'orders*', an id), partitions (orders/3), and "
		"of whatever has a path: brokers/11, configs/broker/*, acls, quotas/user:alice, "
		"scram/alice, features, ...",
	.notes = "The log does not record who asked for a change.\nExit status: 0 done; 2 trouble.",
	.own_group = "Which changes",
	.options = history_options,
	.options_count = sizeof(history_options) / sizeof(history_options[0]),
	.texts = history_texts,
	.operands = history_operands,
	.least = 1,
	.missing = "name a directory, and of what the history is wanted",
	.check = history_check,
	.run = history_run,
};

int main(int argc, char **argv)
{
	struct history h = { .common.command = &history_command,
		             .since.kind = KMETA_POINT_START,
		             .leader = -1 };
	const int status = common_main(&h.common, argc, argv);

	kmeta_text_free(h.text);
	return status;
}
