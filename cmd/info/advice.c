/* SPDX-License-Identifier: Apache-2.0 */
/* advice.c: what does not fit together, and what to do first. */
#include <string.h>

#include "info.h"

#define REMARK(i, ...) kmeta_buffer_format(&(i)->remarks, __VA_ARGS__)
#define FIRST(i, ...)  kmeta_buffer_format(&(i)->first, __VA_ARGS__)

/* ---- remarks ---- */

static struct kmeta_bytes next_line(struct kmeta_bytes *lines)
{
	const uint8_t *end = memchr(lines->data, '\n', lines->size);
	const size_t size = end ? (size_t)(end - lines->data) : lines->size;
	const struct kmeta_bytes line = { lines->data, size };

	lines->data += size + (end != NULL);
	lines->size -= size + (end != NULL);
	return line;
}

static void remark_unread(struct info *i, const struct kmeta_info *info)
{
	struct kmeta_bytes lines = kmeta_buffer_bytes(&info->unread);

	while (lines.size) {
		const struct kmeta_bytes line = next_line(&lines);

		info_put_name(&i->remarks, info);
		REMARK(i, ": %.*s\n", (int)line.size, (const char *)line.data);
	}
}

/* The first names, and how many more there are. */
static void remark_others(struct info *i, const struct kmeta_info *info)
{
	enum { NAMED = 5 };
	struct kmeta_bytes lines = kmeta_buffer_bytes(&info->others);
	size_t count = 0;

	while (lines.size) {
		const struct kmeta_bytes line = next_line(&lines);

		if (!count)
			info_put_name(&i->remarks, info);
		if (count++ < NAMED)
			REMARK(i, "%s%.*s",
			       count > 1 ? ", " : ": these do not belong there: ", (int)line.size,
			       (const char *)line.data);
	}
	if (count > NAMED)
		REMARK(i, " and %zu more", count - NAMED);
	if (count)
		REMARK(i, "\n");
}

static bool is_same_set(const struct kmeta_info_voters *a, const struct kmeta_info_voters *b)
{
	for (size_t v = 0; v < a->count; v++)
		if (!info_is_voter_id(b, a->at[v].id))
			return false;
	return a->count == b->count;
}

static void remark_voter_sets(struct info *i, const struct kmeta_info *info)
{
	if (!info->file_voters.known || !info->elected_voters.known ||
	    is_same_set(&info->file_voters, &info->elected_voters))
		return;
	info_put_name(&i->remarks, info);
	REMARK(i, ": quorum-state names the voters ");
	info_put_voter_ids(&i->remarks, &info->file_voters);
	REMARK(i, ", the last election in the log ");
	info_put_voter_ids(&i->remarks, &info->elected_voters);
	REMARK(i, "\n");
}

static void remark_voter_directory(struct info *i, const struct kmeta_info *info)
{
	for (size_t v = 0; v < i->voters->count; v++) {
		const struct kmeta_info_voter *voter = &i->voters->at[v];

		if (voter->id != info->node_id)
			continue;
		info_put_name(&i->remarks, info);
		REMARK(i,
		       ": its directory.id is %s, but the log has voter %d with %s: it only observes\n",
		       info->directory_id, voter->id, voter->directory);
	}
}

static void remark_properties(struct info *i, const struct kmeta_info *info)
{
	if (info->kind == KMETA_INFO_NOTHING || info->kind == KMETA_INFO_FILE)
		return;
	if (!info->has_properties) {
		info_put_name(&i->remarks, info);
		REMARK(i, ": there is no meta.properties: whose it is, is unknown\n");
		return;
	}
	if (info->node_id < 0)
		REMARK(i, "%s: meta.properties has no node.id\n", info->address);
	if (!info->cluster_id[0]) {
		info_put_name(&i->remarks, info);
		REMARK(i, ": the cluster.id in meta.properties is %s\n",
		       info->has_cluster_id ? "empty" : "missing");
	}
}

