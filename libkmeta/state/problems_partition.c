/* SPDX-License-Identifier: Apache-2.0 */
/*
 * problems_partition.c: what is wrong with partitions. Each is judged once; its problems are bits, and
 * text is made only for those that are passed on.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "base/wire.h"
#include "print/scalar.h"
#include "record/kind.h"
#include "state/partial.h"
#include "state/problem.h"
#include "state/query.h"

enum { NUMBER = 4, NO_LEADER = -1, RECOVERING = 1 };

/* A reassignment that has not changed anything for so long does not move. */
enum { STUCK_MILLISECONDS = 10 * 60 * 1000 };

/* DirectoryId of Kafka: ids that stand for no directory. */
enum { DIRECTORY_UNASSIGNED = 0, DIRECTORY_LOST = 1, DIRECTORY_MIGRATING = 2 };

/* The codes that partitions may have, in the order of their bits. */
static const enum kmeta_problem_code partition_codes[] = {
	KMETA_PROBLEM_NO_LEADER,
	KMETA_PROBLEM_LEADER_OFFLINE,
	KMETA_PROBLEM_UNDER_MIN_ISR,
	KMETA_PROBLEM_REPLICA_WITHOUT_BROKER,
	KMETA_PROBLEM_REPLICA_WITHOUT_DIRECTORY,
	KMETA_PROBLEM_UNDER_REPLICATED,
	KMETA_PROBLEM_REASSIGNMENT_STUCK,
	KMETA_PROBLEM_UNCLEAN_ELECTION,
	KMETA_PROBLEM_REASSIGNING,
};

static uint16_t problem_bit(enum kmeta_problem_code code)
{
	unsigned bit = 0;

	while (partition_codes[bit] != code)
		bit++;
	return (uint16_t)(1u << bit);
}

/* ---- replicas ---- */

static int32_t number_at(struct kmeta_bytes array, size_t index)
{
	return (int32_t)wire_get32(array.data + index * NUMBER);
}

static bool holds(struct kmeta_bytes array, int32_t number)
{
	for (size_t i = 0; i < array.size / NUMBER; i++)
		if (number_at(array, i) == number)
			return true;
	return false;
}

/* Kafka's DirectoryId.isOnline(). A broker without directories is from before they were known. */
static bool is_online_directory(const struct problem_broker *broker, const uint8_t *id)
{
	if (!wire_get64(id) && wire_get64(id + 8) <= DIRECTORY_MIGRATING)
		return wire_get64(id + 8) != DIRECTORY_LOST;
	for (size_t at = 0; at + IMAGE_ID <= broker->directories.size; at += IMAGE_ID)
		if (!memcmp(broker->directories.data + at, id, IMAGE_ID))
			return true;
	return !broker->directories.size;
}

static bool lacks_directory(const struct problems *p, const struct partition_state *state,
                            size_t replica)
{
	const struct kmeta_bytes directories = state->arrays[PARTITION_DIRECTORIES];
	const struct problem_broker *broker =
		problem_broker(p, number_at(state->arrays[PARTITION_REPLICAS], replica));

	return broker && (replica + 1) * IMAGE_ID <= directories.size &&
	       !is_online_directory(broker, directories.data + replica * IMAGE_ID);
}

static bool waits_for_offline(const struct problems *p, struct kmeta_bytes adding)
{
	for (size_t i = 0; i < adding.size / NUMBER; i++)
		if (!problem_is_online(p, number_at(adding, i)))
			return true;
	return false;
}

/* ---- judging ---- */

/* The settings of a topic, which are looked up only where they matter. */
struct topic_settings {
	const struct topic *topic;
	bool known;
	int64_t min_isr;
};

static struct kmeta_bytes topic_bytes(const struct topic *topic)
{
	return (struct kmeta_bytes){ topic->name, topic->name_size };
}

/* Partition.effectiveMinIsr(): never more than there are replicas. */
static bool is_under_min(const struct problems *p, const struct partition *partition,
                         struct topic_settings *settings)
{
	const int64_t replicas = partition->counts[PARTITION_REPLICAS];

	if (!settings->known) {
		settings->min_isr = query_min_isr(p->image, topic_bytes(settings->topic));
		settings->known = true;
	}
	return partition->counts[PARTITION_ISR] <
	       (settings->min_isr < replicas ? settings->min_isr : replicas);
}

