/* SPDX-License-Identifier: Apache-2.0 */
/* overview.c: what kmeta-image prints unless something is chosen: where the state stands, counts.
 */
#include "image.h"

struct counts {
	size_t leaderless, under_replicated, reassigning;
};

static struct counts count_partitions(struct image *i)
{
	static const struct kmeta_query leaderless = { .leaderless = true };
	static const struct kmeta_query under_replicated = { .under_replicated = true };
	static const struct kmeta_query reassigning = { .reassigning = true };
	struct counts counts = { 0 };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	struct kmeta_finding why;

	if (kmeta_walk_open(&walk, i->state, 0, &why) != KMETA_OK)
		return counts;
	while (kmeta_walk_next(walk, &entity, &why) == KMETA_OK) {
		counts.leaderless += kmeta_query_matches(&leaderless, i->state, &entity);
		counts.under_replicated +=
			kmeta_query_matches(&under_replicated, i->state, &entity);
		counts.reassigning += kmeta_query_matches(&reassigning, i->state, &entity);
	}
	kmeta_walk_close(walk);
	return counts;
}

static void put_position(struct image *i)
{
	const struct kmeta_moment moment = kmeta_image_moment(i->state);
	const struct kmeta_quorum quorum = kmeta_image_quorum(i->state);
	const char *version = kmeta_metadata_version_name(moment.level);
	const int64_t partial_from = kmeta_image_partial_from(i->state);
	struct kmeta_buffer *out = &i->common.out.buffer;

	kmeta_buffer_format(out, "%-17s @%lld, epoch %d", "state", (long long)moment.end_offset,
	                    moment.epoch);
	if (moment.timestamp >= 0) {
		kmeta_buffer_format(out, ", ");
		kmeta_print_time(out, moment.timestamp, i->common.flags);
	}
	kmeta_buffer_format(out, "\n");
	if (partial_from >= 0)
		kmeta_buffer_format(
			out, "%-17s from @%lld on: what only earlier records say is unknown\n",
			"partial", (long long)partial_from);
	kmeta_buffer_format(out, "%-17s ", "metadata.version");
	if (moment.level)
		kmeta_buffer_format(out, "%lld%s%s%s\n", (long long)moment.level,
		                    version ? " (" : "", version ? version : "",
		                    version ? ")" : "");
	else
		kmeta_buffer_format(out, partial_from >= 0 ? "unknown\n" : "not in the log\n");
	if (quorum.leader >= 0)
		kmeta_buffer_format(out, "%-17s leader %d since epoch %d\n", "quorum",
		                    quorum.leader, quorum.leader_epoch);
	if (quorum.kraft_version >= 0)
		kmeta_buffer_format(out, "%-17s %d\n", "kraft.version", quorum.kraft_version);
}

/* Partitions are in the row of topics. Where the log names no voters, it does not know them. */
static bool has_row(const struct image *i, enum kmeta_entity_kind kind)
{
	return kind != KMETA_PARTITION && !kmeta_entity_kind_is_single(kind) &&
	       (kind != KMETA_VOTER || kmeta_image_count(i->state, kind));
}

void image_print_overview(struct image *i)
{
	const struct counts counts = count_partitions(i);
	struct kmeta_buffer *out = &i->common.out.buffer;

	put_position(i);
	for (enum kmeta_entity_kind kind = 0; kind < KMETA_ENTITY_KINDS; kind++) {
		if (!has_row(i, kind))
			continue;
		kmeta_buffer_format(out, "%-17s %zu", kmeta_entity_kind_group(kind),
		                    kmeta_image_count(i->state, kind));
		if (kind == KMETA_TOPIC)
			kmeta_buffer_format(
				out,
				", with %zu partitions: %zu without a leader, %zu under-replicated, "
				"%zu reassigning",
				kmeta_image_count(i->state, KMETA_PARTITION), counts.leaderless,
				counts.under_replicated, counts.reassigning);
		kmeta_buffer_format(out, "\n");
	}
	if (kmeta_image_open_transaction(i->state) >= 0)
		kmeta_buffer_format(
			out, "%-17s open since offset %lld: what is in it does not count yet\n",
			"transaction", (long long)kmeta_image_open_transaction(i->state));
}
