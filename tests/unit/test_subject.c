/* SPDX-License-Identifier: Apache-2.0 */
/* test_subject.c: what records are about, held against what a real log says as JSON. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <kmeta.h>

#include "rows.h"

TestSuite(subject, .timeout = 60);

/* ConfigResource.Type and ResourceType agree on it. */
enum { RESOURCE_OF_TOPIC = 2 };

/* The records of a real log, one after the other. */
struct reading {
	struct kmeta_source *source;
	struct kmeta_batch batch;
	struct kmeta_cursor at;
	struct kmeta_dialect dialect;
	struct kmeta_topics *topics;
	struct kmeta_record record;
	struct kmeta_fields fields;
	bool has_batch;
};

static void begin_reading(struct reading *r)
{
	struct kmeta_finding why;
	char path[400];

	*r = (struct reading){ .topics = kmeta_topics_new() };
	snprintf(path, sizeof(path), "%s/real/kraft-4.3-full/node-1", getenv("TESTDATA"));
	cr_assert(kmeta_dialect_init(&r->dialect, NULL));
	cr_assert_eq(kmeta_source_open(&r->source, path, NULL, &why), KMETA_OK, "%s", why.message);
}

static bool read_on(struct reading *r)
{
	struct kmeta_finding why;

	while (!r->has_batch || kmeta_batch_next(&r->batch, &r->at, &r->record, &why) != KMETA_OK) {
		if (kmeta_source_next(r->source, &r->batch, &why) != KMETA_OK)
			return false;
		r->at = (struct kmeta_cursor){ 0 };
		r->has_batch = true;
	}
	cr_assert_eq(kmeta_decode(&r->dialect, &r->record, &r->fields, &why), KMETA_OK);
	cr_assert(kmeta_topics_learn(r->topics, &r->record, &r->fields));
	return true;
}

static void end_reading(struct reading *r)
{
	kmeta_fields_release(&r->fields);
	kmeta_topics_free(r->topics);
	kmeta_source_close(r->source);
}

/* The "data" of the line that the printer makes. */
static json_t *data_of(struct reading *r)
{
	struct kmeta_buffer line = { 0 }, alone = { 0 };
	const struct kmeta_line what = { .batch = &r->batch,
		                         .record = &r->record,
		                         .fields = &r->fields };
	json_t *whole, *data;

	kmeta_json(&line, &what, 0);
	kmeta_fields_json(&alone, &r->fields, 0);
	whole = json_loadb(line.at, line.size, 0, NULL);
	data = json_loadb(alone.at, alone.size, 0, NULL);
	cr_assert(data && json_equal(json_object_get(whole, "data"), data));
	json_decref(whole);
	kmeta_buffer_release(&line);
	kmeta_buffer_release(&alone);
	return data;
}

static bool is_text(const struct kmeta_buffer *text, const char *wanted)
{
	return text->size == strlen(wanted) && !memcmp(text->at, wanted, text->size);
}

Test(subject, topic)
{
	size_t ids = 0, names = 0, configs = 0;
	struct reading r;

	begin_reading(&r);
	while (read_on(&r)) {
		struct kmeta_buffer known = { 0 }, unknown = { 0 };
		json_t *data = data_of(&r);
		const char *id = json_string_value(json_object_get(data, "topicId"));
		const char *resource = json_string_value(json_object_get(data, "resourceName"));
		const json_int_t type = json_integer_value(json_object_get(data, "resourceType"));
		const bool has = kmeta_fields_topic(&r.fields, r.topics, &known);

		cr_assert_eq(has, kmeta_fields_topic(&r.fields, NULL, &unknown));
		cr_assert_eq(has, id || json_object_get(data, "topicName") ||
		                          (resource && type == RESOURCE_OF_TOPIC));
		if (has && id && r.record.type != KMETA_TOPIC_RECORD) {
			cr_assert(is_text(&unknown, id));
			names += !is_text(&known, id);
			ids++;
		} else if (has && resource) {
			cr_assert(is_text(&known, resource) && is_text(&unknown, resource));
			configs++;
		}
		json_decref(data);
		kmeta_buffer_release(&known);
		kmeta_buffer_release(&unknown);
	}
	cr_assert_gt(ids, 900);
	cr_assert_eq(names, ids);
	cr_assert_gt(configs, 5);
	end_reading(&r);
}

Test(subject, partition_and_broker)
{
	size_t partitions = 0, leaders = 0, configs = 0;
	struct reading r;

	begin_reading(&r);
	while (read_on(&r)) {
		json_t *data = data_of(&r);
		const json_t *partition = json_object_get(data, "partitionId");
		const json_t *leader = json_object_get(data, "leader");
		const json_t *broker = json_object_get(data, "brokerId");
		const char *resource = json_string_value(json_object_get(data, "resourceName"));
		int64_t number = -7;

		cr_assert_eq(kmeta_fields_partition(&r.fields, &number), partition != NULL);
		cr_assert(!partition || number == json_integer_value(partition));
		partitions += partition != NULL;
		number = -7;
		if (kmeta_fields_broker(&r.fields, &number))
			cr_assert(number == json_integer_value(leader ? leader : broker) ||
			          (resource && number == atoi(resource)));
		else
			cr_assert(!broker && (!leader || json_integer_value(leader) < 0));
		leaders += leader && number >= 0;
		configs += resource && number >= 0;
		json_decref(data);
	}
	cr_assert_gt(partitions, 900);
	cr_assert_gt(leaders, 200);
	cr_assert_gt(configs, 0);
	end_reading(&r);
}

static const struct {
	enum kmeta_entity_kind kind;
	const char *field;
	int64_t value;
	const char *word;
} words[] = {
	{ KMETA_CONFIG, "resourceType", 2, "topic" },
	{ KMETA_ACL, "resourceType", 2, "topic" },
	{ KMETA_ACL, "resourceType", 4, "cluster" },
	{ KMETA_ACL, "operation", 3, "read" },
	{ KMETA_ACL, "operation", 99, NULL },
	{ KMETA_SCRAM, "mechanism", 2, "SCRAM-SHA-512" },
	{ KMETA_PARTITION, "leaderRecoveryState", 1, "recovering" },
	/* No enumeration, although text has a word for it. */
	{ KMETA_PARTITION, "leader", -1, NULL },
	{ KMETA_FEATURE, "featureLevel", 1, NULL },
};

ROWS(subject, enumerations, words)

ParameterizedTest(const size_t *row, subject, enumerations)
{
	const struct kmeta_schema *schema = kmeta_entity_kind_schema(words[*row].kind);
	size_t i = 0;

	cr_assert(schema);
	while (i < schema->count && strcmp(schema->fields[i].name, words[*row].field) != 0)
		i += schema->fields[i].span;
	cr_assert_lt(i, schema->count);
	if (words[*row].word)
		cr_assert_str_eq(kmeta_field_word(schema, &schema->fields[i], words[*row].value),
		                 words[*row].word);
	else
		cr_assert_null(kmeta_field_word(schema, &schema->fields[i], words[*row].value));
}

Test(subject, kinds_without_a_layout)
{
	cr_assert_null(kmeta_entity_kind_schema(KMETA_ENTITY_KINDS));
	for (enum kmeta_entity_kind kind = 0; kind < KMETA_ENTITY_KINDS; kind++)
		cr_assert(kmeta_entity_kind_schema(kind));
}