static void remark_one(struct info *i, size_t n)
{
	const struct kmeta_info *info = i->at[n];
	const struct standing *standing = &i->standings[n];

	remark_properties(i, info);
	if (standing->is_stranger) {
		info_put_name(&i->remarks, info);
		REMARK(i,
		       ": its cluster.id is %s, that of the others is another one: it was "
		       "formatted again, or is of another cluster\n",
		       info->cluster_id);
	}
	if (standing->is_twin)
		REMARK(i, "%s: another directory has node id %d as well\n", info->address,
		       info->node_id);
	if (standing->is_other)
		remark_voter_directory(i, info);
	if (standing->is_blank) {
		info_put_name(&i->remarks, info);
		REMARK(i, ": its log is empty, as after formatting%s\n",
		       standing->is_voter ? ": it votes for anybody" : "");
	}
	remark_voter_sets(i, info);
	if (info->damage[0]) {
		info_put_name(&i->remarks, info);
		REMARK(i, ": the log is damaged at offset %lld, where Kafka cuts it: %s\n",
		       (long long)info->damage_offset, info->damage);
	}
	if (info->state_fault[0]) {
		info_put_name(&i->remarks, info);
		REMARK(i, ": the state is unknown: %s\n", info->state_fault);
	}
	remark_unread(i, info);
	remark_others(i, info);
}

/* Two nodes that name two leaders of one epoch. */
static void remark_leaders(struct info *i)
{
	for (size_t a = 0; a < i->count; a++)
		for (size_t b = a + 1; b < i->count; b++) {
			const struct kmeta_info *x = i->at[a], *y = i->at[b];

			if (x->leader_id < 0 || y->leader_id < 0 ||
			    x->leader_epoch != y->leader_epoch || x->leader_id == y->leader_id)
				continue;
			info_put_name(&i->remarks, x);
			REMARK(i, ": it names node %d the leader of epoch %d, but ", x->leader_id,
			       x->leader_epoch);
			info_put_name(&i->remarks, y);
			REMARK(i, " names node %d\n", y->leader_id);
		}
}

void info_remark(struct info *i)
{
	for (size_t n = 0; n < i->count; n++)
		remark_one(i, n);
	remark_leaders(i);
}

/* ---- what to do first ---- */

/* The first directory of which something is so; NULL: none. */
typedef bool info_is(const struct info *i, size_t n);

static const struct kmeta_info *first_that(const struct info *i, info_is *is)
{
	for (size_t n = 0; n < i->count; n++)
		if (is(i, n))
			return i->at[n];
	return NULL;
}

static bool is_unread(const struct info *i, size_t n)
{
	return i->at[n]->unread.size > 0;
}

static bool is_damaged(const struct info *i, size_t n)
{
	return i->at[n]->damage[0] ||
	       (i->at[n]->state_fault[0] && i->at[n]->kind != KMETA_INFO_FILE);
}

static bool is_stranger(const struct info *i, size_t n)
{
	return i->standings[n].is_stranger;
}

static bool is_twin(const struct info *i, size_t n)
{
	return i->standings[n].is_twin;
}

static bool is_other_voter(const struct info *i, size_t n)
{
	return i->standings[n].is_other;
}

static void advise_missing(struct info *i)
{
	size_t count = 0;

	FIRST(i, "no majority: %zu of %zu voters are given and %zu are needed; look for ", i->given,
	      i->voters->count, i->majority);
	for (size_t v = 0; v < i->voters->count; v++) {
		bool given = false;

		for (size_t n = 0; n < i->count; n++)
			given |= i->standings[n].is_voter &&
			         i->at[n]->node_id == i->voters->at[v].id;
		if (!given)
			FIRST(i, "%snode %d", count++ ? ", " : "", i->voters->at[v].id);
	}
	FIRST(i, " before anything is formatted");
}

/* Voters that were formatted elect one another, and the log of the others is then cut. */
static bool has_blank_voter(const struct info *i, size_t n)
{
	return i->standings[n].is_blank && i->standings[n].is_voter;
}

