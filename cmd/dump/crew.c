/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crew.c: batches that are printed side by side. The main thread reads them, gathers them in pieces
 * of work, and writes what members of the crew made of these, in the order of the log.
 */
#include "crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/*
 * A piece is so large that handing it over costs little. Batches above COPIED are not gathered: their
 * pieces borrow from the source. Threads are not worth it for a log below START_AT.
 */
enum { PIECE = 64 << 10, COPIED = 256 << 10, START_AT = 1 << 20, SPARE = 2 };

/* Work for one member. */
struct piece {
	struct printed_batch *batches; /* whose "batch" is filled in when the piece is complete */
	struct kmeta_batch *headers;
	size_t count, capacity;
	struct kmeta_buffer bytes; /* the records of all batches, unless they are borrowed */
	bool borrows;

	struct kmeta_dialect before, after;
	struct kmeta_buffer out;
	int64_t printed;
	bool is_usable; /* "out" is what is to be printed, if the dialect is still "before" */
	bool done;      /* guarded by the lock */
};

struct member {
	struct crew *crew;
	struct dump dump; /* its own, as it is shared by nobody */
	pthread_t thread;
};

/* Pieces form a ring: printed <= taken by members <= filled. */
struct crew {
	struct member members[JOBS_LIMIT];
	size_t members_count;
	struct piece pieces[JOBS_LIMIT + SPARE];
	size_t pieces_count;
	size_t printed; /* the main thread's alone */
	pthread_mutex_t lock;
	pthread_cond_t filled_more, done_more;
	size_t filled, taken; /* guarded by the lock, and the next */
	bool stop;
};

/* ---- members ---- */

static void print_piece(struct dump *d, struct piece *piece)
{
	d->dialect = piece->before;
	d->stopped = false;
	d->printed = 0;
	d->common.out.buffer = piece->out;
	d->common.out.buffer.size = 0;
	for (size_t i = 0; i < piece->count && !d->stopped; i++) {
		struct printed_batch printed = piece->batches[i];

		dump_batch(d, &printed);
	}
	piece->out = d->common.out.buffer;
	piece->after = d->dialect;
	piece->printed = d->printed;
	piece->is_usable = !d->stopped && !piece->out.failed;
}

static struct piece *wait_for_work(struct crew *crew)
{
	struct piece *piece;

	pthread_mutex_lock(&crew->lock);
	while (crew->taken == crew->filled && !crew->stop)
		pthread_cond_wait(&crew->filled_more, &crew->lock);
	piece = crew->stop ? NULL : &crew->pieces[crew->taken++ % crew->pieces_count];
	pthread_mutex_unlock(&crew->lock);
	return piece;
}

static void *work(void *argument)
{
	struct member *member = argument;
	struct crew *crew = member->crew;
	struct piece *piece;

	while ((piece = wait_for_work(crew)) != NULL) {
		print_piece(&member->dump, piece);
		pthread_mutex_lock(&crew->lock);
		piece->done = true;
		pthread_cond_signal(&crew->done_more);
		pthread_mutex_unlock(&crew->lock);
	}
	return NULL;
}

/* ---- the crew ---- */

static bool equip(struct member *member, struct crew *crew, const struct dump *d)
{
	member->crew = crew;
	member->dump = (struct dump){
		.common = { .command = d->common.command, .flags = d->common.flags, .quiet = true },
		.format = d->format,
		.limit = -1,
		.filter = d->filter,
		.until = d->until,
		.topics = d->topics,
		.is_ahead = true
	};
	member->dump.text = kmeta_text_new();
	member->dump.printer =
		kmeta_printer_new((enum kmeta_line_format)d->format, d->common.flags);
	return member->dump.text && member->dump.printer && dump_find_matcher(&member->dump);
}

static void release_member(struct member *member)
{
	kmeta_text_free(member->dump.text);
	kmeta_printer_free(member->dump.printer);
	kmeta_matcher_free(member->dump.matcher);
	kmeta_fields_release(&member->dump.fields);
}

/* Signals are for the main thread. */
static bool start_member(struct member *member)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&member->thread, NULL, work, member) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

/* Without any member, or memory for them, all is printed in place. */
static void start_crew(struct dump *d)
{
	struct crew *crew = calloc(1, sizeof(*crew));

	d->crew_tried = true;
	if (!crew)
		return;
	crew->pieces_count = d->jobs + SPARE;
	pthread_mutex_init(&crew->lock, NULL);
	pthread_cond_init(&crew->filled_more, NULL);
	pthread_cond_init(&crew->done_more, NULL);
	d->crew = crew;
	while (crew->members_count < d->jobs) {
		struct member *member = &crew->members[crew->members_count];

		if (!equip(member, crew, d) || !start_member(member)) {
			release_member(member);
			break;
		}
		crew->members_count++;
	}
	if (!crew->members_count)
		crew_dismiss(d);
}

