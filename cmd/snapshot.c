/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot.c: kmeta-snapshot writes the state at a moment as a checkpoint that Kafka starts from. */
#include "snapshot/snapshot.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- options ---- */

static const struct command_option snapshot_options[] = {
	{ .name = "out",
	  .argument = "PATH",
	  .help = "the new directory, or FILE.checkpoint, or - for standard output",
	  .manual = "Where to write: a new directory, a new file if the name ends in "
	            "`.checkpoint`, or `-` for standard output. Nothing may be there yet. "
	            "Must be given.",
	  TO_TEXT(struct snapshot, out),
	  .value = "new directory or file" },
	{ .name = "voters",
	  .argument = "VOTERS",
	  .help = "keep (default), static, or ID@DIRECTORYID@HOST:PORT,...",
	  .manual = "Who votes: `keep` (the default) takes the voters of the state; `static` "
	            "writes none, so that `controller.quorum.voters` of the configuration counts; "
	            "or other voters, each as *ID*@*DIRECTORYID*@*HOST*:*PORT*. See [VOTERS].",
	  TO_TEXT(struct snapshot, voters_text),
	  .value = "keep, static, or voters" },
	{ .name = "epoch",
	  .argument = "N",
	  .help = "the epoch to write; by default that of the last batch",
	  .manual = "Write this epoch, which may not be below that of the last batch, the default. "
	            "The next leader is above it. See [EPOCHS].",
	  TO_NUMBER(struct snapshot, epoch, 0, INT32_MAX - 1),
	  .value = "epoch" },
	{ .name = "node-id",
	  .argument = "N",
	  .help = "node.id of meta.properties; by default the source's",
	  .manual = "`node.id` of the new `meta.properties`. By default it is that of the source.",
	  TO_NUMBER(struct snapshot, node_id, 0, INT32_MAX),
	  .value = "id of a node" },
	{ .name = "cluster-id",
	  .argument = "ID",
	  .help = "cluster.id of meta.properties; by default the source's",
	  .manual =
	          "`cluster.id` of the new `meta.properties`. By default it is that of the source.",
	  TO_TEXT(struct snapshot, cluster_id),
	  .value = "id of a cluster" },
	{ .name = "directory-id",
	  .argument = "ID",
	  .help = "directory.id of meta.properties; by default the source's",
	  .manual = "`directory.id` of the new `meta.properties`, of 22 characters. By default it "
	            "is that of the source, or of the node's own voter if the source has none.",
	  TO_TEXT(struct snapshot, directory_id),
	  .value = "id of a log directory" },
	{ .name = "only",
	  .argument = "KIND,...",
	  .help = "write only these kinds of entities",
	  .manual = "Write only these kinds of entities: {words}. Plurals and names of records are "
	            "understood as well. See [LEAVING THINGS OUT].",
	  TO_SET(struct snapshot, only),
	  .vocabulary = words_kinds,
	  .find = words_find_kind,
	  .value = "kind of entity",
	  .excludes = "ignore" },
	{ .name = "ignore",
	  .argument = "KIND,...",
	  .help = "leave these kinds out, as brokers and controllers that are gone",
	  .manual = "Leave these kinds of entities out.",
	  TO_SET(struct snapshot, ignored),
	  .vocabulary = words_kinds,
	  .find = words_find_kind,
	  .value = "kind of entity" },
	{ .name = "force",
	  .help = "write what no node can ever lead from, too",
	  .manual = "Write what no node can ever lead from, too. Without it that is refused.",
	  TO_FLAG(struct snapshot, force) },
	{ .name = "from-log",
	  .group = GROUP_READING,
	  .help = "replay segments alone, whatever checkpoints there are",
	  .manual = "Replay segments alone, whatever checkpoints there are.",
	  TO_FLAG(struct snapshot, load.from_log) },
	{ .letter = 'n',
	  .name = "dry-run",
	  .group = GROUP_OUTPUT,
	  .help = "say what would be written, and write nothing",
	  .manual = "Say what would be written, and write nothing.",
	  TO_FLAG(struct snapshot, dry_run) },
	{ .name = "no-verify",
	  .group = GROUP_OUTPUT,
	  .help = "do not read back what was written",
	  .manual = "Do not read back and verify what was written.",
	  TO_FLAG(struct snapshot, no_verify) },
	{ .name = "mode",
	  .argument = "MODE",
	  .group = GROUP_OUTPUT,
	  .help = "who else may read it, as 640; default 600",
	  .manual = "The mode of files, in octal digits as `640`; the owner may always read and "
	            "write them. Without it files have 600 and directories 700, as they hold "
	            "credentials. Who may read files may enter the directories.",
	  TO_TEXT(struct snapshot, mode_text),
	  .value = "mode of files" },
};

