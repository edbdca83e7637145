/* SPDX-License-Identifier: Apache-2.0 */
/* voters.c: who votes in the result, and whether any of them could ever lead. */
#include <stdlib.h>
#include <string.h>

#include "../common/properties.h"
#include "snapshot.h"

/* What releases with voters in the log support: kraft.version 0 and 1. */
enum { LEAST_VERSION = 0, MOST_VERSION = 1 };

/* ---- lists ---- */

static char *keep_text(struct voters *v, const char *text, size_t size)
{
	char **texts = realloc(v->texts, (v->texts_count + 1) * sizeof(*texts));

	if (!texts)
		return NULL;
	v->texts = texts;
	texts[v->texts_count] = strndup(text, size);
	return texts[v->texts_count] ? texts[v->texts_count++] : NULL;
}

static struct kmeta_voter *add_voter(struct voters *v)
{
	struct kmeta_voter *at = realloc(v->at, (v->count + 1) * sizeof(*at));

	if (!at)
		return NULL;
	v->at = at;
	at[v->count] = (struct kmeta_voter){ .least_version = LEAST_VERSION,
		                             .most_version = MOST_VERSION };
	return &at[v->count++];
}

void voters_release(struct voters *voters)
{
	for (size_t i = 0; i < voters->texts_count; i++)
		free(voters->texts[i]);
	free(voters->texts);
	free(voters->at);
	*voters = (struct voters){ 0 };
}

static const struct kmeta_voter *find_voter(const struct kmeta_voter *at, size_t count, int32_t id)
{
	for (size_t i = 0; i < count; i++)
		if (at[i].id == id)
			return &at[i];
	return NULL;
}

/* ---- the command line ---- */

/* ID@DIRECTORYID@[LISTENER://]HOST:PORT, or ID@HOST:PORT:DIRECTORYID as kafka-storage takes it. */
struct voter_parts {
	const char *id, *directory, *listener, *host, *port;
	size_t listener_size, host_size;
};

static bool split_voter(char *text, struct voter_parts *parts)
{
	char *second = strchr(text, '@'), *rest, *scheme, *colon;

	*parts = (struct voter_parts){ .id = text };
	if (!second)
		return false;
	*second++ = '\0';
	rest = strchr(second, '@');
	if (rest) {
		*rest++ = '\0';
		parts->directory = second;
	} else {
		rest = second;
		colon = strrchr(rest, ':');
		if (!colon)
			return false;
		*colon = '\0';
		parts->directory = colon + 1;
	}
	scheme = strstr(rest, "://");
	if (scheme) {
		parts->listener = rest;
		parts->listener_size = (size_t)(scheme - rest);
		rest = scheme + 3;
	}
	colon = strrchr(rest, ':');
	if (!colon || colon == rest)
		return false;
	parts->host = rest;
	parts->host_size = (size_t)(colon - rest);
	parts->port = colon + 1;
	/* Kafka keeps an IPv6 address without its brackets. */
	if (rest[0] == '[' && colon[-1] == ']') {
		parts->host++;
		parts->host_size -= 2;
	}
	return parts->host_size > 0 && (!parts->listener || parts->listener_size);
}

static bool take_number(const char *text, long least, long most, long *number)
{
	char *end;

	*number = strtol(text, &end, 10);
	return end != text && !*end && *number >= least && *number <= most;
}

/* False: it is no voter. */
static bool take_voter(struct voters *v, char *text)
{
	struct voter_parts parts;
	struct kmeta_voter *voter;
	long id, port;

	if (!split_voter(text, &parts) || !take_number(parts.id, 0, INT32_MAX, &id) ||
	    !take_number(parts.port, 1, UINT16_MAX, &port))
		return false;
	voter = add_voter(v);
	if (!voter || !kmeta_uuid_parse(parts.directory, voter->directory))
		return false;
	voter->id = (int32_t)id;
	voter->port = (uint16_t)port;
	voter->host = keep_text(v, parts.host, parts.host_size);
	if (parts.listener)
		voter->listener = keep_text(v, parts.listener, parts.listener_size);
	return voter->host && (!parts.listener || voter->listener);
}

