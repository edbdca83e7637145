/* SPDX-License-Identifier: Apache-2.0 */
/* table.h: a hash table of pointers, and memory for many small things. */
#ifndef KMETA_BASE_TABLE_H
#define KMETA_BASE_TABLE_H

#include "kmeta/base.h"

/*
 * Open addressing, at most half full. Each slot keeps its value's hash, so that a search compares
 * few values.
 */
struct table_slot {
	uint64_t hash;
	void *value; /* NULL: empty */
};

struct table {
	struct table_slot *slots;
	size_t count, capacity;
};

/* Whether a value has this key. */
typedef bool table_match(const void *value, const void *key);

/* A hash of any bytes. The seed keeps an attacker from choosing keys that all collide. */
uint64_t table_hash(uint64_t seed, const void *bytes, size_t size);

/* The value with this key, or NULL. */
void *table_find(const struct table *t, uint64_t hash, table_match *match, const void *key);

/* Prefetches the slot of a hash for a later search. */
static inline void table_fetch(const struct table *t, uint64_t hash)
{
	if (t->capacity)
		__builtin_prefetch(&t->slots[hash & (t->capacity - 1)]);
}

/* A value with this hash, most likely the one that a search would find. NULL: there is none. */
static inline void *table_likely(const struct table *t, uint64_t hash)
{
	const size_t mask = t->capacity - 1;
	size_t i = hash & mask;

	while (t->capacity && t->slots[i].value && t->slots[i].hash != hash)
		i = (i + 1) & mask;
	return t->capacity ? t->slots[i].value : NULL;
}

/* Adds a value that is not in it yet; false: out of memory. */
KMETA_CHECKED bool table_add(struct table *t, uint64_t hash, void *value);

/* Removes a value. */
void table_drop(struct table *t, uint64_t hash, const void *value);

/* Replaces a value by another that has the same key. */
void table_replace(struct table *t, uint64_t hash, const void *value, void *with);

void table_release(struct table *t);

/*
 * Memory that is freed all at once, handed out in pieces. A piece that is put back waits for the
 * next request of about the same size.
 */
enum { POOL_GRAIN = 16, POOL_CLASSES = 64 };

struct pool_block;

struct pool {
	struct pool_block *blocks; /* the first one has "left" free bytes at "at" */
	struct pool_block *large;  /* pieces that stand alone */
	uint8_t *at;
	size_t left;
	size_t block_size;         /* of the last block */
	size_t bytes;              /* in all blocks, used or not */
	void *freed[POOL_CLASSES]; /* lists by size */
};

/*
 * Pieces of one class are interchangeable. From POOL_CLASSES on each piece has its own allocation.
 */
static inline size_t pool_class(size_t size)
{
	return (size + POOL_GRAIN - 1) / POOL_GRAIN;
}

/* "size" bytes, aligned to POOL_GRAIN; NULL: out of memory. */
void *pool_get(struct pool *pool, size_t size);
void pool_put(struct pool *pool, void *memory, size_t size);
void pool_release(struct pool *pool);

#endif
