/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_partition.c: replicas, ISR, ELR, leader, epochs and directories of one partition against each
 * other, as Kafka's PartitionChangeBuilder and ReplicationControlManager keep them.
 */
#include "check/check_partition.h"

#include <string.h>

#include "base/buffer.h"
#include "base/wire.h"

enum {
	ID = 4,         /* bytes of a node's id */
	FEW = 32,       /* ids that are compared each with each */
	RESERVED = 100, /* DirectoryId: the first ids name no directory ... */
	MEANINGFUL = 2, /* ... and only those up to this one mean something */
};

/* ---- arrays of ids, as on the wire ---- */

static bool has_id(struct kmeta_bytes ids, const uint8_t *id)
{
	for (size_t at = 0; at < ids.size; at += ID)
		if (!memcmp(ids.data + at, id, ID))
			return true;
	return false;
}

static bool has_node(struct kmeta_bytes ids, int32_t number)
{
	for (size_t at = 0; at < ids.size; at += ID)
		if ((int32_t)wire_get32(ids.data + at) == number)
			return true;
	return false;
}

/* Real partitions have few replicas. What is longer is odd by itself. */
static bool is_comparable(struct kmeta_bytes ids)
{
	return ids.size <= (size_t)FEW * ID;
}

/* ---- the parts of a partition ---- */

static const char *const names[PARTITION_ARRAYS] = {
	[PARTITION_REPLICAS] = "replicas",          [PARTITION_ISR] = "isr",
	[PARTITION_REMOVING] = "removingReplicas",  [PARTITION_ADDING] = "addingReplicas",
	[PARTITION_ELR] = "eligibleLeaderReplicas", [PARTITION_LAST_KNOWN_ELR] = "lastKnownElr",
};

#define ODD(c, ...) (c)->odd((c)->context, __VA_ARGS__)

static void check_replica_twins(const struct partition_check *c, const struct partition_state *s,
                                enum partition_array array)
{
	const struct kmeta_bytes ids = s->arrays[array];

	for (size_t at = ID; at < ids.size; at += ID)
		if (has_id((struct kmeta_bytes){ ids.data, at }, ids.data + at)) {
			ODD(c, "%s name node %d twice", names[array],
			    (int32_t)wire_get32(ids.data + at));
			return;
		}
}

/* Those that are taken away may be no replicas any more. */
static void check_within(const struct partition_check *c, const struct partition_state *s,
                         enum partition_array array)
{
	const struct kmeta_bytes ids = s->arrays[array];

	for (size_t at = 0; at < ids.size; at += ID)
		if (!has_id(s->arrays[PARTITION_REPLICAS], ids.data + at)) {
			ODD(c, "%s name node %d, which is no replica", names[array],
			    (int32_t)wire_get32(ids.data + at));
			return;
		}
}

static void check_apart(const struct partition_check *c, const struct partition_state *s,
                        enum partition_array array, enum partition_array other)
{
	const struct kmeta_bytes ids = s->arrays[array];

	for (size_t at = 0; at < ids.size; at += ID)
		if (has_id(s->arrays[other], ids.data + at)) {
			ODD(c, "node %d is in both %s and %s", (int32_t)wire_get32(ids.data + at),
			    names[array], names[other]);
			return;
		}
}

static void check_arrays(const struct partition_check *c, const struct partition_state *s)
{
	for (enum partition_array i = PARTITION_REPLICAS; i < PARTITION_ARRAYS; i++) {
		if (!is_comparable(s->arrays[i])) {
			ODD(c, "%s name %zu nodes", names[i], s->arrays[i].size / ID);
			return;
		}
		check_replica_twins(c, s, i);
		if (i != PARTITION_REPLICAS)
			check_within(c, s, i);
	}
	check_apart(c, s, PARTITION_ISR, PARTITION_ELR);
	check_apart(c, s, PARTITION_ADDING, PARTITION_REMOVING);
}

static void check_nodes(const struct partition_check *c, const struct partition_state *s)
{
	const struct kmeta_bytes replicas = s->arrays[PARTITION_REPLICAS];
	const struct kmeta_bytes before = kmeta_buffer_bytes(&c->replicas);

	if (!replicas.size)
		ODD(c, "there is no replica");
	for (size_t at = 0; at < replicas.size; at += ID) {
		const int32_t id = (int32_t)wire_get32(replicas.data + at);

		if (id >= 0 && (!c->known || known_nodes_has(c->known, id, NULL) ||
		                has_id(before, replicas.data + at)))
			continue;
		ODD(c, "replica %d is no broker that was registered", id);
		return;
	}
}

