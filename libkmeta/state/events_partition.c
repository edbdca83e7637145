/* SPDX-License-Identifier: Apache-2.0 */
/* events_partition.c: what a change of a partition is, and how long it was down. */
#include "state/events_partition.h"

#include <string.h>

#include "base/wire.h"
#include "record/kind.h"
#include "state/query.h"

enum { NO_LEADER = -1, NONE = -1, SEVERAL = -2 };

/* ---- sets of brokers ---- */

static int32_t broker_at(struct kmeta_bytes set, size_t at)
{
	return (int32_t)wire_get32(set.data + at);
}

static bool set_holds(struct kmeta_bytes set, int32_t broker)
{
	for (size_t at = 0; at + 4 <= set.size; at += 4)
		if (broker_at(set, at) == broker)
			return true;
	return false;
}

/* The only broker of "more" that "less" lacks, or NONE, or SEVERAL. */
static int32_t missing_of(struct kmeta_bytes more, struct kmeta_bytes less)
{
	int32_t missing = NONE;

	for (size_t at = 0; at + 4 <= more.size; at += 4)
		if (!set_holds(less, broker_at(more, at)))
			missing = missing == NONE ? broker_at(more, at) : SEVERAL;
	return missing;
}

static bool set_is_same(struct kmeta_bytes a, struct kmeta_bytes b)
{
	return a.size == b.size && (!a.size || !memcmp(a.data, b.data, a.size));
}

/* As sets: Kafka may write the replicas in another order. */
static bool set_is_within(struct kmeta_bytes part, struct kmeta_bytes whole)
{
	return missing_of(part, whole) == NONE;
}

/* ---- what a change is ---- */

static bool is_moving(const struct partition_state *p)
{
	return p->arrays[PARTITION_ADDING].size || p->arrays[PARTITION_REMOVING].size;
}

/* Back to the replicas that it had before the reassignment: all but those that were being added. */
static bool is_cancelled(const struct partition_state *before, const struct partition_state *after)
{
	const struct kmeta_bytes was = before->arrays[PARTITION_REPLICAS],
				 is = after->arrays[PARTITION_REPLICAS];

	return set_is_within(before->arrays[PARTITION_REMOVING], is) &&
	       (before->arrays[PARTITION_REMOVING].size || before->arrays[PARTITION_ADDING].size) &&
	       missing_of(before->arrays[PARTITION_ADDING], is) != NONE && set_is_within(is, was);
}

static enum kmeta_cause reassignment_of(const struct partition_state *before,
                                        const struct partition_state *after)
{
	if (is_moving(after))
		return is_moving(before) ? KMETA_CAUSE_REASSIGNMENT_CHANGED
		                         : KMETA_CAUSE_REASSIGNMENT_BEGUN;
	return is_moving(before) && is_cancelled(before, after) ? KMETA_CAUSE_REASSIGNMENT_CANCELLED
	                                                        : KMETA_CAUSE_REASSIGNMENT_DONE;
}

static bool is_reassigned(const struct partition_state *before, const struct partition_state *after)
{
	return !set_is_same(before->arrays[PARTITION_REPLICAS],
	                    after->arrays[PARTITION_REPLICAS]) ||
	       !set_is_same(before->arrays[PARTITION_ADDING], after->arrays[PARTITION_ADDING]) ||
	       !set_is_same(before->arrays[PARTITION_REMOVING], after->arrays[PARTITION_REMOVING]);
}

/* The first replica of the list leads, and nothing else changed. */
static bool is_preferred(const struct partition_state *before, const struct partition_state *after)
{
	return before->leader != NO_LEADER && after->arrays[PARTITION_REPLICAS].size &&
	       broker_at(after->arrays[PARTITION_REPLICAS], 0) == after->leader &&
	       set_is_same(before->arrays[PARTITION_ISR], after->arrays[PARTITION_ISR]);
}

/*
 * The controller marks an unclean election by the recovery state. It also does so where it finds at
 * the election that a replica of the ELR was not shut down cleanly.
 */
static bool change_is_unclean(const struct partition_state *before,
                              const struct partition_state *after)
{
	return after->leader != NO_LEADER && after->leader != before->leader &&
	       ((after->recovery_state && !before->recovery_state) ||
	        (!set_holds(before->arrays[PARTITION_ISR], after->leader) &&
	         !set_holds(before->arrays[PARTITION_ELR], after->leader)));
}

