/* SPDX-License-Identifier: Apache-2.0 */
/* printer.h: the plans of a printer, for those that want to know what its lines may say. */
#ifndef KMETA_PRINT_PRINTER_H
#define KMETA_PRINT_PRINTER_H

#include "print/quick.h"

/* A part of a line that many records share: what it says, and for which value. */
enum { PART = 160 };

struct part {
	int64_t value;
	size_t size; /* 0: not made yet */
	char text[PART];
};

/* Bits of the fields that name something, by which records are chosen. */
struct subjects {
	uint64_t topic_ids, topic_names, partitions, brokers, texts;
	bool has_resource; /* what its name is of, another field says */
};

/* How the lines of one type and version are printed. */
struct line_plan {
	bool is_made, is_usable;
	uint8_t topic_at; /* bytes of the body before the id of a topic; 0: it is not looked up */
	int32_t frame, type, version;
	struct scan_plan scan;
	struct quick_text text;
	struct subjects subjects;
	struct part head; /* of an epoch: what stands between the time and the fields */
};

/* True if a record is not unusual in what surrounds its value. */
bool printer_takes(const struct kmeta_batch *batch, const struct kmeta_record *record,
                   const struct kmeta_topics *topics);

/* The plan for a usual record, valid until the next call. NULL: the record is unusual. */
const struct line_plan *printer_plan(struct kmeta_printer *printer,
                                     const struct kmeta_dialect *dialect,
                                     const struct kmeta_record *record);

/*
 * True if a word may stand in a line of this plan apart from what the record's own strings and ids
 * say: in the names of fields, in words for numbers, or in the head. The word is one of a needle.
 * "record" is one that the plan is for.
 */
bool printer_may_say(struct kmeta_printer *printer, const struct line_plan *plan,
                     const struct kmeta_batch *batch, const struct kmeta_record *record,
                     struct kmeta_bytes word);

#endif
