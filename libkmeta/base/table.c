/* SPDX-License-Identifier: Apache-2.0 */
/* table.c: a hash table of pointers, and memory for many small things. */
#include "base/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* ---- hash table ---- */

enum { FIRST_CAPACITY = 64 };

static uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

uint64_t table_hash(uint64_t seed, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	uint64_t h = mix(seed, size), word;

	for (; size >= sizeof(word); size -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		h = mix(h, word);
	}
	word = 0;
	if (size)
		memcpy(&word, at, size);
	h = mix(h, word) * 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}

void *table_find(const struct table *t, uint64_t hash, table_match *match, const void *key)
{
	size_t i;

	if (!t->capacity)
		return NULL;
	for (i = hash & (t->capacity - 1); t->slots[i].value; i = (i + 1) & (t->capacity - 1))
		if (t->slots[i].hash == hash && match(t->slots[i].value, key))
			return t->slots[i].value;
	return NULL;
}

static void insert(struct table *t, uint64_t hash, void *value)
{
	size_t i = hash & (t->capacity - 1);

	while (t->slots[i].value)
		i = (i + 1) & (t->capacity - 1);
	t->slots[i] = (struct table_slot){ hash, value };
}

static bool table_grow(struct table *t)
{
	struct table larger = { .capacity = t->capacity ? t->capacity * 2 : FIRST_CAPACITY,
		                .count = t->count };

	larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
	if (!larger.slots)
		return false;
	for (size_t i = 0; i < t->capacity; i++)
		if (t->slots[i].value)
			insert(&larger, t->slots[i].hash, t->slots[i].value);
	free(t->slots);
	*t = larger;
	return true;
}

bool table_add(struct table *t, uint64_t hash, void *value)
{
	if (t->count >= t->capacity / 2 && !table_grow(t))
		return false;
	insert(t, hash, value);
	t->count++;
	return true;
}

/* Values that were pushed behind this slot move up, so that no search ends too early. */
void table_drop(struct table *t, uint64_t hash, const void *value)
{
	const size_t mask = t->capacity - 1;
	size_t hole;

	if (!t->capacity)
		return;
	hole = hash & mask;
	while (t->slots[hole].value && t->slots[hole].value != value)
		hole = (hole + 1) & mask;
	if (!t->slots[hole].value)
		return;
	t->count--;
	for (size_t i = (hole + 1) & mask; t->slots[i].value; i = (i + 1) & mask) {
		const size_t home = t->slots[i].hash & mask;

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			t->slots[hole] = t->slots[i];
			hole = i;
		}
	}
	t->slots[hole].value = NULL;
}

void table_replace(struct table *t, uint64_t hash, const void *value, void *with)
{
	const size_t mask = t->capacity - 1;

	for (size_t i = hash & mask; t->slots[i].value; i = (i + 1) & mask) {
		if (t->slots[i].value == value) {
			t->slots[i].value = with;
			return;
		}
	}
}

void table_release(struct table *t)
{
	free(t->slots);
	*t = (struct table){ 0 };
}

/* ---- pool ---- */

/*
 * Blocks grow up to the size of a large page and are then aligned to it: lookups all over a large
 * state need fewer page table walks.
 */
enum { FIRST_BLOCK = 1 << 16, LARGEST_BLOCK = 1 << 21 };

struct pool_block {
	struct pool_block *next, *previous;
};

static struct pool_block *add_block(struct pool_block **list, size_t size)
{
	const bool large_page = size == LARGEST_BLOCK;
	struct pool_block *block = large_page ? aligned_alloc(size, size) : malloc(size);

	if (!block)
		return NULL;
	/* Without large pages, small ones do. */
	if (large_page)
		(void)madvise(block, size, MADV_HUGEPAGE);
	*block = (struct pool_block){ .next = *list };
	if (*list)
		(*list)->previous = block;
	*list = block;
	return block;
}

static bool add_room(struct pool *pool)
{
	const size_t size = !pool->block_size                  ? FIRST_BLOCK
	                    : pool->block_size < LARGEST_BLOCK ? pool->block_size * 2
	                                                       : LARGEST_BLOCK;
	struct pool_block *block = add_block(&pool->blocks, size);

	if (!block)
		return false;
	pool->block_size = size;
	pool->bytes += size;
	pool->at = (uint8_t *)(block + 1);
	pool->left = size - sizeof(*block);
	return true;
}

void *pool_get(struct pool *pool, size_t size)
{
	const size_t class = pool_class(size), room = class * POOL_GRAIN;
	struct pool_block *block;
	void *memory;

	if (class >= POOL_CLASSES) {
		block = add_block(&pool->large, sizeof(*block) + room);
		if (block)
			pool->bytes += room;
		return block ? block + 1 : NULL;
	}
	if (pool->freed[class]) {
		memory = pool->freed[class];
		memcpy(&pool->freed[class], memory, sizeof(void *));
		return memory;
	}
	if (pool->left < room && !add_room(pool))
		return NULL;
	memory = pool->at;
	pool->at += room;
	pool->left -= room;
	return memory;
}

static void free_large(struct pool *pool, struct pool_block *block)
{
	if (block->previous)
		block->previous->next = block->next;
	else
		pool->large = block->next;
	if (block->next)
		block->next->previous = block->previous;
	free(block);
}

void pool_put(struct pool *pool, void *memory, size_t size)
{
	const size_t class = pool_class(size);

	if (!memory || !class)
		return;
	if (class >= POOL_CLASSES) {
		free_large(pool, (struct pool_block *)memory - 1);
		pool->bytes -= class * POOL_GRAIN;
		return;
	}
	memcpy(memory, &pool->freed[class], sizeof(void *));
	pool->freed[class] = memory;
}

static void free_blocks(struct pool_block *block)
{
	while (block) {
		struct pool_block *next = block->next;

		free(block);
		block = next;
	}
}

void pool_release(struct pool *pool)
{
	free_blocks(pool->blocks);
	free_blocks(pool->large);
	*pool = (struct pool){ 0 };
}
