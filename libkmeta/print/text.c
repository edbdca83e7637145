/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: prints a record as one line that a person reads at a glance. */
#include "print/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/wire.h"
#include "print/color.h"
#include "print/scalar.h"
#include "print/secret.h"
#include "print/timestamp.h"
#include "record/kind.h"
#include "record/schema.h"

/* ---- tables ---- */

/*
 * How to print one element of an array of structs, by the array's name, and the start of a control
 * record's line. The leads of metadata records are in record/kind.c.
 */
static const struct {
	const char *name, *lead;
} leads[] = {
	{ "LEADER_CHANGE", "leader {leaderId}" },
	{ "endPoints", "{name}://{host}:{port}" },
	{ "endpoints", "{name}://{host}:{port}" },
	{ "features", "{name}:{minSupportedVersion}-{maxSupportedVersion}" },
	{ "entity", "{entityType}:{entityName}" },
	{ "voters", "{voterId}" },
	{ "grantingVoters", "{voterId}" },
};

/* The words that numbers stand for, by field and, where fields of one name differ, by record. */
struct text_words {
	const char *record, *field;
	struct {
		int8_t value;
		const char *word;
	} words[17];
};

static const struct text_words enums[] = {
	{ "CONFIG_RECORD",
	  "resourceType",
	  { { 2, "topic" },
	    { 4, "broker" },
	    { 8, "broker-logger" },
	    { 16, "client-metrics" },
	    { 32, "group" } } },
	{ "ACCESS_CONTROL_ENTRY_RECORD",
	  "resourceType",
	  { { 1, "any" },
	    { 2, "topic" },
	    { 3, "group" },
	    { 4, "cluster" },
	    { 5, "transactional-id" },
	    { 6, "delegation-token" },
	    { 7, "user" } } },
	{ NULL,
	  "patternType",
	  { { 1, "any" }, { 2, "match" }, { 3, "literal" }, { 4, "prefixed" } } },
	{ NULL, "permissionType", { { 1, "any" }, { 2, "deny" }, { 3, "allow" } } },
	{ NULL,
	  "operation",
	  { { 1, "any" },
	    { 2, "all" },
	    { 3, "read" },
	    { 4, "write" },
	    { 5, "create" },
	    { 6, "delete" },
	    { 7, "alter" },
	    { 8, "describe" },
	    { 9, "cluster-action" },
	    { 10, "describe-configs" },
	    { 11, "alter-configs" },
	    { 12, "idempotent-write" },
	    { 13, "create-tokens" },
	    { 14, "describe-tokens" },
	    { 15, "two-phase-commit" } } },
	{ NULL, "mechanism", { { 1, "SCRAM-SHA-256" }, { 2, "SCRAM-SHA-512" } } },
	{ NULL,
	  "leaderRecoveryState",
	  { { 0, "recovered" }, { 1, "recovering" }, { -1, "unchanged" } } },
	{ NULL, "leader", { { -1, "none" }, { -2, "unchanged" } } },
	{ "BROKER_REGISTRATION_CHANGE_RECORD",
	  "fenced",
	  { { 1, "fence" }, { -1, "unfence" }, { 0, "unchanged" } } },
	{ "BROKER_REGISTRATION_CHANGE_RECORD",
	  "inControlledShutdown",
	  { { 1, "entered" }, { 0, "unchanged" } } },
	{ NULL,
	  "securityProtocol",
	  { { 0, "PLAINTEXT" }, { 1, "SSL" }, { 2, "SASL_PLAINTEXT" }, { 3, "SASL_SSL" } } },
	{ NULL,
	  "zkMigrationState",
	  { { 0, "none" },
	    { 1, "migration" },
	    { 2, "pre-migration" },
	    { 3, "post-migration" },
	    { 4, "zk" } } },
};