void snapshot_take_voters(struct snapshot *s)
{
	const char *text = s->voters_text;

	if (!text || !strcmp(text, "keep"))
		return;
	s->voters_choice = !strcmp(text, "static") ? VOTERS_STATIC : VOTERS_GIVEN;
	while (s->voters_choice == VOTERS_GIVEN && text) {
		const char *comma = strchr(text, ',');
		const int size = (int)(comma ? (size_t)(comma - text) : strlen(text));
		char *one = strndup(text, (size_t)size);
		const struct voters *v = &s->voters_given;

		if (!one || !take_voter(&s->voters_given, one))
			common_usage(&s->common,
			             "--voters takes keep, static, or "
			             "ID@DIRECTORYID@HOST:PORT,..., not '%.*s'",
			             size, text);
		free(one);
		if (find_voter(v->at, v->count - 1, v->at[v->count - 1].id))
			common_usage(&s->common, "--voters names node %d twice",
			             v->at[v->count - 1].id);
		text = comma ? comma + 1 : NULL;
	}
}

/* ---- the voters of the state ---- */

/* The field of a decoded entity that stands behind another, as the parts of an array do. */
static const struct kmeta_field *field_behind(const struct kmeta_fields *fields, const char *array,
                                              const char *name)
{
	const struct kmeta_field *at = kmeta_fields_find(fields, array);

	for (size_t i = 0; at && i < at->span; i++)
		if (!strcmp(at[i].schema->name, name))
			return &at[i];
	return NULL;
}

static const char *keep_field(struct voters *v, const struct kmeta_field *field)
{
	return field ? keep_text(v, (const char *)field->value.bytes.data, field->value.bytes.size)
	             : keep_text(v, "", 0);
}

static bool keep_voter(struct voters *v, const struct kmeta_fields *fields)
{
	const struct kmeta_field *id = kmeta_fields_find(fields, "voterId"),
				 *directory = kmeta_fields_find(fields, "voterDirectoryId"),
				 *port = field_behind(fields, "endpoints", "port");
	struct kmeta_voter *voter = id && directory ? add_voter(v) : NULL;

	if (!voter)
		return false;
	voter->id = (int32_t)id->value.integer;
	memcpy(voter->directory, directory->value.bytes.data, sizeof(voter->directory));
	voter->port = port ? (uint16_t)port->value.integer : 0;
	voter->listener = keep_field(v, field_behind(fields, "endpoints", "name"));
	voter->host = keep_field(v, field_behind(fields, "endpoints", "host"));
	return voter->listener && voter->host;
}

/* Calls the function with the fields of each entity of a kind until it returns false. */
static enum kmeta_status each_of_kind(const struct snapshot *s, enum kmeta_entity_kind kind,
                                      bool (*seen)(struct voters *, const struct kmeta_fields *),
                                      struct voters *v, struct kmeta_finding *why)
{
	struct kmeta_walk *walk;
	struct kmeta_entity entity;
	enum kmeta_status status = kmeta_walk_open_kind(&walk, s->state, kind, NULL, 0, why);

	if (status != KMETA_OK)
		return status;
	while ((status = kmeta_walk_next(walk, &entity, why)) == KMETA_OK)
		if (!seen(v, entity.fields)) {
			status = common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
			break;
		}
	kmeta_walk_close(walk);
	return status == KMETA_END ? KMETA_OK : status;
}

/* ---- the listener ---- */

/* Controllers of a static quorum tell the name of their listener when they register. */
static bool keep_listener(struct voters *v, const struct kmeta_fields *fields)
{
	const struct kmeta_field *name = field_behind(fields, "endPoints", "name");

	return !name || keep_field(v, name) != NULL;
}

/* Kafka looks up a voter's endpoint by the name of the controller listener. */
static enum kmeta_status settle_listeners(struct snapshot *s, struct kmeta_finding *why)
{
	const struct voters *old = &s->voters_of_state;
	struct voters *given = &s->voters_given;
	const size_t before = given->texts_count;
	const char *usual = old->count && old->at[0].listener[0] ? old->at[0].listener : NULL;

	if (!usual && each_of_kind(s, KMETA_CONTROLLER, keep_listener, given, why) != KMETA_OK)
		return KMETA_FAILED;
	if (!usual)
		usual = given->texts_count > before ? given->texts[before] : "CONTROLLER";
	for (size_t i = 0; i < given->count; i++) {
		const struct kmeta_voter *same = find_voter(old->at, old->count, given->at[i].id);

		if (!given->at[i].listener)
			given->at[i].listener = same && same->listener[0] ? same->listener : usual;
	}
	return KMETA_OK;
}

