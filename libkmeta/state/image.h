/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.h: the state in memory: packed partitions, and every other entity as the bytes of its
 * snapshot record.
 */
#ifndef KMETA_STATE_IMAGE_H
#define KMETA_STATE_IMAGE_H

#include "base/table.h"
#include "kmeta/state.h"

/* Bytes of a topic id, and of the frame before a kept value: frame version, type, version. */
enum { IMAGE_ID = 16, IMAGE_FRAME = 3 };

/* The arrays of a partition, in the order in which they are packed. */
enum partition_array {
	PARTITION_DIRECTORIES, /* uuids; the others are int32 */
	PARTITION_REPLICAS,
	PARTITION_ISR,
	PARTITION_REMOVING,
	PARTITION_ADDING,
	PARTITION_ELR,
	PARTITION_LAST_KNOWN_ELR,
	PARTITION_ARRAYS,
	PARTITION_ALL_ARRAYS = (1 << PARTITION_ARRAYS) - 1 /* as bits */
};

/* Most entities are partitions: they are packed, with arrays as on the wire. */
struct partition {
	struct topic *topic;
	int32_t id, leader, leader_epoch, partition_epoch;
	uint16_t counts[PARTITION_ARRAYS];
	int8_t recovery_state;
	uint8_t data[];
};

/* An unpacked partition, or a change of one. */
struct partition_state {
	int32_t leader, leader_epoch, partition_epoch;
	int8_t recovery_state;
	/* bits of arrays that are set; others keep their value, or are empty in a new partition */
	unsigned given;
	struct kmeta_bytes arrays[PARTITION_ARRAYS]; /* borrowed */
};

struct topic {
	uint8_t id[IMAGE_ID];
	struct partition **near; /* partitions by number, below "room"; NULL: none */
	uint32_t room;
	struct table far; /* partitions with numbers far above their count */
	size_t partitions;
	size_t name_size;
	uint8_t name[];
};

/* The configs of one resource. */
struct resource {
	struct item *first;
	size_t key_size;
	uint8_t key[];
};

/* Any other entity: its key, and the value of its snapshot record in the newest version. */
struct item {
	enum kmeta_entity_kind kind;
	uint32_t key_size, value_size;
	uint8_t *value;
	struct resource *resource; /* of a config */
	struct item *next, *previous;
	uint8_t key[];
};

/* Called before and after each record that is replayed; those of a transaction at its end. */
typedef enum kmeta_status image_watch(void *context, const struct kmeta_batch *batch,
                                      const struct kmeta_record *record,
                                      const struct kmeta_fields *fields, struct kmeta_finding *why);

struct image_watcher {
	image_watch *before, *after; /* NULL: none */
	void (*release)(void *context);
	void *context;
};

/* What each field of a partition's record is: see rules_topic.c. */
enum { ATTRIBUTE_FIELDS = 16 };

struct attribute_map {
	const struct kmeta_schema *schema;
	uint8_t attributes[ATTRIBUTE_FIELDS];
};

/* The last metadata.version with ZooKeeper, 3.9-IV0. */
enum { LAST_ZOOKEEPER = 21 };

struct kmeta_image {
	struct pool pool;
	uint64_t seed;
	struct image_watcher watcher;
	struct attribute_map attributes[2]; /* of PARTITION and PARTITION_CHANGE */
	struct table topics, names, resources, items;
	size_t counts[KMETA_ENTITY_KINDS];
	struct kmeta_moment moment;
	struct kmeta_moment base; /* of the checkpoint that was loaded, or of the first batch */
	int64_t base_bytes;       /* of the batches since */
	bool has_base;            /* it is a checkpoint's */
	struct kmeta_quorum quorum;
	struct kmeta_buffer voters;   /* the ids of the voters, as int32_t */
	struct kmeta_buffer electors; /* the same, as the last LEADER_CHANGE names them */
	struct kmeta_buffer scratch, directories, cordoned;
	struct kmeta_fields fields;
	/* The records of an open transaction: see pending.h. */
	struct kmeta_buffer pending, pending_name;
	struct pending_file *spill; /* NULL: all of them are in memory */
	int64_t spilled;            /* bytes of the file */
	const char *kept_name;      /* the file of the last one that was read */
	bool in_transaction;
	int64_t transaction_offset;
	bool is_partial;      /* the log begins late: what is not in it is unknown */
	int64_t partial_from; /* the offset at which it begins */
	struct table unknown; /* entities that are known in part: see partial.h */
	bool past_zookeeper;  /* a node with release 4.0 or later has registered */
};

