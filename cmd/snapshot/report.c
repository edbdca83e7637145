/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: says what was made, how Kafka is to start from it, and what to beware of. */
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

/* ---- lines ---- */

static void say_counts(struct kmeta_buffer *out, const int64_t counts[KMETA_ENTITY_KINDS])
{
	static const struct {
		enum kmeta_entity_kind kind;
		const char *one, *many;
	} words[] = {
		{ KMETA_FEATURE, "feature", "features" },
		{ KMETA_ZK_MIGRATION, "state of the migration", "states of the migration" },
		{ KMETA_BROKER, "broker", "brokers" },
		{ KMETA_CONTROLLER, "controller", "controllers" },
		{ KMETA_TOPIC, "topic", "topics" },
		{ KMETA_PARTITION, "partition", "partitions" },
		{ KMETA_CONFIG, "config", "configs" },
		{ KMETA_QUOTA, "quota", "quotas" },
		{ KMETA_PRODUCER_IDS, "block of producer ids", "blocks of producer ids" },
		{ KMETA_ACL, "ACL", "ACLs" },
		{ KMETA_SCRAM, "SCRAM credential", "SCRAM credentials" },
		{ KMETA_TOKEN, "delegation token", "delegation tokens" },
	};
	const char *between = "";

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!counts[words[i].kind])
			continue;
		kmeta_buffer_format(out, "%s", between);
		output_count(out, counts[words[i].kind], words[i].one, words[i].many);
		between = ", ";
	}
}

static bool any_count(const int64_t counts[KMETA_ENTITY_KINDS])
{
	int64_t all = 0;

	for (size_t i = 0; i < KMETA_ENTITY_KINDS; i++)
		all += counts[i];
	return all > 0;
}

static const char *out_name(const struct snapshot *s)
{
	return s->out_kind == OUT_STREAM ? "standard output" : s->out;
}

static void say_made(const struct snapshot *s, struct kmeta_buffer *out)
{
	kmeta_buffer_format(out, "%s %s", s->dry_run ? "would write" : "wrote", out_name(s));
	if (s->out_kind == OUT_DIRECTORY)
		kmeta_buffer_format(out, " with __cluster_metadata-0/%s", s->name);
	kmeta_buffer_format(out, ": the state @%lld, epoch %d, as ",
	                    (long long)s->moment.end_offset, s->epoch_written);
	output_count(out, s->totals.records, "record", "records");
	kmeta_buffer_format(out, " in ");
	output_count(out, s->totals.bytes, "byte", "bytes");
	if (!s->dry_run)
		kmeta_buffer_format(out, s->no_verify || s->out_kind == OUT_STREAM
		                                 ? ", not read back"
		                                 : ", read back and verified");
	kmeta_buffer_format(out, "\nholds: ");
	say_counts(out, s->totals.entities);
	kmeta_buffer_format(out, "%s\n", any_count(s->totals.entities) ? "" : "nothing");
}

/* What references to things that are not there will be like. */
static void say_left_out(const struct snapshot *s, struct kmeta_buffer *out)
{
	if (!any_count(s->left_out))
		return;
	kmeta_buffer_format(out, "left out: ");
	say_counts(out, s->left_out);
	kmeta_buffer_add(out, "\n", 1);
	if (s->topics_without_partitions)
		kmeta_buffer_format(out, "beware: %lld of the topics then have no partitions\n",
		                    (long long)s->topics_without_partitions);
	if (s->partitions_without_brokers)
		kmeta_buffer_format(
			out,
			"beware: the replicas of %lld partitions are on brokers that were left "
			"out; they come back when these brokers register\n",
			(long long)s->partitions_without_brokers);
	if (s->configs_without_brokers)
		kmeta_buffer_format(out, "beware: %lld configs are of brokers that were left out\n",
		                    (long long)s->configs_without_brokers);
}

/* ---- the next step ---- */

/* Servers may run elsewhere: where it is from the root on. */
static void put_absolute(struct kmeta_buffer *out, const char *path)
{
	char *here = *path == '/' ? NULL : realpath(".", NULL);
	size_t size = strlen(path);

	while (size > 1 && path[size - 1] == '/')
		size--;
	if (here)
		kmeta_buffer_format(out, "%s/", strcmp(here, "/") ? here : "");
	kmeta_buffer_add(out, path, size);
	free(here);
}

static void say_configuration(const struct snapshot *s, struct kmeta_buffer *out)
{
	const int32_t id = s->node.id;

	kmeta_buffer_format(out,
	                    "next: start node %d with process.roles=controller (or "
	                    "broker,controller) and these lines:\n",
	                    id);
	kmeta_buffer_format(out, "  node.id=%d\n  metadata.log.dir=", id);
	put_absolute(out, s->out);
	kmeta_buffer_add(out, "\n", 1);
	if (s->kraft_version) {
		kmeta_buffer_format(out, "  controller.quorum.bootstrap.servers=");
		voters_put_servers(out, s);
		kmeta_buffer_format(out, "\n  and without controller.quorum.voters; brokers get "
		                         "the same controller.quorum.bootstrap.servers\n");
	} else {
		kmeta_buffer_format(out, "  controller.quorum.voters=%d@HOST:PORT\n", id);
		kmeta_buffer_format(out, "  with the host and port of its controller listener; "
		                         "brokers get the same line\n");
	}
}

