/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printer.c: prints the lines of usual records from their bytes. The parts of a line that many
 * records share are made by the printers of each format once, and copied after that.
 */
#include <stdlib.h>

#include "print/dumplog.h"
#include "print/json.h"
#include "print/printer.h"
#include "print/text.h"
#include "print/topics.h"

/* Plans by type and lowest bit of the version: 32 types are more than there are. */
enum { PLANS = 64, LONGEST_VALUE = 1 << 16, LAST_DIGITS = 3, LAST = 1000, UUID_SIZE = 16 };

struct kmeta_printer {
	enum kmeta_line_format format;
	unsigned flags;
	struct kmeta_text *text;
	struct kmeta_buffer made; /* the part that is being made */
	struct part offset;       /* up to the offset, for all that differ in their last digits */
	struct part time;
	struct line_plan plans[PLANS];
};

/* ---- parts ---- */

/* Takes what was made; false: it is too long, or there is no memory. */
static bool part_take(struct part *part, struct kmeta_buffer *made, int64_t value)
{
	const bool fits = !made->failed && made->size && made->size <= PART - QUICK_PIECE;

	part->value = value;
	part->size = fits ? made->size : 0;
	if (fits)
		memcpy(part->text, made->at, made->size);
	made->size = 0;
	return fits;
}

static bool make_offset(struct kmeta_printer *p, int64_t offset)
{
	if (p->format == KMETA_LINE_JSON)
		json_offset(&p->made, offset);
	else if (p->format == KMETA_LINE_KAFKA)
		dumplog_offset(&p->made, offset);
	else
		text_offset(&p->made, offset);
	return part_take(&p->offset, &p->made, offset / LAST);
}

/* Up to the value's size, in Kafka's lines. */
static bool make_time(struct kmeta_printer *p, const struct kmeta_batch *batch, int64_t timestamp)
{
	if (p->format == KMETA_LINE_JSON) {
		json_timestamp(&p->made, timestamp);
	} else if (p->format == KMETA_LINE_KAFKA) {
		dumplog_time(&p->made, batch, timestamp);
		dumplog_key_size(&p->made, -1);
		buffer_text(&p->made, DUMPLOG_VALUE_SIZE);
	} else {
		text_time(&p->made, p->text, timestamp, p->flags);
	}
	return part_take(&p->time, &p->made, timestamp);
}

static bool make_head(struct kmeta_printer *p, struct line_plan *plan, int32_t epoch)
{
	const struct kmeta_schema *schema = plan->scan.schema;

	if (p->format == KMETA_LINE_JSON) {
		json_epoch(&p->made, epoch);
		json_record_type(&p->made, schema, plan->version);
		buffer_text(&p->made, JSON_DATA);
	} else if (p->format == KMETA_LINE_KAFKA) {
		dumplog_sequence(&p->made, -1);
		buffer_text(&p->made, DUMPLOG_NO_HEADERS);
		dumplog_payload(&p->made, schema, plan->version);
	} else {
		text_epoch(&p->made, epoch, p->flags);
		text_type(&p->made, schema, p->flags);
	}
	return part_take(&plan->head, &p->made, epoch);
}

/* ---- lines ---- */

/* Where a topic's id lies behind other fields of one size, as in the records of partitions. */
static uint8_t topic_place(const struct line_plan *plan)
{
	size_t at = 0;

	for (size_t i = 0; plan->is_usable && i < plan->scan.count; i++) {
		const struct scan_step *step = &plan->scan.steps[i];

		if (plan->text.fields[i].is_topic_id)
			return (uint8_t)at;
		if (step->is_tagged || step->form != SCAN_FIXED)
			return 0;
		at += step->size;
	}
	return 0;
}

static struct subjects subjects_of(const struct scan_plan *plan)
{
	struct subjects s = { 0 };

	for (size_t i = 0; i < plan->count; i++) {
		const struct kmeta_schema_field *field = &plan->schema->fields[i];
		const uint64_t bit = (uint64_t)1 << i;
		const bool is_number = field->kind == KMETA_INT32;

		s.topic_ids |= field->role == KMETA_ROLE_TOPIC_ID ? bit : 0;
		s.topic_names |= field->role == KMETA_ROLE_TOPIC_NAME ? bit : 0;
		s.partitions |= field->role == KMETA_ROLE_PARTITION && is_number ? bit : 0;
		s.brokers |= field->role == KMETA_ROLE_BROKER && is_number ? bit : 0;
		s.texts |= plan->steps[i].form == SCAN_TEXT ? bit : 0;
		s.has_resource |= !strcmp(field->name, "resourceName");
	}
	return s;
}

static struct line_plan *line_plan_of(struct kmeta_printer *p, const struct kmeta_dialect *dialect,
                                      const struct kmeta_record *record)
{
	struct line_plan *plan =
		&p->plans[((unsigned)record->type * 2 + ((unsigned)record->version & 1)) % PLANS];

	if (plan->is_made && plan->type == record->type && plan->version == record->version &&
	    plan->frame == record->frame && !memcmp(&plan->scan.dialect, dialect, sizeof(*dialect)))
		return plan->is_usable ? plan : NULL;
	plan->is_made = true;
	plan->frame = record->frame;
	plan->type = record->type;
	plan->version = record->version;
	plan->head.size = 0;
	scan_plan_make(&plan->scan, dialect, record);
	plan->is_usable = plan->scan.schema && (p->format != KMETA_LINE_TEXT ||
	                                        quick_text_make(&plan->text, plan->scan.schema));
	plan->topic_at = topic_place(plan);
	plan->subjects = subjects_of(&plan->scan);
	return plan->is_usable ? plan : NULL;
}

