/* SPDX-License-Identifier: Apache-2.0 */
/* quorum.c: how directories stand to each other: who votes, who can win, what would be lost. */
#include <stdlib.h>
#include <string.h>

#include "info.h"

void info_put_name(struct kmeta_buffer *out, const struct kmeta_info *info)
{
	if (info->node_id >= 0)
		kmeta_buffer_format(out, "node %d", info->node_id);
	else
		kmeta_buffer_format(out, "%s", info->address);
}

/* ---- voters ---- */

static const struct kmeta_info_voter *voter_of(const struct kmeta_info_voters *voters, int32_t id)
{
	for (size_t v = 0; v < voters->count; v++)
		if (voters->at[v].id == id)
			return &voters->at[v];
	return NULL;
}

bool info_is_voter_id(const struct kmeta_info_voters *voters, int32_t id)
{
	return voter_of(voters, id) != NULL;
}

void info_put_voter_ids(struct kmeta_buffer *out, const struct kmeta_info_voters *voters)
{
	kmeta_buffer_format(out, "[");
	for (size_t v = 0; v < voters->count; v++)
		kmeta_buffer_format(out, "%s%d", v ? "," : "", voters->at[v].id);
	kmeta_buffer_format(out, "]");
}

static void take_voters(struct info *i, const struct kmeta_info_voters *voters, const char *from)
{
	if (!voters->known)
		return;
	i->voters = voters;
	i->voters_from = from;
}

/*
 * The newest log knows best where it names the voters itself. Otherwise they are configured:
 * quorum-state has what was configured at the last start, and the last election who voted then.
 */
static void choose_voters(struct info *i)
{
	const struct kmeta_info *newest = NULL, *latest = NULL;

	for (size_t n = 0; n < i->count; n++) {
		const struct kmeta_info *info = i->at[n];

		if (i->standings[n].is_stranger || !i->standings[n].has_log)
			continue;
		if (!newest || kmeta_info_compare(info, newest) > 0)
			newest = info;
		if (info->file_voters.known &&
		    (!latest || info->leader_epoch > latest->leader_epoch))
			latest = info;
	}
	if (newest)
		take_voters(i, &newest->elected_voters, "the last election in the log");
	if (latest)
		take_voters(i, &latest->file_voters, "quorum-state");
	if (newest)
		take_voters(i, &newest->log_voters, "the log");
}

static bool has_same_directory(const struct kmeta_info_voter *voter, const struct kmeta_info *info)
{
	return !voter->directory[0] || !info->directory_id[0] ||
	       !strcmp(voter->directory, info->directory_id);
}

/* ---- which belong together ---- */

static size_t count_cluster(const struct info *i, const char *cluster_id)
{
	size_t count = 0;

	for (size_t n = 0; n < i->count; n++)
		count += !strcmp(i->at[n]->cluster_id, cluster_id);
	return count;
}

/* The cluster of most directories; of as many, that of the first. */
static const char *main_cluster(const struct info *i)
{
	const char *best = "";
	size_t most = 0;

	for (size_t n = 0; n < i->count; n++) {
		const size_t count = count_cluster(i, i->at[n]->cluster_id);

		if (i->at[n]->cluster_id[0] && count > most) {
			best = i->at[n]->cluster_id;
			most = count;
		}
	}
	return best;
}

/* A node has several log directories, but one metadata log. */
static bool is_given_before(const struct info *i, size_t number)
{
	for (size_t n = 0; n < number; n++)
		if (i->at[number]->node_id >= 0 && i->at[n]->node_id == i->at[number]->node_id &&
		    i->standings[n].has_log && i->standings[number].has_log)
			return true;
	return false;
}

/* ---- elections ---- */

/*
 * A voter votes for a candidate whose log is at least as new as its own. Votes of earlier epochs do
 * not bind it: each election has an epoch of its own.
 */
static void count_votes(struct info *i, size_t candidate)
{
	struct standing *standing = &i->standings[candidate];

	for (size_t n = 0; n < i->count; n++)
		standing->votes += i->standings[n].is_voter &&
		                   kmeta_info_compare(i->at[candidate], i->at[n]) >= 0;
	standing->can_win = standing->votes >= i->majority;
}