static bool is_stuck(const struct problems *p, const struct partition *partition,
                     const struct partition_state *state)
{
	const struct since_partition *known =
		p->since ? since_partition(p->since, partition->topic->id, partition->id) : NULL;
	int64_t moved = p->since ? since_begin(p->since).time : -1;

	if (known && known->moved.offset != SINCE_BEFORE)
		moved = known->moved.time;
	return waits_for_offline(p, state->arrays[PARTITION_ADDING]) ||
	       (moved >= 0 && p->image->moment.timestamp - moved >= STUCK_MILLISECONDS);
}

static uint16_t judge_replicas(const struct problems *p, const struct partition_state *state)
{
	const struct kmeta_bytes replicas = state->arrays[PARTITION_REPLICAS];
	uint16_t is = 0;

	for (size_t i = 0; i < replicas.size / NUMBER; i++) {
		if (!problem_broker(p, number_at(replicas, i)))
			is |= problem_bit(KMETA_PROBLEM_REPLICA_WITHOUT_BROKER);
		else if (lacks_directory(p, state, i))
			is |= problem_bit(KMETA_PROBLEM_REPLICA_WITHOUT_DIRECTORY);
	}
	return is;
}

/* Of what follows from one another, the worst is told. */
static uint16_t judge_isr(const struct problems *p, const struct partition *partition,
                          unsigned troubles, struct topic_settings *settings)
{
	const bool lacks = partition->counts[PARTITION_ISR] < partition->counts[PARTITION_REPLICAS];

	if (troubles & 1u << TROUBLE_LEADERLESS)
		return problem_bit(KMETA_PROBLEM_NO_LEADER);
	if (!problem_is_online(p, partition->leader))
		return problem_bit(KMETA_PROBLEM_LEADER_OFFLINE);
	if (lacks && is_under_min(p, partition, settings))
		return problem_bit(KMETA_PROBLEM_UNDER_MIN_ISR);
	return troubles & 1u << TROUBLE_UNDER_REPLICATED
	               ? problem_bit(KMETA_PROBLEM_UNDER_REPLICATED)
	               : 0;
}

static uint16_t judge(const struct problems *p, const struct partition *partition,
                      struct topic_settings *settings)
{
	const unsigned troubles = partition_troubles(partition);
	const struct since_partition *known =
		p->since ? since_partition(p->since, partition->topic->id, partition->id) : NULL;
	struct partition_state state;
	uint16_t is;

	partition_unpack(&state, partition);
	is = judge_replicas(p, &state) | judge_isr(p, partition, troubles, settings);
	if (troubles & 1u << TROUBLE_REASSIGNING)
		is |= problem_bit(is_stuck(p, partition, &state) ? KMETA_PROBLEM_REASSIGNMENT_STUCK
		                                                 : KMETA_PROBLEM_REASSIGNING);
	if (state.recovery_state == RECOVERING || (known && known->unclean))
		is |= problem_bit(KMETA_PROBLEM_UNCLEAN_ELECTION);
	return is;
}

/* Where part of it is unknown, what is unknown is no problem. */
static uint16_t excuse(const struct problems *p, const struct partition *partition, uint16_t is)
{
	uint8_t bytes[PARTIAL_KEY];
	uint64_t unknown;

	if (!p->image->is_partial)
		return is;
	unknown = partial_unknown(p->image, KMETA_PARTITION,
	                          partial_key(bytes, partition->topic->id, partition->id));
	/* A broker that is not known may be registered. */
	is &= (uint16_t) ~(problem_bit(KMETA_PROBLEM_REPLICA_WITHOUT_BROKER) |
	                   problem_bit(KMETA_PROBLEM_REPLICA_WITHOUT_DIRECTORY) |
	                   problem_bit(KMETA_PROBLEM_LEADER_OFFLINE));
	if (unknown & kind_field_bit(KMETA_PARTITION, "leader"))
		is &= (uint16_t)~problem_bit(KMETA_PROBLEM_NO_LEADER);
	if (unknown &
	    (kind_field_bit(KMETA_PARTITION, "isr") | kind_field_bit(KMETA_PARTITION, "replicas")))
		is &= (uint16_t) ~(problem_bit(KMETA_PROBLEM_UNDER_MIN_ISR) |
		                   problem_bit(KMETA_PROBLEM_UNDER_REPLICATED));
	return is;
}