static enum kmeta_cause cause_of(const struct event_change *change,
                                 const struct partition_state *before,
                                 const struct partition_state *after)
{
	if (change->unclean)
		return KMETA_CAUSE_UNCLEAN_ELECTION;
	if (is_reassigned(before, after))
		return reassignment_of(before, after);
	if (change->lost)
		return KMETA_CAUSE_LEADERS_LOST;
	if (change->moved || change->found)
		return is_preferred(before, after) ? KMETA_CAUSE_LEADERS_PREFERRED
		                                   : KMETA_CAUSE_LEADERS_MOVED;
	if (before->recovery_state && !after->recovery_state)
		return KMETA_CAUSE_RECOVERED;
	if (change->shrunk)
		return KMETA_CAUSE_ISR_SHRUNK;
	if (change->grown)
		return KMETA_CAUSE_ISR_GROWN;
	if (!set_is_same(before->arrays[PARTITION_DIRECTORIES],
	                 after->arrays[PARTITION_DIRECTORIES]))
		return KMETA_CAUSE_DIRECTORIES_ASSIGNED;
	if (!set_is_same(before->arrays[PARTITION_ELR], after->arrays[PARTITION_ELR]) ||
	    !set_is_same(before->arrays[PARTITION_LAST_KNOWN_ELR],
	                 after->arrays[PARTITION_LAST_KNOWN_ELR]))
		return KMETA_CAUSE_ELR_CHANGED;
	return before->leader_epoch != after->leader_epoch ? KMETA_CAUSE_EPOCHS_RAISED
	                                                   : KMETA_CAUSE_OTHER;
}

struct event_change event_change_of(const struct partition *before, const struct partition *after)
{
	struct event_change change = { .cause = KMETA_CAUSE_OTHER, .broker = -1, .leader = -1 };
	struct partition_state was, is;
	struct kmeta_bytes old_isr, new_isr;
	int32_t out, in, elr;

	if (!before || !after)
		return change;
	partition_unpack(&was, before);
	partition_unpack(&is, after);
	old_isr = was.arrays[PARTITION_ISR];
	new_isr = is.arrays[PARTITION_ISR];
	out = missing_of(old_isr, new_isr);
	in = missing_of(new_isr, old_isr);
	elr = missing_of(was.arrays[PARTITION_ELR], is.arrays[PARTITION_ELR]);
	change.leader = is.leader;
	change.shrunk = out != NONE;
	change.grown = in != NONE;
	change.unclean = change_is_unclean(&was, &is);
	change.lost = was.leader != NO_LEADER && is.leader == NO_LEADER;
	change.found = was.leader == NO_LEADER && is.leader != NO_LEADER;
	change.moved = was.leader != is.leader && !change.lost && !change.found;
	change.broker = out != NONE                    ? out
	                : in != NONE                   ? in
	                : change.lost || change.moved  ? was.leader
	                : elr != NONE && !change.found ? elr
	                                               : NONE;
	if (change.broker == SEVERAL)
		change.broker = NONE;
	change.cause = cause_of(&change, &was, &is);
	/* Early releases say once more that the last one in sync does not lead, when it is fenced. */
	if (change.cause == KMETA_CAUSE_EPOCHS_RAISED && is.leader == NO_LEADER &&
	    new_isr.size == sizeof(int32_t))
		change.broker = broker_at(new_isr, 0);
	return change;
}

static void count_leader(struct kmeta_effects *effects, int32_t leader)
{
	size_t i = 0;

	while (i < effects->to_count && effects->to[i].broker != leader)
		i++;
	if (i == KMETA_MOVED_BROKERS) {
		effects->to_others++;
		return;
	}
	if (i == effects->to_count) {
		effects->to[i].broker = leader;
		effects->to[i].leaders = 0;
		effects->to_count++;
	}
	effects->to[i].leaders++;
}

void event_count_effects(struct kmeta_effects *effects, const struct event_change *change)
{
	effects->partitions++;
	effects->moved += change->moved;
	effects->lost += change->lost;
	effects->found += change->found;
	effects->unclean += change->unclean;
	effects->shrunk += change->shrunk;
	effects->grown += change->grown;
	if (change->moved || change->found)
		count_leader(effects, change->leader);
}

/* ---- how long partitions are down ---- */

/* A partition that is or was down. */
struct down {
	uint8_t topic[IMAGE_ID];
	int32_t partition;
	bool is[KMETA_DOWNTIMES], was[KMETA_DOWNTIMES];
	int64_t since[KMETA_DOWNTIMES], total[KMETA_DOWNTIMES];
	size_t name_size;
	uint8_t name[];
};

static bool matches(const void *value, const void *key)
{
	const struct down *down = value;
	const struct partition *partition = key;

	return down->partition == partition->id &&
	       !memcmp(down->topic, partition->topic->id, IMAGE_ID);
}

static uint64_t down_hash(const struct kmeta_image *image, const struct partition *p)
{
	uint8_t key[IMAGE_ID + sizeof(p->id)];

	memcpy(key, p->topic->id, IMAGE_ID);
	memcpy(key + IMAGE_ID, &p->id, sizeof(p->id));
	return table_hash(image->seed, key, sizeof(key));
}

static struct down *new_down(struct downtimes *d, const struct partition *p, uint64_t hash)
{
	const size_t size = sizeof(struct down) + p->topic->name_size;
	struct down *down = pool_get(&d->pool, size);

	if (!down)
		return NULL;
	memset(down, 0, sizeof(*down));
	memcpy(down->topic, p->topic->id, IMAGE_ID);
	down->partition = p->id;
	down->name_size = p->topic->name_size;
	memcpy(down->name, p->topic->name, p->topic->name_size);
	return table_add(&d->table, hash, down) ? down : NULL;
}

