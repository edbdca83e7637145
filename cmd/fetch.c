/* SPDX-License-Identifier: Apache-2.0 */
/* fetch.c: kmeta-fetch copies the metadata log of a live quorum. */
#include "fetch/fetch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { DEFAULT_SYNC = 1000, DEFAULT_TIMEOUT = 30000, LEAST_TIMEOUT = 100 };

/* Kafka's positions in a segment have 31 bits. */
static const int64_t default_segment = 1LL << 30, largest_segment = INT32_MAX;

/* ---- options ---- */

static const struct option_word fetch_formats[] = { [FETCH_TEXT] = { "text",
	                                                             "for people, the default" },
	                                            [FETCH_JSON] = { "json", "one object" },
	                                            { "", NULL } };

static struct fetch *fetch_of(struct common *c)
{
	return (struct fetch *)c;
}

/* "-o -" is a word of its own kind: it says where, not how. */
static void take_output(struct common *c, const struct command_option *option, const char *value)
{
	struct fetch *f = fetch_of(c);

	if (!strcmp(value, "-"))
		f->out = "-";
	else
		f->format =
			option_set(c, option, value) & 1u << FETCH_JSON ? FETCH_JSON : FETCH_TEXT;
}

static int64_t fetch_time(struct common *c, const struct command_option *option, const char *value,
                          int64_t least)
{
	const int64_t time = amount_time(value);

	if (time < least || time > INT32_MAX)
		common_usage(c, "--%s takes a time as 500ms, 30s or 5m, not '%s'", option->name,
		             value);
	return time;
}

static void take_sync_every(struct common *c, const struct command_option *option,
                            const char *value)
{
	fetch_of(c)->sync_every = fetch_time(c, option, value, 0);
}

static void take_timeout(struct common *c, const struct command_option *option, const char *value)
{
	fetch_of(c)->timeout = fetch_time(c, option, value, LEAST_TIMEOUT);
}

static void take_max_rate(struct common *c, const struct command_option *option, const char *value)
{
	fetch_of(c)->most_per_second = amount_bytes(value);
	if (fetch_of(c)->most_per_second < 1)
		common_usage(c, "--%s takes bytes a second as 500K or 10MiB, not '%s'",
		             option->name, value);
}

static void take_segment_bytes(struct common *c, const struct command_option *option,
                               const char *value)
{
	const int64_t size = amount_bytes(value);

	if (size < 1 || size > largest_segment)
		common_usage(c, "--%s takes a size up to 2147483647 bytes as 100MiB, not '%s'",
		             option->name, value);
	fetch_of(c)->segment_bytes = size;
}

static void take_retain(struct common *c, const struct command_option *option, const char *value)
{
	struct fetch *f = fetch_of(c);
	const int64_t time = amount_time(value), size = amount_bytes(value);

	if (time < 1 && size < 1)
		common_usage(c, "--%s takes a time as 30d or a size as 10GiB, not '%s'",
		             option->name, value);
	/* "5m" are minutes and "5M" is a size. */
	if (time > 0)
		f->retain_time = time;
	else
		f->retain_bytes = size;
	f->checkpoints = true;
}