static void say_next(const struct snapshot *s, struct kmeta_buffer *out)
{
	if (s->out_kind == OUT_DIRECTORY)
		say_configuration(s, out);
	else if (s->out_kind == OUT_FILE)
		kmeta_buffer_format(out,
		                    "next: put it alone into an empty __cluster_metadata-0, as "
		                    "%s, beside which meta.properties is\n",
		                    s->name);
	else
		kmeta_buffer_format(out, "next: Kafka finds it by its name, %s\n", s->name);
}

/* ---- what to beware of ---- */

static void say_voters(const struct snapshot *s, struct kmeta_buffer *out)
{
	const int32_t known = snapshot_known_epoch(s);

	if (s->kraft_version && s->voters_count > 1) {
		kmeta_buffer_format(out, "beware: the voters are ");
		voters_put_ids(out, s);
		kmeta_buffer_format(out, ", and %zu of them have to run before one leads\n",
		                    voters_majority(s));
	}
	/* A higher epoch than any that may have had a leader; elections take one each. */
	enum { MARGIN = 100 };
	if (snapshot_changes_voters(s) && s->epoch_written <= known)
		kmeta_buffer_format(
			out,
			"beware: other voters may have had another leader since epoch %d, and "
			"no epoch may have two: if any of them ran on, use --epoch %lld\n",
			known, (long long)known + MARGIN);
	else if (!s->kraft_version && s->out_kind == OUT_DIRECTORY && s->epoch_written <= known)
		kmeta_buffer_format(out,
		                    "beware: if controller.quorum.voters names fewer voters than "
		                    "before, use --epoch %lld for the same reason\n",
		                    (long long)known + MARGIN);
}

/* KRAFT_VERSION 1 needs release 3.9, whose first metadata.version is 21. */
static void say_release(const struct snapshot *s, struct kmeta_buffer *out)
{
	enum { FIRST_LEVEL = 21 };
	const char *name = kmeta_metadata_version_name(s->moment.level);

	if (s->voters_choice == VOTERS_GIVEN && s->moment.level < FIRST_LEVEL)
		kmeta_buffer_format(out,
		                    "beware: voters in the log need release 3.9 or later, and the "
		                    "metadata.version is %s; --voters=static needs none\n",
		                    name ? name : "not set");
}

static void say_beware(const struct snapshot *s, struct kmeta_buffer *out)
{
	const int64_t open = kmeta_image_open_transaction(s->state);
	const int64_t *entities = s->totals.entities;

	say_voters(s, out);
	say_release(s, out);
	if (open >= 0)
		kmeta_buffer_format(out,
		                    "beware: a transaction is open since offset %lld; its "
		                    "records are not in the state\n",
		                    (long long)open);
	if (s->directory_id_from_voter)
		kmeta_buffer_format(out, "beware: the source has no directory.id, so "
		                         "meta.properties has that of the voter\n");
	if (entities[KMETA_BROKER])
		kmeta_buffer_format(out, "beware: brokers count as alive until "
		                         "broker.session.timeout.ms is over: create no topics "
		                         "before\n");
	if (entities[KMETA_TOKEN])
		kmeta_buffer_format(out, "beware: delegation tokens need the old cluster's "
		                         "delegation.token.secret.key (before 3.8: master.key)\n");
	if (entities[KMETA_SCRAM] || entities[KMETA_TOKEN] || entities[KMETA_CONFIG])
		kmeta_buffer_format(out, "beware: it holds credentials and settings as they are\n");
}

/* What a metadata.version has no record for is lost, as in Kafka's own snapshots. */
static void say_lost(struct snapshot *s, struct kmeta_buffer *out)
{
	const char *version = kmeta_metadata_version_name(s->moment.level);
	int64_t lost[KMETA_ENTITY_KINDS] = { 0 };

	for (size_t i = 0; i < KMETA_ENTITY_KINDS; i++)
		if (i != KMETA_VOTER && i != KMETA_ZK_MIGRATION)
			lost[i] = (int64_t)kmeta_image_count(s->state, (enum kmeta_entity_kind)i) -
			          s->totals.entities[i] - s->left_out[i];
	if (!any_count(lost))
		return;
	s->lost = true;
	kmeta_buffer_format(out, "lost: ");
	say_counts(out, lost);
	kmeta_buffer_format(out, ": the metadata.version, %s, has no place for them\n",
	                    version ? version : "which is not set");
}

static void put_report(struct snapshot *s, struct kmeta_buffer *out)
{
	say_lost(s, out);
	say_left_out(s, out);
	say_made(s, out);
	say_beware(s, out);
	say_next(s, out);
}

/* Where the checkpoint itself goes to standard output, messages go to standard error. */
void snapshot_report(struct snapshot *s)
{
	struct common *c = &s->common;
	struct kmeta_buffer text = { 0 };

	put_report(s, &text);
	c->different |= s->lost;
	if (c->quiet) {
		kmeta_buffer_release(&text);
		return;
	}
	progress_hide(&c->progress);
	if (s->out_kind == OUT_STREAM)
		output_message(&c->out, kmeta_buffer_bytes(&text));
	else
		kmeta_buffer_add(&c->out.buffer, text.at, text.size);
	kmeta_buffer_release(&text);
}
