/* SPDX-License-Identifier: Apache-2.0 */
/* pull.c: hands the rows of a call over to another thread, in blocks. */
#include "pull.h"

#include <signal.h>
#include <string.h>

enum { BLOCK_BYTES = 256 << 10 };

/* ---- whose turn it is ---- */

/* Gives the turn away and waits until it comes back. */
static void take_turns(struct pull *p, bool making)
{
	p->is_making = making;
	pthread_cond_broadcast(&p->turned);
	while (p->is_making == making && !p->is_done)
		pthread_cond_wait(&p->turned, &p->lock);
}

static void keep_reason(struct pull *p, const struct kmeta_finding *why)
{
	p->has_failed = true;
	p->why = *why;
	p->file.size = 0;
	if (!why->file)
		return;
	kmeta_buffer_add(&p->file, why->file, strlen(why->file) + 1);
	p->why.file = p->file.failed ? NULL : p->file.at;
}

static void *run_call(void *context)
{
	struct pull *p = context;
	struct kmeta_finding why;
	bool done;

	pthread_mutex_lock(&p->lock);
	while (!p->is_making)
		pthread_cond_wait(&p->turned, &p->lock);
	pthread_mutex_unlock(&p->lock);
	done = p->is_stopped || p->run(p, p->context, &why);
	pthread_mutex_lock(&p->lock);
	if (!done && !p->is_stopped)
		keep_reason(p, &why);
	p->is_done = true;
	p->is_making = false;
	pthread_cond_broadcast(&p->turned);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

void pull_begin(struct pull *pull, pull_run *run, void *context)
{
	*pull = (struct pull){ .run = run, .context = context };
	pthread_mutex_init(&pull->lock, NULL);
	pthread_cond_init(&pull->turned, NULL);
}

/* The signals of the program are not for this thread. */
static bool start_thread(struct pull *p)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	p->is_started = pthread_create(&p->thread, NULL, run_call, p) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return p->is_started;
}

void pull_end(struct pull *pull)
{
	if (!pull->run)
		return;
	if (pull->is_started) {
		pthread_mutex_lock(&pull->lock);
		pull->is_stopped = true;
		if (!pull->is_done)
			take_turns(pull, true);
		pthread_mutex_unlock(&pull->lock);
		pthread_join(pull->thread, NULL);
	}
	pthread_cond_destroy(&pull->turned);
	pthread_mutex_destroy(&pull->lock);
	kmeta_buffer_release(&pull->rows);
	kmeta_buffer_release(&pull->file);
	*pull = (struct pull){ 0 };
}

/* ---- rows ---- */

static void pull_put_type(struct pull *pull, enum pull_type type)
{
	const char byte = (char)type;

	kmeta_buffer_add(&pull->rows, &byte, 1);
}

void pull_put_null(struct pull *pull)
{
	pull_put_type(pull, PULL_NULL);
}

void pull_put_number(struct pull *pull, int64_t number)
{
	pull_put_type(pull, PULL_NUMBER);
	kmeta_buffer_add(&pull->rows, &number, sizeof(number));
}

void pull_put_bytes(struct pull *pull, enum pull_type type, struct kmeta_bytes bytes)
{
	pull_put_type(pull, type);
	kmeta_buffer_add(&pull->rows, &bytes.size, sizeof(bytes.size));
	kmeta_buffer_add(&pull->rows, bytes.data, bytes.size);
}

void pull_put_text(struct pull *pull, const char *text)
{
	if (text)
		pull_put_bytes(pull, PULL_TEXT,
		               (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) });
	else
		pull_put_null(pull);
}

bool pull_end_row(struct pull *pull)
{
	if (pull->rows.failed || pull->rows.size < BLOCK_BYTES)
		return !pull->rows.failed;
	pthread_mutex_lock(&pull->lock);
	take_turns(pull, false);
	pthread_mutex_unlock(&pull->lock);
	return !pull->is_stopped;
}

static void take_bytes(struct pull *p, void *to, size_t size)
{
	memcpy(to, p->rows.at + p->at, size);
	p->at += size;
}

static struct pull_value pull_take_value(struct pull *p)
{
	struct pull_value value = { .type = (enum pull_type)(unsigned char)p->rows.at[p->at++] };

	if (value.type == PULL_NUMBER)
		take_bytes(p, &value.number, sizeof(value.number));
	if (value.type == PULL_TEXT || value.type == PULL_JSON) {
		take_bytes(p, &value.text.size, sizeof(value.text.size));
		value.text.data = (const uint8_t *)p->rows.at + p->at;
		p->at += value.text.size;
	}
	return value;
}

enum kmeta_status pull_next(struct pull *pull, struct pull_value *values, size_t count,
                            struct kmeta_finding *why)
{
	const struct kmeta_finding no_thread = { .code = KMETA_OUT_OF_MEMORY,
		                                 .position = -1,
		                                 .offset = -1,
		                                 .message = "no more threads or memory" };

	if (pull->at == pull->rows.size && !pull->is_done) {
		pull->at = pull->rows.size = 0;
		if (!pull->is_started && !start_thread(pull)) {
			*why = no_thread;
			return KMETA_FAILED;
		}
		pthread_mutex_lock(&pull->lock);
		take_turns(pull, true);
		pthread_mutex_unlock(&pull->lock);
	}
	if (pull->rows.failed) {
		*why = no_thread;
		return KMETA_FAILED;
	}
	if (pull->at < pull->rows.size) {
		for (size_t i = 0; i < count; i++)
			values[i] = pull_take_value(pull);
		return KMETA_OK;
	}
	if (!pull->has_failed)
		return KMETA_END;
	*why = pull->why;
	return KMETA_FAILED;
}
