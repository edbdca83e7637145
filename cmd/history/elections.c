/* SPDX-License-Identifier: Apache-2.0 */
/* elections.c: which changes of a partition are elections of its leader, and which lost data. */
#include "history.h"

static int64_t side_number(const struct kmeta_entity *entity, const char *name, int64_t absent)
{
	const struct kmeta_field *field = kmeta_fields_find(entity->fields, name);

	return field ? field->value.integer : absent;
}

/* Arrays of brokers are as on the wire: big-endian int32. */
static bool side_lists(const struct kmeta_entity *entity, const char *name, int64_t broker)
{
	const struct kmeta_field *field = kmeta_fields_find(entity->fields, name);
	const struct kmeta_bytes ids = field ? field->value.bytes : (struct kmeta_bytes){ 0 };

	for (size_t at = 0; at + 4 <= ids.size; at += 4) {
		const uint8_t *id = ids.data + at;

		if ((int32_t)((uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 |
		              id[3]) == broker)
			return true;
	}
	return false;
}

bool history_is_election(const struct kmeta_change *change)
{
	const struct kmeta_entity *before = change->before, *after = change->after;

	return before && after && after->kind == KMETA_PARTITION &&
	       side_number(before, "leader", -1) != side_number(after, "leader", -1);
}

/*
 * The controller marks an unclean election by the recovery state. It also does so where it finds at
 * the election that a replica of the ELR was not shut down cleanly.
 */
bool history_is_unclean(const struct kmeta_change *change)
{
	enum { RECOVERING = 1 };
	const struct kmeta_entity *before = change->before;
	const int64_t leader = side_number(change->after, "leader", -1);
	const bool marked = side_number(before, "leaderRecoveryState", 0) != RECOVERING &&
	                    side_number(change->after, "leaderRecoveryState", 0) == RECOVERING;

	return leader >= 0 && (marked || (!side_lists(before, "isr", leader) &&
	                                  !side_lists(before, "eligibleLeaderReplicas", leader)));
}