/* Directory ids that Kafka reserves (DirectoryId). */
static const char *const directory_words[] = { "migrating", "unassigned", "lost" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { PLANS = 16 };

/* How records of a schema are put into words. Bits go by the number of a field. */
struct text_plan {
	const struct kmeta_schema *schema;
	const char *lead;  /* what comes first; NULL: nothing */
	uint64_t left_out; /* fields that do not follow it by name */
	uint64_t in_words; /* numbers, of which some stand for words */
	bool names_level;
};

/* Plans by the address of the schema, and the second that was printed last with its text. */
struct kmeta_text {
	int64_t second;
	char time[TIME_SIZE], zone[8];
	uint8_t time_size;
	struct text_plan plans[PLANS];
};

struct printer {
	struct kmeta_buffer *out;
	const struct kmeta_line *line;
	const struct kmeta_field *at;
	const struct text_plan *plan; /* NULL: none was made */
	bool hide, config;
	unsigned flags;
};

/* ---- values ---- */

static bool is_plain(uint8_t c)
{
	return c > ' ' && c != '"' && c != '\\' && c != 0x7f;
}

/*
 * The size of a character that a terminal may act on, or that breaks or reverses the text around
 * it: C1 controls, marks of direction, line separators. 0: the character is harmless.
 */
static size_t treacherous(const uint8_t *at, size_t left)
{
	if (left >= 2 && at[0] == 0xc2 && at[1] < 0xa0)
		return 2;
	if (left >= 2 && at[0] == 0xd8 && at[1] == 0x9c)
		return 2;
	if (left < 3 || at[0] != 0xe2)
		return 0;
	if (at[1] == 0x80 && (at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xa8 && at[2] <= 0xae)))
		return 3;
	return at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9 ? 3 : 0;
}

/* scalar_string() leaves such characters as they are: escape them. */
static void escape_from(struct kmeta_buffer *out, size_t start)
{
	struct kmeta_buffer whole = { 0 };
	const uint8_t *at;
	size_t left;

	buffer_add(&whole, out->at + start, out->size - start);
	out->failed |= whole.failed;
	if (out->failed)
		return;
	out->size = start;
	at = (const uint8_t *)whole.at;
	left = whole.size;
	while (left) {
		const size_t size = treacherous(at, left);

		if (size == 2)
			buffer_format(out, "\\u%04x", (at[0] & 0x1fu) << 6 | (at[1] & 0x3fu));
		else if (size)
			buffer_format(out, "\\u%04x",
			              (at[0] & 0x0fu) << 12 | (at[1] & 0x3fu) << 6 |
			                      (at[2] & 0x3fu));
		else
			buffer_char(out, (char)*at);
		at += size ? size : 1;
		left -= size ? size : 1;
	}
	kmeta_buffer_release(&whole);
}

bool text_is_tame(struct kmeta_bytes text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < 0x20 || text.data[i] == 0x7f ||
		    (text.data[i] >= 0xc2 && treacherous(text.data + i, text.size - i)))
			return false;
	return true;
}

/*
 * Prints text as it is if nothing in it can confuse the eye or the terminal, otherwise as a JSON
 * string.
 */
static void put_string(struct kmeta_buffer *out, struct kmeta_bytes text)
{
	const size_t start = out->size;
	const bool tame = text_is_tame(text);
	bool plain = tame && text.size > 0;

	for (size_t i = 0; plain && i < text.size; i++)
		plain = is_plain(text.data[i]);
	if (plain)
		scalar_utf8(out, text);
	else
		scalar_string(out, text);
	if (!tame && !out->failed)
		escape_from(out, start);
}

const char *text_directory(const uint8_t *id)
{
	const bool reserved = !wire_get64(id) && wire_get64(id + 8) < COUNT(directory_words);

	return reserved ? directory_words[wire_get64(id + 8)] : NULL;
}

static void put_uuid(struct printer *p, const struct kmeta_schema_field *schema, const uint8_t *id)
{
	struct kmeta_bytes name = { 0 };
	char *at;

	/* The record that gives a topic its name shows both name and id. */
	if (schema->role == KMETA_ROLE_TOPIC_ID && p->line->topics &&
	    p->line->fields->schema->type != KMETA_TOPIC_RECORD)
		name = kmeta_topics_name(p->line->topics, id);
	if (name.data) {
		put_string(p->out, name);
		return;
	}
	if (schema->flags & KMETA_FIELD_ARRAY && text_directory(id)) {
		buffer_text(p->out, text_directory(id));
		return;
	}
	at = buffer_room(p->out, UUID_TEXT);
	if (at)
		buffer_wrote(p->out, uuid_print(at, id));
}

const struct text_words *text_words(const char *record, const char *field)
{
	for (size_t e = 0; e < COUNT(enums); e++)
		/* Most differ in the first letter. */
		if (*enums[e].field == *field && !strcmp(enums[e].field, field) &&
		    (!enums[e].record || !strcmp(enums[e].record, record)))
			return &enums[e];
	return NULL;
}