static int by_topic_order(const void *a, const void *b)
{
	return topic_order(*(const struct topic *const *)a, *(const struct topic *const *)b);
}

static bool list_topics_in_order(struct problems *p)
{
	const struct table *topics = &p->image->topics;
	size_t count = 0;

	p->topics = calloc(topics->count + 1, sizeof(*p->topics));
	p->partitions = calloc(p->image->counts[KMETA_PARTITION] + 1, sizeof(*p->partitions));
	if (!p->topics || !p->partitions)
		return false;
	for (size_t i = 0; i < topics->capacity; i++)
		if (topics->slots[i].value)
			p->topics[count++] = topics->slots[i].value;
	qsort(p->topics, count, sizeof(*p->topics), by_topic_order);
	return true;
}

enum kmeta_status problems_judge_partitions(struct problems *p)
{
	size_t number = 0;

	if (!list_topics_in_order(p))
		return finding_memory(p->why);
	for (size_t t = 0; t < p->image->topics.count; t++) {
		struct topic_settings settings = { .topic = p->topics[t] };

		if (!partition_list_fill(&p->list, p->topics[t]))
			return finding_memory(p->why);
		for (size_t i = 0; i < p->list.count; i++)
			p->partitions[number++] =
				excuse(p, p->list.at[i], judge(p, p->list.at[i], &settings));
	}
	return KMETA_OK;
}

/* ---- saying it ---- */

static void put_ids(struct problems *p, const char *name, struct kmeta_bytes ids)
{
	problem_say(p, "%s [", name);
	for (size_t i = 0; i < ids.size / NUMBER; i++)
		problem_say(p, "%s%d", i ? "," : "", number_at(ids, i));
	problem_say(p, "]");
}

/* A broker has the directory in which it has its replica. */
static bool has_directory(const struct problems *p, const struct partition_state *state, int32_t id)
{
	for (size_t i = 0; i < state->arrays[PARTITION_REPLICAS].size / NUMBER; i++)
		if (number_at(state->arrays[PARTITION_REPLICAS], i) == id)
			return !lacks_directory(p, state, i);
	return true;
}

static bool is_usable(const struct problems *p, const struct partition_state *state, int32_t id)
{
	return problem_is_online(p, id) && has_directory(p, state, id);
}

/* Appends the brokers of a list that may lead; returns how many there are so far. */
static size_t put_candidates(struct problems *p, const struct partition_state *state,
                             enum partition_array array, const char *from, size_t count)
{
	const struct kmeta_bytes ids = state->arrays[array];

	for (size_t i = 0; i < ids.size / NUMBER; i++, count++)
		problem_say(p, "%sbroker %d (%s, %s%s)", count ? ", " : "", number_at(ids, i), from,
		            problem_standing(p, number_at(ids, i)),
		            has_directory(p, state, number_at(ids, i)) ? ""
		                                                       : ", its directory is gone");
	return count;
}

static bool any_usable(const struct problems *p, const struct partition_state *state,
                       enum partition_array array)
{
	const struct kmeta_bytes ids = state->arrays[array];

	for (size_t i = 0; i < ids.size / NUMBER; i++)
		if (is_usable(p, state, number_at(ids, i)))
			return true;
	return false;
}

/* The replicas that are online and not in the ISR: they may lead if records may be lost. */
static void put_unclean_candidates(struct problems *p, const struct partition_state *state)
{
	const struct kmeta_bytes replicas = state->arrays[PARTITION_REPLICAS];
	size_t count = 0;

	for (size_t i = 0; i < replicas.size / NUMBER; i++) {
		const int32_t id = number_at(replicas, i);

		if (!is_usable(p, state, id) || holds(state->arrays[PARTITION_ISR], id) ||
		    holds(state->arrays[PARTITION_ELR], id))
			continue;
		problem_say(p, "%s%d", count++ ? ", " : "; unclean, with loss of records: broker ",
		            id);
	}
}

static struct kmeta_bytes problem_path(struct problems *p)
{
	return kmeta_buffer_bytes(&p->path);
}

