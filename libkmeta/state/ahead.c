/* SPDX-License-Identifier: Apache-2.0 */
/* ahead.c: decodes the records of a source in a thread that runs ahead of the caller. */
#include "state/ahead.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/finding.h"
#include "base/threads.h"
#include "state/expect.h"

enum { BLOCKS = 4, WORTH_A_THREAD = 1 << 20 /* bytes */ };

/*
 * Records of a block: few stay in the first-level cache, many make a hand-over between threads
 * worthwhile.
 */
enum { FEW = 64, MANY = 512 };

/*
 * Members that one side writes for every record are kept apart from those that the other side
 * reads: shared cache lines would make the processors wait for each other.
 */
struct ahead {
	struct block_reader reader; /* used by the thread, if there is one */
	struct block *blocks[BLOCKS];
	struct kmeta_dialect *dialect; /* the caller's; gets what the reader's has learned */

	bool threaded;
	pthread_t thread;
	pthread_mutex_t lock; /* guards the next three */
	pthread_cond_t turned;
	size_t filled, taken; /* blocks */
	bool stop;

	const struct kmeta_image *image;
	const struct block *block; /* the current one; NULL: none yet */
	size_t stretch;            /* in the current block */
	size_t next_record;
	size_t expected; /* records of the block that were announced to the image */
	struct kmeta_fields fields;
};

/* ---- the thread ---- */

/* False: stop. */
static bool wait_for_room(struct ahead *a)
{
	const size_t limit = a->reader.lent && !a->reader.in_batch ? 1 : BLOCKS;
	bool stop;

	pthread_mutex_lock(&a->lock);
	while (a->filled - a->taken >= limit && !a->stop)
		pthread_cond_wait(&a->turned, &a->lock);
	stop = a->stop;
	pthread_mutex_unlock(&a->lock);
	return !stop;
}

static void turn(struct ahead *a, size_t *count)
{
	pthread_mutex_lock(&a->lock);
	(*count)++;
	pthread_cond_signal(&a->turned);
	pthread_mutex_unlock(&a->lock);
}

static void *read_on(void *argument)
{
	struct ahead *a = argument;
	const struct block *block = NULL;

	while (!a->reader.ended && !(block && block->no_memory) && wait_for_room(a)) {
		block_fill(a->blocks[a->filled % BLOCKS], &a->reader);
		block = a->blocks[a->filled % BLOCKS];
		turn(a, &a->filled);
	}
	return NULL;
}

struct ahead *ahead_open(struct kmeta_source *source, struct kmeta_dialect *dialect,
                         const struct ahead_options *options)
{
	struct ahead *a = calloc(1, sizeof(*a));
	int64_t done, total;
	bool threaded;
	size_t blocks = 0;

	if (!a)
		return NULL;
	kmeta_source_progress(source, &done, &total);
	threaded = !options->alone && total - done >= WORTH_A_THREAD && processors_count() > 1;
	a->reader = (struct block_reader){ .source = source,
		                           .dialect = *dialect,
		                           .undecoded = options->undecoded,
		                           .enough = threaded ? MANY : FEW,
		                           .one_batch = total < 0 };
	a->dialect = dialect;
	a->image = options->image;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->turned, NULL);
	while (blocks < (threaded ? BLOCKS : 1) && (a->blocks[blocks] = block_new()) != NULL)
		blocks++;
	if (!blocks) {
		ahead_close(a);
		return NULL;
	}
	a->threaded = blocks == BLOCKS && thread_start(&a->thread, read_on, a);
	return a;
}

void ahead_close(struct ahead *ahead)
{
	struct ahead *a = ahead;

	if (!a)
		return;
	if (a->threaded) {
		pthread_mutex_lock(&a->lock);
		a->stop = true;
		pthread_cond_signal(&a->turned);
		pthread_mutex_unlock(&a->lock);
		pthread_join(a->thread, NULL);
	}
	*a->dialect = a->reader.dialect;
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->turned);
	for (size_t i = 0; i < BLOCKS; i++)
		block_free(a->blocks[i]);
	block_reader_release(&a->reader);
	free(a);
}

