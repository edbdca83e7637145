/* SPDX-License-Identifier: Apache-2.0 */
/* screen.c: one directory on a screen, or several as a table. */
#include <stdio.h>
#include <string.h>

#include "info.h"

#define PUT(i, ...) kmeta_buffer_format(&(i)->common.out.buffer, __VA_ARGS__)

static void put_label(struct info *i, const char *title)
{
	const bool color = i->common.flags & KMETA_SHOW_COLOR;

	PUT(i, "%s%-14s%s", color ? "\x1b[1m" : "", title, color ? "\x1b[0m" : "");
}

static void put_moment_of(struct info *i, int64_t time)
{
	if (time < 0)
		return;
	PUT(i, ", ");
	kmeta_print_time(&i->common.out.buffer, time, i->common.flags);
}

/* "9 days", "3 hours", "22 seconds" */
static void put_span(struct info *i, int64_t milliseconds)
{
	static const struct {
		int64_t milliseconds;
		const char *one, *many;
	} units[] = { { 86400000, "day", "days" },
		      { 3600000, "hour", "hours" },
		      { 60000, "minute", "minutes" },
		      { 1000, "second", "seconds" } };
	size_t u = 0;

	while (u < 3 && milliseconds < 2 * units[u].milliseconds)
		u++;
	output_count(&i->common.out.buffer, milliseconds / units[u].milliseconds, units[u].one,
	             units[u].many);
}

/* ---- one ---- */

static void put_kind(struct info *i, const struct kmeta_info *info)
{
	static const char *const kinds[] = {
		[KMETA_INFO_METADATA] = "a metadata log",
		[KMETA_INFO_FORMATTED] = "formatted, and without a record of a cluster yet",
		[KMETA_INFO_PARTITIONS] = "a log directory without metadata",
		[KMETA_INFO_NOTHING] = "nothing of Kafka",
		[KMETA_INFO_FILE] = "a file by itself",
	};

	put_label(i, "address");
	PUT(i, "%s: %s\n", info->address, kinds[info->kind]);
}

static void put_identity(struct info *i, const struct kmeta_info *info)
{
	if (!info->has_properties)
		return;
	put_label(i, "node");
	if (info->node_id >= 0)
		PUT(i, "%d", info->node_id);
	else
		PUT(i, "unknown");
	if (info->directory_id[0])
		PUT(i, ", directory %s", info->directory_id);
	PUT(i, "\n");
	put_label(i, "cluster");
	PUT(i, "%s (meta.properties version %d)\n",
	    info->cluster_id[0]    ? info->cluster_id
	    : info->has_cluster_id ? "empty"
	                           : "none",
	    info->properties_version);
}

static void put_quorum_state(struct info *i, const struct kmeta_info *info)
{
	if (!info->has_quorum_state)
		return;
	put_label(i, "quorum-state");
	PUT(i, "epoch %d, ", info->leader_epoch);
	if (info->leader_id >= 0)
		PUT(i, "leader %d", info->leader_id);
	else
		PUT(i, "no leader");
	if (info->voted_id >= 0)
		PUT(i, ", voted for %d", info->voted_id);
	if (info->file_voters.known) {
		PUT(i, "; voters ");
		info_put_voter_ids(&i->common.out.buffer, &info->file_voters);
	}
	PUT(i, "\n");
}

static void put_log(struct info *i, const struct kmeta_info *info)
{
	if (info->end_offset < 0)
		return;
	put_label(i, "log");
	if (info->segments) {
		output_count(&i->common.out.buffer, (int64_t)info->segments, "segment", "segments");
		PUT(i, ", ");
	}
	if (info->end_offset > info->start_offset)
		PUT(i, "offsets %lld to %lld, last epoch %d", (long long)info->start_offset,
		    (long long)info->end_offset - 1, info->last_epoch);
	else
		PUT(i, "ends @%lld, last epoch %d, no records behind the checkpoint",
		    (long long)info->end_offset, info->last_epoch);
	put_moment_of(i, info->last_time);
	PUT(i, "\n");
}

static void put_checkpoint(struct info *i, const struct kmeta_info *info)
{
	if (!info->has_state)
		return;
	put_label(i, "checkpoint");
	if (!info->has_checkpoint) {
		PUT(i, "none\n");
		return;
	}
	PUT(i, "@%lld", (long long)info->checkpoint_offset);
	put_moment_of(i, info->checkpoint_time);
	PUT(i, "; behind it ");
	output_count(&i->common.out.buffer, info->records_behind, "record", "records");
	PUT(i, ", ");
	output_count(&i->common.out.buffer, info->bytes_behind, "byte", "bytes");
	if (info->last_time > info->checkpoint_time && info->checkpoint_time > 0) {
		PUT(i, ", ");
		put_span(i, info->last_time - info->checkpoint_time);
	}
	PUT(i, "\n");
}

