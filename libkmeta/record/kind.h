/* SPDX-License-Identifier: Apache-2.0 */
/* kind.h: the facts about each kind of entity and each type of record, as two constant tables. */
#ifndef KMETA_RECORD_KIND_H
#define KMETA_RECORD_KIND_H

#include "kmeta/record.h"

enum { KIND_KEYS = 3, KIND_MEMBERS = 4, KIND_VERSIONS = 5 };

/* A kind of entity. Slots like {name} in path and document are fields of its snapshot record. */
struct kind {
	const char *name; /* "partition" */
	int16_t type;     /* enum kmeta_record_type: a snapshot holds the entity as this record */
	bool control; /* "type" is an enum kmeta_control_type instead, and no part of the image */
	/* The fields that name the entity, in the order of its key, and what JSON calls them.
	   "topic" is no field of a partition's record: it stands for the topic's name. */
	struct {
		const char *field, *name;
	} keys[KIND_KEYS];
	const char *group;    /* the first word of its path: "topics" */
	const char *path;     /* the path: "topics/{topic}/{partitionId}" */
	const char *document; /* where the JSON document has it; NULL: at its path */
	/* The fields that the JSON document holds: one alone stands there by itself. None: the
	   whole record. */
	const char *members[KIND_MEMBERS];
};

extern const struct kind kinds[KMETA_ENTITY_KINDS];

/* A type of metadata record. */
struct record_kind {
	enum kmeta_entity_kind entity; /* the kind that it puts, changes or removes */
	bool has_entity;               /* otherwise "entity" means nothing */
	const char *number; /* the field that numbers the entity; NULL: the kind's keys */
	const char *lead;   /* what text prints first, with slots; NULL: nothing */
	bool holds_secrets; /* its undecoded bytes may hold credentials */
	/* The metadata.version from which Kafka writes version 0, 1, ... of the record (Kafka's
	   MetadataVersion). 0 for version 0: always; for a later one: never in a release. */
	int16_t levels[KIND_VERSIONS];
};

/* NULL: a control record, or a type that no release knows. */
const struct record_kind *record_kind(bool control, int32_t type);

/* A word names this type of record: in any case, with or without _RECORD, as a plural. */
bool kind_word_is_type(const char *word, size_t size, bool control, int32_t type);

/* Where the JSON document has entities of a kind. */
const char *kind_document(enum kmeta_entity_kind kind);

/* The kind that a snapshot holds as this type of record; KMETA_ENTITY_KINDS: none. */
enum kmeta_entity_kind kind_of_snapshot_record(int32_t type);

/* The newest layout of a kind's snapshot record. */
const struct kmeta_schema *kind_newest_schema(enum kmeta_entity_kind kind);

/* A field of a kind's newest layout as a bit, by its name; 0: there is none. And all of them. */
uint64_t kind_field_bit(enum kmeta_entity_kind kind, const char *name);
uint64_t kind_field_bits(enum kmeta_entity_kind kind);

/*
 * A value of an entity's field as Kafka keeps it: a byte that no enumeration of Kafka knows becomes
 * 0, UNKNOWN. Values of fields that are no enumeration stay.
 */
int64_t kind_known_value(enum kmeta_entity_kind kind, const char *field, int64_t value);

/* The layout that Kafka writes at a metadata.version, if it writes the kind at all. */
const struct kmeta_schema *kind_schema_at(enum kmeta_entity_kind kind, int64_t level);

/* The metadata.version from which Kafka writes a version of a record; 0: always. */
int64_t record_level(int32_t type, int32_t version);

/* ConfigResource.Type */
enum {
	RESOURCE_TOPIC = 2,
	RESOURCE_BROKER = 4,
	RESOURCE_BROKER_LOGGER = 8,
	RESOURCE_CLIENT_METRICS = 16,
	RESOURCE_GROUP = 32
};

#endif