const char *text_word_of(const struct text_words *words, int64_t value)
{
	for (size_t i = 0; i < COUNT(words->words) && words->words[i].word; i++)
		if (words->words[i].value == value)
			return words->words[i].word;
	return NULL;
}

bool text_words_hold(const struct text_words *words, struct kmeta_bytes part)
{
	for (size_t i = 0; words && i < COUNT(words->words) && words->words[i].word; i++)
		if (memmem(words->words[i].word, strlen(words->words[i].word), part.data,
		           part.size))
			return true;
	for (size_t i = 0; i < COUNT(directory_words); i++)
		if (memmem(directory_words[i], strlen(directory_words[i]), part.data, part.size))
			return true;
	return false;
}

const char *text_word(const char *record, const char *field, int64_t value)
{
	const struct text_words *words = text_words(record, field);

	return words ? text_word_of(words, value) : NULL;
}

/* The bit of a field in a plan. The last bit stands for all later fields too. */
static uint64_t bit_of(const struct kmeta_schema *schema, const struct kmeta_schema_field *field)
{
	const size_t number = (size_t)(field - schema->fields);

	return (uint64_t)1 << (number < 63 ? number : 63);
}

static void text_number(struct printer *p, const struct kmeta_field *field)
{
	const struct kmeta_schema *schema = p->line->fields->schema;
	const bool plain = p->plan && !(p->plan->in_words & bit_of(schema, field->schema));
	const char *word =
		plain ? NULL : text_word(schema->name, field->schema->name, field->value.integer);

	if (word)
		buffer_text(p->out, word);
	else if (field->schema->kind == KMETA_BOOL)
		buffer_text(p->out, field->value.integer ? "true" : "false");
	else
		buffer_integer(p->out, field->value.integer);
}

static int64_t element_of(const struct kmeta_field *field, size_t i)
{
	const uint8_t *at = field->value.bytes.data;

	return (int32_t)wire_get32(at + 4 * i);
}

/*
 * The schemas have arrays of int32 and of uuids. An array of other numbers, should a release add
 * one, prints as bytes.
 */
static void text_array(struct printer *p, const struct kmeta_field *field)
{
	const enum kmeta_kind kind = (enum kmeta_kind)field->schema->kind;
	const size_t size = kind == KMETA_UUID ? 16 : 4;
	const size_t count = field->value.bytes.size / size;

	if (kind != KMETA_UUID && kind != KMETA_INT32) {
		kmeta_base64(p->out, field->value.bytes);
		return;
	}
	buffer_char(p->out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			buffer_char(p->out, ',');
		if (kind == KMETA_UUID)
			put_uuid(p, field->schema, field->value.bytes.data + 16 * i);
		else
			buffer_integer(p->out, element_of(field, i));
	}
	buffer_char(p->out, ']');
}

static void text_value(struct printer *p, size_t i);
static void put_lead(struct printer *p, const char *lead, size_t from, size_t end);

static const char *lead_of(const char *name)
{
	for (size_t i = 0; i < COUNT(leads); i++)
		if (!strcmp(leads[i].name, name))
			return leads[i].lead;
	return NULL;
}

const char *text_lead(const struct kmeta_schema *schema)
{
	const struct record_kind *kind = record_kind(schema->control, schema->type);

	return kind ? kind->lead : lead_of(schema->name);
}

static void put_plain_struct(struct printer *p, size_t from, size_t end)
{
	buffer_char(p->out, '(');
	for (size_t i = from; i < end; i += p->at[i].span) {
		if (i > from)
			buffer_char(p->out, ' ');
		buffer_text(p->out, p->at[i].schema->name);
		buffer_char(p->out, '=');
		text_value(p, i);
	}
	buffer_char(p->out, ')');
}

static void text_struct(struct printer *p, size_t i)
{
	const char *lead = lead_of(p->at[i].schema->name);

	if (lead)
		put_lead(p, lead, i + 1, i + p->at[i].span);
	else
		put_plain_struct(p, i + 1, i + p->at[i].span);
}

static void put_elements(struct printer *p, size_t i)
{
	const size_t end = i + p->at[i].span;

	buffer_char(p->out, '[');
	for (size_t e = i + 1; e < end; e += p->at[e].span) {
		if (e > i + 1)
			buffer_char(p->out, ',');
		text_value(p, e);
	}
	buffer_char(p->out, ']');
}

