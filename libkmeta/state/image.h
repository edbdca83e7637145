/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.h: how the state is kept: packed partitions, and everything else as the bytes of its
 * snapshot record.
 */
#ifndef KMETA_STATE_IMAGE_H
#define KMETA_STATE_IMAGE_H

#include "base/table.h"
#include "kmeta/state.h"

/*
 * Bytes of a topic id, and of the framing in front of a kept value: frame version, type, version.
 */
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

/* By far the most entities are partitions: they are packed, with arrays as on the wire. */
struct partition {
	struct topic *topic;
	int32_t id, leader, leader_epoch, partition_epoch;
	uint16_t counts[PARTITION_ARRAYS];
	int8_t recovery_state;
	uint8_t data[];
};

/* A partition unpacked, or what is to be changed of one. */
struct partition_state {
	int32_t leader, leader_epoch, partition_epoch;
	int8_t recovery_state;
	unsigned given; /* bits of arrays: the others stay as they are, or are empty if it is new */
	struct kmeta_bytes arrays[PARTITION_ARRAYS]; /* borrowed */
};

struct topic {
	uint8_t id[IMAGE_ID];
	struct partition **near; /* by number, up to "room"; NULL: none */
	uint32_t room;
	struct table far; /* those whose numbers lie far beyond how many there are */
	size_t partitions;
	size_t name_size;
	uint8_t name[];
};

/* The configs of one resource, which go with it. */
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

/* Told before and after each record that is replayed, those of a transaction at its end. */
typedef enum kmeta_status image_watch(void *context, const struct kmeta_batch *batch,
                                      const struct kmeta_record *record,
                                      const struct kmeta_fields *fields, struct kmeta_finding *why);

struct image_watcher {
	image_watch *before, *after; /* NULL: nobody */
	void (*release)(void *context);
	void *context;
};

/* What the fields of a partition's record are: see replay.c. */
enum { ATTRIBUTE_FIELDS = 16 };

struct attribute_map {
	const struct kmeta_schema *schema;
	uint8_t attributes[ATTRIBUTE_FIELDS];
};

struct kmeta_image {
	struct pool pool;
	uint64_t seed;
	struct image_watcher watcher;
	struct attribute_map attributes[2]; /* of PARTITION and PARTITION_CHANGE */
	struct table topics, names, resources, items;
	size_t counts[KMETA_ENTITY_KINDS];
	struct kmeta_image_place place;
	struct kmeta_quorum quorum;
	struct kmeta_buffer voters; /* the value of the newest KRAFT_VOTERS */
	struct kmeta_buffer scratch, directories, cordoned;
	struct kmeta_fields fields;
	struct kmeta_buffer pending; /* the records of an open transaction, one behind the other */
	bool in_transaction;
	int64_t transaction_offset;
	bool past_zookeeper; /* 4.0 or later has registered */
};

/* Lets go of the watcher, if there is one. */
void image_unwatch(struct kmeta_image *image);

/* A new image whose hashes are those of another with this seed. NULL: out of memory. */
KMETA_CHECKED struct kmeta_image *image_new_seeded(uint64_t seed);

/* ---- topics and partitions ---- */

struct topic *image_topic(const struct kmeta_image *image, const uint8_t *id);
struct topic *image_topic_named(const struct kmeta_image *image, struct kmeta_bytes name);

/* A topic that nobody finds by its name until it is given that. NULL: out of memory. */
KMETA_CHECKED struct topic *image_new_topic(struct kmeta_image *image, const uint8_t *id,
                                            struct kmeta_bytes name);
KMETA_CHECKED bool image_name_topic(struct kmeta_image *image, struct topic *topic);

/* False: out of memory. A topic with this id must not be there. */
KMETA_CHECKED bool image_add_topic(struct kmeta_image *image, const uint8_t *id,
                                   struct kmeta_bytes name);

/* With its partitions and configs. */
void image_drop_topic(struct kmeta_image *image, struct topic *topic);

struct partition *image_partition(const struct kmeta_image *image, const struct topic *topic,
                                  int32_t id);

/*
 * One partition after the other, beginning with a place of 0; NULL: there are no more. They are in
 * order where none is far.
 */
struct partition *topic_next(const struct topic *topic, size_t *place);

/* What is given must not lie in the partition itself. False: out of memory. */
KMETA_CHECKED bool image_put_partition(struct kmeta_image *image, struct topic *topic, int32_t id,
                                       const struct partition_state *state);
KMETA_CHECKED bool image_change_partition(struct kmeta_image *image, struct partition *partition,
                                          const struct partition_state *change);

/* The partitions of a topic in order. */
struct partition_list {
	const struct partition **at; /* the caller's to free */
	size_t count, capacity;
};

/* Of no topic where it is NULL. False: out of memory. */
KMETA_CHECKED bool partition_list_fill(struct partition_list *list, const struct topic *topic);

/* True if two partitions, of topics of one id, are the same byte by byte. */
bool partition_same(const struct partition *a, const struct partition *b);

void image_drop_partitions(struct kmeta_image *image, struct topic *topic);
/* Its bytes in all: what is behind the struct is a part of it. */
size_t partition_size(const struct partition *partition);

void partition_unpack(struct partition_state *state, const struct partition *partition);

/* By name, then by id. */
int topic_order(const struct topic *a, const struct topic *b);

/* ---- other entities ---- */

/* By kind, then by key. */
int item_order(const struct item *a, const struct item *b);

/* The configs of a resource, by their resource's part of a key; NULL: it has none. */
struct resource *image_resource(const struct kmeta_image *image, int64_t type,
                                struct kmeta_bytes name);

struct item *image_item(const struct kmeta_image *image, enum kmeta_entity_kind kind,
                        struct kmeta_bytes key);
KMETA_CHECKED bool image_put_item(struct kmeta_image *image, enum kmeta_entity_kind kind,
                                  struct kmeta_bytes key, struct kmeta_bytes value);
void image_drop_item(struct kmeta_image *image, struct item *item);

/*
 * Appends the key of the entity of this kind that the fields name: bytes that compare as the
 * entities should be ordered. False: a field is missing.
 */
bool image_key(struct kmeta_buffer *out, enum kmeta_entity_kind kind,
               const struct kmeta_fields *fields);

/*
 * Applies the records of a transaction that is open, to see what is wrong with them. The state is
 * spoilt by it.
 */
KMETA_CHECKED enum kmeta_status image_try_pending(struct kmeta_image *image, kmeta_report *report,
                                                  void *context, struct kmeta_finding *why);

/* Takes in how far the software goes that registers a broker or controller. */
void image_note_software(struct kmeta_image *image, const struct kmeta_fields *fields);

/* A number and a text as keys have them. */
void image_key_number(struct kmeta_buffer *out, int64_t number);
void image_key_text(struct kmeta_buffer *out, struct kmeta_bytes text);

#endif