static void hold_election(struct info *i)
{
	for (size_t n = 0; n < i->count; n++)
		if (i->standings[n].is_voter)
			count_votes(i, n);
	for (size_t n = 0; n < i->count; n++)
		if (i->standings[n].can_win &&
		    (i->winner < 0 || kmeta_info_compare(i->at[n], i->at[i->winner]) > 0))
			i->winner = (int)n;
}

static void find_blanks(struct info *i)
{
	bool any = false;

	for (size_t n = 0; n < i->count; n++)
		any |= i->at[n]->kind == KMETA_INFO_METADATA;
	for (size_t n = 0; n < i->count; n++)
		i->standings[n].is_blank = any && i->at[n]->kind == KMETA_INFO_FORMATTED;
}

static void find_voters(struct info *i)
{
	for (size_t n = 0; n < i->count; n++) {
		struct standing *standing = &i->standings[n];
		const struct kmeta_info_voter *voter =
			i->voters ? voter_of(i->voters, i->at[n]->node_id) : NULL;

		if ((!standing->has_log && !standing->is_blank) || standing->is_stranger ||
		    standing->is_twin || !voter)
			continue;
		standing->is_voter = has_same_directory(voter, i->at[n]);
		standing->is_other = !standing->is_voter;
		i->given += standing->is_voter;
	}
	i->majority = i->voters ? i->voters->count / 2 + 1 : 0;
}

bool info_judge(struct info *i)
{
	const char *cluster = main_cluster(i);

	i->winner = -1;
	i->standings = calloc(i->count + 1, sizeof(*i->standings));
	if (!i->standings)
		return false;
	for (size_t n = 0; n < i->count; n++)
		i->standings[n].has_log = i->at[n]->segments || i->at[n]->checkpoints;
	for (size_t n = 0; n < i->count; n++) {
		i->standings[n].is_stranger =
			i->at[n]->cluster_id[0] && strcmp(i->at[n]->cluster_id, cluster) != 0;
		i->standings[n].is_twin = is_given_before(i, n);
	}
	choose_voters(i);
	find_blanks(i);
	find_voters(i);
	if (i->voters)
		hold_election(i);
	return true;
}

/* ---- what would be lost ---- */

/* Whether a majority has the record at "offset" of a log: only then it may be committed. */
static const char *commitment(const struct info *i, size_t number, int64_t offset)
{
	size_t have = 0;

	if (!i->voters)
		return "";
	for (size_t n = 0; n < i->count; n++)
		have += i->standings[n].is_voter &&
		        kmeta_info_common(i->at[number], i->at[n]) > offset;
	return have >= i->majority                                   ? ", which a majority has"
	       : have + (i->voters->count - i->given) >= i->majority ? ", which a majority may have"
	                                                             : ", which no majority has";
}

void info_put_loss(const struct info *i, size_t winner, struct kmeta_buffer *out)
{
	size_t count = 0;

	for (size_t n = 0; n < i->count; n++) {
		int64_t common;

		if (n == winner || !i->standings[n].has_log || i->standings[n].is_stranger)
			continue;
		common = i->standings[winner].is_blank ? 0
		                                       : kmeta_info_common(i->at[winner], i->at[n]);
		/* One that ends before the winner's log begins takes its checkpoint, and goes on. */
		if (common >= i->at[n]->end_offset || i->at[n]->end_offset <= 0 ||
		    (common < 0 && i->at[n]->end_offset <= i->at[winner]->start_offset))
			continue;
		if (common >= 0 && common < i->at[n]->start_offset)
			common = i->at[n]->start_offset;
		kmeta_buffer_format(out, "%s", count++ ? "; " : "");
		info_put_name(out, i->at[n]);
		if (common < 0)
			kmeta_buffer_format(out, " shares no epoch with it");
		else
			kmeta_buffer_format(out, " loses offsets %lld..%lld%s", (long long)common,
			                    (long long)i->at[n]->end_offset - 1,
			                    commitment(i, n, common));
	}
	if (!count)
		kmeta_buffer_format(out, "nothing is lost");
}