static const struct command_option fetch_options[] = {
	{ .name = "out",
	  .argument = "DIR",
	  .help = "the copy's directory, or - for standard output",
	  .manual = "The directory of the copy, which is made, or gone on with. `-` writes "
	            "checkpoint and batches to standard output, as does `-o -`.",
	  TO_TEXT(struct fetch, out),
	  .value = "directory of the copy" },
	{ .letter = 'f',
	  .name = "follow",
	  .help = "go on, as the quorum does, until ^C",
	  .manual = "Go on with what is committed, through changes of leaders, restarts and broken "
	            "networks. SIGINT and SIGTERM end it, when all is on the disk.",
	  TO_FLAG(struct fetch, follow) },
	{ .name = "latest",
	  .help = "begin at the newest checkpoint, not the oldest",
	  .manual = "Begin a new copy at the newest checkpoint. Without it the copy begins at the "
	            "oldest one behind which the leader has all of its log.",
	  TO_FLAG(struct fetch, latest) },
	{ .name = "over-gap",
	  .help = "go on behind what the quorum has dropped",
	  .manual = "If the quorum has dropped what follows the copy, fetch the newest checkpoint, "
	            "and go on behind it in a new segment.",
	  TO_FLAG(struct fetch, over_gap) },
	{ .name = "checkpoints",
	  .help = "also fetch each new checkpoint of the leader",
	  .manual =
	          "Also fetch the newest checkpoint at the end, and with `--follow` each new one, "
	          "so that kmeta-verify(1) can hold it against the log. A leader does not tell "
	          "of checkpoints until its log begins above offset 0.",
	  TO_FLAG(struct fetch, checkpoints) },
	{ .name = "retain",
	  .argument = "AMOUNT",
	  .help = "keep so much, as 30d or 10GiB; default all",
	  .manual = "Keep so much of the log: a time as `30d`, or a size as `10GiB`. What is older "
	            "or more is dropped in whole segments, and only below a checkpoint that is in "
	            "the copy; it implies `--checkpoints`. Choose `--segment-bytes` well below it. "
	            "Without it nothing is dropped.",
	  TO_FUNCTION(take_retain),
	  .value = "time or size" },
	{ .name = "segment-bytes",
	  .argument = "SIZE",
	  .help = "begin another segment at this size; default 1GiB",
	  .manual = "Begin another segment when one would be larger, by default `1GiB`.",
	  TO_FUNCTION(take_segment_bytes),
	  .value = "size of a segment" },
	{ .name = "sync-every",
	  .argument = "TIME",
	  .help = "how often it is synced while following; default 1s",
	  .manual = "How often the copy is synced to the disk with `--follow`, by default `1s`. At "
	            "its end it always is.",
	  TO_FUNCTION(take_sync_every),
	  .value = "time" },
	{ .name = "status",
	  .help = "print how the quorum is, and copy nothing",
	  .manual = "Print how the quorum is, as its leader sees it. See [STATUS].",
	  TO_FLAG(struct fetch, show_status),
	  .excludes = "out follow" },
	{ .name = "command-config",
	  .argument = "FILE",
	  .group = GROUP_READING,
	  .help = "a client's properties, as Kafka's tools take them",
	  .manual = "Properties of a client, as Kafka's own tools take them. See [SECURITY].",
	  TO_TEXT(struct fetch, properties),
	  .value = "file of properties" },
	{ .name = "cluster-id",
	  .argument = "ID",
	  .group = GROUP_READING,
	  .help = "fetch from this cluster only",
	  .manual = "The id that the cluster has to have. A copy remembers that of its own.",
	  TO_TEXT(struct fetch, cluster_id),
	  .value = "id of the cluster" },
	{ .name = "timeout",
	  .argument = "TIME",
	  .group = GROUP_READING,
	  .help = "for a connection, an answer, a leader; default 30s",
	  .manual = "How long a connection, an answer or the search for a leader may take, by "
	            "default `30s`. With `--follow` the search has no end once there was a leader.",
	  TO_FUNCTION(take_timeout),
	  .value = "time" },
	{ .name = "max-rate",
	  .argument = "SIZE",
	  .group = GROUP_READING,
	  .help = "fetch no more than this a second",
	  .manual =
	          "Fetch no more than so many bytes a second, as `10MiB`. There is never more than "
	          "one request under way.",
	  TO_FUNCTION(take_max_rate),
	  .value = "bytes a second" },
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format of --status",
	  .manual = "The format of `--status`: {words}. `-` means `--out=-`.",
	  TO_FUNCTION(take_output),
	  .words = fetch_formats,
	  .value = "format" },
};

static const struct option_text fetch_texts[] = {
	{ "dialect", "accepted, as by every command: nothing is decoded",
	  "Accepted as by every command. Nothing is decoded." },
	{ "show-secrets", "accepted, as by every command: no message shows a secret",
	  "Accepted as by every command. The copy holds all that the log does, and no message shows a "
	  "secret." },
	{ NULL, NULL, NULL }
};

static const struct command_operand fetch_operands[] = { { .title = "HOST:PORT of controllers" },
	                                                 { .title = NULL } };

