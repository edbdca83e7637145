/* SPDX-License-Identifier: Apache-2.0 */
/* page.c: fills one page: batches and damage first, then the rows of both. */
#include "log/page.h"

#include <stdlib.h>

#include "base/buffer.h"

/* A page that grew beyond this size gives its memory back. */
enum { PAGE_KEPT = 4 << 20 };

/* What the page's pointers lead to. */
struct kmeta_page_memory {
	struct kmeta_batch *batches;
	struct kmeta_page_damage *damage;
	struct kmeta_row *rows;
	size_t batches_capacity, damage_capacity, rows_capacity;
	struct kmeta_buffer bytes; /* records of the batches */
};

void kmeta_page_release(struct kmeta_page *page)
{
	struct kmeta_page_memory *m = page->memory;

	if (m) {
		free(m->rows);
		free(m->batches);
		free(m->damage);
		kmeta_buffer_release(&m->bytes);
		free(m);
	}
	*page = (struct kmeta_page){ 0 };
}

size_t kmeta_page_memory(const struct kmeta_page *page)
{
	const struct kmeta_page_memory *m = page->memory;

	return m ? m->batches_capacity * sizeof(*m->batches) +
	                       m->damage_capacity * sizeof(*m->damage) +
	                       m->rows_capacity * sizeof(*m->rows) + m->bytes.capacity
	         : 0;
}

bool page_begin(struct kmeta_page *page, size_t file, int64_t position)
{
	if (kmeta_page_memory(page) > PAGE_KEPT)
		kmeta_page_release(page);
	if (!page->memory)
		page->memory = calloc(1, sizeof(*page->memory));
	if (!page->memory)
		return false;
	page->batches_count = page->damage_count = page->rows_count = 0;
	page->memory->bytes.size = 0;
	page->file = file;
	page->begin = page->end = position;
	return true;
}

size_t page_bytes(const struct kmeta_page *page)
{
	return page->memory->bytes.size;
}

/* ---- batches and damage ---- */

/* "batch" is the number of the batch that follows the damage, or holds it. */
static bool add_damage_to(struct kmeta_page *page, size_t batch,
                          const struct kmeta_finding *finding)
{
	struct kmeta_page_memory *m = page->memory;
	struct kmeta_page_damage *damage =
		array_room(m->damage, &m->damage_capacity, page->damage_count + 1, sizeof(*damage));

	if (!damage)
		return false;
	damage[page->damage_count++] = (struct kmeta_page_damage){ batch, *finding };
	page->damage = m->damage = damage;
	return true;
}

bool page_add_damage(struct kmeta_page *page, const struct kmeta_finding *finding)
{
	return add_damage_to(page, page->batches_count, finding);
}

bool page_add_batch(struct kmeta_page *page, const struct kmeta_batch *batch)
{
	struct kmeta_page_memory *m = page->memory;
	struct kmeta_batch *batches = array_room(m->batches, &m->batches_capacity,
	                                         page->batches_count + 1, sizeof(*batches));

	if (!batches)
		return false;
	batches[page->batches_count++] = *batch;
	page->batches = m->batches = batches;
	kmeta_buffer_add(&m->bytes, batch->records.data, batch->records.size);
	return !m->bytes.failed;
}

/* ---- rows ---- */

bool kmeta_row_is_no_op(const struct kmeta_row *row)
{
	return row->damage < 0 && !row->record.control && row->record.type == KMETA_NO_OP_RECORD;
}

/* Release 2.8 wrote leader changes with the type that is now the snapshot header. */
bool kmeta_row_is_leader_change(const struct kmeta_row *row)
{
	return row->damage < 0 && row->record.control &&
	       (row->record.type == KMETA_CONTROL_LEADER_CHANGE ||
	        row->record.type == KMETA_CONTROL_SNAPSHOT_HEADER);
}

static struct kmeta_row *add_row(struct kmeta_page *page, int64_t position, int32_t index)
{
	struct kmeta_page_memory *m = page->memory;
	struct kmeta_row *rows = array_room(m->rows, &m->rows_capacity, page->rows_count + 1,
	                                    sizeof(*rows)),
			 *row;

	if (!rows)
		return NULL;
	page->rows = m->rows = rows;
	row = rows + page->rows_count++;
	*row = (struct kmeta_row){ .place = { page->file, position, index }, .damage = -1 };
	return row;
}

/* Damage inside a batch that is shown has the batch's position. */
static bool add_damage_row(struct kmeta_page *page, size_t damage, int64_t position, int32_t index)
{
	struct kmeta_row *row = add_row(page, position, index);

	if (!row)
		return false;
	row->damage = (int32_t)damage;
	row->batch = page->damage[damage].batch;
	return true;
}

/* If the records of a batch end early, the cause is a row of its own. */
static bool add_record_rows(struct kmeta_page *page, size_t number)
{
	const struct kmeta_batch *batch = &page->batches[number];
	struct kmeta_cursor cursor = { 0 };

	for (int32_t index = 0;;) {
		struct kmeta_finding why;
		struct kmeta_record record;
		const enum kmeta_status status = kmeta_batch_next(batch, &cursor, &record, &why);
		struct kmeta_row *row;

		if (status == KMETA_END)
			return true;
		if (status != KMETA_OK)
			why.file = batch->file;
		/* A batch that is damaged as a whole was reported already. */
		if (status != KMETA_OK && batch->valid &&
		    (!add_damage_to(page, number, &why) ||
		     !add_damage_row(page, page->damage_count - 1, batch->position, index++)))
			return false;
		if (status != KMETA_OK && why.code != KMETA_BAD_OFFSET)
			continue;
		row = add_row(page, batch->position, index++);
		if (!row)
			return false;
		row->batch = number;
		row->record = record;
	}
}

/* Only now the buffer that records point into no longer moves. */
bool page_add_rows(struct kmeta_page *page)
{
	const size_t outside = page->damage_count;
	const uint8_t *at = (const uint8_t *)page->memory->bytes.at;
	size_t damage = 0;

	for (size_t i = 0; i <= page->batches_count; i++) {
		for (; damage < outside && page->damage[damage].batch == i; damage++)
			if (!add_damage_row(page, damage, page->damage[damage].finding.position,
			                    -1))
				return false;
		if (i == page->batches_count)
			break;
		page->memory->batches[i].records.data = at;
		at += page->batches[i].records.size;
		if (!add_record_rows(page, i))
			return false;
	}
	return true;
}