void crew_dismiss(struct dump *d)
{
	struct crew *crew = d->crew;

	d->crew = NULL;
	if (!crew)
		return;
	pthread_mutex_lock(&crew->lock);
	crew->stop = true;
	pthread_cond_broadcast(&crew->filled_more);
	pthread_mutex_unlock(&crew->lock);
	for (size_t i = 0; i < crew->members_count; i++) {
		pthread_join(crew->members[i].thread, NULL);
		release_member(&crew->members[i]);
	}
	for (size_t i = 0; i < crew->pieces_count; i++) {
		free(crew->pieces[i].batches);
		free(crew->pieces[i].headers);
		kmeta_buffer_release(&crew->pieces[i].bytes);
		kmeta_buffer_release(&crew->pieces[i].out);
	}
	pthread_cond_destroy(&crew->done_more);
	pthread_cond_destroy(&crew->filled_more);
	pthread_mutex_destroy(&crew->lock);
	free(crew);
}

/* ---- turns ---- */

/* At its turn: as the main thread itself prints; false: damage inside a batch ends the dump. */
static bool print_in_place(struct dump *d, struct printed_batch *printed)
{
	return dump_batch(d, printed) || d->follow;
}

static bool is_as_foreseen(const struct dump *d, const struct piece *piece)
{
	return piece->is_usable && !memcmp(&piece->before, &d->dialect, sizeof(d->dialect)) &&
	       (d->limit < 0 || piece->printed <= d->limit - d->printed);
}

static bool print_turn(struct dump *d, struct piece *piece)
{
	struct output *out = &d->common.out;

	if (dump_is_done(d))
		return true;
	if (!is_as_foreseen(d, piece)) {
		for (size_t i = 0; i < piece->count; i++)
			if (!print_in_place(d, &piece->batches[i]))
				return false;
		return true;
	}
	d->dialect = piece->after;
	d->printed += piece->printed;
	if (output_flush(out) && !out->buffer.size) {
		const struct kmeta_buffer empty = out->buffer;

		out->buffer = piece->out;
		piece->out = empty;
	} else {
		/* Lines are held back that fit the screen. */
		kmeta_buffer_add(&out->buffer, piece->out.at, piece->out.size);
	}
	output_flush(out);
	return true;
}

/* Waits for the oldest piece, and prints it. */
static void take_turn(struct dump *d)
{
	struct crew *crew = d->crew;
	struct piece *piece = &crew->pieces[crew->printed % crew->pieces_count];

	pthread_mutex_lock(&crew->lock);
	while (!piece->done)
		pthread_cond_wait(&crew->done_more, &crew->lock);
	pthread_mutex_unlock(&crew->lock);
	d->ended = d->ended || !print_turn(d, piece);
	piece->done = false;
	piece->count = 0;
	piece->bytes.size = 0;
	crew->printed++;
}

/* ---- pieces ---- */

static struct piece *next_piece(const struct dump *d)
{
	return &d->crew->pieces[d->crew->filled % d->crew->pieces_count];
}

/* Hands the piece over that was being filled, and makes sure that another can be. */
static void hand_over(struct dump *d)
{
	struct crew *crew = d->crew;
	struct piece *piece = next_piece(d);
	const uint8_t *at = (const uint8_t *)piece->bytes.at;

	if (!piece->count)
		return;
	for (size_t i = 0; i < piece->count; i++) {
		struct kmeta_batch *batch = &piece->headers[i];

		piece->batches[i].batch = batch;
		if (piece->borrows || !batch->records.size)
			continue;
		batch->records.data = at;
		at += batch->records.size;
	}
	piece->before = d->dialect;
	pthread_mutex_lock(&crew->lock);
	crew->filled++;
	pthread_cond_signal(&crew->filled_more);
	pthread_mutex_unlock(&crew->lock);
	if (crew->filled - crew->printed == crew->pieces_count)
		take_turn(d);
}

static bool has_room(struct piece *piece)
{
	const size_t capacity = piece->capacity ? piece->capacity * 2 : 64;
	struct printed_batch *batches;
	struct kmeta_batch *headers;

	if (piece->count < piece->capacity)
		return true;
	batches = realloc(piece->batches, capacity * sizeof(*batches));
	if (batches)
		piece->batches = batches;
	headers = realloc(piece->headers, capacity * sizeof(*headers));
	if (headers)
		piece->headers = headers;
	if (batches && headers)
		piece->capacity = capacity;
	return batches && headers;
}

