/* SPDX-License-Identifier: Apache-2.0 */
/* lines.h: a record on its way from its bytes to a printer. */
#ifndef KMETA_TEST_LINES_H
#define KMETA_TEST_LINES_H

#include <kmeta.h>

#include "rows.h"

/* What kmeta_line refers to, kept together. */
struct printed {
	struct made bytes; /* of the batch */
	struct kmeta_batch batch;
	struct kmeta_record record;
	struct kmeta_dialect dialect;
	struct kmeta_fields fields;
	struct kmeta_finding why;
	struct kmeta_line line;
	struct kmeta_buffer out;
};

/*
 * Makes a batch of one record at offset "batch->base_offset" and decodes it; "line" then has its
 * fields, or the error. Release it with printed_release().
 */
static inline void printed_init(struct printed *p, const struct batch_plan *batch,
                                const struct record_plan *record)
{
	struct batch_plan plan = *batch;
	struct kmeta_cursor cursor = { 0 };
	struct made records = { 0 };

	*p = (struct printed){ 0 };
	put_record(&records, record);
	plan.records = made_bytes(&records);
	put_batch(&p->bytes, &plan);
	made_release(&records);

	p->batch = (struct kmeta_batch){ .file = "dir/made.log",
		                         .position = 128,
		                         .size = (int64_t)p->bytes.size,
		                         .base_offset = plan.base_offset,
		                         .last_offset = plan.base_offset + plan.last_offset_delta,
		                         .last_offset_delta = plan.last_offset_delta,
		                         .base_timestamp = MADE_TIME * INT64_C(1000),
		                         .max_timestamp = MADE_TIME * INT64_C(1000) + 5,
		                         .producer_id = -1,
		                         .producer_epoch = -1,
		                         .base_sequence = -1,
		                         .epoch = plan.epoch ? plan.epoch : 1,
		                         .count = 1,
		                         .magic = 2,
		                         .valid = true,
		                         .attributes = plan.attributes,
		                         .crc = 0xcafe };
	p->batch.records =
		(struct kmeta_bytes){ p->bytes.at + MADE_HEADER, p->bytes.size - MADE_HEADER };
	cr_assert_eq(kmeta_batch_next(&p->batch, &cursor, &p->record, &p->why), KMETA_OK, "%s",
	             p->why.message);
	cr_assert(kmeta_dialect_init(&p->dialect, NULL));
	p->line = (struct kmeta_line){ .batch = &p->batch, .record = &p->record };
	if (kmeta_decode(&p->dialect, &p->record, &p->fields, &p->why) == KMETA_OK)
		p->line.fields = &p->fields;
	else
		p->line.error = &p->why;
}

/* The same of a metadata record in a plain batch at offset 7. */
static inline void printed_value(struct printed *p, struct kmeta_bytes value)
{
	printed_init(p, &(struct batch_plan){ .base_offset = 7 },
	             &(struct record_plan){ .value = value });
}

static inline void printed_release(struct printed *p)
{
	kmeta_fields_release(&p->fields);
	kmeta_buffer_release(&p->out);
	made_release(&p->bytes);
}

/* True if exactly this was printed; says what was otherwise. */
static inline bool printed_is(struct printed *p, const char *text)
{
	const bool same = p->out.size == strlen(text) && !memcmp(p->out.at, text, p->out.size);

	cr_expect(same, "\nprinted  %.*s\nwanted   %s", (int)p->out.size, p->out.at, text);
	return same;
}

static inline bool printed_has(const struct printed *p, const char *text)
{
	return p->out.size && memmem(p->out.at, p->out.size, text, strlen(text)) != NULL;
}

#endif
