/* SPDX-License-Identifier: Apache-2.0 */
/* table.c: the entities of one kind in a state as rows, which are chosen by terms and sorted. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_EVERY = 4096, DIGITS = 8, VALUES = 256 };

static bool table_goes_on(struct job *job, size_t done, size_t total)
{
	if (done % ROWS_EVERY == 0)
		job_progress(job, (int64_t)done, (int64_t)total);
	return !job_should_stop(job);
}

/* ---- beginning and end ---- */

bool table_open(struct table *t, const struct kmeta_image *image, enum kmeta_entity_kind kind,
                unsigned flags, struct job *job)
{
	struct table_terms none = { 0 };
	struct kmeta_finding why;

	*t = (struct table){ .kind = kind,
		             .about = table_kind(kind),
		             .image = image,
		             .flags = flags & ~(unsigned)KMETA_SHOW_COLOR };
	if (kmeta_list_open(&t->list, image, kind, 0, &why) == KMETA_OK) {
		t->count = kmeta_list_count(t->list);
		if (t->count < UINT32_MAX &&
		    (!t->about->counts_partitions || table_tally(t, job)) &&
		    table_choose(t, &none, job))
			return true;
	}
	table_close(t);
	return false;
}

void table_close(struct table *t)
{
	kmeta_list_close(t->list);
	free(t->order);
	free(t->tallies);
	free(t->nodes);
	*t = (struct table){ 0 };
}

/* ---- rows ---- */

static bool entity_row(struct table *t, size_t number, struct kmeta_entity *entity,
                       struct table_row *out)
{
	struct kmeta_finding why;

	*out = (struct table_row){ .table = t, .entity = entity, .number = number };
	return kmeta_list_entity(t->list, number, entity, &why) == KMETA_OK;
}

bool table_row(struct table *t, size_t row, struct table_row *out)
{
	return row < t->count && entity_row(t, t->order[row], &t->entity, out);
}

bool table_choose(struct table *t, struct table_terms *terms, struct job *job)
{
	const size_t all = kmeta_list_count(t->list);
	uint32_t *order = malloc((all + 1) * sizeof(*order));
	struct kmeta_entity entity;
	struct table_row row;
	size_t count = 0;

	for (size_t i = 0; order && i < all; i++) {
		if (!table_goes_on(job, i, all))
			break;
		if (!terms->count ||
		    (entity_row(t, i, &entity, &row) && table_terms_match(terms, &row)))
			order[count++] = (uint32_t)i;
	}
	if (!order || job_should_stop(job)) {
		free(order);
		return false;
	}
	free(t->order);
	t->order = order;
	t->count = count;
	return true;
}

/* ---- sorting by numbers: digit by digit, from the last one on, so that equal rows stay ---- */