static void add_batch(struct dump *d, const struct kmeta_batch *batch,
                      const struct printed_batch *printed, bool borrows)
{
	struct piece *piece = next_piece(d);

	if (!borrows)
		kmeta_buffer_add(&piece->bytes, batch->records.data, batch->records.size);
	if (!has_room(piece) || piece->bytes.failed) {
		d->common.out.buffer.failed = true;
		return;
	}
	piece->borrows = borrows;
	piece->headers[piece->count] = *batch;
	piece->batches[piece->count++] = *printed;
}

bool crew_catch_up(struct dump *d)
{
	if (!d->crew)
		return !d->ended;
	hand_over(d);
	while (d->crew->printed < d->crew->filled)
		take_turn(d);
	return !d->ended;
}

/* ---- taking batches ---- */

/*
 * Moves the cursor over what follows of a batch, up to about PIECE bytes; false: that is to be printed
 * in place. Damage takes all of the rest with it.
 */
static bool foresee_part(const struct dump *d, const struct kmeta_batch *batch,
                         struct kmeta_cursor *cursor)
{
	const size_t start = cursor->at;
	bool learns = false;

	while (cursor->at < batch->records.size && cursor->at - start < PIECE) {
		struct kmeta_record record;
		struct kmeta_finding ignored; /* it is met again in place */

		if (kmeta_batch_next(batch, cursor, &record, &ignored) != KMETA_OK) {
			cursor->at = batch->records.size;
			return false;
		}
		learns |= d->topics && kmeta_topics_wants(&record);
	}
	return !learns;
}

/* Names are learned in order, and while nobody looks one up. */
static bool learns_names(const struct dump *d, const struct kmeta_batch *batch)
{
	struct kmeta_cursor cursor = { 0 };

	while (d->topics && cursor.at < batch->records.size)
		if (!foresee_part(d, batch, &cursor))
			return true;
	return false;
}

/* While no member is at work; what was learned last is settled, so that none will write it. */
static bool print_alone(struct dump *d, struct printed_batch *printed)
{
	const struct kmeta_record other = { .type = KMETA_NO_OP_RECORD };

	d->ended = !crew_catch_up(d) || !print_in_place(d, printed);
	if (d->topics && !kmeta_topics_learn(d->topics, &other, NULL))
		d->common.out.buffer.failed = true;
	return !d->ended;
}

/* Its parts borrow the source's memory, and so are printed before the source goes on. */
static bool take_large(struct dump *d, const struct kmeta_batch *batch)
{
	struct kmeta_cursor cursor = { 0 };

	crew_catch_up(d);
	while (cursor.at < batch->records.size && !d->ended && !dump_is_done(d)) {
		struct printed_batch part = { .batch = batch, .from = cursor };
		const bool foreseen = foresee_part(d, batch, &cursor);

		part.announced = part.from.at > 0;
		part.end = cursor.at < batch->records.size ? cursor.at : 0;
		if (foreseen) {
			add_batch(d, batch, &part, true);
			hand_over(d);
		} else {
			print_alone(d, &part);
		}
	}
	return crew_catch_up(d);
}

/* The line of a batch stands before the first of its records that is wanted. */
static bool may_be_parted(const struct dump *d)
{
	return kmeta_filter_is_empty(d->filter) || d->format == DUMP_JSON ||
	       (d->format == DUMP_TEXT && !(d->common.flags & KMETA_SHOW_BATCH));
}

static bool is_worth_a_crew(struct dump *d, const struct kmeta_batch *batch)
{
	if (d->crew_tried || d->format == DUMP_ARROW || d->jobs < 2 || d->reverse || d->fold_noops)
		return false;
	d->read += batch->size;
	return d->read >= START_AT;
}

bool crew_take(struct dump *d, const struct kmeta_batch *batch)
{
	struct printed_batch whole = { .batch = batch };
	const bool large = batch->records.size > COPIED;

	if (is_worth_a_crew(d, batch))
		start_crew(d);
	if (!d->crew || (large && !may_be_parted(d)) || (!large && learns_names(d, batch)))
		return print_alone(d, &whole);
	if (large)
		return take_large(d, batch);
	add_batch(d, batch, &whole, false);
	if (next_piece(d)->bytes.size >= PIECE)
		hand_over(d);
	return !d->ended;
}