/* ---- deciding ---- */

enum kmeta_status snapshot_settle_voters(struct snapshot *s, struct kmeta_finding *why)
{
	const int32_t version = kmeta_image_quorum(s->state).kraft_version;
	const struct voters *used = &s->voters_of_state;

	if (each_of_kind(s, KMETA_VOTER, keep_voter, &s->voters_of_state, why) != KMETA_OK)
		return KMETA_FAILED;
	s->kraft_version = version > 0 ? version : 0;
	if (s->voters_choice == VOTERS_STATIC) {
		s->kraft_version = 0;
	} else if (s->voters_choice == VOTERS_GIVEN) {
		if (settle_listeners(s, why) != KMETA_OK)
			return KMETA_FAILED;
		used = &s->voters_given;
		s->kraft_version = MOST_VERSION;
	}
	if (s->kraft_version) {
		s->voters = used->at;
		s->voters_count = used->count;
	}
	return KMETA_OK;
}

size_t voters_majority(const struct snapshot *s)
{
	return s->voters_count / 2 + 1;
}

bool snapshot_changes_voters(const struct snapshot *s)
{
	const struct voters *old = &s->voters_of_state;
	const bool was_dynamic = kmeta_image_quorum(s->state).kraft_version > 0;

	if (s->voters_choice == VOTERS_KEEP)
		return false;
	if (was_dynamic != (s->kraft_version > 0) || old->count != s->voters_count)
		return was_dynamic || s->kraft_version > 0;
	for (size_t i = 0; i < s->voters_count; i++) {
		const struct kmeta_voter *same = find_voter(old->at, old->count, s->voters[i].id);

		if (!same || memcmp(same->directory, s->voters[i].directory, 16) != 0)
			return true;
	}
	return false;
}

int32_t snapshot_known_epoch(const struct snapshot *s)
{
	return s->node.leader_epoch > s->moment.epoch ? s->node.leader_epoch : s->moment.epoch;
}

/* ---- words ---- */

void voters_put_servers(struct kmeta_buffer *out, const struct snapshot *s)
{
	for (size_t i = 0; i < s->voters_count; i++) {
		const bool is_ipv6 = strchr(s->voters[i].host, ':') != NULL;

		kmeta_buffer_format(out, is_ipv6 ? "%s[%s]:%u" : "%s%s:%u", i ? "," : "",
		                    s->voters[i].host, s->voters[i].port);
	}
}

void voters_put_ids(struct kmeta_buffer *out, const struct snapshot *s)
{
	for (size_t i = 0; i < s->voters_count; i++)
		kmeta_buffer_format(out, "%s%d",
		                    !i                        ? ""
		                    : i + 1 < s->voters_count ? ", "
		                                              : " and ",
		                    s->voters[i].id);
}

void snapshot_put_obstacle(const struct snapshot *s, struct kmeta_buffer *out)
{
	const struct kmeta_voter *own = find_voter(s->voters, s->voters_count, s->node.id);

	if (!s->kraft_version)
		return;
	if (!s->voters_count) {
		kmeta_buffer_format(out,
		                    "kraft.version is %d, but there are no voters: name them "
		                    "with --voters, or use --voters=static",
		                    s->kraft_version);
	} else if (s->out_kind != OUT_DIRECTORY) {
		return;
	} else if (!own) {
		kmeta_buffer_format(out, "node %d is not among the voters (", s->node.id);
		voters_put_ids(out, s);
		kmeta_buffer_format(out, "): name others with --voters, or another --node-id");
	} else if (memcmp(own->directory, s->node.directory_id, 16) != 0) {
		kmeta_buffer_format(out, "voter %d has the directory id ", own->id);
		properties_put_uuid(out, own->directory);
		kmeta_buffer_format(out, ", but directory.id of meta.properties is ");
		properties_put_uuid(out, s->node.directory_id);
		kmeta_buffer_format(out, ": Kafka takes them for two nodes; name the same with "
		                         "--voters or --directory-id");
	}
}
