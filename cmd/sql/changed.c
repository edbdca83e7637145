/* SPDX-License-Identifier: Apache-2.0 */
/* changed.c: kmeta_history() and kmeta_diff(): a row for each change of an entity. */
#include <string.h>

#include "../changes.h"
#include "../history/history.h"
#include "pulled.h"

/* ---- what both have in common ---- */

#define CHANGE_COLUMNS                                                                \
	"\"change\" TEXT, entity TEXT, path TEXT, topic TEXT, \"partition\" INTEGER," \
	" \"key\" JSON TEXT, fields JSON TEXT"

enum { CHANGE_COLUMNS_COUNT = 7, HISTORY_COLUMNS = 7 + CHANGE_COLUMNS_COUNT };

/* A part of what was printed, as a value. */
static void put_part(struct pull *p, enum pull_type type, const struct kmeta_buffer *text,
                     size_t begin, size_t end)
{
	pull_put_bytes(p, type,
	               (struct kmeta_bytes){ (const uint8_t *)text->at + begin, end - begin });
}

/* "change", "entity" and "key" come first, in this order; in strings, quotes are escaped. */
static void put_printed_change(struct pull *p, const struct kmeta_change *change,
                               struct kmeta_buffer *scratch, unsigned flags)
{
	static const char fields[] = ",\"fields\":";
	const struct changes how = { .out = scratch, .flags = flags };
	const char *found;
	size_t at, begin;

	scratch->size = 0;
	kmeta_entity_key_json(scratch, changes_entity(change), flags);
	put_part(p, PULL_JSON, scratch, 0, scratch->size);
	begin = scratch->size;
	changes_json(&how, change);
	found = scratch->failed ? NULL
	                        : memmem(scratch->at + begin, scratch->size - begin, fields,
	                                 sizeof(fields) - 1);
	at = found ? (size_t)(found - scratch->at) + sizeof(fields) - 1 : scratch->size;
	put_part(p, PULL_JSON, scratch, at, scratch->size);
}

static void pull_put_topic(struct pull *p, const struct kmeta_entity *entity)
{
	const bool has_topic = entity->kind == KMETA_TOPIC || entity->kind == KMETA_PARTITION;
	const struct kmeta_field *number = kmeta_fields_find(entity->fields, "partitionId");
	const struct kmeta_field *type = kmeta_fields_find(entity->fields, "resourceType");
	const struct kmeta_field *name = kmeta_fields_find(entity->fields, "resourceName");
	const char *word =
		type ? kmeta_field_word(entity->fields->schema, type->schema, type->value.integer)
		     : NULL;

	if (has_topic)
		pull_put_bytes(p, PULL_TEXT, entity->topic_name);
	else if (name && word && !strcmp(word, "topic"))
		pull_put_bytes(p, PULL_TEXT, name->value.bytes);
	else
		pull_put_null(p);
	if (entity->kind == KMETA_PARTITION && number)
		pull_put_number(p, number->value.integer);
	else
		pull_put_null(p);
}

static void pull_put_change(struct pulled_cursor *c, const struct kmeta_change *change)
{
	static const char *const whats[] = {
		[ADDED] = "added", [REMOVED] = "removed", [CHANGED] = "changed"
	};
	const struct kmeta_entity *entity = changes_entity(change);
	const unsigned flags = c->common.sql->options.flags;
	struct kmeta_buffer *scratch = &c->scratch;

	pull_put_text(&c->pull, whats[changes_what(change)]);
	pull_put_text(&c->pull, kmeta_entity_kind_name(entity->kind));
	scratch->size = 0;
	kmeta_entity_path(scratch, entity, flags);
	put_part(&c->pull, PULL_TEXT, scratch, 0, scratch->size);
	pull_put_topic(&c->pull, entity);
	put_printed_change(&c->pull, change, scratch, flags);
	c->pull.rows.failed |= scratch->failed;
}

static bool is_change(const struct kmeta_change *change)
{
	const struct changes how = { .flags = 0 };

	return changes_any(&how, change);
}

/* ---- history ---- */

