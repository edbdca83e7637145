/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h: finds the values of the usual records without decoding them, by a plan made of the schema.
 * What is not usual is left to kmeta_decode().
 */
#ifndef KMETA_RECORD_SCAN_H
#define KMETA_RECORD_SCAN_H

#include "base/wire.h"
#include "kmeta/record.h"

/* Schemas with more fields are not scanned. */
enum { SCAN_FIELDS = 24 };

/* How a value lies on the wire. */
enum scan_form {
	SCAN_FIXED, /* a number, boolean or uuid: "size" bytes */
	SCAN_TEXT,  /* a string: a compact length, then so many bytes */
	SCAN_ARRAY  /* of int32 or uuids: a compact count, then elements of "size" bytes */
};

struct scan_step {
	uint8_t form, size, kind;
	bool is_tagged, defaults_to_null;
	uint8_t tag;
	int64_t default_value;
};

/* How to scan the records of one type and version, in the order of its schema. */
struct scan_plan {
	const struct kmeta_schema *schema; /* NULL: its records are not scanned */
	struct kmeta_dialect dialect; /* that chose the schema, and would learn nothing from it */
	uint64_t untagged;            /* bits of the fields that every record has */
	uint8_t count;
	struct scan_step steps[SCAN_FIELDS];
};

/*
 * The fields that a record has, by their bits, and the bytes of each: of a number as on the wire, of
 * an array all elements. None is null, and no tagged one holds its default.
 */
struct scanned {
	uint64_t present;
	struct kmeta_bytes values[SCAN_FIELDS];
};

/* Makes the plan for records of this frame, type and version, under this dialect. */
void scan_plan_make(struct scan_plan *plan, const struct kmeta_dialect *dialect,
                    const struct kmeta_record *record);

/*
 * True: kmeta_decode() would find exactly these fields, nothing unusual, and the dialect would learn
 * nothing. The record has frame, type and version of the plan.
 */
bool scan_record(const struct scan_plan *plan, const struct kmeta_record *record,
                 struct scanned *scanned);

/* The number or boolean at "at". */
static inline int64_t scan_number(const struct scan_step *step, const uint8_t *at)
{
	switch ((enum kmeta_kind)step->kind) {
	case KMETA_INT8:
		return (int8_t)*at;
	case KMETA_INT16:
		return (int16_t)wire_get16(at);
	case KMETA_UINT16:
		return wire_get16(at);
	case KMETA_INT32:
		return (int32_t)wire_get32(at);
	case KMETA_UINT32:
		return wire_get32(at);
	case KMETA_INT64:
		return (int64_t)wire_get64(at);
	default:
		return *at;
	}
}

#endif