static void say_no_leader(struct problems *p, const struct partition *partition,
                          const struct partition_state *state)
{
	const struct kmeta_bytes isr = state->arrays[PARTITION_ISR],
				 elr = state->arrays[PARTITION_ELR],
				 last = state->arrays[PARTITION_LAST_KNOWN_ELR];

	const bool usable =
		any_usable(p, state, PARTITION_ISR) || any_usable(p, state, PARTITION_ELR);

	problem_say(p, "no leader; ");
	if (isr.size || elr.size) {
		problem_say(p, "may lead: ");
		put_candidates(p, state, PARTITION_ELR, "ELR",
		               put_candidates(p, state, PARTITION_ISR, "ISR", 0));
	} else if (last.size) {
		problem_say(p, "no replica has all records for sure; led last: ");
		put_candidates(p, state, PARTITION_LAST_KNOWN_ELR, "last known ELR", 0);
	} else {
		problem_say(p, "ISR and ELR are empty: no replica has all records for sure");
	}
	if (!usable)
		put_unclean_candidates(p, state);
	if (usable) {
		problem_command(p, "kafka-leader-election.sh " BOOTSTRAP
		                   " --election-type preferred --topic ");
		kmeta_shell_word(&p->command, topic_bytes(partition->topic));
		problem_command(p, " --partition %d", partition->id);
	} else {
		problem_put_own(p, "kmeta-history", problem_path(p));
	}
}

static void say_leader_offline(struct problems *p, const struct partition *partition,
                               const struct partition_state *state)
{
	problem_say(p, "its leader, broker %d, is %s; ", partition->leader,
	            problem_standing(p, partition->leader));
	put_ids(p, "ISR", state->arrays[PARTITION_ISR]);
	problem_put_own(p, "kmeta-history", problem_path(p));
}

/* "ISR [11] of replicas [11,12]; out of sync: broker 12 (fenced)" */
static void say_isr(struct problems *p, const struct partition_state *state)
{
	const struct kmeta_bytes replicas = state->arrays[PARTITION_REPLICAS],
				 isr = state->arrays[PARTITION_ISR];
	size_t count = 0;

	put_ids(p, "ISR", isr);
	put_ids(p, " of replicas", replicas);
	for (size_t i = 0; i < replicas.size / NUMBER; i++)
		if (!holds(isr, number_at(replicas, i)))
			problem_say(p, "%sbroker %d (%s)",
			            count++ ? ", " : "; out of sync: ", number_at(replicas, i),
			            problem_standing(p, number_at(replicas, i)));
}

static void say_under_min_isr(struct problems *p, const struct partition *partition,
                              const struct partition_state *state)
{
	problem_say(p, "min.insync.replicas is %lld; ",
	            (long long)query_min_isr(p->image, topic_bytes(partition->topic)));
	say_isr(p, state);
	problem_put_own(p, "kmeta-history", problem_path(p));
}

static void say_under_replicated(struct problems *p, const struct partition *partition,
                                 const struct partition_state *state)
{
	(void)partition;
	say_isr(p, state);
	problem_put_own(p, "kmeta-history", problem_path(p));
}

/* It was unregistered at some offset, or never registered as far as the log goes back. */
static void say_missing_broker(struct problems *p, int32_t id)
{
	const struct since_mark gone = problem_since_broker(p, id);

	problem_say(p, "broker %d ", id);
	if (gone.offset >= 0)
		problem_say(p, "was unregistered at offset %lld", (long long)gone.offset);
	else if (p->since && since_begin(p->since).offset == 0)
		problem_say(p, "was never registered");
	else
		problem_say(p, "is not registered");
}

static void say_replica_without_broker(struct problems *p, const struct partition *partition,
                                       const struct partition_state *state)
{
	const struct kmeta_bytes replicas = state->arrays[PARTITION_REPLICAS];
	size_t count = 0;

	(void)partition;
	put_ids(p, "replicas", replicas);
	for (size_t i = 0; i < replicas.size / NUMBER; i++) {
		if (problem_broker(p, number_at(replicas, i)))
			continue;
		problem_say(p, count++ ? ", " : ": ");
		say_missing_broker(p, number_at(replicas, i));
	}
	problem_command(p, "kafka-reassign-partitions.sh " BOOTSTRAP
	                   " --reassignment-json-file FILE --execute");
}

