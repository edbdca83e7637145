/* SPDX-License-Identifier: Apache-2.0 */
/* decode.h: decodes a record by a given layout. */
#ifndef KMETA_RECORD_DECODE_H
#define KMETA_RECORD_DECODE_H

#include <assert.h>

#include "kmeta/record.h"

/* As kmeta_decode(), but by this layout alone. */
KMETA_CHECKED enum kmeta_status decode_as(const struct kmeta_schema *schema,
                                          const struct kmeta_record *record,
                                          struct kmeta_fields *fields, struct kmeta_finding *why);

/* True if a value is the default of this tagged field. */
bool decode_holds_default(const struct kmeta_schema_field *field, const struct kmeta_field *value);

/* Appends an entry for a field that does not come from bytes. NULL: out of memory. */
struct kmeta_field *decode_append(struct kmeta_fields *fields,
                                  const struct kmeta_schema_field *schema);

/*
 * The next voter that a KRAFT_VOTERS record names, laid out as schema_voter and borrowed from the
 * record; start with "at" 0. False: there are no more.
 */
bool decode_next_voter(const struct kmeta_fields *record, size_t *at, struct kmeta_fields *voter);

/* A field that every layout of the record has. */
static inline const struct kmeta_field *fields_must_have(const struct kmeta_fields *fields,
                                                         const char *name)
{
	const struct kmeta_field *field = kmeta_fields_find(fields, name);

	assert(field);
	return field;
}

#endif