/* Removes the watcher, if there is one. */
void image_unwatch(struct kmeta_image *image);

/* Exchanges the states of two images, while each keeps its watcher. */
void image_swap(struct kmeta_image *a, struct kmeta_image *b);

/* A new image with the hash seed of another. NULL: out of memory. */
KMETA_CHECKED struct kmeta_image *image_new_seeded(uint64_t seed);

/* ---- topics and partitions ---- */

struct topic *image_topic(const struct kmeta_image *image, const uint8_t *id);
struct topic *image_topic_named(const struct kmeta_image *image, struct kmeta_bytes name);

/* Adds a topic that is not found by its name until image_name_topic(). NULL: out of memory. */
KMETA_CHECKED struct topic *image_new_topic(struct kmeta_image *image, const uint8_t *id,
                                            struct kmeta_bytes name);
KMETA_CHECKED bool image_name_topic(struct kmeta_image *image, struct topic *topic);

/* The image must not have a topic with this id. False: out of memory. */
KMETA_CHECKED bool image_add_topic(struct kmeta_image *image, const uint8_t *id,
                                   struct kmeta_bytes name);

/* Removes a topic with its partitions and configs. */
void image_drop_topic(struct kmeta_image *image, struct topic *topic);

struct partition *image_partition(const struct kmeta_image *image, const struct topic *topic,
                                  int32_t id);

/*
 * The next partition; start with "slot" 0. NULL: there are no more. They come in order if none is
 * in "far".
 */
struct partition *topic_next(const struct topic *topic, size_t *slot);

/* True if its partitions have the numbers from 0 on, without a gap. */
bool topic_is_gapless(const struct topic *topic);

/* The arrays in "state" must not point into the partition itself. False: out of memory. */
KMETA_CHECKED bool image_put_partition(struct kmeta_image *image, struct topic *topic, int32_t id,
                                       const struct partition_state *state);
KMETA_CHECKED bool image_change_partition(struct kmeta_image *image, struct partition *partition,
                                          const struct partition_state *change);

/* The partitions of a topic in order. */
struct partition_list {
	const struct partition **at; /* the caller frees it */
	size_t count, capacity;
};

/* An empty list if "topic" is NULL. False: out of memory. */
KMETA_CHECKED bool partition_list_fill(struct partition_list *list, const struct topic *topic);

/* Clearing the ELR would change this partition. */
static inline bool partition_has_elr(const struct partition *partition)
{
	return partition->counts[PARTITION_ELR] || partition->counts[PARTITION_LAST_KNOWN_ELR];
}

/* True if two partitions of topics with the same id are equal. */
bool partition_same(const struct partition *a, const struct partition *b);

void image_drop_partitions(struct kmeta_image *image, struct topic *topic);
/* Its size in bytes, with the data after the struct. */
size_t partition_size(const struct partition *partition);

void partition_unpack(struct partition_state *state, const struct partition *partition);

/* Order by name, then by id. */
int topic_order(const struct topic *a, const struct topic *b);

/* ---- other entities ---- */

/* Order by kind, then by key. */
int item_order(const struct item *a, const struct item *b);

/* The configs of a resource. NULL: it has none. */
struct resource *image_resource(const struct kmeta_image *image, int64_t type,
                                struct kmeta_bytes name);

struct item *image_item(const struct kmeta_image *image, enum kmeta_entity_kind kind,
                        struct kmeta_bytes key);
KMETA_CHECKED bool image_put_item(struct kmeta_image *image, enum kmeta_entity_kind kind,
                                  struct kmeta_bytes key, struct kmeta_bytes value);
void image_drop_item(struct kmeta_image *image, struct item *item);

/*
 * Appends the key of the entity that the fields name: bytes that compare in the order of the
 * entities. False: a field is missing.
 */
bool image_key(struct kmeta_buffer *out, enum kmeta_entity_kind kind,
               const struct kmeta_fields *fields);

/*
 * Applies the records of an open transaction, to find what is wrong with them. The image is useless
 * afterwards.
 */
KMETA_CHECKED enum kmeta_status image_try_pending(struct kmeta_image *image, kmeta_report *report,
                                                  void *context, struct kmeta_finding *why);

/* The image was loaded from a checkpoint of this moment. */
void image_note_base(struct kmeta_image *image);

/* Learns from a registration whether release 4.0 or later runs. */
void image_note_software(struct kmeta_image *image, const struct kmeta_fields *fields);

/* Append a number or a text to a key. */
void image_key_number(struct kmeta_buffer *out, int64_t number);
void image_key_text(struct kmeta_buffer *out, struct kmeta_bytes text);

#endif