static void say_replica_without_directory(struct problems *p, const struct partition *partition,
                                          const struct partition_state *state)
{
	size_t count = 0;

	(void)partition;
	for (size_t i = 0; i < state->arrays[PARTITION_REPLICAS].size / NUMBER; i++) {
		const int32_t id = number_at(state->arrays[PARTITION_REPLICAS], i);
		const uint8_t *directory;
		char uuid[UUID_TEXT + 1] = "";

		if (!lacks_directory(p, state, i))
			continue;
		directory = state->arrays[PARTITION_DIRECTORIES].data + i * IMAGE_ID;
		*uuid_print(uuid, directory) = '\0';
		if (!wire_get64(directory) && wire_get64(directory + 8) == DIRECTORY_LOST)
			problem_say(p, "%sthe directory of the replica on broker %d is lost",
			            count++ ? "; " : "", id);
		else
			problem_say(p, "%sbroker %d has no directory %s", count++ ? "; " : "", id,
			            uuid);
	}
	problem_command(p, "kafka-log-dirs.sh " BOOTSTRAP " --describe");
}

static void say_reassignment(struct problems *p, const struct partition *partition,
                             const struct partition_state *state)
{
	const struct kmeta_bytes adding = state->arrays[PARTITION_ADDING],
				 removing = state->arrays[PARTITION_REMOVING];
	const struct since_partition *known =
		p->since ? since_partition(p->since, partition->topic->id, partition->id) : NULL;

	if (adding.size)
		put_ids(p, "adds", adding);
	if (removing.size)
		put_ids(p, adding.size ? ", removes" : "removes", removing);
	for (size_t i = 0; i < adding.size / NUMBER; i++)
		if (!problem_is_online(p, number_at(adding, i)))
			problem_say(p, "; broker %d is %s", number_at(adding, i),
			            problem_standing(p, number_at(adding, i)));
	if (known && known->moved.offset != SINCE_BEFORE) {
		problem_say(p, "; moved last at offset %lld", (long long)known->moved.offset);
	}
	problem_command(p, "kafka-reassign-partitions.sh " BOOTSTRAP " --list");
}

static void say_unclean(struct problems *p, const struct partition *partition,
                        const struct partition_state *state)
{
	const struct since_partition *known =
		p->since ? since_partition(p->since, partition->topic->id, partition->id) : NULL;
	const struct unclean_election *unclean = known ? known->unclean : NULL;

	if (unclean) {
		problem_say(p, "broker %d was elected although it was not in sync; the ISR was [",
		            unclean->leader);
		for (size_t i = 0; i < unclean->isr_count; i++)
			problem_say(p, "%s%d", i ? "," : "", unclean->isr[i]);
		problem_say(p, "]: records that others had may be lost%s",
		            state->recovery_state == RECOVERING ? "; it is still recovering" : "");
	} else {
		problem_say(p, "it is still recovering from the election of a leader that was not "
		               "in sync: records may be lost");
	}
	problem_command(p, "kmeta-history --unclean ");
	kmeta_shell_word(&p->command,
	                 p->options.address
	                         ? (struct kmeta_bytes){ (const uint8_t *)p->options.address,
	                                                 strlen(p->options.address) }
	                         : (struct kmeta_bytes){ (const uint8_t *)"ADDRESS", 7 });
	problem_command(p, " ");
	kmeta_shell_word(&p->command, problem_path(p));
}

/* ---- since when ---- */

static struct since_mark later_of(struct since_mark a, struct since_mark b)
{
	return a.offset >= b.offset ? a : b;
}

static struct since_mark since_config(struct problems *p, int64_t type, struct kmeta_bytes resource)
{
	static const char name[] = "min.insync.replicas";

	p->key.size = 0;
	image_key_number(&p->key, type);
	image_key_text(&p->key, resource);
	image_key_text(&p->key, (struct kmeta_bytes){ (const uint8_t *)name, strlen(name) });
	return p->key.failed ? problem_always()
	                     : problem_since_item(p, KMETA_CONFIG, kmeta_buffer_bytes(&p->key));
}

