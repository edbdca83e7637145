/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quick.h: prints the fields of the usual records from their bytes, as json.c and text.c print them
 * decoded. What is unusual is left to those.
 */
#ifndef KMETA_PRINT_QUICK_H
#define KMETA_PRINT_QUICK_H

#include <string.h>

#include "base/buffer.h"
#include "kmeta/print.h"
#include "record/scan.h"

/*
 * The functions write into room that is there, QUICK_ROOM and six bytes for each byte of the value,
 * and may write over up to QUICK_PIECE bytes behind what they return, the end. NULL: unusual.
 */
enum { QUICK_PIECE = 16, QUICK_NAME = 1000, QUICK_ROOM = SCAN_FIELDS * 72 + 2 * QUICK_NAME + 512 };

/* Copies text in pieces of a constant size, which take a move each. */
static inline char *quick_copy(char *to, const void *from, size_t size)
{
	const char *at = from;

	for (size_t done = 0; done < size; done += QUICK_PIECE)
		memcpy(to + done, at + done, QUICK_PIECE);
	return to + size;
}

/* {"name":"orders",...} */
char *quick_json(char *at, const struct scan_plan *plan, const struct scanned *scanned);

/* True if the names of fields may hold a part. */
bool quick_json_says(const struct scan_plan *plan, struct kmeta_bytes part);

/* ---- text ---- */

enum { QUICK_LEAD = 6 };

/* A field in words. */
struct quick_field {
	char key[64]; /* " name=", up to 48 bytes of it */
	uint8_t key_size;
	bool always, in_lead, is_topic_id;
	const struct text_words *words; /* NULL: none */
};

/* How records of a schema are put into words. */
struct quick_text {
	struct {
		char before[QUICK_PIECE + 1]; /* the field */
		uint8_t size, field;
	} lead[QUICK_LEAD];
	uint8_t lead_count;
	struct quick_field fields[SCAN_FIELDS];
};

/* False: the schema's lead is unusual. */
bool quick_text_make(struct quick_text *plan, const struct kmeta_schema *schema);

/* orders/3 replicas=[11,12] ... */
char *quick_text(char *at, const struct scan_plan *plan, const struct quick_text *text,
                 const struct scanned *scanned, const struct kmeta_topics *topics);

/*
 * True if names of fields, words for numbers, or what stands between may hold a part, or touch one, so
 * that it could be spelled by both together.
 */
bool quick_text_says(const struct scan_plan *plan, const struct quick_text *text,
                     struct kmeta_bytes part);

#endif