bool printer_takes(const struct kmeta_batch *batch, const struct kmeta_record *record,
                   const struct kmeta_topics *topics)
{
	return !record->control && !record->key.data && !record->header_count &&
	       batch->base_sequence < 0 && !(batch->attributes & KMETA_BATCH_LOG_APPEND_TIME) &&
	       record->offset >= 0 && record->value.size <= LONGEST_VALUE &&
	       !(topics && kmeta_topics_wants(record));
}

static bool make_parts(struct kmeta_printer *p, struct line_plan *plan,
                       const struct kmeta_batch *batch, const struct kmeta_record *record)
{
	return ((p->offset.size && record->offset >= LAST &&
	         p->offset.value == record->offset / LAST) ||
	        make_offset(p, record->offset)) &&
	       ((p->time.size && p->time.value == record->timestamp) ||
	        make_time(p, batch, record->timestamp)) &&
	       ((plan->head.size && plan->head.value == batch->epoch) ||
	        make_head(p, plan, batch->epoch));
}

static char *put_line_head(char *at, const struct kmeta_printer *p, const struct line_plan *plan,
                           const struct kmeta_record *record)
{
	at = quick_copy(at, p->offset.text, p->offset.size);
	if (record->offset >= LAST)
		memcpy(at - LAST_DIGITS, digit_triples + LAST_DIGITS * (record->offset % LAST),
		       LAST_DIGITS);
	at = quick_copy(at, p->time.text, p->time.size);
	if (p->format == KMETA_LINE_KAFKA)
		at = digits_small(at, (int64_t)record->value.size);
	return quick_copy(at, plan->head.text, plan->head.size);
}

const struct line_plan *printer_plan(struct kmeta_printer *printer,
                                     const struct kmeta_dialect *dialect,
                                     const struct kmeta_record *record)
{
	return printer->text && !record->control ? line_plan_of(printer, dialect, record) : NULL;
}

static bool part_says(const struct part *part, struct kmeta_bytes word)
{
	return !part->size || memmem(part->text, part->size, word.data, word.size);
}

bool printer_may_say(struct kmeta_printer *printer, const struct line_plan *plan,
                     const struct kmeta_batch *batch, const struct kmeta_record *record,
                     struct kmeta_bytes word)
{
	/* The head of the plan itself stays as it is. */
	struct line_plan head = *plan;

	return !make_parts(printer, &head, batch, record) || part_says(&printer->offset, word) ||
	       part_says(&printer->time, word) || part_says(&head.head, word) ||
	       (printer->format == KMETA_LINE_TEXT ? quick_text_says(&plan->scan, &plan->text, word)
	                                           : quick_json_says(&plan->scan, word));
}

bool kmeta_printer_record(struct kmeta_printer *p, struct kmeta_buffer *out,
                          const struct kmeta_dialect *dialect, const struct kmeta_batch *batch,
                          const struct kmeta_record *record, const struct kmeta_topics *topics)
{
	struct scanned scanned;
	struct line_plan *plan;
	char *at;

	if (!p->text || !printer_takes(batch, record, topics))
		return false;
	plan = line_plan_of(p, dialect, record);
	if (!plan || !scan_record(&plan->scan, record, &scanned) ||
	    !make_parts(p, plan, batch, record))
		return false;
	at = buffer_room(out, QUICK_ROOM + 4 * PART + 6 * record->value.size);
	if (!at)
		return false;
	at = put_line_head(at, p, plan, record);
	if (p->format == KMETA_LINE_TEXT) {
		at = quick_text(at, &plan->scan, &plan->text, &scanned, topics);
		while (at && at[-1] == ' ')
			at--;
	} else {
		at = quick_json(at, &plan->scan, &scanned);
		if (at)
			*at++ = '}';
	}
	if (!at)
		return false;
	*at++ = '\n';
	buffer_wrote(out, at);
	return true;
}

void kmeta_printer_expect(struct kmeta_printer *p, const struct kmeta_dialect *dialect,
                          const struct kmeta_record *records, size_t count,
                          const struct kmeta_topics *topics)
{
	uint64_t fetched[KMETA_PRINTER_EXPECTS];

	if (!p->text || p->format != KMETA_LINE_TEXT || !topics || count > KMETA_PRINTER_EXPECTS)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct kmeta_record *record = &records[i];
		const struct line_plan *plan =
			record->control ? NULL : line_plan_of(p, dialect, record);

		fetched[i] = 0;
		if (plan && plan->topic_at &&
		    record->value.size >= record->body + plan->topic_at + UUID_SIZE)
			fetched[i] = topics_fetch(topics, record->value.data + record->body +
			                                          plan->topic_at);
	}
	for (size_t i = 0; i < count; i++)
		topics_fetch_name(topics, fetched[i]);
}

/* ---- the printer ---- */

struct kmeta_printer *kmeta_printer_new(enum kmeta_line_format format, unsigned flags)
{
	const unsigned unusual = format == KMETA_LINE_JSON   ? KMETA_SHOW_BATCH
	                         : format == KMETA_LINE_TEXT ? KMETA_SHOW_COLOR
	                                                     : 0;
	struct kmeta_printer *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->format = format;
	p->flags = flags;
	/* Without it, nothing is usual. */
	p->text = flags & unusual ? NULL : kmeta_text_new();
	if (!p->text && !(flags & unusual)) {
		free(p);
		return NULL;
	}
	return p;
}

void kmeta_printer_free(struct kmeta_printer *printer)
{
	if (!printer)
		return;
	kmeta_text_free(printer->text);
	kmeta_buffer_release(&printer->made);
	free(printer);
}