static void fetch_check(struct common *c)
{
	struct fetch *f = fetch_of(c);

	if (!f->show_status && (!f->out || !*f->out))
		common_usage(c, "--out names the directory of the copy, or - for standard output");
	if (f->show_status && f->out)
		common_usage(c, "--status and --out do not go together");
	f->to_stdout = f->out && !strcmp(f->out, "-");
	if (f->to_stdout && isatty(STDOUT_FILENO))
		common_usage(c, "a log is no text: send it to a file or a pipe");
	if (f->to_stdout && (f->checkpoints || f->over_gap))
		common_usage(c, "--checkpoints, --retain and --over-gap take a directory");
}

/* ---- the work ---- */

/* Properties may hold passwords, which are then in memory for a moment. */
static void leave_no_core(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
}

static void fetch_note(void *context, const char *message)
{
	common_note(context, "%s", message);
}

static enum kmeta_status open_quorum(struct fetch *f, struct kmeta_finding *why)
{
	const struct kmeta_quorum_options options = {
		.size = sizeof(options),
		.properties = f->properties,
		.cluster_id = f->cluster_id ? f->cluster_id
		              : *f->cluster ? f->cluster
		                            : NULL,
		.timeout = f->timeout,
		.most_per_second = f->most_per_second,
		.endless = f->follow,
		.stop = f->stop,
		.note = fetch_note,
		.context = f,
	};

	return kmeta_quorum_open(&f->quorum, f->common.operands[0], &options, why);
}

static enum kmeta_status open_copy(struct fetch *f, struct kmeta_finding *why)
{
	enum kmeta_status status;

	if (f->show_status || f->to_stdout)
		return KMETA_OK;
	f->copy.root = f->out;
	f->copy.segment_bytes = f->segment_bytes;
	status = copy_open(&f->copy, why);
	if (status == KMETA_OK)
		status = about_read(f, why);
	if (status == KMETA_FAILED)
		return status;
	if (f->cluster_id && *f->cluster && strcmp(f->cluster_id, f->cluster) != 0)
		return common_fault(why, KMETA_OTHER_CLUSTER, f->out, "the copy is of cluster %s",
		                    f->cluster);
	status = copy_settle(&f->copy, why);
	if (status != KMETA_OK)
		return status;
	if (f->copy.cut)
		common_note(&f->common, "cut off %lld bytes of a batch that was not written whole",
		            (long long)f->copy.cut);
	return KMETA_OK;
}

static enum kmeta_status fetch_run(struct common *c, struct kmeta_finding *why)
{
	struct fetch *f = fetch_of(c);
	enum kmeta_status status;

	f->began = common_now();
	f->flushed = f->synced = f->noted = f->looked = common_steady();
	if (f->properties)
		leave_no_core();
	f->stop = stop_on_signals();
	if (f->stop < 0)
		return common_fault(why, KMETA_CANNOT_READ, NULL, "no pipe: %s", strerror(errno));
	status = open_copy(f, why);
	if (status == KMETA_OK)
		status = open_quorum(f, why);
	if (status == KMETA_OK)
		status = f->show_status ? status_run(f, why) : copy_run(f, why);
	return status;
}

static const struct command fetch_command = {
	.name = "kmeta-fetch",
	.synopsis = "[options] HOST:PORT[,HOST:PORT...] --out=DIR",
	.about =
		"Copies the committed metadata log of a live quorum from its controllers, byte for "
		"byte, and keeps up with it; --status shows how the quorum is. The ports are "
		"those of the controller listener.",
	.notes =
		"Exit status: 0 done; 1 --status: no majority of the voters is in step; 2 it could "
		"not be done.",
	.own_group = "What to fetch",
	.options = fetch_options,
	.options_count = sizeof(fetch_options) / sizeof(fetch_options[0]),
	.texts = fetch_texts,
	.operands = fetch_operands,
	.least = 1,
	.most = 1,
	.missing = "name the controllers as HOST:PORT,HOST:PORT",
	.check = fetch_check,
	.run = fetch_run,
};

int main(int argc, char **argv)
{
	struct fetch f = { .common.command = &fetch_command,
		           .copy = { .fd = -1, .lock = -1, .offset = -1 },
		           .first_offset = -1,
		           .segment_bytes = default_segment,
		           .sync_every = DEFAULT_SYNC,
		           .timeout = DEFAULT_TIMEOUT };
	const int status = common_main(&f.common, argc, argv);

	copy_close(&f.copy);
	kmeta_quorum_close(f.quorum);
	return status;
}