static void text_scalar(struct printer *p, const struct kmeta_field *field)
{
	switch ((enum kmeta_kind)field->schema->kind) {
	case KMETA_STRING:
		put_string(p->out, field->value.bytes);
		break;
	case KMETA_BYTES:
		kmeta_base64(p->out, field->value.bytes);
		break;
	case KMETA_UUID:
		put_uuid(p, field->schema, field->value.bytes.data);
		break;
	case KMETA_FLOAT64:
		scalar_double(p->out, field->value.real);
		break;
	default:
		text_number(p, field);
	}
}

static void text_value(struct printer *p, size_t i)
{
	const struct kmeta_field *field = &p->at[i];
	const bool array =
		field->schema->flags & KMETA_FIELD_ARRAY && !(field->flags & KMETA_VALUE_ELEMENT);
	const enum kmeta_kind kind = (enum kmeta_kind)field->schema->kind;

	if (field->flags & KMETA_VALUE_NULL)
		buffer_text(p->out, "null");
	else if (p->hide && secret_is_hidden(field, p->config))
		buffer_text(p->out, SECRET_HIDDEN);
	else if (array && kind >= KMETA_STRING)
		put_elements(p, i);
	else if (array)
		text_array(p, field);
	else if (kind == KMETA_STRUCT)
		text_struct(p, i);
	else
		text_scalar(p, field);
}

/* ---- the summary ---- */

static const struct kmeta_field *text_find(const struct printer *p, size_t from, size_t end,
                                           const char *name, size_t size)
{
	for (size_t i = from; i < end; i += p->at[i].span)
		if (!strncmp(p->at[i].schema->name, name, size) && !p->at[i].schema->name[size])
			return &p->at[i];
	return NULL;
}

/* What an empty or null field says to Kafka. Others are just that. */
static const struct {
	const char *field;
	bool null;
	const char *word;
} nothings[] = {
	{ "value", true, "(removed)" },         { "value", false, "(empty)" },
	{ "resourceName", false, "(default)" }, { "entityName", true, "(default)" },
	{ "topicName", false, "(all)" },
};

static const char *word_for_nothing(const struct kmeta_field *field)
{
	const bool null = field->flags & KMETA_VALUE_NULL;

	for (size_t i = 0; i < COUNT(nothings); i++)
		if (nothings[i].null == null && !strcmp(nothings[i].field, field->schema->name))
			return nothings[i].word;
	return null ? "(none)" : "\"\"";
}

static bool is_word_for_nothing(struct kmeta_bytes text)
{
	for (size_t i = 0; i < COUNT(nothings); i++)
		if (text.size == strlen(nothings[i].word) &&
		    !memcmp(text.data, nothings[i].word, text.size))
			return true;
	return false;
}

static void text_slot(struct printer *p, const struct kmeta_field *field)
{
	const bool string =
		field->schema->kind == KMETA_STRING && !(field->schema->flags & KMETA_FIELD_ARRAY);

	if (string && !field->value.bytes.size)
		buffer_text(p->out, word_for_nothing(field));
	else if (string && *field->value.bytes.data == '(' &&
	         !(p->hide && secret_is_hidden(field, p->config)) &&
	         is_word_for_nothing(field->value.bytes))
		scalar_string(p->out, field->value.bytes);
	else
		text_value(p, (size_t)(field - p->at));
}

static void put_lead(struct printer *p, const char *lead, size_t from, size_t end)
{
	while (*lead) {
		const char *open = strchr(lead, '{');
		const char *close = open ? strchr(open, '}') : NULL;
		const struct kmeta_field *field;

		buffer_add(p->out, lead, open ? (size_t)(open - lead) : strlen(lead));
		if (!open)
			break;
		field = text_find(p, from, end, open + 1, (size_t)(close - open - 1));
		if (field)
			text_slot(p, field);
		lead = close + 1;
	}
}

static bool is_in_lead(const char *lead, const char *name)
{
	const size_t size = strlen(name);

	for (const char *open = lead; open && (open = strchr(open, '{')) != NULL; open++)
		if (!strncmp(open + 1, name, size) && open[1 + size] == '}')
			return true;
	return false;
}

/* An empty ISR is important, and empty tagged arrays say that they became so. */
bool text_is_always(const struct kmeta_schema_field *field)
{
	return (field->name[0] == 'i' && !strcmp(field->name, "isr")) ||
	       (field->flags & KMETA_FIELD_ARRAY && field->flags & KMETA_FIELD_TAGGED);
}

