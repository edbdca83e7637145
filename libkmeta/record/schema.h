/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema.h: the constant tables of every record, version and field; schema.c is written by
 * tools/import-schema.
 */
#ifndef KMETA_RECORD_SCHEMA_H
#define KMETA_RECORD_SCHEMA_H

#include "kmeta/record.h"

/* All versions of one record type: versions[v] is the newest layout of version v, never NULL. */
struct schema_type {
	const char *name; /* NULL: no release knows this type */
	uint16_t versions_count;
	const struct kmeta_schema *const *versions;
	const char *about; /* what Kafka writes it for; NULL: not known */
};

/* Indexed by api key and by control type. */
extern const struct schema_type schema_metadata[], schema_control[];
extern const size_t schema_metadata_count, schema_control_count;

/*
 * One voter of a KRAFT_VOTERS record: an element of its array, laid out as a record, in which a state
 * keeps the voter.
 */
extern const struct kmeta_schema schema_voter;

/* Oldest first. */
extern const char *const schema_releases[];
extern const size_t schema_releases_count;

/* A field's name, and as the printers write it, with a constant size that is fast to copy. */
struct schema_key {
	char key[40]; /* ,"brokerId": padded with NUL */
	uint8_t size; /* bytes of key in use */
	char name[36];
};

static inline const struct schema_key *schema_key(const struct kmeta_schema_field *field)
{
	return (const struct schema_key *)(const void *)(field->name -
	                                                 offsetof(struct schema_key, name));
}

/* Bytes of one value on the wire; 0: they vary. */
static inline size_t schema_size(unsigned kind)
{
	static const uint8_t sizes[] = {
		[KMETA_BOOL] = 1,  [KMETA_INT8] = 1,   [KMETA_INT16] = 2, [KMETA_UINT16] = 2,
		[KMETA_INT32] = 4, [KMETA_UINT32] = 4, [KMETA_INT64] = 8, [KMETA_FLOAT64] = 8,
		[KMETA_UUID] = 16, [KMETA_STRUCT] = 0,
	};

	return sizes[kind];
}

#endif