/* It is under its minimum since the ISR is so small and the minimum is so large. */
static struct since_mark since_under_min(struct problems *p, const struct partition *partition,
                                         const struct since_partition *known)
{
	const int64_t min = query_min_isr(p->image, topic_bytes(partition->topic));
	const int64_t size = partition->counts[PARTITION_REPLICAS] < min
	                             ? partition->counts[PARTITION_REPLICAS]
	                             : min;
	const struct since_mark isr = size <= 3 ? known->marks[TROUBLE_NO_ISR + size - 1]
	                                        : known->marks[TROUBLE_UNDER_REPLICATED];
	const struct since_mark config =
		later_of(since_config(p, RESOURCE_TOPIC, topic_bytes(partition->topic)),
	                 since_config(p, RESOURCE_BROKER, (struct kmeta_bytes){ 0 }));

	return later_of(isr, config);
}

static struct since_mark since_partition_is(struct problems *p, const struct partition *partition)
{
	const struct since_partition *known =
		p->since ? since_partition(p->since, partition->topic->id, partition->id) : NULL;
	const struct since_mark before = { .offset = SINCE_BEFORE };

	if (!p->since)
		return problem_always();
	switch (p->code) {
	case KMETA_PROBLEM_NO_LEADER:
		return known ? known->marks[TROUBLE_LEADERLESS] : before;
	case KMETA_PROBLEM_UNDER_MIN_ISR:
		return known ? since_under_min(p, partition, known) : before;
	case KMETA_PROBLEM_UNDER_REPLICATED:
		return known ? known->marks[TROUBLE_UNDER_REPLICATED] : before;
	case KMETA_PROBLEM_REASSIGNING:
	case KMETA_PROBLEM_REASSIGNMENT_STUCK:
		return known ? known->marks[TROUBLE_REASSIGNING] : before;
	case KMETA_PROBLEM_UNCLEAN_ELECTION:
		return known && known->unclean ? known->unclean->at : before;
	case KMETA_PROBLEM_LEADER_OFFLINE:
		return problem_since_broker(p, partition->leader);
	default:
		return problem_always();
	}
}

/* ---- all of one code ---- */

typedef void say_partition(struct problems *p, const struct partition *partition,
                           const struct partition_state *state);

static say_partition *const sayings[KMETA_PROBLEM_CODES] = {
	[KMETA_PROBLEM_NO_LEADER] = say_no_leader,
	[KMETA_PROBLEM_LEADER_OFFLINE] = say_leader_offline,
	[KMETA_PROBLEM_UNDER_MIN_ISR] = say_under_min_isr,
	[KMETA_PROBLEM_REPLICA_WITHOUT_BROKER] = say_replica_without_broker,
	[KMETA_PROBLEM_REPLICA_WITHOUT_DIRECTORY] = say_replica_without_directory,
	[KMETA_PROBLEM_UNDER_REPLICATED] = say_under_replicated,
	[KMETA_PROBLEM_REASSIGNMENT_STUCK] = say_reassignment,
	[KMETA_PROBLEM_UNCLEAN_ELECTION] = say_unclean,
	[KMETA_PROBLEM_REASSIGNING] = say_reassignment,
};

static bool say_partition_is(struct problems *p, const struct partition *partition)
{
	struct partition_state state;
	struct kmeta_entity entity;

	if (!problem_begin(p))
		return true;
	if (!snapshot_partition(&p->snapshot, partition, &entity))
		return false;
	kmeta_entity_path(&p->path, &entity, 0);
	partition_unpack(&state, partition);
	sayings[p->code](p, partition, &state);
	problem_end(p, since_partition_is(p, partition));
	return !p->message.failed;
}

enum kmeta_status problems_of_partitions(struct problems *p)
{
	const uint16_t bit = problem_bit(p->code);
	size_t first = 0;

	for (size_t t = 0; t < p->image->topics.count; t++) {
		const size_t count = p->topics[t]->partitions;
		bool any = false;

		for (size_t i = first; i < first + count; i++)
			any |= (p->partitions[i] & bit) != 0;
		if (any && !partition_list_fill(&p->list, p->topics[t]))
			return finding_memory(p->why);
		for (size_t i = 0; any && i < count; i++)
			if (p->partitions[first + i] & bit && !say_partition_is(p, p->list.at[i]))
				return finding_memory(p->why);
		first += count;
	}
	return KMETA_OK;
}