static void put_state(struct info *i, const struct kmeta_info *info)
{
	static const char *const migrations[] = { "none", "migration", "pre-migration",
		                                  "post-migration" };
	const char *name = kmeta_metadata_version_name(info->level);

	if (!info->has_state)
		return;
	put_label(i, "state");
	if (info->level)
		PUT(i, "metadata.version %lld%s%s%s", (long long)info->level, name ? " (" : "",
		    name ? name : "", name ? ")" : "");
	else
		PUT(i, "no metadata.version");
	if (info->kraft_version >= 0)
		PUT(i, ", kraft.version %d", info->kraft_version);
	PUT(i, ", ");
	output_count(&i->common.out.buffer, (int64_t)info->brokers, "broker", "brokers");
	PUT(i, ", ");
	output_count(&i->common.out.buffer, (int64_t)info->topics, "topic", "topics");
	PUT(i, ", ");
	output_count(&i->common.out.buffer, (int64_t)info->partitions, "partition", "partitions");
	if (info->migration > 0)
		PUT(i, ", ZooKeeper: %s",
		    info->migration < 4 ? migrations[info->migration] : "unknown");
	PUT(i, "\n");
}

static void put_voter_lines(struct info *i, const struct kmeta_info *info)
{
	for (size_t v = 0; v < info->log_voters.count; v++) {
		const struct kmeta_info_voter *voter = &info->log_voters.at[v];

		put_label(i, v ? "" : "voters");
		PUT(i, "%d  %s  %s%s\n", voter->id, voter->directory, voter->endpoints,
		    voter->id == info->node_id ? "  (this node)" : "");
	}
	if (info->log_voters.known || !info->elected_voters.known)
		return;
	put_label(i, "voters");
	info_put_voter_ids(&i->common.out.buffer, &info->elected_voters);
	PUT(i, ", as the last election in the log names them\n");
}

static void put_starting(struct info *i, const struct kmeta_info *info)
{
	struct kmeta_verify_totals totals;

	if (!info_judge_start(i, info, &totals))
		return;
	put_label(i, "starts on");
	if (!totals.first_release)
		PUT(i, "no Kafka: kmeta-verify --only=start says why\n");
	else if (totals.first_release == totals.last_release)
		PUT(i, "Kafka %s\n", totals.first_release);
	else
		PUT(i, "Kafka %s to %s\n", totals.first_release, totals.last_release);
}

/* ---- the end of both ---- */

static void put_advice(struct info *i)
{
	struct kmeta_buffer *out = &i->common.out.buffer;
	const bool color = i->common.flags & KMETA_SHOW_COLOR;

	if (i->remarks.size) {
		PUT(i, "\n");
		kmeta_buffer_add(out, i->remarks.at, i->remarks.size);
	}
	PUT(i, "\n%sfirst%s: %.*s\n", color ? "\x1b[1m" : "", color ? "\x1b[0m" : "",
	    (int)i->first.size, i->first.at);
}

void info_print_screen(struct info *i, const struct kmeta_info *info)
{
	put_kind(i, info);
	put_identity(i, info);
	put_quorum_state(i, info);
	put_log(i, info);
	put_checkpoint(i, info);
	put_state(i, info);
	put_voter_lines(i, info);
	put_starting(i, info);
	if (info->partition_directories) {
		put_label(i, "partitions");
		output_count(&i->common.out.buffer, (int64_t)info->partition_directories,
		             "directory", "directories");
		PUT(i, "%s\n",
		    info->directory ? "; --partitions compares them with the state" : "");
	}
	put_advice(i);
}

/* ---- several ---- */

static void put_number(struct info *i, int width, int64_t number)
{
	if (number >= 0)
		PUT(i, "%*lld  ", width, (long long)number);
	else
		PUT(i, "%*s  ", width, "-");
}

static void put_standing(struct info *i, size_t n)
{
	const struct kmeta_info *info = i->at[n];
	const struct standing *standing = &i->standings[n];
	char wins[32] = "-";

	if (standing->is_voter)
		snprintf(wins, sizeof(wins), "%s, %zu of %zu", standing->can_win ? "yes" : "no",
		         standing->votes, i->voters->count);
	put_number(i, 4, info->node_id);
	put_number(i, 5, info->last_epoch);
	put_number(i, 10, info->end_offset);
	put_number(i, 8, info->leader_epoch);
	put_number(i, 6, info->leader_id);
	put_number(i, 5, info->voted_id);
	PUT(i, "%-5s  %-11s  %s\n",
	    standing->is_voter   ? "yes"
	    : standing->is_other ? "other"
	                         : "no",
	    wins, info->address);
}

static void put_elections(struct info *i)
{
	struct kmeta_buffer *out = &i->common.out.buffer;

	if (!i->voters)
		return;
	PUT(i, "\nvoters ");
	info_put_voter_ids(out, i->voters);
	PUT(i, " (from %s): %zu votes win, and %zu of the voters %s given\n", i->voters_from,
	    i->majority, i->given, i->given == 1 ? "is" : "are");
	for (size_t n = 0; n < i->count; n++) {
		if (!i->standings[n].is_voter)
			continue;
		PUT(i, i->standings[n].can_win ? "if " : "cannot win; if ");
		info_put_name(out, i->at[n]);
		PUT(i, i->standings[n].can_win ? " wins: " : " won: ");
		info_put_loss(i, n, out);
		PUT(i, "\n");
	}
}

void info_print_table(struct info *i)
{
	PUT(i, "%4s  %5s  %10s  %8s  %6s  %5s  %-5s  %-11s  %s\n", "NODE", "EPOCH", "END OFFSET",
	    "ELECTION", "LEADER", "VOTED", "VOTER", "CAN WIN", "DIRECTORY");
	for (size_t n = 0; n < i->count; n++)
		put_standing(i, n);
	put_elections(i);
	put_advice(i);
}