/* ---- taking ---- */

static const struct stretch *at_hand(const struct ahead *a)
{
	return a->block ? &a->block->stretches[a->stretch] : NULL;
}

/* Moves to the next block after the current one is used up. */
static void next_block(struct ahead *a)
{
	if (!a->threaded) {
		block_fill(a->blocks[0], &a->reader);
		a->block = a->blocks[0];
		return;
	}
	if (a->block)
		turn(a, &a->taken);
	pthread_mutex_lock(&a->lock);
	while (a->filled == a->taken)
		pthread_cond_wait(&a->turned, &a->lock);
	pthread_mutex_unlock(&a->lock);
	a->block = a->blocks[a->taken % BLOCKS];
}

/* NULL: out of memory. */
static const struct stretch *next_stretch(struct ahead *a)
{
	if (a->block && a->stretch + 1 < a->block->stretches_count) {
		a->stretch++;
	} else if (a->block && a->block->no_memory) {
		return NULL;
	} else {
		next_block(a);
		a->stretch = a->expected = 0;
	}
	a->next_record = at_hand(a)->begin;
	return at_hand(a);
}

/* True if the thread has ended and no block is left. */
static bool is_over(const struct ahead *a)
{
	const struct stretch *s = at_hand(a);

	return a->threaded && s && (s->status == KMETA_END || s->status == KMETA_FAILED);
}

enum kmeta_status ahead_batch(struct ahead *ahead, struct kmeta_batch *batch,
                              struct kmeta_finding *why)
{
	const struct stretch *s = at_hand(ahead);
	bool passing = !is_over(ahead);

	while (passing) {
		passing = s && s->goes_on;
		s = next_stretch(ahead);
		if (!s)
			return finding_memory(why);
	}
	*batch = s->batch;
	if (s->status != KMETA_OK)
		*why = s->why;
	return s->status;
}

/* Announces the next records of the block to the image, across batches. */
static void expect(struct ahead *a)
{
	const struct kmeta_record *records[IMAGE_EXPECT];
	size_t count = 0, at = a->next_record;

	for (; count < IMAGE_EXPECT && at < a->block->records_count; at++)
		if (a->block->records[at].status == KMETA_OK)
			records[count++] = &a->block->records[at].record;
	image_expect(a->image, records, count);
	a->expected = at;
}

static const struct kmeta_fields *fields_of(struct ahead *a, const struct block_record *r)
{
	if (!r->schema)
		return NULL;
	a->fields = (struct kmeta_fields){ .schema = r->schema,
		                           .at = a->block->fields + r->first_field,
		                           .count = r->fields_count,
		                           .capacity = r->fields_count,
		                           .irregular = r->irregular };
	return &a->fields;
}

enum kmeta_status ahead_record(struct ahead *ahead, struct ahead_record *record,
                               struct kmeta_finding *why)
{
	struct ahead *a = ahead;
	const struct stretch *s = at_hand(a);
	const struct block_record *r;

	while (a->next_record == s->end) {
		if (!s->goes_on)
			return KMETA_END;
		s = next_stretch(a);
		if (!s)
			return finding_memory(why);
	}
	if (a->image && a->next_record >= a->expected)
		expect(a);
	r = &a->block->records[a->next_record++];
	record->record = &r->record;
	record->fields = fields_of(a, r);
	record->fault = r->fault < 0 ? NULL : &a->block->faults[r->fault];
	if (r->status == KMETA_DAMAGED)
		*why = *record->fault;
	return r->status;
}

void ahead_progress(const struct ahead *ahead, int64_t *done, int64_t *total)
{
	*done = ahead->block->done;
	*total = ahead->block->total;
}

bool ahead_go_on(const struct ahead *ahead, kmeta_progress *progress, void *context)
{
	return !progress || progress(context, ahead->block->done, ahead->block->total);
}