static bool is_under_replicated(const struct partition *p)
{
	return p && p->counts[PARTITION_ISR] < p->counts[PARTITION_REPLICAS];
}

/* Most topics have no settings, and then there is no need to look for this one. */
static bool may_set_min_isr(const struct kmeta_image *image, struct kmeta_bytes topic)
{
	return image->resources.count &&
	       (image_resource(image, RESOURCE_TOPIC, topic) ||
	        image_resource(image, RESOURCE_BROKER, (struct kmeta_bytes){ 0 }));
}

static bool is_under_min_isr(const struct kmeta_image *image, const struct partition *p)
{
	const struct kmeta_bytes name = { p->topic->name, p->topic->name_size };

	if (!is_under_replicated(p))
		return false;
	return p->counts[PARTITION_ISR] <
	       (may_set_min_isr(image, name) ? query_min_isr(image, name) : 1);
}

static void set_down(struct down *down, enum kmeta_downtime_kind kind, bool is, int64_t time)
{
	if (is && !down->is[kind])
		down->since[kind] = time;
	if (!is && down->is[kind] && time > down->since[kind])
		down->total[kind] += time - down->since[kind];
	down->is[kind] = is;
	down->was[kind] |= is;
}

/* The state alone, without the counts. */
static bool set_partition(struct downtimes *d, const struct kmeta_image *image,
                          const struct partition *p, bool is_there, int64_t time)
{
	const bool leaderless = is_there && p->leader == NO_LEADER;
	const bool under = is_there && is_under_min_isr(image, p);
	uint64_t hash;
	struct down *down;

	if (!leaderless && !under && !d->table.count)
		return true;
	hash = down_hash(image, p);
	down = table_find(&d->table, hash, matches, p);
	if (!down && (leaderless || under)) {
		down = new_down(d, p, hash);
		if (!down)
			return false;
	}
	if (!down)
		return true;
	set_down(down, KMETA_DOWNTIME_LEADERLESS, leaderless, time);
	set_down(down, KMETA_DOWNTIME_UNDER_MIN_ISR, under, time);
	return true;
}

static bool is_leaderless(const struct partition *p)
{
	return p && p->leader == NO_LEADER;
}

bool downtimes_note(struct downtimes *d, const struct kmeta_image *image,
                    const struct partition *before, const struct partition *after, int64_t time)
{
	d->leaderless += is_leaderless(after) - is_leaderless(before);
	d->under_replicated += is_under_replicated(after) - is_under_replicated(before);
	return (!after && !before) || set_partition(d, image, after ? after : before, after, time);
}

bool downtimes_scan(struct downtimes *d, const struct kmeta_image *image, int64_t time)
{
	d->leaderless = d->under_replicated = 0;
	for (size_t i = 0; i < image->topics.capacity; i++) {
		const struct topic *topic = image->topics.slots[i].value;
		const struct partition *p;
		size_t slot = 0;

		while (topic && (p = topic_next(topic, &slot)) != NULL)
			if (!downtimes_note(d, image, NULL, p, time))
				return false;
	}
	return true;
}

/* The longest first; of equal ones by name and number. */
static bool row_is_before(const struct kmeta_downtime_row *a, const struct kmeta_downtime_row *b)
{
	const int order = kmeta_bytes_compare(a->name, b->name);

	if (a->milliseconds != b->milliseconds)
		return a->milliseconds > b->milliseconds;
	return order ? order < 0 : a->partition < b->partition;
}

/* Keeps the longest ones, in order. */
static void keep_worst(struct kmeta_downtime *sum, const struct kmeta_downtime_row *row)
{
	size_t at = sum->worst_count;

	while (at > 0 && row_is_before(row, &sum->worst[at - 1]))
		at--;
	if (at == KMETA_DOWNTIME_WORST)
		return;
	if (sum->worst_count < KMETA_DOWNTIME_WORST)
		sum->worst_count++;
	memmove(&sum->worst[at + 1], &sum->worst[at],
	        (sum->worst_count - 1 - at) * sizeof(sum->worst[0]));
	sum->worst[at] = *row;
}

void downtimes_sum(const struct downtimes *d, enum kmeta_downtime_kind kind, int64_t now,
                   struct kmeta_downtime *sum)
{
	*sum = (struct kmeta_downtime){ 0 };
	for (size_t i = 0; i < d->table.capacity; i++) {
		const struct down *down = d->table.slots[i].value;
		struct kmeta_downtime_row row;

		if (!down || !down->was[kind])
			continue;
		row = (struct kmeta_downtime_row){ { down->name, down->name_size },
			                           down->partition,
			                           down->total[kind],
			                           down->is[kind],
			                           0 };
		if (down->is[kind] && now > down->since[kind])
			row.lasting = now - down->since[kind];
		row.milliseconds += row.lasting;
		sum->partitions++;
		sum->still += down->is[kind];
		sum->total += row.milliseconds;
		keep_worst(sum, &row);
	}
}

void downtimes_release(struct downtimes *d)
{
	table_release(&d->table);
	pool_release(&d->pool);
}
