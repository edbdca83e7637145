/* SPDX-License-Identifier: Apache-2.0 */
/* history.c: kmeta-history prints every change of one thing. */
#include <stdlib.h>
#include <string.h>

#include "common/absent.h"
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
	{ .name = "elections",
	  .help = "every change of a partition's leader",
	  .manual =
	          "Only changes of the leader of a partition, in which `unclean` marks those that lost data. "
	          "Without an *ENTITY*: of all partitions.",
	  TO_FLAG(struct history, elections),
	  .excludes = "leaders brokers" },
	{ .name = "unclean",
	  .help = "only elections that lost data",
	  .manual =
	          "Only elections of a leader that was neither in the ISR nor among the eligible leader "
	          "replicas, or that the controller itself marked as unclean by the state `recovering`: "
	          "what only the old ISR had is lost. Without an *ENTITY*: of all partitions.",
	  TO_FLAG(struct history, unclean),
	  .excludes = "leaders brokers" },
	{ .letter = 'n',
	  .name = "limit",
	  .argument = "N",
	  .help = "at most so many lines",
	  .manual = "At most *N* lines of each *ADDRESS*; with --reverse, the newest ones.",
	  TO_NUMBER(struct history, limit, 0, 0),
	  .value = "number of lines" },
	{ .name = "partial",
	  .group = GROUP_READING,
	  .help = "take a log that begins late, and mark what is unknown",
	  .manual =
	          "Take a log that begins late without a checkpoint, such as one segment alone. What only the "
	          "missing part says is `(unknown)`, as kmeta-image(1) explains.",
	  TO_FLAG(struct history, partial) },
	{ .name = "reverse",
	  .group = GROUP_READING,
	  .help = "the newest change first",
	  .manual =
	          "The newest change first. The log is read from its beginning all the same, and the lines are kept "
	          "in memory until its end: `--reverse --limit=1` keeps one.",
	  TO_FLAG(struct history, reverse) },
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
	  TO_FLAG(struct history, follow),
	  .excludes = "reverse" },
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
	{ .title = "segment or directory", .many = true },
	{ .title = "topic, partition or path", .vocabulary = words_groups, .many = true },
	{ .title = NULL }
};

/*
 * An operand behind the first is an address if there is a log, or something whose end is unknown and
 * that is written like a path: a file here may be called like a topic.
 */
static bool is_address(const char *operand)
{
	int64_t end_offset, time;
	const enum kmeta_status status = common_log_end(operand, &end_offset, &time);

	return status == KMETA_OK || (status == KMETA_END && strpbrk(operand, "./"));
}

static size_t count_addresses(const struct common *c)
{
	size_t count = c->operands_count ? 1 : 0;

	while (count < c->operands_count && is_address(c->operands[count]))
		count++;
	return count;
}

/* Sets the targets: those that are named, or all that an option is about. */
static void take_targets(struct history *h)
{
	static const char *const all_brokers[] = { "brokers" }, *const all_topics[] = { "topics" };
	const struct common *c = &h->common;

	h->targets = c->operands + h->addresses_count;
	h->targets_count = c->operands_count - h->addresses_count;
	if (h->brokers || (h->elections && !h->targets_count)) {
		h->targets = h->brokers ? all_brokers : all_topics;
		h->targets_count = 1;
	}
}

static void history_check(struct common *c)
{
	struct history *h = (struct history *)c;
	const bool named = h->leaders || h->brokers;
	struct kmeta_finding why;

	h->elections |= h->unclean;
	h->addresses_count = count_addresses(c);
	if (h->since_text &&
	    kmeta_point_parse(h->since_text, common_clock(c->operands, h->addresses_count), false,
	                      &h->since, &why) != KMETA_OK)
		common_usage(c, "--since: %s", why.message);
	if (c->operands_count == h->addresses_count && !named && !h->elections)
		common_usage(c, "%s", c->command->missing);
	if (c->operands_count > h->addresses_count && named)
		common_usage(c, "--%s takes no ENTITY, but '%s' is given",
		             h->leaders ? "leaders" : "brokers", c->operands[h->addresses_count]);
	if (h->addresses_count > 1 && h->follow)
		common_usage(c, "--follow takes one ADDRESS, but '%s' is another", c->operands[1]);
	h->text = kmeta_text_new();
	if (!h->text)
		common_usage(c, "out of memory");
	absent_check_fields(c, "ignore", h->changes.ignored);
	take_targets(h);
	for (size_t i = 0; i < h->targets_count; i++)
		absent_check_word(c, h->targets[i]);
	h->found = calloc(h->targets_count + 1, sizeof(*h->found));
	if (!h->found)
		common_usage(c, "out of memory");
	h->kept.most = h->limit > 0 ? h->limit : 0;
}

static enum kmeta_status history_of(struct history *h, const char *path, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	h->common.address = path;
	h->leader = -1;
	if (h->addresses_count > 1 && h->format == HISTORY_TEXT)
		kmeta_buffer_format(&h->common.out.buffer, "%s:\n", path);
	if (h->limit)
		status = h->leaders ? history_leaders(h, why) : history_entities(h, why);
	kept_lines_print(&h->kept, &h->common.out);
	kept_lines_release(&h->kept);
	return status;
}

static void history_of_address(struct history *h, const char *address, struct kmeta_finding *why)
{
	struct common *c = &h->common;
	char *path = NULL;
	enum kmeta_status status = common_address(c, address, &path, &h->until, why);

	if (status == KMETA_OK && h->follow)
		common_check_follow(c, address, &h->until);
	if (status == KMETA_OK)
		status = history_of(h, path, why);
	if (status != KMETA_OK)
		common_report(c, why);
	c->address = NULL;
	free(path);
}

static enum kmeta_status history_run(struct common *c, struct kmeta_finding *why)
{
	struct history *h = (struct history *)c;

	h->changes.out = &c->out.buffer;
	h->changes.flags = c->flags;
	for (size_t i = 0; i < h->addresses_count; i++)
		history_of_address(h, c->operands[i], why);
	return KMETA_OK;
}

static const struct command history_command = {
	.name = "kmeta-history",
	.synopsis = "[options] ADDRESS... ENTITY...",
	.about =
		"Prints every change of topics (orders, 'orders*', an id), partitions (orders/3), and "
		"of whatever has a path: brokers/11, configs/broker/*, acls, quotas/user:alice, "
		"scram/alice, features, ...",
	.notes =
		"The log does not record who asked for a change.\nExit status: 0 done; 1 something that was "
		"named never was there; 2 trouble.",
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
		             .limit = -1,
		             .leader = -1 };
	const int status = common_main(&h.common, argc, argv);

	kmeta_text_free(h.text);
	free(h.found);
	return status;
}