static void advise_blank(struct info *i)
{
	size_t blank = 0;

	for (size_t n = 0; n < i->count; n++)
		blank += has_blank_voter(i, n);
	if (i->given - blank >= i->majority)
		FIRST(i,
		      "start the voters with a log, and those that are empty only when there is a "
		      "leader; ");
	else
		FIRST(i, "copy everything: the voters with a log are no majority without the empty "
		         "ones, and these may elect one of theirs, after which all is lost; ");
	info_put_name(&i->first, i->at[i->winner]);
	FIRST(i, " has the newest log");
}

static void advise_start(struct info *i)
{
	const struct kmeta_info *winner = i->at[i->winner];

	FIRST(i, "start the voters that are given: ");
	info_put_name(&i->first, winner);
	FIRST(i, " can win, with the newest log (epoch %d, end offset %lld), and ",
	      winner->last_epoch, (long long)winner->end_offset);
	info_put_loss(i, (size_t)i->winner, &i->first);
}

static bool has_log(const struct info *i, size_t n)
{
	return i->standings[n].has_log;
}

static void advise_one(struct info *i, const struct kmeta_info *info)
{
	switch (info->kind) {
	case KMETA_INFO_NOTHING:
		FIRST(i,
		      info->below
		              ? "look below it: kmeta-info %s"
		              : "nothing of Kafka is here: see whether the right volume is mounted",
		      info->below);
		return;
	case KMETA_INFO_PARTITIONS:
		FIRST(i, "the metadata log is in another directory of this node "
		         "(metadata.log.dir, or the first of log.dirs): name that one");
		return;
	case KMETA_INFO_FORMATTED:
		FIRST(i, "it was formatted and never had a leader's record: start it, or format it "
		         "again");
		return;
	case KMETA_INFO_FILE:
		FIRST(i, "name the directory that it is from, to see whose it is");
		return;
	case KMETA_INFO_METADATA:
		break;
	}
	if (!i->voters)
		FIRST(i, "nothing tells the voters: see controller.quorum.voters of the node");
	else if (info->node_id < 0)
		FIRST(i,
		      "find its meta.properties, which stands one directory above the log: nothing "
		      "else tells which node it is");
	else if (i->winner >= 0)
		FIRST(i, "start it: it is the only voter");
	else if (i->given)
		FIRST(i, "%zu of %zu voters are needed: name the directories of the others as well",
		      i->majority, i->voters->count);
	else
		FIRST(i, "it is no voter and cannot lead: look at the voters");
}

void info_advise(struct info *i)
{
	const struct kmeta_info *info;

	if ((info = first_that(i, is_unread)) != NULL)
		FIRST(i, "see to it that %s can be read", info->address);
	else if ((info = first_that(i, is_damaged)) != NULL)
		FIRST(i, "copy %s before Kafka starts on it, and run kmeta-verify on the copy",
		      info->address);
	else if ((info = first_that(i, is_stranger)) != NULL)
		FIRST(i, "do not start %s together with the others: it is of another cluster",
		      info->address);
	else if ((info = first_that(i, is_twin)) != NULL)
		FIRST(i, "find out which of the directories of node %d is the right one",
		      info->node_id);
	else if ((info = first_that(i, is_other_voter)) != NULL)
		FIRST(i,
		      "node %d has another directory than its voter: with a majority of the "
		      "others, remove the old voter and add the new one "
		      "(kafka-metadata-quorum.sh remove-controller, add-controller)",
		      info->node_id);
	else if (i->count == 1 || !first_that(i, has_log))
		advise_one(i, i->at[0]);
	else if (!i->voters)
		FIRST(i, "nothing tells the voters: see controller.quorum.voters of the nodes");
	else if (i->winner < 0)
		advise_missing(i);
	else if (first_that(i, has_blank_voter))
		advise_blank(i);
	else
		advise_start(i);
}