/* Leave out empty arrays and strings, and tagged fields that hold their default. */
static bool is_telling(const struct kmeta_field *field)
{
	const enum kmeta_kind kind = (enum kmeta_kind)field->schema->kind;

	if (field->flags & (KMETA_VALUE_DEFAULT | KMETA_VALUE_NULL))
		return false;
	if (text_is_always(field->schema))
		return true;
	if (field->schema->flags & KMETA_FIELD_ARRAY)
		return kind >= KMETA_STRING ? field->value.integer > 0
		                            : field->value.bytes.size > 0;
	return kind != KMETA_STRING || field->value.bytes.size;
}

static void put_level_name(struct printer *p)
{
	const struct kmeta_field *name = kmeta_fields_find(p->line->fields, "name");
	const struct kmeta_field *level = kmeta_fields_find(p->line->fields, "featureLevel");
	const char *version;

	if (!name || !level || name->value.bytes.size != 16 ||
	    memcmp(name->value.bytes.data, "metadata.version", 16) != 0)
		return;
	version = kmeta_metadata_version_name(level->value.integer);
	if (version)
		buffer_format(p->out, " (%s)", version);
}

/* TOPIC for TOPIC_RECORD: nearly every name has the suffix. */
static size_t type_size(const char *name)
{
	static const char suffix[] = "_RECORD";
	const size_t size = strlen(name), cut = sizeof(suffix) - 1;

	return size > cut && !strcmp(name + size - cut, suffix) ? size - cut : size;
}

bool text_is_left_out(const struct kmeta_schema *schema, const struct kmeta_schema_field *field)
{
	const char *lead = text_lead(schema);

	return !field->depth && ((lead && is_in_lead(lead, field->name)) ||
	                         (schema->control && !strcmp(field->name, "version")));
}

/* Compare names once for each schema: it takes longer than all the rest. */
static const struct text_plan *plan_of(struct kmeta_text *text, const struct kmeta_schema *schema)
{
	const size_t slot = ((uintptr_t)schema / sizeof(*schema)) % PLANS;
	struct text_plan *plan = &text->plans[slot];

	if (plan->schema == schema)
		return plan;
	*plan = (struct text_plan){ .schema = schema, .lead = text_lead(schema) };
	for (size_t i = 0; i < schema->count; i++) {
		const struct kmeta_schema_field *field = &schema->fields[i];

		if (text_is_left_out(schema, field))
			plan->left_out |= bit_of(schema, field);
		if (text_words(schema->name, field->name))
			plan->in_words |= bit_of(schema, field);
		plan->names_level |= !strcmp(field->name, "featureLevel");
	}
	return plan;
}

static void put_telling(struct printer *p, size_t i)
{
	const struct schema_key *key = schema_key(p->at[i].schema);
	const enum color color = p->flags & KMETA_SHOW_COLOR
	                                 ? color_of_field(p->line->fields, &p->at[i])
	                                 : COLOR_PLAIN;

	if (color != COLOR_PLAIN)
		color_put(p->out, p->flags, color);
	buffer_add(p->out, key->name, key->size - 4u);
	buffer_char(p->out, '=');
	text_value(p, i);
	if (color != COLOR_PLAIN)
		color_put(p->out, p->flags, COLOR_PLAIN);
}

static void text_summary(struct printer *p)
{
	const struct kmeta_fields *fields = p->line->fields;
	const size_t start = p->out->size;

	if (p->plan->lead)
		put_lead(p, p->plan->lead, 0, fields->count);
	for (size_t i = 0; i < fields->count; i += fields->at[i].span) {
		const struct kmeta_schema_field *field = fields->at[i].schema;

		if (p->plan->left_out & bit_of(fields->schema, field) ||
		    !is_telling(&fields->at[i]))
			continue;
		if (p->out->size > start)
			buffer_char(p->out, ' ');
		put_telling(p, i);
	}
	if (p->plan->names_level)
		put_level_name(p);
	for (size_t i = 0; i < fields->unknown_count; i++) {
		buffer_format(p->out, "%stag%u=", p->out->size > start ? " " : "",
		              fields->unknown[i].tag);
		kmeta_base64(p->out, fields->unknown[i].value);
	}
}

/* ---- lines ---- */

