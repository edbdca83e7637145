/* SPDX-License-Identifier: Apache-2.0 */
/* lines.c: what kmeta-dump prints: records, batches, and how many no-ops were folded. */
#include "dump.h"

bool dump_is_done(const struct dump *d)
{
	return d->common.out.closed || d->common.out.failed || d->stopped ||
	       (d->limit >= 0 && d->printed >= d->limit);
}

void dump_print_fold(struct dump *d)
{
	if (d->fold.count && d->format == DUMP_TEXT)
		kmeta_text_fold(&d->common.out.buffer, d->text, &d->fold, d->common.flags);
	d->folded += d->fold.count;
	d->fold.count = 0;
}

bool dump_fold(struct dump *d, const struct kmeta_batch *batch, const struct kmeta_record *record)
{
	struct kmeta_fold *f = &d->fold;

	if (!d->fold_noops || record->control || record->type != KMETA_NO_OP_RECORD)
		return false;
	if (!f->count)
		*f = (struct kmeta_fold){ .first_offset = record->offset,
			                  .timestamp = record->timestamp,
			                  .epoch = batch->epoch };
	f->last_offset = record->offset;
	f->count++;
	return true;
}

void dump_announce(struct dump *d, struct printed_batch *printed)
{
	if (printed->announced)
		return;
	printed->announced = true;
	if (d->format == DUMP_KAFKA)
		kmeta_dumplog_batch(&d->common.out.buffer, printed->batch);
	else if (d->format == DUMP_TEXT && d->common.flags & KMETA_SHOW_BATCH)
		kmeta_text_batch(&d->common.out.buffer, printed->batch, d->common.flags);
}

static void put_line(struct dump *d, const struct kmeta_line *line, unsigned flags)
{
	struct kmeta_buffer *out = &d->common.out.buffer;

	if (d->format == DUMP_JSON)
		kmeta_json(out, line, flags);
	else if (d->format == DUMP_KAFKA)
		kmeta_dumplog_record(out, line, flags);
	else
		kmeta_text(out, d->text, line, flags);
}

/* Takes the line back that begins at "start"; "before" is the batch as it was then. */
static void retract_line(struct dump *d, struct printed_batch *printed,
                         const struct printed_batch *before, size_t start)
{
	d->common.out.buffer.size = start;
	*printed = *before;
}

static void count_line(struct dump *d)
{
	d->printed++;
	if (!d->is_ahead)
		output_drain(&d->common.out);
}

void dump_print_line(struct dump *d, struct printed_batch *printed, const struct kmeta_line *line)
{
	struct kmeta_buffer *out = &d->common.out.buffer;
	const struct printed_batch before = *printed;
	const size_t start = out->size;
	size_t at;

	if (d->format == DUMP_ARROW) {
		if (dump_put_row(d, line))
			count_line(d);
		return;
	}
	dump_announce(d, printed);
	at = out->size;
	put_line(d, line, d->common.flags & ~(unsigned)KMETA_SHOW_COLOR);
	if (!out->failed && !kmeta_filter_line(d->filter, out->at + at, out->size - at)) {
		retract_line(d, printed, &before, start);
		return;
	}
	/* The filter searched the line without its colours. */
	if (d->common.flags & KMETA_SHOW_COLOR && d->format == DUMP_TEXT) {
		out->size = at;
		put_line(d, line, d->common.flags);
	}
	count_line(d);
}

bool dump_print_usual(struct dump *d, struct printed_batch *printed,
                      const struct kmeta_record *record)
{
	struct kmeta_buffer *out = &d->common.out.buffer;
	const struct printed_batch before = *printed;
	const size_t start = out->size;
	size_t at;

	if (d->format == DUMP_ARROW || d->fold_noops || printed->damage)
		return false;
	dump_announce(d, printed);
	at = out->size;
	if (!kmeta_printer_record(d->printer, out, &d->dialect, printed->batch, record,
	                          d->topics)) {
		retract_line(d, printed, &before, start);
		return false;
	}
	if (kmeta_filter_line(d->filter, out->at + at, out->size - at))
		count_line(d);
	else
		retract_line(d, printed, &before, start);
	return true;
}
