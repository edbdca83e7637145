/* SPDX-License-Identifier: Apache-2.0 */
/* quick_text.c: puts the fields of the usual records into words as text.c does, from their bytes. */
#include "print/needle.h"
#include "print/quick.h"
#include "print/scalar.h"
#include "print/text.h"
#include "print/topics.h"

/* ---- plans ---- */

static size_t schema_place_of(const struct kmeta_schema *schema, const char *name, size_t size)
{
	size_t i = 0;

	while (i < schema->count &&
	       (strncmp(schema->fields[i].name, name, size) != 0 || schema->fields[i].name[size]))
		i++;
	return i;
}

/* Of leads that end with a field, as those of the usual records do. */
static bool make_lead(struct quick_text *plan, const struct kmeta_schema *schema, const char *lead)
{
	while (lead && *lead) {
		const char *open = strchr(lead, '{');
		const char *close = open ? strchr(open, '}') : NULL;
		const size_t size = open ? (size_t)(open - lead) : 0;
		size_t field;

		if (!close || size > QUICK_PIECE || plan->lead_count == QUICK_LEAD)
			return false;
		field = schema_place_of(schema, open + 1, (size_t)(close - open - 1));
		if (field == schema->count)
			return false;
		memcpy(plan->lead[plan->lead_count].before, lead, size);
		plan->lead[plan->lead_count].size = (uint8_t)size;
		plan->lead[plan->lead_count++].field = (uint8_t)field;
		lead = close + 1;
	}
	return true;
}

static bool make_field(struct quick_field *field, const struct kmeta_schema *schema,
                       const struct kmeta_schema_field *from)
{
	const size_t size = strlen(from->name);

	if (size + 2 > sizeof(field->key) - QUICK_PIECE)
		return false;
	field->key[0] = ' ';
	memcpy(field->key + 1, from->name, size);
	field->key[size + 1] = '=';
	field->key_size = (uint8_t)(size + 2);
	field->always = text_is_always(from);
	field->in_lead = text_is_left_out(schema, from);
	field->words = text_words(schema->name, from->name);
	/* The record that gives a topic its name shows both name and id. */
	field->is_topic_id =
		from->role == KMETA_ROLE_TOPIC_ID && schema->type != KMETA_TOPIC_RECORD;
	return true;
}

bool quick_text_make(struct quick_text *plan, const struct kmeta_schema *schema)
{
	bool usual;

	*plan = (struct quick_text){ 0 };
	usual = make_lead(plan, schema, text_lead(schema));
	for (size_t i = 0; usual && i < schema->count; i++)
		usual = make_field(&plan->fields[i], schema, &schema->fields[i]);
	return usual;
}

/* ---- values ---- */

static char *put_simple(char *at, struct kmeta_bytes text)
{
	memcpy(at, text.data, text.size);
	return at + text.size;
}

static char *put_topic_name(char *at, const uint8_t *id, const struct kmeta_topics *topics)
{
	bool known = false;
	const struct kmeta_bytes name =
		topics ? topics_simple_name(topics, id, &known) : (struct kmeta_bytes){ 0 };

	if (!known)
		return uuid_print(at, id);
	return name.size && name.size <= QUICK_NAME ? put_simple(at, name) : NULL;
}

static char *put_word_number(char *at, const struct quick_field *field, int64_t value, bool is_bool)
{
	const char *word = field->words ? text_word_of(field->words, value) : NULL;

	if (is_bool && !word)
		word = value ? "true" : "false";
	return word ? stpcpy(at, word) : digits_small(at, value);
}

static char *put_word_array(char *at, const struct scan_step *step, struct kmeta_bytes elements)
{
	const uint8_t *from = elements.data, *const end = from + elements.size;

	*at++ = '[';
	for (; from < end; from += step->size) {
		const char *word = step->kind == KMETA_UUID ? text_directory(from) : NULL;

		if (word)
			at = stpcpy(at, word);
		else
			at = step->kind == KMETA_UUID ? uuid_print(at, from)
			                              : digits_small(at, (int32_t)wire_get32(from));
		*at++ = ',';
	}
	at -= elements.size != 0;
	*at = ']';
	return at + 1;
}

static char *put_word_value(char *at, const struct scan_step *step, const struct quick_field *field,
                            struct kmeta_bytes value, const struct kmeta_topics *topics)
{
	if (step->form == SCAN_ARRAY)
		return field->is_topic_id ? NULL : put_word_array(at, step, value);
	/* Words in brackets stand for what is empty. */
	if (step->form == SCAN_TEXT)
		return value.size && *value.data != '(' && scalar_is_simple(value)
		               ? put_simple(at, value)
		               : NULL;
	if (field->is_topic_id)
		return put_topic_name(at, value.data, topics);
	if (step->kind == KMETA_UUID)
		return uuid_print(at, value.data);
	return put_word_number(at, field, scan_number(step, value.data), step->kind == KMETA_BOOL);
}

char *quick_text(char *at, const struct scan_plan *plan, const struct quick_text *text,
                 const struct scanned *scanned, const struct kmeta_topics *topics)
{
	const char *const start = at;

	for (size_t i = 0; i < text->lead_count && at; i++) {
		const size_t field = text->lead[i].field;

		at = quick_copy(at, text->lead[i].before, text->lead[i].size);
		if (scanned->present >> field & 1)
			at = put_word_value(at, &plan->steps[field], &text->fields[field],
			                    scanned->values[field], topics);
	}
	for (uint64_t left = scanned->present; left && at; left &= left - 1) {
		const size_t i = (size_t)__builtin_ctzll(left);
		const struct quick_field *field = &text->fields[i];
		const size_t skipped = at == start;

		if (field->in_lead || (!scanned->values[i].size && !field->always))
			continue;
		quick_copy(at, field->key + skipped, sizeof(field->key) - QUICK_PIECE);
		at = put_word_value(at + field->key_size - skipped, &plan->steps[i], field,
		                    scanned->values[i], topics);
	}
	return at;
}

/* ---- what a line may say ---- */

bool quick_text_says(const struct scan_plan *plan, const struct quick_text *text,
                     struct kmeta_bytes part)
{
	for (size_t i = 0; i < text->lead_count; i++) {
		const char *before = text->lead[i].before;
		const size_t size = text->lead[i].size;

		if ((i > 0 && (!size || needle_has(before[0]))) ||
		    (size && needle_has(before[size - 1])) ||
		    memmem(before, size, part.data, part.size))
			return true;
	}
	for (size_t i = 0; i < plan->count; i++)
		if (memmem(text->fields[i].key, text->fields[i].key_size, part.data, part.size) ||
		    text_words_hold(text->fields[i].words, part))
			return true;
	return memmem("true", 4, part.data, part.size) || memmem("false", 5, part.data, part.size);
}