static const struct option_text snapshot_texts[] = {
	{ "show-secrets", "accepted, as by every command: no message shows a secret",
	  "Accepted as by every command. What is written always holds credentials, and what is said "
	  "never does." },
	{ "quiet", NULL, "Say nothing but errors." },
	{ NULL, NULL, NULL }
};

static const struct command_operand snapshot_operands[] = {
	{ .title = "segment, checkpoint or directory" }, { .title = NULL }
};

static bool ends_in_checkpoint(const char *name)
{
	static const char suffix[] = ".checkpoint";
	const size_t size = strlen(name), end = sizeof(suffix) - 1;

	return size > end && !strcmp(name + size - end, suffix);
}

static void snapshot_check_properties(const struct snapshot *s)
{
	uint8_t id[16];

	if (s->out_kind != OUT_DIRECTORY && (s->node_id >= 0 || s->cluster_id || s->directory_id))
		common_usage(&s->common, "--node-id, --cluster-id and --directory-id go into "
		                         "meta.properties, which only a directory has");
	if (s->directory_id && !kmeta_uuid_parse(s->directory_id, id))
		common_usage(&s->common, "--directory-id takes an id of 22 characters, not '%s'",
		             s->directory_id);
	if (s->cluster_id && (!*s->cluster_id || strpbrk(s->cluster_id, "\r\n") ||
	                      strlen(s->cluster_id) >= sizeof(s->node.cluster_id)))
		common_usage(&s->common, "--cluster-id takes the id of a cluster, not '%s'",
		             s->cluster_id);
}

static void snapshot_check(struct common *c)
{
	struct snapshot *s = (struct snapshot *)c;

	c->address = c->operands[0];
	if (!s->out || !*s->out)
		common_usage(c, "--out names the new directory, FILE.checkpoint or -");
	s->out_kind = !strcmp(s->out, "-")         ? OUT_STREAM
	              : ends_in_checkpoint(s->out) ? OUT_FILE
	                                           : OUT_DIRECTORY;
	if (s->out_kind == OUT_STREAM && !s->dry_run && isatty(STDOUT_FILENO))
		common_usage(c, "a checkpoint is no text: send it to a file or a pipe");
	s->mode = place_parse_mode(c, s->mode_text);
	snapshot_check_properties(s);
	snapshot_check_kinds(s);
	snapshot_take_voters(s);
}

/* ---- the source ---- */

/* What stands in the way of all of the state is said; the result is then not all there was. */
static bool report_loading(void *context, const struct kmeta_finding *finding)
{
	struct snapshot *s = context;

	common_say(&s->common, finding);
	s->lost |= common_hides(finding->code);
	return true;
}

static bool progress_loading(void *context, int64_t done, int64_t total)
{
	return common_progress(&((struct snapshot *)context)->common, done, total);
}

static enum kmeta_status snapshot_load(struct snapshot *s, struct kmeta_finding *why)
{
	struct common *c = &s->common;
	struct kmeta_point point;
	enum kmeta_status status = common_address(c, c->address, &s->path, &point, why);