static int prepare_history(struct pulled_cursor *c)
{
	return sql_address(&c->common, c->arguments[0], &c->path, &c->point);
}

/* What the log begins with is part of the story if all of the story is there. */
static bool pull_event(void *context, const struct kmeta_event *event)
{
	struct pulled_cursor *c = context;
	struct pull *p = &c->pull;
	const bool is_election = event->by && history_is_election(&event->change);

	if ((!event->by && c->span.first_offset > 0) || !is_change(&event->change))
		return !p->is_stopped;
	pull_put_number(p, event->record->offset);
	pull_put_number(p, event->record->timestamp);
	pull_put_number(p, event->record->timestamp);
	pull_put_number(p, event->batch->epoch);
	pull_put_text(p, event->by);
	pull_put_number(p, is_election);
	pull_put_number(p, is_election && history_is_unclean(&event->change));
	pull_put_change(c, &event->change);
	return pull_end_row(p);
}

static bool meet_in_history(void *context, const struct kmeta_finding *finding)
{
	const struct pulled_cursor *c = context;

	return !sql_stops(&c->common, finding);
}

static bool step_in_history(void *context, int64_t done, int64_t total)
{
	const struct pulled_cursor *c = context;

	return !c->pull.is_stopped && sql_goes_on(&c->common, done, total);
}

static bool run_history(struct pull *pull, void *context, struct kmeta_finding *why)
{
	struct pulled_cursor *c = context;
	const char *all[KMETA_ENTITY_KINDS];
	const char *const named[] = { c->arguments[1] };
	struct kmeta_history_options options = { .size = sizeof(options),
		                                 .targets = named,
		                                 .targets_count = 1,
		                                 .dialect = c->common.sql->options.dialect,
		                                 .until = c->point,
		                                 .seen = pull_event,
		                                 .report = meet_in_history,
		                                 .progress = step_in_history,
		                                 .context = c };

	(void)pull;
	if (!c->arguments[1]) {
		for (size_t kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
			all[kind] = kmeta_entity_kind_group((enum kmeta_entity_kind)kind);
		options.targets = all;
		options.targets_count = KMETA_ENTITY_KINDS;
	}
	return kmeta_history(c->path, &options, &c->span, why) == KMETA_OK;
}

const struct pulled_kind pulled_history = {
	.declaration =
		"CREATE TABLE history(\"offset\" INTEGER, timestamp INTEGER, time TEXT,"
		" epoch INTEGER, \"by\" TEXT, election BOOLEAN, unclean BOOLEAN, " CHANGE_COLUMNS
		", address HIDDEN, target HIDDEN)",
	.columns = HISTORY_COLUMNS,
	.time = 2,
	.arguments = { .first = HISTORY_COLUMNS, .names = { "address", "target" }, .needed = 1 },
	.prepare = prepare_history,
	.run = run_history,
};

/* ---- differences ---- */

static int prepare_diff(struct pulled_cursor *c)
{
	int code = SQLITE_OK;

	for (size_t i = 0; i < PULLED_ADDRESSES && code == SQLITE_OK; i++)
		code = sql_state_take(&c->common, c->arguments[i], &c->states[i]);
	return code;
}

static bool pull_difference(void *context, const struct kmeta_change *change)
{
	struct pulled_cursor *c = context;

	if (!is_change(change))
		return !c->pull.is_stopped;
	pull_put_change(c, change);
	return pull_end_row(&c->pull);
}

static bool run_diff(struct pull *pull, void *context, struct kmeta_finding *why)
{
	struct pulled_cursor *c = context;

	(void)pull;
	return kmeta_diff(sql_state_image(c->states[0]), sql_state_image(c->states[1]),
	                  pull_difference, c, why) == KMETA_OK;
}

const struct pulled_kind pulled_diff = {
	.declaration = "CREATE TABLE changes(" CHANGE_COLUMNS ", before HIDDEN, after HIDDEN)",
	.columns = CHANGE_COLUMNS_COUNT,
	.time = -1,
	.arguments = { .first = CHANGE_COLUMNS_COUNT, .names = { "before", "after" }, .needed = 2 },
	.prepare = prepare_diff,
	.run = run_diff,
};
