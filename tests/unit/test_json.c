/* SPDX-License-Identifier: Apache-2.0 */
/* test_json.c: every record as one JSON line that any parser takes, and no secret in it. */
#include <kmeta.h>

#include "print/json.h"

#include <stdio.h>

#include <jansson.h>

#include "lines.h"
#include "values.h"

/* ---- every layout parses ---- */

static json_t *parse(const struct kmeta_buffer *out)
{
	json_error_t error;
	json_t *line;

	cr_assert(out->size && out->at[out->size - 1] == '\n');
	cr_assert_null(memchr(out->at, '\n', out->size - 1));
	line = json_loadb(out->at, out->size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	cr_assert_not_null(line, "%s: %.*s", error.text, (int)out->size, out->at);
	return line;
}

/* Keys of an object stand in the schema's order, those that hold their default left out. */
static void expect_keys(const json_t *object, const struct value *v, size_t from, size_t end)
{
	void *key = json_object_iter((json_t *)(uintptr_t)object);

	for (size_t i = from; i < end; i += v->at[i].span) {
		const struct kmeta_field *f = &v->at[i];
		const json_t *value;
		size_t e = i + 1;

		if (f->flags & KMETA_VALUE_DEFAULT)
			continue;
		cr_assert_not_null(key, "%s has no %s", v->schema->name, f->schema->name);
		cr_assert_str_eq(json_object_iter_key(key), f->schema->name);
		value = json_object_iter_value(key);
		cr_assert_eq(json_is_null(value), (f->flags & KMETA_VALUE_NULL) != 0);
		if (is_array(f->schema) && !json_is_null(value)) {
			const size_t size = value_sizes[f->schema->kind];

			cr_assert_eq(json_array_size(value),
			             size ? f->value.bytes.size / size : (size_t)f->value.integer);
		}
		for (size_t n = 0; f->schema->kind == KMETA_STRUCT && n < json_array_size(value);
		     n++) {
			expect_keys(json_array_get(value, n), v, e + 1, e + v->at[e].span);
			e += v->at[e].span;
		}
		if (f->schema->kind == KMETA_STRUCT && !is_array(f->schema))
			expect_keys(value, v, i + 1, i + f->span);
		key = json_object_iter_next((json_t *)(uintptr_t)object, key);
	}
	cr_assert_null(key, "%s has too many keys", v->schema->name);
}

static void expect_line(const struct kmeta_schema *schema, uint32_t seed)
{
	struct value *v = value_new(schema, seed < 3 ? (enum style)seed : STYLE_RANDOM, seed);
	struct kmeta_dialect dialect;
	struct kmeta_batch batch = { .file = "a\"file", .attributes = schema->control ? 0x20 : 0 };
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;
	struct kmeta_buffer out = { 0 };
	struct kmeta_record record;
	struct kmeta_line line = { .batch = &batch, .record = &record, .fields = &fields };
	struct made m = { 0 };
	json_t *object;

	value_write(v, &m);
	record = value_record(schema, &m);
	cr_assert(kmeta_dialect_init(&dialect, kmeta_release_name(schema->last_release)));
	cr_assert_eq(kmeta_decode(&dialect, &record, &fields, &why), KMETA_OK);
	kmeta_json(&out, &line, KMETA_SHOW_SECRETS | KMETA_SHOW_BATCH);
	object = parse(&out);
	cr_assert_str_eq(json_string_value(json_object_get(object, "type")), schema->name);
	cr_assert_eq(json_integer_value(json_object_get(object, "version")), schema->version);
	expect_keys(json_object_get(object, "data"), v, 0, v->count);
	json_decref(object);
	kmeta_buffer_release(&out);
	kmeta_fields_release(&fields);
	made_release(&m);
	free(v);
}

Test(json, every_layout, .timeout = 60)
{
	for (int control = 0; control < 2; control++)
		for (int32_t type = 0; type < 64; type++)
			for (int32_t version = 0; kmeta_schema_find(control, type, version);
			     version++)
				for (const struct kmeta_schema *s =
				             kmeta_schema_find(control, type, version);
				     s; s = s->older)
					for (uint32_t seed = 0; seed < 10; seed++)
						expect_line(s, seed);
}

/* ---- lines to the letter ---- */

#define ID "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x09"

/* clang-format off */
static const struct {
	struct kmeta_bytes value;
	const char *line; /* behind offset, timestamp and epoch */
} lines[] = {
	{ BYTES("\x01\x02\x00\x07orders" ID "\0"),
	  "\"type\":\"TOPIC_RECORD\",\"version\":0,"
	  "\"data\":{\"name\":\"orders\",\"topicId\":\"AAAAAAAAAAAAAAAAAAAACQ\"}}\n" },
	{ BYTES("\x01\x14\x00\0"), "\"type\":\"NO_OP_RECORD\",\"version\":0,\"data\":{}}\n" },
	{ BYTES("\x01\x04\x00\x02\x02" "a\x02k\0\0"),
	  "\"type\":\"CONFIG_RECORD\",\"version\":0,"
	  "\"data\":{\"resourceType\":2,\"resourceName\":\"a\",\"name\":\"k\",\"value\":null}}\n" },
	{ BYTES("\x01\x0e\x00\x02\x05user\0\0\x02k\x40\x59\0\0\0\0\0\0\0\0"),
	  "\"type\":\"CLIENT_QUOTA_RECORD\",\"version\":0,"
	  "\"data\":{\"entity\":[{\"entityType\":\"user\",\"entityName\":null}],\"key\":\"k\",\"value\":100.0,"
	  "\"remove\":false}}\n" },
	{ BYTES("\x01\x0e\x00\x01\x02k\x7f\xf0\0\0\0\0\0\0\x01\0"),
	  "\"type\":\"CLIENT_QUOTA_RECORD\",\"version\":0,"
	  "\"data\":{\"entity\":[],\"key\":\"k\",\"value\":\"Infinity\",\"remove\":true}}\n" },
	/* a tagged field that holds its default is left out, another is not */
	{ BYTES("\x01\x05\x00\0\0\0\x03" ID "\x02\x00\x05\x02\0\0\0\x01\x01\x04\xff\xff\xff\xfe"),
	  "\"type\":\"PARTITION_CHANGE_RECORD\",\"version\":0,"
	  "\"data\":{\"partitionId\":3,\"topicId\":\"AAAAAAAAAAAAAAAAAAAACQ\",\"isr\":[1]}}\n" },
	{ BYTES("\x01\x14\x00\x02\x07\x02hi\x08\x00"),
	  "\"type\":\"NO_OP_RECORD\",\"version\":0,\"data\":{},"
	  "\"unknownTags\":[{\"tag\":7,\"value\":\"aGk=\"},{\"tag\":8,\"value\":\"\"}]}\n" },
	{ BYTES("\x01\x8f\x4e\x00"),
	  "\"type\":\"UNKNOWN(9999)\",\"version\":0,"
	  "\"error\":\"unknown record type 9999\",\"code\":\"unknown-record\",\"value\":\"AY9OAA==\"}\n" },
	{ BYTES("\x01"),
	  "\"type\":null,\"version\":null,\"error\":\"the record type cannot be read\",\"code\":\"bad-frame\",\"value\":\"AQ==\"}\n" },
	{ BYTES("\x01\x02\x4d"),
	  "\"type\":\"TOPIC_RECORD\",\"version\":77,"
	  "\"error\":\"unknown version 77 of TOPIC_RECORD\",\"code\":\"unknown-version\",\"value\":\"AQJN\"}\n" },
	{ { NULL, 0 },
	  "\"type\":null,\"version\":null,\"error\":\"the record has no value\",\"code\":\"no-value\",\"value\":null}\n" },
};
/* clang-format on */

ROWS(json, line, lines)
ParameterizedTest(const size_t *row, json, line, .timeout = 10)
{
	struct printed p;
	char wanted[1000];

	printed_value(&p, lines[*row].value);
	snprintf(wanted, sizeof(wanted), "{\"offset\":7,\"timestamp\":1730000000000,\"epoch\":1,%s",
	         lines[*row].line);
	kmeta_json(&p.out, &p.line, 0);
	printed_is(&p, wanted);
	printed_release(&p);
}

Test(json, with_its_batch, .timeout = 10)
{
	struct printed p;

	printed_init(&p, &(struct batch_plan){ .base_offset = 7, .last_offset_delta = 2 },
	             &(struct record_plan){ .value = BYTES("\x01\x14\x00\0"),
	                                    .key = BYTES("key"),
	                                    .headers = BYTES("\x04\x02h\x04vv\x02\"\x01") });
	kmeta_json(&p.out, &p.line, KMETA_SHOW_BATCH);
	printed_is(&p, "{\"offset\":7,\"timestamp\":1730000000000,\"epoch\":1,"
	               "\"type\":\"NO_OP_RECORD\",\"version\":0,"
	               "\"batch\":{\"file\":\"dir/made.log\",\"position\":128,\"size\":83,"
	               "\"baseOffset\":7,\"lastOffset\":9,\"count\":1,\"codec\":\"none\","
	               "\"crc\":51966,\"valid\":true,\"magic\":2,\"partitionLeaderEpoch\":1,"
	               "\"maxTimestamp\":1730000000005,\"isControl\":false,"
	               "\"isTransactional\":false,\"producerId\":-1,\"producerEpoch\":-1,"
	               "\"baseSequence\":-1,\"lastSequence\":-1},\"key\":\"a2V5\","
	               "\"headers\":[{\"key\":\"h\",\"value\":\"dnY=\"},"
	               "{\"key\":\"\\\"\",\"value\":null}],\"data\":{}}\n");
	printed_release(&p);
}

/* Arrays are written by hundreds: none is lost where one piece ends. */
Test(json, long_arrays, .timeout = 10)
{
	static const size_t counts[] = { 511, 512, 513, 1024, 5000 };

	for (size_t i = 0; i < COUNT(counts); i++) {
		struct made m = { 0 };
		struct printed p;
		json_t *object, *replicas;

		put_head(&m, 3, 0);
		put_number(&m, 0, 4);
		put(&m, ID, 16);
		put_uvarint(&m, counts[i] + 1);
		for (size_t n = 0; n < counts[i]; n++)
			put_number(&m, (int64_t)n * 1000 - 300000, 4);
		put_all(&m, BYTES("\x01\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0"));
		printed_value(&p, made_bytes(&m));
		cr_assert_not_null(p.line.fields, "%s", p.why.message);
		kmeta_json(&p.out, &p.line, 0);
		object = parse(&p.out);
		replicas = json_object_get(json_object_get(object, "data"), "replicas");
		cr_assert_eq(json_array_size(replicas), counts[i]);
		for (size_t n = 0; n < counts[i]; n++)
			cr_assert_eq(json_integer_value(json_array_get(replicas, n)),
			             (json_int_t)n * 1000 - 300000);
		json_decref(object);
		printed_release(&p);
		made_release(&m);
	}
}

/* ---- secrets ---- */

/* Names of configs, and whether their values are secret. */
/* clang-format off */
static const struct {
	const char *name;
	bool hidden;
} configs[] = {
	{ "ssl.key.password", true }, { "ssl.keystore.password", true }, { "ssl.truststore.password", true },
	{ "listener.name.external.ssl.keystore.password", true }, { "sasl.jaas.config", true },
	{ "listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config", true }, { "ssl.keystore.key", true },
	{ "ssl.keystore.certificate.chain", true }, { "ssl.truststore.certificates", true },
	{ "delegation.token.secret.key", true }, { "password.encoder.secret", true },
	{ "SSL.KEY.PASSWORD", true }, { "my.plugin.api.key", true }, { "aws.access.key.id", true },
	{ "sasl.oauthbearer.client.credentials.client.secret", true },
	{ "retention.ms", false }, { "cleanup.policy", false }, { "min.insync.replicas", false },
	{ "password.encoder.cipher.algorithm", false }, { "my.credentials.provider.class", false },
	{ "ssl.keystore.location", false }, { "ssl.keystore.type", false }, { "max.message.bytes", false },
	{ "leader.replication.throttled.replicas", false }, { "interval.ms", false }, { "k", false },
};
/* clang-format on */

ROWS(secrets, config, configs)
ParameterizedTest(const size_t *row, secrets, config, .timeout = 10)
{
	const char *name = configs[*row].name;
	struct made m = { 0 };
	struct printed p;

	put_head(&m, 4, 0);
	put_all(&m, BYTES("\x04\x02"
	                  "1"));
	put_compact(&m, (struct kmeta_bytes){ (const uint8_t *)name, strlen(name) });
	put_compact(&m, BYTES("hunter2"));
	put_byte(&m, 0);
	printed_value(&p, made_bytes(&m));
	kmeta_json(&p.out, &p.line, KMETA_SHOW_BATCH);
	cr_expect_eq(printed_has(&p, "hunter2"), !configs[*row].hidden, "%s", name);
	cr_expect_eq(printed_has(&p, "\"value\":\"[hidden]\""), configs[*row].hidden, "%s", name);
	json_decref(parse(&p.out));
	p.out.size = 0;
	kmeta_json(&p.out, &p.line, KMETA_SHOW_SECRETS);
	cr_expect(printed_has(&p, "\"value\":\"hunter2\""), "%s", name);
	printed_release(&p);
	made_release(&m);
}

/* Records of credentials: secret bytes, in base64, never appear, decoded or not. */
/* clang-format off */
static const struct {
	const char *name;
	struct kmeta_bytes value;
	const char *secret; /* NULL: nothing in it is */
} credentials[] = {
	{ "scram", BYTES("\x01\x0b\x00\x02u\x01\x07hunter\x07hunter\x07hunter\0\0\x10\0\0"), "aHVudGVy" },
	{ "scram of 3.0", BYTES("\x01\x0b\x00\x02u\x02\x01\x07hunter\x07hunter\0\0\x10\0\0\0"), "aHVudGVy" },
	{ "scram cut", BYTES("\x01\x0b\x00\x02u\x01\x07hunter\x07hunter"), "hunter" },
	{ "scram of an unknown version", BYTES("\x01\x0b\x09hunter"), "AQsJaHVudGVy" },
	{ "config cut", BYTES("\x01\x04\x00\x04\x01\x11ssl.key.password\x09hunter"), "aHVudGVy" },
	{ "delegation token cut", BYTES("\x01\x0a\x00\x07hunter\x50"), "AQoAB2h1bnRlclA=" },
	{ "topic cut", BYTES("\x01\x02\x00\x50hunter"), NULL },
};
/* clang-format on */

ROWS(secrets, credential, credentials)
ParameterizedTest(const size_t *row, secrets, credential, .timeout = 10)
{
	const char *secret = credentials[*row].secret;
	struct printed p;

	printed_value(&p, credentials[*row].value);
	kmeta_json(&p.out, &p.line, KMETA_SHOW_BATCH);
	cr_expect_eq(printed_has(&p, "\"[hidden]\""), secret != NULL, "%s: %.*s",
	             credentials[*row].name, (int)p.out.size, p.out.at);
	cr_expect(!printed_has(&p, "hunter") && !printed_has(&p, "aHVudGVy"), "%s",
	          credentials[*row].name);
	json_decref(parse(&p.out));
	p.out.size = 0;
	kmeta_json(&p.out, &p.line, KMETA_SHOW_SECRETS);
	cr_expect(!printed_has(&p, "[hidden]"), "%s", credentials[*row].name);
	json_decref(parse(&p.out));
	printed_release(&p);
}

/* Delegation tokens, scram credentials: no other record has fields that are always secret. */
Test(secrets, every_layout, .timeout = 30)
{
	for (int32_t type = 0; type < 64; type++) {
		for (int32_t version = 0; kmeta_schema_find(false, type, version); version++) {
			const struct kmeta_schema *s = kmeta_schema_find(false, type, version);
			bool secret = false;

			for (size_t i = 0; i < s->count; i++)
				secret |= s->fields[i].role == KMETA_ROLE_SECRET;
			cr_expect_eq(secret, type == 10 || type == 11 || type == 26, "%s", s->name);
		}
	}
}

/* ---- arrays of a later release ---- */

/* So far records have arrays of int32 and uuid; the printer knows the other kinds too. */
static const struct {
	uint8_t kind; /* an enum kmeta_kind */
	struct kmeta_bytes elements;
	const char *text;
} arrays[] = {
	{ KMETA_BOOL, BYTES("\0\1"), "[false,true]" },
	{ KMETA_INT8, BYTES("\x80\x7f"), "[-128,127]" },
	{ KMETA_INT16, BYTES("\x80\0\x7f\xff"), "[-32768,32767]" },
	{ KMETA_UINT16, BYTES("\x80\0\0\1"), "[32768,1]" },
	{ KMETA_INT32, BYTES("\x80\0\0\0\0\0\0\7"), "[-2147483648,7]" },
	{ KMETA_UINT32, BYTES("\xff\xff\xff\xff"), "[4294967295]" },
	{ KMETA_INT64, BYTES("\x80\0\0\0\0\0\0\0"), "[-9223372036854775808]" },
	{ KMETA_UUID, BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), "[\"AAAAAAAAAAAAAAAAAAAAAQ\"]" },
	{ KMETA_INT64, BYTES(""), "[]" },
};

ROWS(json, array_of_any_kind, arrays)
ParameterizedTest(const size_t *row, json, array_of_any_kind, .timeout = 10)
{
	const struct kmeta_schema_field field = {
		.name = "list", .kind = arrays[*row].kind, .span = 1, .flags = KMETA_FIELD_ARRAY
	};
	const struct kmeta_schema schema = { .name = "LATER_RECORD", .count = 1, .fields = &field };
	struct kmeta_field value = { .schema = &field,
		                     .span = 1,
		                     .value.bytes = arrays[*row].elements };
	const struct kmeta_fields fields = { .schema = &schema, .at = &value, .count = 1 };
	struct kmeta_buffer out = { 0 };

	kmeta_field_json(&out, &fields, &value, 0);
	kmeta_buffer_add(&out, "", 1);
	cr_assert_not(out.failed);
	cr_expect_str_eq(out.at, arrays[*row].text);
	kmeta_buffer_release(&out);
}
