/* SPDX-License-Identifier: Apache-2.0 */
/* digest.c: the digest of a state, by as many threads as there are processors. */
#include <string.h>

#include <nettle/sha2.h>

#include "base/finding.h"
#include "base/threads.h"
#include "print/entity.h"
#include "record/kind.h"
#include "state/image.h"
#include "state/walk.h"

/* A thread is worth its start for so many entities. */
enum { MOST_SHARES = 8, WORTH_A_SHARE = 500 };

/* What one thread adds up. */
struct share {
	const struct kmeta_image *image;
	size_t number, count; /* every count-th entity, from this number on */
	pthread_t thread;
	bool threaded;
	uint8_t sum[SHA256_DIGEST_SIZE];
	enum kmeta_status status;
	struct kmeta_finding why;
};

/* Adds a number of 32 bytes, big-endian, modulo 2^256. */
static void add_digest(uint8_t sum[SHA256_DIGEST_SIZE], const uint8_t digest[SHA256_DIGEST_SIZE])
{
	unsigned carry = 0;

	for (size_t i = SHA256_DIGEST_SIZE; i-- > 0;) {
		carry += (unsigned)sum[i] + digest[i];
		sum[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static void hash_line(const struct kmeta_buffer *line, uint8_t digest[SHA256_DIGEST_SIZE])
{
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, line->size, (const uint8_t *)line->at);
#if NETTLE_VERSION_MAJOR >= 4
	sha256_digest(&sha, digest);
#else
	sha256_digest(&sha, SHA256_DIGEST_SIZE, digest);
#endif
}

static void *add_share(void *argument)
{
	struct share *s = argument;
	struct kmeta_buffer line = { 0 };
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;

	s->status =
		walk_open_share(&walk, s->image, s->number, s->count, KMETA_WALK_NEWEST, &s->why);
	while (s->status == KMETA_OK &&
	       (s->status = kmeta_walk_next(walk, &entity, &s->why)) == KMETA_OK) {
		uint8_t digest[SHA256_DIGEST_SIZE];

		if (kinds[entity.kind].control)
			continue;
		line.size = 0;
		kmeta_entity_json(&line, &entity, KMETA_SHOW_SECRETS);
		if (line.failed) {
			s->status = finding_memory(&s->why);
			break;
		}
		hash_line(&line, digest);
		add_digest(s->sum, digest);
	}
	kmeta_walk_close(walk);
	kmeta_buffer_release(&line);
	return NULL;
}

static size_t shares_of(const struct kmeta_image *image)
{
	const size_t processors = processors_count();
	const size_t worth =
		1 + (image->items.count + image->counts[KMETA_PARTITION]) / WORTH_A_SHARE;
	const size_t most = processors < MOST_SHARES ? processors : MOST_SHARES;

	return worth < most ? worth : most;
}

enum kmeta_status kmeta_image_hash(const struct kmeta_image *image, uint8_t hash[32],
                                   struct kmeta_finding *why)
{
	struct share shares[MOST_SHARES];
	const size_t count = shares_of(image);
	enum kmeta_status status = KMETA_OK;
	uint8_t sum[SHA256_DIGEST_SIZE] = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct share *s = &shares[i];

		*s = (struct share){ .image = image, .number = i, .count = count };
		/* The last one is for this thread, and what no thread could be started for. */
		s->threaded = i + 1 < count && thread_start(&s->thread, add_share, s);
		if (!s->threaded)
			add_share(s);
	}
	for (size_t i = 0; i < count; i++) {
		if (shares[i].threaded)
			pthread_join(shares[i].thread, NULL);
		if (shares[i].status != KMETA_END && status == KMETA_OK) {
			status = shares[i].status;
			*why = shares[i].why;
		}
		add_digest(sum, shares[i].sum);
	}
	if (status == KMETA_OK)
		memcpy(hash, sum, sizeof(sum));
	return status;
}
