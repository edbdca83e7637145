/* SPDX-License-Identifier: Apache-2.0 */
/* problem.c: how a search for problems reports one, and what all of them need. */
#include "state/problem.h"

#include <string.h>

#include "base/buffer.h"

/* ---- reporting ---- */

bool problem_begin(struct problems *p)
{
	const size_t number = ++p->counts->of[p->code];

	if (!p->options.seen || p->stopped || (p->options.most && number > p->options.most))
		return false;
	p->path.size = p->message.size = p->command.size = 0;
	return true;
}

static const char *text_of(struct kmeta_buffer *buffer)
{
	buffer_char(buffer, '\0');
	return buffer->failed ? "" : buffer->at;
}

void problem_end(struct problems *p, struct since_mark since)
{
	const struct since_mark begin = p->since ? since_begin(p->since) : problem_always();
	struct kmeta_problem problem = { .code = p->code,
		                         .path = text_of(&p->path),
		                         .message = text_of(&p->message),
		                         .command = text_of(&p->command),
		                         .since_offset = since.offset,
		                         .since_time = since.time };

	/* Nothing is so before the first record. */
	if (since.offset == SINCE_BEFORE && since.time >= 0 && begin.offset > 0) {
		problem.since_before = true;
		problem.since_offset = begin.offset;
		problem.since_time = begin.time;
	} else if (since.offset == SINCE_BEFORE) {
		problem.since_offset = problem.since_time = -1;
	}
	p->stopped = !p->options.seen(p->options.context, &problem);
}

struct since_mark problem_always(void)
{
	return (struct since_mark){ .offset = SINCE_BEFORE, .time = -1 };
}

struct since_mark problem_since_item(struct problems *p, enum kmeta_entity_kind kind,
                                     struct kmeta_bytes key)
{
	return p->since ? since_item(p->since, kind, key) : problem_always();
}

struct since_mark problem_since_broker(struct problems *p, int32_t id)
{
	p->key.size = 0;
	image_key_number(&p->key, id);
	return p->key.failed ? problem_always()
	                     : problem_since_item(p, KMETA_BROKER, kmeta_buffer_bytes(&p->key));
}

/* ---- commands ---- */

static struct kmeta_bytes bytes_of(const char *text)
{
	return (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) };
}

void problem_put_own(struct problems *p, const char *command, struct kmeta_bytes word)
{
	problem_command(p, "%s ", command);
	if (p->options.address)
		kmeta_shell_word(&p->command, bytes_of(p->options.address));
	else
		problem_command(p, "ADDRESS");
	if (!word.size)
		return;
	buffer_char(&p->command, ' ');
	kmeta_shell_word(&p->command, word);
}

/* ---- brokers ---- */

const struct problem_broker *problem_broker(const struct problems *p, int32_t id)
{
	const struct problem_brokers *brokers = &p->brokers;
	size_t low = 0, high = brokers->count;

	if (id >= 0 && id < NEAR_BROKERS)
		return brokers->near[id] >= 0 ? &brokers->at[brokers->near[id]] : NULL;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (brokers->at[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < brokers->count && brokers->at[low].id == id ? &brokers->at[low] : NULL;
}

bool problem_is_online(const struct problems *p, int32_t id)
{
	const struct problem_broker *broker = problem_broker(p, id);

	return broker && !broker->fenced;
}

const char *problem_standing(const struct problems *p, int32_t id)
{
	const struct problem_broker *broker = problem_broker(p, id);

	return !broker                 ? "not registered"
	       : broker->fenced        ? "fenced"
	       : broker->shutting_down ? "shutting down"
	                               : "online";
}

/* ---- entities ---- */

enum kmeta_status problem_each(struct problems *p, enum kmeta_entity_kind kind,
                               problem_entity *function, void *context)
{
	struct kmeta_walk *walk = NULL;
	struct kmeta_entity entity;
	enum kmeta_status status =
		kmeta_walk_open_kind(&walk, p->image, kind, NULL, KMETA_WALK_NEWEST, p->why);

	while (status == KMETA_OK && (status = kmeta_walk_next(walk, &entity, p->why)) == KMETA_OK)
		if (!function(p, &entity, context))
			break;
	kmeta_walk_close(walk);
	return status == KMETA_END ? KMETA_OK : status;
}

int64_t problem_number(const struct kmeta_entity *entity, const char *name, int64_t absent)
{
	const struct kmeta_field *field = kmeta_fields_find(entity->fields, name);

	return field ? field->value.integer : absent;
}