	s->load.size = sizeof(s->load);
	s->load.dialect = c->dialect;
	s->load.report = report_loading;
	s->load.progress = progress_loading;
	s->load.context = s;
	if (status == KMETA_OK)
		status = kmeta_image_load(&s->state, s->path, point, &s->load, why);
	if (status == KMETA_OK)
		s->moment = kmeta_image_moment(s->state);
	return status;
}

/* ---- name and epoch ---- */

static enum kmeta_status settle_epoch(struct snapshot *s, struct kmeta_finding *why)
{
	if (s->epoch >= 0 && s->epoch < s->moment.epoch)
		return common_fault(why, KMETA_BAD_ARGUMENT, NULL,
		                    "--epoch %d is below the last batch's, %d: a leader would "
		                    "write below its own log",
		                    s->epoch, s->moment.epoch);
	if (s->epoch < 0 && s->moment.epoch < 0 && s->moment.end_offset > 0)
		return common_fault(why, KMETA_BAD_ARGUMENT, NULL,
		                    "the epoch of the state is unknown: name it with --epoch");
	s->epoch_written = s->epoch >= 0 ? s->epoch : s->moment.epoch > 0 ? s->moment.epoch : 0;
	return KMETA_OK;
}

/* True for names that Kafka takes for those of checkpoints: 20 digits and 10. */
static bool is_kafkas_name(const char *file)
{
	enum { OFFSET = 20, EPOCH = 10 };
	static const char digits[] = "0123456789";

	return strspn(file, digits) == OFFSET && file[OFFSET] == '-' &&
	       strspn(file + OFFSET + 1, digits) == EPOCH &&
	       !strcmp(file + OFFSET + 1 + EPOCH, ".checkpoint");
}

/* The end offset is in the name of a checkpoint alone. */
static enum kmeta_status settle_name(struct snapshot *s, struct kmeta_finding *why)
{
	const char *slash = strrchr(s->out, '/'), *file = slash ? slash + 1 : s->out;

	if (s->moment.end_offset <= 0)
		return common_fault(why, KMETA_BAD_ARGUMENT, NULL,
		                    "it is the state @0, or a checkpoint whose name does not tell "
		                    "its end offset: Kafka starts from none at offset 0");
	snprintf(s->name, sizeof(s->name), "%020lld-%010d.checkpoint",
	         (long long)s->moment.end_offset, s->epoch_written);
	if (s->out_kind == OUT_FILE && is_kafkas_name(file) && strcmp(file, s->name) != 0)
		return common_fault(why, KMETA_BAD_ARGUMENT, s->out,
		                    "Kafka takes the name for another state: this one is %s",
		                    s->name);
	return KMETA_OK;
}

/* ---- meta.properties ---- */

static enum kmeta_status settle_directory_id(struct snapshot *s)
{
	struct kmeta_node *node = &s->node;

	if (s->directory_id)
		node->has_directory_id = kmeta_uuid_parse(s->directory_id, node->directory_id);
	for (size_t i = 0; i < s->voters_count && !node->has_directory_id; i++) {
		if (s->voters[i].id != node->id)
			continue;
		memcpy(node->directory_id, s->voters[i].directory, sizeof(node->directory_id));
		node->has_directory_id = s->directory_id_from_voter = true;
	}
	return KMETA_OK;
}

/* What the library could not read as ASCII it gives as a question mark. */
static bool is_plain_id(const char *id)
{
	while (*id && isgraph((unsigned char)*id) && *id != '?')
		id++;
	return !*id;
}

static enum kmeta_status settle_node(struct snapshot *s, struct kmeta_finding *why)
{
	const enum kmeta_status status = kmeta_node_read(s->path, &s->node, why);
	struct kmeta_node *node = &s->node;