static void put_fraction(struct kmeta_buffer *out, int milliseconds)
{
	const char text[4] = { '.', (char)('0' + milliseconds / 100),
		               digit_pairs[milliseconds % 100 * 2],
		               digit_pairs[milliseconds % 100 * 2 + 1] };

	buffer_add(out, text, sizeof(text));
}

/* Most records have the same second as the one before. */
void text_time(struct kmeta_buffer *out, struct kmeta_text *text, int64_t milliseconds,
               unsigned flags)
{
	const int64_t second = milliseconds / 1000 - (milliseconds % 1000 < 0);
	const int rest = (int)(milliseconds % 1000 + (milliseconds % 1000 < 0 ? 1000 : 0));

	if (second != text->second || !text->time_size) {
		text->time_size = (uint8_t)(time_print(text->time, second, flags & KMETA_SHOW_UTC,
		                                       text->zone) -
		                            text->time);
		text->second = second;
	}
	buffer_add(out, "  ", 2);
	if (flags & KMETA_SHOW_NARROW) {
		const char *clock = memchr(text->time, 'T', text->time_size);
		const size_t date = clock ? (size_t)(clock + 1 - text->time) : 0;

		buffer_add(out, text->time + date, text->time_size - date);
		put_fraction(out, rest);
		return;
	}
	buffer_add(out, text->time, text->time_size);
	put_fraction(out, rest);
	buffer_text(out, text->zone);
}

static size_t type_width(unsigned flags)
{
	return flags & KMETA_SHOW_NARROW ? 16 : 26;
}

static void put_blanks(struct kmeta_buffer *out, size_t count)
{
	char *at = buffer_room(out, count);

	if (!at)
		return;
	memset(at, ' ', count);
	buffer_wrote(out, at + count);
}

static void put_padded(struct kmeta_buffer *out, const char *text, size_t size, size_t width)
{
	buffer_add(out, text, size);
	put_blanks(out, size < width ? width - size : 0);
}

static void put_type(struct kmeta_buffer *out, bool control, int type, const char *name,
                     unsigned flags)
{
	color_put(out, flags, color_of_type(control, type));
	put_padded(out, name, type_size(name), type_width(flags));
	color_put(out, flags, COLOR_PLAIN);
	buffer_text(out, "  ");
}

void text_type(struct kmeta_buffer *out, const struct kmeta_schema *schema, unsigned flags)
{
	put_type(out, schema->control, schema->type, schema->name, flags);
}

/* The same of a record without a layout. */
static void put_unknown_type(struct kmeta_buffer *out, const struct kmeta_record *record,
                             unsigned flags)
{
	const char *name = kmeta_type_name(record->control, record->type);
	char number[32] = "UNKNOWN";

	if (!name && (record->type >= 0 || record->control))
		snprintf(number, sizeof(number), "UNKNOWN(%d)", record->type);
	put_type(out, record->control, record->type, name ? name : number, flags);
}

static void put_fault(struct kmeta_buffer *out, const struct kmeta_line *line, unsigned flags)
{
	color_put(out, flags, COLOR_RED);
	buffer_format(out, "!! %s", line->error->message);
	if (!line->fields) {
		buffer_format(out, " (%zu bytes: ", line->record->value.size);
		if (secret_is_raw(line->batch, line->record) && !(flags & KMETA_SHOW_SECRETS))
			buffer_text(out, SECRET_HIDDEN);
		else
			kmeta_base64(out, line->record->value);
		buffer_char(out, ')');
	}
	color_put(out, flags, COLOR_PLAIN);
}

void text_offset(struct kmeta_buffer *out, int64_t offset)
{
	char digits[DIGITS_ROOM];
	const size_t size = (size_t)(digits_signed(digits, offset) - digits);

	put_blanks(out, size < 10 ? 10 - size : 0);
	buffer_add(out, digits, size);
}

void text_epoch(struct kmeta_buffer *out, int32_t epoch, unsigned flags)
{
	const size_t around = flags & KMETA_SHOW_NARROW ? 1 : 2;
	char digits[DIGITS_ROOM];
	const size_t size = (size_t)(digits_signed(digits, epoch) - digits);

	put_blanks(out, around);
	buffer_char(out, 'e');
	put_padded(out, digits, size, 3);
	put_blanks(out, around);
}