/* Only a node of the ISR leads; after an unclean election, it is the ISR. */
static void check_partition_leader(const struct partition_check *c, const struct partition_state *s)
{
	if (s->leader < -1)
		ODD(c, "leader %d is neither a node nor none, -1", s->leader);
	else if (s->leader >= 0 && !has_node(s->arrays[PARTITION_ISR], s->leader))
		ODD(c, "leader %d is not in the isr", s->leader);
}

static void check_partition_epochs(const struct partition_check *c, const struct partition_state *s,
                                   bool is_new)
{
	if (s->leader_epoch < 0 || s->partition_epoch < 0)
		ODD(c, "an epoch is negative: leaderEpoch %d, partitionEpoch %d", s->leader_epoch,
		    s->partition_epoch);
	else if (is_new && (s->leader_epoch || s->partition_epoch))
		ODD(c, "a new partition begins with leaderEpoch %d and partitionEpoch %d, not 0",
		    s->leader_epoch, s->partition_epoch);
}

/* ---- directories: Kafka's DirectoryId ---- */

static bool is_reserved(const uint8_t *directory)
{
	for (size_t i = 0; i < IMAGE_ID - 1; i++)
		if (directory[i])
			return false;
	return directory[IMAGE_ID - 1] < RESERVED;
}

/* The replica had this directory before. */
static bool had_directory(const struct partition_check *c, const uint8_t *id,
                          const uint8_t *directory)
{
	const struct kmeta_bytes replicas = kmeta_buffer_bytes(&c->replicas);
	const struct kmeta_bytes directories = kmeta_buffer_bytes(&c->directories);

	for (size_t i = 0; i < replicas.size / ID && (i + 1) * IMAGE_ID <= directories.size; i++)
		if (!memcmp(replicas.data + i * ID, id, ID))
			return !memcmp(directories.data + i * IMAGE_ID, directory, IMAGE_ID);
	return false;
}

static void check_directories(const struct partition_check *c, const struct partition_state *s)
{
	const struct kmeta_bytes replicas = s->arrays[PARTITION_REPLICAS];
	const struct kmeta_bytes directories = s->arrays[PARTITION_DIRECTORIES];

	for (size_t i = 0; i < replicas.size / ID && (i + 1) * IMAGE_ID <= directories.size; i++) {
		const uint8_t *id = replicas.data + i * ID;
		const uint8_t *directory = directories.data + i * IMAGE_ID;
		const int32_t broker = (int32_t)wire_get32(id);

		if (is_reserved(directory)) {
			if (directory[IMAGE_ID - 1] > MEANINGFUL)
				ODD(c,
				    "the directory of replica %d is a reserved id without meaning",
				    broker);
		} else if (c->known && !known_nodes_has(c->known, broker, directory) &&
		           !had_directory(c, id, directory)) {
			ODD(c, "replica %d is in a directory that broker %d never registered",
			    broker, broker);
		}
	}
}

/* ---- all of it ---- */

bool partition_check_before(struct partition_check *c, const struct partition *p)
{
	struct partition_state state;

	c->replicas.size = c->directories.size = 0;
	if (!p)
		return true;
	partition_unpack(&state, p);
	buffer_add(&c->replicas, state.arrays[PARTITION_REPLICAS].data,
	           state.arrays[PARTITION_REPLICAS].size);
	buffer_add(&c->directories, state.arrays[PARTITION_DIRECTORIES].data,
	           state.arrays[PARTITION_DIRECTORIES].size);
	return !c->replicas.failed && !c->directories.failed;
}

void partition_check_after(const struct partition_check *c, const struct partition *p, bool is_new)
{
	struct partition_state state;

	partition_unpack(&state, p);
	if (p->id < 0)
		ODD(c, "partition %d has no number that a partition can have", p->id);
	check_partition_epochs(c, &state, is_new);
	check_arrays(c, &state);
	if (!is_comparable(state.arrays[PARTITION_REPLICAS]))
		return;
	check_nodes(c, &state);
	check_partition_leader(c, &state);
	check_directories(c, &state);
}

void partition_check_release(struct partition_check *c)
{
	kmeta_buffer_release(&c->replicas);
	kmeta_buffer_release(&c->directories);
}