	if (s->out_kind != OUT_DIRECTORY)
		return KMETA_OK;
	if (status == KMETA_FAILED && (s->node_id < 0 || !s->cluster_id))
		return status;
	if (status == KMETA_END && (s->node_id < 0 || !s->cluster_id))
		return common_fault(why, KMETA_BAD_ARGUMENT, NULL,
		                    "there is no meta.properties: name the node with --node-id and "
		                    "the cluster with --cluster-id");
	/* The directory id is the source's own; another node has another. */
	if (s->node_id >= 0 && s->node_id != node->id) {
		node->id = s->node_id;
		node->has_directory_id = false;
	}
	if (s->cluster_id)
		snprintf(node->cluster_id, sizeof(node->cluster_id), "%s", s->cluster_id);
	if (!is_plain_id(node->cluster_id))
		return common_fault(why, KMETA_BAD_ARGUMENT, NULL,
		                    "the source's cluster.id is none: name it with --cluster-id");
	return settle_directory_id(s);
}

/* ---- all of it ---- */

static enum kmeta_status check_leadership(struct snapshot *s, struct kmeta_finding *why)
{
	struct kmeta_buffer obstacle = { 0 };
	enum kmeta_status status = KMETA_OK;

	snapshot_put_obstacle(s, &obstacle);
	if (obstacle.size && (s->force || s->out_kind != OUT_DIRECTORY))
		common_note(&s->common, "no node can lead from it: %.*s", (int)obstacle.size,
		            obstacle.at);
	else if (obstacle.size)
		status = common_fault(why, KMETA_BAD_ARGUMENT, NULL,
		                      "%.*s (--force writes it all the same)", (int)obstacle.size,
		                      obstacle.at);
	kmeta_buffer_release(&obstacle);
	return status;
}

static enum kmeta_status snapshot_run(struct common *c, struct kmeta_finding *why)
{
	struct snapshot *s = (struct snapshot *)c;
	struct place place = { .path = s->out };
	enum kmeta_status status = s->out_kind == OUT_STREAM ? KMETA_OK : place_check(&place, why);

	place_close(&place);
	if (status == KMETA_OK)
		status = snapshot_load(s, why);
	if (status == KMETA_OK)
		status = settle_epoch(s, why);
	if (status == KMETA_OK)
		status = settle_name(s, why);
	if (status == KMETA_OK)
		status = snapshot_settle_voters(s, why);
	if (status == KMETA_OK)
		status = settle_node(s, why);
	if (status == KMETA_OK)
		status = check_leadership(s, why);
	if (status == KMETA_OK)
		status = snapshot_write(s, why);
	if (status == KMETA_OK)
		snapshot_report(s);
	return status;
}

static const struct command snapshot_command = {
	.name = "kmeta-snapshot",
	.synopsis = "[options] --out=PATH ADDRESS[@POINT]",
	.about = "Writes the state of a cluster at an end offset (@1500), at a time "
		 "(@2026-11-24T14:05:00Z, @-10m) or at the end (default) as a checkpoint, in a "
		 "directory that a controller starts from: with the voters that there were, with "
		 "others, or with a higher epoch.",
	.notes = "Exit status: 0 done; 1 done, but something was lost, as is said; 2 not done, and "
		 "nothing is there.",
	.own_group = "What to write",
	.options = snapshot_options,
	.options_count = sizeof(snapshot_options) / sizeof(snapshot_options[0]),
	.texts = snapshot_texts,
	.operands = snapshot_operands,
	.least = 1,
	.most = 1,
	.missing = "name one directory, checkpoint or segment",
	.check = snapshot_check,
	.run = snapshot_run,
};

int main(int argc, char **argv)
{
	struct snapshot s = { .common.command = &snapshot_command,
		              .epoch = -1,
		              .node_id = -1,
		              .node = { .id = -1, .leader_epoch = -1 } };
	const int status = common_main(&s.common, argc, argv);

	voters_release(&s.voters_of_state);
	voters_release(&s.voters_given);
	kmeta_image_free(s.state);
	free(s.path);
	return status;
}