/* Bits that compare as the numbers do. */
static uint64_t bits_of(double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

/* A list by how many it has, and then by its first ids. */
static uint64_t key_of_list(const struct table_value *value)
{
	const size_t count = value->ids.size / 4;
	uint64_t key = value->number < UINT16_MAX ? (uint64_t)value->number : UINT16_MAX;

	for (size_t i = 0; i < 3; i++) {
		const int32_t id = i < count ? table_id(value->ids, i) : 0;

		key = key << 16 | (uint64_t)(id < 0 ? 0 : id > UINT16_MAX ? UINT16_MAX : id);
	}
	return key;
}

static uint64_t number_key(struct table *t, uint32_t number, const struct column *column)
{
	struct kmeta_entity entity;
	struct table_value value;
	struct table_row row;

	if (column->flags & COLUMN_IN_ORDER)
		return number;
	if (!entity_row(t, number, &entity, &row))
		return 0;
	table_cell(&row, column, &value, NULL);
	return value.kind == VALUE_LIST     ? key_of_list(&value)
	       : value.kind == VALUE_NUMBER ? bits_of(value.number)
	                                    : 0;
}

/* Moves slots to where their digit comes. */
static void sort_digit(const uint64_t *keys, const uint32_t *from, uint32_t *to, size_t count,
                       unsigned shift)
{
	size_t starts[VALUES] = { 0 }, start = 0;

	for (size_t i = 0; i < count; i++)
		starts[keys[i] >> shift & (VALUES - 1)]++;
	for (size_t value = 0; value < VALUES; value++) {
		const size_t size = starts[value];

		starts[value] = start;
		start += size;
	}
	for (size_t i = 0; i < count; i++)
		to[starts[keys[from[i]] >> shift & (VALUES - 1)]++] = from[i];
}

/* Sorts the slots, which are 0 and up at first, by their keys. NULL: stopped. */
static uint32_t *sort_slots(const uint64_t *keys, uint32_t *slots, uint32_t *spare, size_t count,
                            struct job *job)
{
	uint64_t differ = 0;

	for (size_t i = 1; i < count; i++)
		differ |= keys[i] ^ keys[0];
	for (unsigned digit = 0; digit < DIGITS; digit++) {
		uint32_t *swap = slots;

		if (!(differ >> digit * 8 & (VALUES - 1)))
			continue;
		if (job_should_stop(job))
			return NULL;
		sort_digit(keys, slots, spare, count, digit * 8);
		slots = spare;
		spare = swap;
	}
	return slots;
}

static bool make_number_keys(struct table *t, const struct column *column, bool down,
                             uint64_t *keys, struct job *job)
{
	for (size_t i = 0; i < t->count; i++) {
		if (!table_goes_on(job, i, t->count))
			return false;
		keys[i] = number_key(t, t->order[i], column);
		keys[i] = down ? ~keys[i] : keys[i];
	}
	return true;
}

/* ---- sorting by text: all of it is made, and dropped when the order is known ---- */

struct texts {
	struct kmeta_buffer bytes;
	size_t *ends;
	bool down;
};

static struct kmeta_bytes text_of_slot(const struct texts *texts, uint32_t slot)
{
	const size_t start = slot ? texts->ends[slot - 1] : 0;

	return (struct kmeta_bytes){ (const uint8_t *)texts->bytes.at + start,
		                     texts->ends[slot] - start };
}

static int slots_by_text(const void *a, const void *b, void *context)
{
	const struct texts *texts = context;
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const int order = kmeta_bytes_compare(text_of_slot(texts, x), text_of_slot(texts, y));

	if (order)
		return texts->down ? -order : order;
	return (x > y) - (x < y);
}

static bool sort_texts(struct table *t, const struct column *column, bool down, uint32_t *slots,
                       struct job *job)
{
	struct texts texts = { .ends = malloc((t->count + 1) * sizeof(*texts.ends)), .down = down };
	struct kmeta_entity entity;
	struct table_value value;
	struct table_row row;
	bool made = texts.ends != NULL;

	for (size_t i = 0; made && i < t->count; i++) {
		made = table_goes_on(job, i, t->count) && entity_row(t, t->order[i], &entity, &row);
		if (!made)
			break;
		table_cell(&row, column, &value, &texts.bytes);
		texts.ends[i] = texts.bytes.size;
	}
	made = made && !texts.bytes.failed;
	/* Texts may all be empty, and then there are no bytes. */
	if (made && texts.bytes.at)
		qsort_r(slots, t->count, sizeof(*slots), slots_by_text, &texts);
	kmeta_buffer_release(&texts.bytes);
	free(texts.ends);
	return made && !job_should_stop(job);
}

/* ---- sorting ---- */

/* Puts the rows into the order of the slots. */
static void take_slots(struct table *t, uint32_t *slots)
{
	for (size_t i = 0; i < t->count; i++)
		slots[i] = t->order[slots[i]];
	memcpy(t->order, slots, t->count * sizeof(*slots));
}

bool table_sort(struct table *t, size_t column, bool down, struct job *job)
{
	const struct column *by = &t->about->columns[column];
	const bool as_text = by->flags & COLUMN_TEXT && !(by->flags & COLUMN_IN_ORDER);
	uint32_t *slots = malloc((t->count + 1) * sizeof(*slots));
	uint32_t *spare = as_text ? NULL : malloc((t->count + 1) * sizeof(*spare));
	uint64_t *keys = as_text ? NULL : malloc((t->count + 1) * sizeof(*keys));
	uint32_t *sorted = NULL;

	for (size_t i = 0; slots && i < t->count; i++)
		slots[i] = (uint32_t)i;
	if (slots && as_text && sort_texts(t, by, down, slots, job))
		sorted = slots;
	else if (slots && spare && keys && make_number_keys(t, by, down, keys, job))
		sorted = sort_slots(keys, slots, spare, t->count, job);
	if (sorted)
		take_slots(t, sorted);
	free(slots);
	free(spare);
	free(keys);
	return sorted != NULL;
}

/* ---- finding ---- */

/* Keys compare in the order of the list. */
static bool find_number(struct table *t, struct kmeta_bytes key, size_t *number)
{
	size_t low = 0, high = kmeta_list_count(t->list);
	struct kmeta_entity entity;
	struct table_row row;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		int order;

		if (!entity_row(t, middle, &entity, &row))
			return false;
		order = kmeta_bytes_compare(entity.key, key);
		if (!order) {
			*number = middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool table_row_of(struct table *t, struct kmeta_bytes key, size_t *row)
{
	size_t number;

	if (!key.size || !find_number(t, key, &number))
		return false;
	for (*row = 0; *row < t->count; ++*row)
		if (t->order[*row] == number)
			return true;
	return false;
}

static bool row_matches(struct table *t, const struct table_search *search, size_t number,
                        struct kmeta_buffer *text)
{
	struct table_value value;
	struct table_row row;
	size_t start, end;

	if (!table_row(t, number, &row))
		return false;
	for (size_t i = 0; i < search->columns_count; i++) {
		text->size = 0;
		table_cell(&row, &t->about->columns[search->columns[i]], &value, text);
		if (pattern_find(search->pattern, kmeta_buffer_bytes(text), 0, &start, &end))
			return true;
	}
	return false;
}

void table_look(struct table *t, struct table_search *search, struct job *job)
{
	struct kmeta_buffer text = { 0 };

	search->found = search->wrapped = false;
	for (size_t i = 1; i <= t->count && !search->found; i++) {
		const size_t at = search->backwards ? (search->from + t->count - i) % t->count
		                                    : (search->from + i) % t->count;

		if (!table_goes_on(job, i, t->count))
			break;
		search->found = row_matches(t, search, at, &text);
		search->row = at;
		search->wrapped = search->backwards ? at >= search->from : at <= search->from;
	}
	kmeta_buffer_release(&text);
}