void kmeta_text_head(struct kmeta_buffer *out, struct kmeta_text *text, int64_t offset,
                     int64_t timestamp, int32_t epoch, unsigned flags)
{
	color_put(out, flags, COLOR_DIM);
	text_offset(out, offset);
	text_time(out, text, timestamp, flags);
	text_epoch(out, epoch, flags);
	color_put(out, flags, COLOR_PLAIN);
}

void kmeta_text_fold(struct kmeta_buffer *out, struct kmeta_text *text,
                     const struct kmeta_fold *fold, unsigned flags)
{
	kmeta_text_head(out, text, fold->first_offset, fold->timestamp, fold->epoch, flags);
	color_put(out, flags, COLOR_DIM);
	put_padded(out, "NO_OP", 5, type_width(flags));
	buffer_format(out, "  %lld folded, %s to offset %lld", (long long)fold->count,
	              fold->last_offset < fold->first_offset ? "down" : "up",
	              (long long)fold->last_offset);
	color_put(out, flags, COLOR_PLAIN);
	buffer_char(out, '\n');
}

struct kmeta_text *kmeta_text_new(void)
{
	return calloc(1, sizeof(struct kmeta_text));
}

void kmeta_text_free(struct kmeta_text *text)
{
	free(text);
}

void kmeta_text(struct kmeta_buffer *out, struct kmeta_text *text, const struct kmeta_line *line,
                unsigned flags)
{
	struct printer p = {
		.out = out, .line = line, .hide = !(flags & KMETA_SHOW_SECRETS), .flags = flags
	};

	kmeta_text_head(out, text, line->record->offset, line->record->timestamp,
	                line->batch->epoch, flags);
	if (line->fields)
		p.plan = plan_of(text, line->fields->schema);
	if (p.plan)
		text_type(out, p.plan->schema, flags);
	else
		put_unknown_type(out, line->record, flags);
	if (line->fields) {
		p.at = line->fields->at;
		p.config = p.hide && secret_is_config(line->fields);
		text_summary(&p);
		buffer_char(out, ' ');
	}
	if (line->error)
		put_fault(out, line, flags);
	while (out->size && out->at[out->size - 1] == ' ')
		out->size--;
	buffer_char(out, '\n');
}

static void put_verdict(struct kmeta_buffer *out, bool valid, unsigned flags)
{
	if (valid) {
		buffer_text(out, "right");
		return;
	}
	color_put(out, flags, COLOR_PLAIN);
	color_put(out, flags, COLOR_RED);
	buffer_text(out, "WRONG");
	color_put(out, flags, COLOR_PLAIN);
	color_put(out, flags, COLOR_DIM);
}

void kmeta_text_batch(struct kmeta_buffer *out, const struct kmeta_batch *batch, unsigned flags)
{
	const char *codec = kmeta_codec_name(batch->attributes & KMETA_BATCH_CODEC);

	color_put(out, flags, COLOR_DIM);
	buffer_format(out, "batch %lld..%lld: %d records, %lld bytes at ",
	              (long long)batch->base_offset, (long long)batch->last_offset, batch->count,
	              (long long)batch->size);
	scalar_utf8(out, (struct kmeta_bytes){ (const uint8_t *)batch->file, strlen(batch->file) });
	buffer_format(out, ":%lld, epoch %d, %s, crc %08x ", (long long)batch->position,
	              batch->epoch, codec ? codec : "unknown codec", batch->crc);
	put_verdict(out, batch->valid, flags);
	if (batch->attributes & KMETA_BATCH_CONTROL)
		buffer_text(out, ", control");
	color_put(out, flags, COLOR_PLAIN);
	buffer_char(out, '\n');
}

void kmeta_field_text(struct kmeta_buffer *out, const struct kmeta_fields *fields,
                      const struct kmeta_field *field, unsigned flags)
{
	const struct kmeta_line line = { .fields = fields };
	struct printer p = { .out = out, .line = &line, .at = fields->at };

	p.hide = !(flags & KMETA_SHOW_SECRETS);
	p.config = p.hide && secret_is_config(fields);
	text_value(&p, (size_t)(field - fields->at));
}

void text_string(struct kmeta_buffer *out, struct kmeta_bytes text)
{
	put_string(out, text);
}

bool kmeta_record_is_secret(const struct kmeta_batch *batch, const struct kmeta_record *record)
{
	return secret_is_raw(batch, record);
}

bool text_is_telling(const struct kmeta_field *field)
{
	return is_telling(field);
}
