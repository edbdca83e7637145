/* SPDX-License-Identifier: Apache-2.0 */
/* test_decode.c: every layout in the tables decodes to what was encoded, and nothing else does. */
#include <stdio.h>
#include <string.h>

#include <kmeta.h>

#include "record/decode.h"
#include "record/encode.h"

#include "rows.h"
#include "values.h"

/* ---- every layout ---- */

/* All layouts of all records, one after another; NULL at the end. */
static const struct kmeta_schema *layout(size_t n)
{
	for (int control = 0; control < 2; control++) {
		const struct schema_type *types = control ? schema_control : schema_metadata;
		const size_t count = control ? schema_control_count : schema_metadata_count;

		for (size_t t = 0; t < count; t++)
			for (size_t v = 0; types[t].name && v < types[t].versions_count; v++)
				for (const struct kmeta_schema *s = types[t].versions[v]; s;
				     s = s->older)
					if (n-- == 0)
						return s;
	}
	return NULL;
}

static const char *describe(const struct value *v)
{
	static char text[200];

	snprintf(text, sizeof(text), "%s version %d of %s, style %d", v->schema->name,
	         v->schema->version, kmeta_release_name(v->schema->first_release), v->style);
	return text;
}

static struct kmeta_dialect dialect_of(const struct kmeta_schema *schema)
{
	struct kmeta_dialect dialect;

	cr_assert(kmeta_dialect_init(&dialect, kmeta_release_name(schema->last_release)));
	return dialect;
}

static bool same_bytes(struct kmeta_bytes a, struct kmeta_bytes b)
{
	return a.size == b.size && (!a.size || !memcmp(a.data, b.data, a.size));
}

static bool same_value(const struct kmeta_field *a, const struct kmeta_field *b)
{
	const struct kmeta_schema_field *f = a->schema;
	const bool array = is_array(f) && !(a->flags & KMETA_VALUE_ELEMENT);

	if (a->flags & KMETA_VALUE_NULL)
		return !b->value.bytes.data && !b->value.bytes.size;
	if (array ? value_sizes[f->kind] != 0 : f->kind >= KMETA_UUID && f->kind <= KMETA_BYTES)
		return same_bytes(a->value.bytes, b->value.bytes);
	if (!array && f->kind == KMETA_FLOAT64)
		return !memcmp(&a->value.real, &b->value.real, sizeof(double));
	return (f->kind == KMETA_STRUCT && !array) || a->value.integer == b->value.integer;
}

static void expect_fields(const struct value *v, const struct kmeta_fields *fields)
{
	cr_assert_eq(fields->count, v->count, "%s: %zu fields, not %zu", describe(v), fields->count,
	             v->count);
	for (size_t i = 0; i < v->count; i++) {
		const struct kmeta_field *want = &v->at[i], *got = &fields->at[i];

		cr_assert_eq(got->schema, want->schema, "%s: %s, not %s", describe(v),
		             got->schema->name, want->schema->name);
		cr_assert(got->at == want->at && got->size == want->size,
		          "%s: %s at %u+%u, not %u+%u", describe(v), want->schema->name, got->at,
		          got->size, want->at, want->size);
		cr_assert(got->span == want->span && got->flags == want->flags,
		          "%s: %s has span %u, flags %u", describe(v), want->schema->name,
		          got->span, got->flags);
		cr_assert(same_value(want, got), "%s: value of %s", describe(v),
		          want->schema->name);
	}
	cr_assert_eq(fields->unknown_count, v->unknown_count, "%s", describe(v));
	for (size_t i = 0; i < fields->unknown_count; i++) {
		const uint32_t tag = fields->unknown[i].tag;

		cr_assert_eq(tag, v->unknown_tags[i], "%s", describe(v));
		cr_assert(same_bytes(fields->unknown[i].value,
		                     (struct kmeta_bytes){ (const uint8_t *)"abc", tag % 3 }),
		          "%s", describe(v));
	}
}

/* Encodes, decodes by the layout's own release, compares; then cuts it and adds to it. */
static void expect_round_trip(struct value *v, struct kmeta_fields *fields, bool damage)
{
	struct kmeta_dialect dialect = dialect_of(v->schema);
	struct kmeta_finding why = { 0 };
	struct made m = { 0 };
	struct kmeta_record record;

	value_write(v, &m);
	record = value_record(v->schema, &m);
	cr_assert_eq(kmeta_decode(&dialect, &record, fields, &why), KMETA_OK, "%s: %s", describe(v),
	             why.message);
	cr_assert_eq(fields->schema, v->schema, "%s", describe(v));
	expect_fields(v, fields);
	for (size_t size = 0; damage && size < m.size; size++) {
		struct made cut = { .at = malloc(size + !size), .size = size };

		memcpy(cut.at, m.at, size);
		record = value_record(v->schema, &cut);
		dialect = dialect_of(v->schema);
		cr_assert_eq(kmeta_decode(&dialect, &record, fields, &why), KMETA_DAMAGED,
		             "%s, %zu bytes", describe(v), size);
		free(cut.at);
	}
	put_byte(&m, 0);
	record = value_record(v->schema, &m);
	dialect = dialect_of(v->schema);
	cr_assert_eq(kmeta_decode(&dialect, &record, fields, &why), KMETA_DAMAGED, "%s",
	             describe(v));
	cr_assert_eq(why.code, KMETA_TRAILING_BYTES, "%s: %s", describe(v), why.message);
	cr_assert_eq(why.size, 1);
	cr_assert_eq(why.position, record.value_position + (int64_t)m.size - 1, "%s", describe(v));
	made_release(&m);
}

/* Loops, not rows: a process for each of the thousands would take minutes. */
Test(decode, every_layout, .timeout = 60)
{
	struct kmeta_fields fields = { 0 };
	size_t n = 0;

	for (const struct kmeta_schema *schema; (schema = layout(n)) != NULL; n++) {
		for (uint32_t seed = 0; seed < 40; seed++) {
			struct value *v =
				value_new(schema, seed < 3 ? (enum style)seed : STYLE_RANDOM, seed);

			v->unsorted = seed & 1;
			v->unknown = seed & 2 && schema->flexible;
			expect_round_trip(v, &fields, seed < 6);
			free(v);
		}
	}
	cr_expect_geq(n, 67);
	kmeta_fields_release(&fields);
}

/* Without a release told, the newest layout of each version, and all of 2.8 by their frame. */
Test(decode, told_from_the_stream, .timeout = 60)
{
	struct kmeta_fields fields = { 0 };

	for (size_t n = 0; layout(n); n++) {
		const struct kmeta_schema *schema = layout(n);
		const bool newest =
			kmeta_schema_find(schema->control, schema->type, schema->version) == schema;

		if (!newest && (schema->control || !is_early(schema)))
			continue;
		for (uint32_t seed = 0; seed < 20; seed++) {
			struct value *v = value_new(schema, STYLE_RANDOM, seed);
			struct kmeta_dialect dialect;
			struct kmeta_finding why;
			struct made m = { 0 };
			struct kmeta_record record;

			value_write(v, &m);
			record = value_record(schema, &m);
			cr_assert(kmeta_dialect_init(&dialect, NULL));
			cr_assert_eq(kmeta_decode(&dialect, &record, &fields, &why), KMETA_OK, "%s",
			             describe(v));
			cr_assert_eq(fields.schema, schema, "%s", describe(v));
			expect_fields(v, &fields);
			made_release(&m);
			free(v);
		}
	}
	kmeta_fields_release(&fields);
}

static bool holds_bytes(const struct kmeta_field *f)
{
	if (is_array(f->schema) && !(f->flags & KMETA_VALUE_ELEMENT))
		return value_sizes[f->schema->kind] != 0;
	return f->schema->kind >= KMETA_UUID && f->schema->kind <= KMETA_BYTES;
}

/* Any byte of any record may be wrong: an answer, and every span inside its parent and the value;
 * of what could not be decoded too, as far as it is told. */
static void expect_spans(const struct kmeta_fields *fields, size_t from, size_t end, size_t size)
{
	for (size_t i = from; i < end; i += fields->at[i].span) {
		const struct kmeta_field *f = &fields->at[i];

		cr_assert(f->span >= 1 && i + f->span <= end);
		cr_assert(f->at <= size && f->size <= size - f->at);
		cr_assert(!holds_bytes(f) || f->value.bytes.data || !f->value.bytes.size);
		expect_spans(fields, i + 1, i + f->span, size);
	}
}

Test(decode, any_byte_changed, .timeout = 120)
{
	struct kmeta_fields fields = { 0 };

	for (size_t n = 0; layout(n); n++) {
		struct value *v = value_new(layout(n), STYLE_HIGHEST, (uint32_t)n);
		struct made m = { 0 };

		value_write(v, &m);
		for (size_t i = 0; i < m.size; i++) {
			static const uint8_t changes[] = { 1, 0x80, 0xff, 0x7f };

			for (size_t c = 0; c < COUNT(changes); c++) {
				struct kmeta_dialect dialect;
				struct kmeta_finding why;
				struct kmeta_record record;

				m.at[i] ^= changes[c];
				record = value_record(v->schema, &m);
				cr_assert(kmeta_dialect_init(&dialect, NULL));
				cr_assert_neq(kmeta_decode(&dialect, &record, &fields, &why),
				              KMETA_FAILED);
				expect_spans(&fields, 0, fields.count, m.size);
				m.at[i] ^= changes[c];
			}
		}
		made_release(&m);
		free(v);
	}
	kmeta_fields_release(&fields);
}

/* ---- heads and bodies by hand ---- */

#define ID       "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x09"
#define ID_LATER "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0a"

/* clang-format off */
static const struct {
	const char *name;
	struct kmeta_bytes value;
	enum kmeta_code code;
	const char *message;
	int64_t at; /* of the finding in the value */
} damages[] = {
	{ "no value", { NULL, 0 }, KMETA_NO_VALUE, "the record has no value", -1 },
	{ "empty", BYTES(""), KMETA_NO_VALUE, "the record has an empty value", 0 },
	{ "frame alone", BYTES("\x01"), KMETA_BAD_FRAME, "the record type cannot be read", 0 },
	{ "frame cut", BYTES("\x81"), KMETA_BAD_FRAME, "the frame version cannot be read", 0 },
	{ "frame too large", BYTES("\x80\x80\x02\x02\x00"), KMETA_BAD_FRAME, "the frame version cannot be read", 0 },
	{ "type does not end", BYTES("\x01\x80\x80\x80\x80\x80\x80\x01\x00"), KMETA_BAD_FRAME,
	  "the record type cannot be read", 0 },
	{ "type too large", BYTES("\x01\x80\x80\x02\x00\x00"), KMETA_BAD_FRAME, "the record type cannot be read", 0 },
	{ "no version", BYTES("\x01\x02"), KMETA_BAD_FRAME, "the record version cannot be read", 0 },
	{ "version too large", BYTES("\x01\x02\xff\xff\xff\xff\x0f"), KMETA_BAD_FRAME,
	  "the record version cannot be read", 0 },
	{ "frame 2", BYTES("\x02\x02\x00"), KMETA_UNKNOWN_FRAME, "frame version 2", 0 },
	{ "type unknown", BYTES("\x01\x8f\x4e\x00"), KMETA_UNKNOWN_RECORD, "unknown record type 9999", 4 },
	{ "type that was never used", BYTES("\x01\x0d\x00"), KMETA_UNKNOWN_RECORD, "unknown record type 13", 3 },
	{ "version unknown", BYTES("\x01\x02\x4d"), KMETA_UNKNOWN_VERSION, "unknown version 77 of TOPIC_RECORD", 3 },
	{ "version too new, the newest layout fits", BYTES("\x01\x14\x09\x00"), KMETA_LATER_VERSION,
	  "unknown version 9 of NO_OP_RECORD; its newest layout fits", 3 },
	{ "version too new, with elements", BYTES("\x01\x0e\x09\x01\x02" "a" "\0\0\0\0\0\0\0\0\0\0"),
	  KMETA_UNKNOWN_VERSION, "unknown version 9 of CLIENT_QUOTA_RECORD", 3 },
	{ "type that 2.8 did not have", BYTES("\x00\x14\x00\x00"), KMETA_UNKNOWN_VERSION,
	  "unknown version 0 of NO_OP_RECORD in frame version 0", 3 },
	{ "string past the end", BYTES("\x01\x02\x00\x09" "abc"), KMETA_BAD_FIELD,
	  "TOPIC_RECORD version 0: name: it ends inside a field", 4 },
	{ "string null", BYTES("\x01\x02\x00\x00" ID "\0"), KMETA_BAD_FIELD,
	  "name: null where there must be a value", 4 },
	{ "uuid cut", BYTES("\x01\x02\x00\x02" "a" "\0\0\0"), KMETA_BAD_FIELD, "topicId: it ends inside a field", 5 },
	{ "no tags", BYTES("\x01\x02\x00\x02" "a" ID), KMETA_BAD_FIELD, "it ends inside a field", 21 },
	{ "more tags than bytes", BYTES("\x01\x02\x00\x02" "a" ID "\x05"), KMETA_BAD_FIELD,
	  "more tagged fields than can be", 22 },
	{ "tag past the end", BYTES("\x01\x02\x00\x02" "a" ID "\x01\x07\x05" "abc"), KMETA_BAD_FIELD,
	  "a tagged field longer than what is left", 24 },
	{ "tag number does not end", BYTES("\x01\x02\x00\x02" "a" ID "\x01\xff\xff\xff\xff\xff\xff"), KMETA_BAD_FIELD,
	  "a variable-length number does not end", 27 },
	{ "bytes after it", BYTES("\x01\x02\x00\x02" "a" ID "\x00\xde\xad"), KMETA_TRAILING_BYTES,
	  "TOPIC_RECORD version 0: 2 bytes after its last field", 22 },
	{ "array past the end", BYTES("\x01\x03\x00\0\0\0\0" ID "\xff\xff\xff\xff\x07\0\0"), KMETA_BAD_FIELD,
	  "replicas: an array longer than what is left", 28 },
	{ "array null", BYTES("\x01\x03\x00\0\0\0\0" ID "\x00"), KMETA_BAD_FIELD,
	  "replicas: null where there must be a value", 24 },
	{ "structs past the end", BYTES("\x01\x0e\x00\x09\x02" "k"), KMETA_BAD_FIELD,
	  "entity: an array longer than what is left", 4 },
	{ "tagged field shorter than its size",
	  BYTES("\x01\x05\x00\0\0\0\0" ID "\x01\x01\x05\0\0\0\x01\0"), KMETA_BAD_FIELD,
	  "leader: a tagged field shorter than its size", 30 },
	{ "tagged field longer than its size", BYTES("\x01\x05\x00\0\0\0\0" ID "\x01\x01\x03\0\0\0\x01"),
	  KMETA_BAD_FIELD, "leader: it ends inside a field", 26 },
};
/* clang-format on */

ROWS(decode, damage, damages)
ParameterizedTest(const size_t *row, decode, damage, .timeout = 10)
{
	const struct kmeta_bytes value = damages[*row].value;
	struct made m = { .at = malloc(value.size + 1), .size = value.size };
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why = { 0 };
	struct kmeta_dialect dialect;
	struct kmeta_record record;

	if (value.data)
		memcpy(m.at, value.data, value.size);
	else
		made_release(&m);
	record = value_record(layout(0), &m);
	record.offset = 33;
	if (!value.data)
		record.value_position = -1;
	cr_assert(kmeta_dialect_init(&dialect, NULL));
	cr_expect_eq(kmeta_decode(&dialect, &record, &fields, &why), KMETA_DAMAGED);
	cr_expect_eq(why.code, damages[*row].code, "%s: %s", damages[*row].name, why.message);
	cr_expect(strstr(why.message, damages[*row].message), "%s: %s", damages[*row].name,
	          why.message);
	cr_expect_eq(why.offset, 33);
	cr_expect_eq(why.position,
	             value.data ? record.value_position + damages[*row].at : record.position,
	             "%s: at %lld", damages[*row].name,
	             (long long)(why.position - record.value_position));
	kmeta_fields_release(&fields);
	made_release(&m);
}

/* clang-format off */
static const struct {
	const char *name;
	struct kmeta_bytes key, value;
	enum kmeta_code code; /* KMETA_SOUND: it decodes */
	const char *message;
} controls[] = {
	{ "leader change", BYTES("\0\0\0\x02"), BYTES("\0\0\0\0\0\x01\x01\x01\0"), KMETA_SOUND, "" },
	{ "longer key of a later version", BYTES("\0\x01\0\x04more"), BYTES("\0\0\0"), KMETA_SOUND, "" },
	{ "no key", { NULL, 0 }, BYTES("\0\0\0"), KMETA_BAD_CONTROL_KEY,
	  "the control record's key has 0 bytes, not 4" },
	{ "short key", BYTES("\0\0\0"), BYTES("\0\0\0"), KMETA_BAD_CONTROL_KEY,
	  "the control record's key has 3 bytes, not 4" },
	{ "no value", BYTES("\0\0\0\x04"), { NULL, 0 }, KMETA_BAD_FIELD,
	  "SNAPSHOT_FOOTER: the control record has no value" },
	{ "no value of what no release knows", BYTES("\0\0\0\x63"), { NULL, 0 }, KMETA_BAD_FIELD,
	  "unknown type: the control record has no value" },
	{ "short value", BYTES("\0\0\0\x04"), BYTES("\0"), KMETA_BAD_FIELD,
	  "SNAPSHOT_FOOTER: the control record has no value" },
	{ "value cut", BYTES("\0\0\0\x02"), BYTES("\0\0\0"), KMETA_BAD_FIELD,
	  "LEADER_CHANGE version 0: leaderId: it ends inside a field" },
	{ "unknown type", BYTES("\0\0\0\x63"), BYTES("\0\0\0"), KMETA_UNKNOWN_RECORD, "unknown control type 99" },
	{ "unknown version", BYTES("\0\0\0\x04"), BYTES("\0\x05\0"), KMETA_UNKNOWN_VERSION,
	  "unknown version 5 of SNAPSHOT_FOOTER" },
	{ "negative version", BYTES("\0\0\0\x04"), BYTES("\xff\xff\0"), KMETA_UNKNOWN_VERSION,
	  "unknown version -1 of SNAPSHOT_FOOTER" },
};
/* clang-format on */

ROWS(decode, control, controls)
ParameterizedTest(const size_t *row, decode, control, .timeout = 10)
{
	struct made records = { 0 };
	struct kmeta_batch batch = { .file = "made",
		                     .count = 1,
		                     .attributes = KMETA_BATCH_CONTROL };
	struct kmeta_cursor cursor = { 0 };
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why = { 0 };
	struct kmeta_dialect dialect;
	struct kmeta_record record;

	put_record(&records, &(struct record_plan){ .key = controls[*row].key,
	                                            .value = controls[*row].value });
	batch.records = made_bytes(&records);
	cr_assert(kmeta_dialect_init(&dialect, NULL));
	cr_assert_eq(kmeta_batch_next(&batch, &cursor, &record, &why), KMETA_OK);
	cr_expect_eq(kmeta_decode(&dialect, &record, &fields, &why),
	             controls[*row].code ? KMETA_DAMAGED : KMETA_OK, "%s: %s", controls[*row].name,
	             why.message);
	cr_expect_eq(why.code, controls[*row].code, "%s: %s", controls[*row].name, why.message);
	cr_expect_str_eq(why.message, controls[*row].message, "%s: %s", controls[*row].name,
	                 why.message);
	kmeta_fields_release(&fields);
	made_release(&records);
}

/* ---- tags ---- */

static enum kmeta_status decode_bytes(struct kmeta_bytes value, struct kmeta_fields *fields)
{
	struct made m = { 0 };
	struct kmeta_dialect dialect;
	struct kmeta_finding why;
	struct kmeta_record record;

	put_all(&m, value);
	record = value_record(layout(0), &m);
	record.value = value;
	made_release(&m);
	cr_assert(kmeta_dialect_init(&dialect, NULL));
	return kmeta_decode(&dialect, &record, fields, &why);
}

/* PARTITION_CHANGE_RECORD with a leader and an isr, each twice: to Kafka the last one counts. */
Test(tags, repeated, .timeout = 10)
{
	const struct kmeta_bytes value = BYTES("\x01\x05\x00\0\0\0\x03" ID "\x04"
	                                       "\x01\x04\0\0\0\x05"
	                                       "\x00\x09\x03\0\0\0\x01\0\0\0\x02"
	                                       "\x00\x01\x00"
	                                       "\x01\x04\0\0\0\x06");
	struct kmeta_fields fields = { 0 };

	cr_assert_eq(decode_bytes(value, &fields), KMETA_OK);
	cr_assert_eq(fields.count, 4);
	cr_expect_str_eq(fields.at[2].schema->name, "isr");
	cr_expect_eq(fields.at[2].flags, KMETA_VALUE_NULL | KMETA_VALUE_DEFAULT);
	cr_expect_str_eq(fields.at[3].schema->name, "leader");
	cr_expect_eq(fields.at[3].value.integer, 6);
	cr_expect_eq(kmeta_fields_find(&fields, "leader"), &fields.at[3]);
	cr_expect_null(kmeta_fields_find(&fields, "replicas"));
	kmeta_fields_release(&fields);
}

/* No more tags than Kafka takes, and no memory for what a hostile count promises. */
Test(tags, many, .timeout = 10)
{
	static const size_t counts[] = { 9999, 10000, 10001, 1 << 20 };

	for (size_t i = 0; i < COUNT(counts); i++) {
		struct kmeta_fields fields = { 0 };
		struct made m = { 0 };

		put_head(&m, 2, 0);
		put_compact(&m, BYTES("name"));
		put_all(&m, BYTES(ID));
		put_uvarint(&m, counts[i]);
		for (size_t t = 0; t < counts[i]; t++)
			put_all(&m, BYTES("\x64\x00"));
		cr_expect_eq(decode_bytes(made_bytes(&m), &fields),
		             counts[i] <= 10000 ? KMETA_OK : KMETA_DAMAGED, "%zu", counts[i]);
		cr_expect_leq(fields.unknown_capacity, 16384);
		kmeta_fields_release(&fields);
		made_release(&m);
	}
}

/* A hostile record of a million elements ends in a finding, not in gigabytes. */
/*
 * Fields as a later release may have them, each tagged and each of another kind. No layout so far
 * has a tagged string whose default is not null.
 */
static const struct kmeta_schema_field tagged[] = {
	{ .name = "text", .kind = KMETA_STRING, .span = 1, .flags = KMETA_FIELD_TAGGED },
	{ .name = "bytes", .kind = KMETA_BYTES, .span = 1, .flags = KMETA_FIELD_TAGGED, .tag = 1 },
	{ .name = "none",
	  .kind = KMETA_STRING,
	  .span = 1,
	  .flags = KMETA_FIELD_TAGGED | KMETA_FIELD_NULLABLE | KMETA_FIELD_DEFAULT_NULL,
	  .tag = 2 },
	{ .name = "number",
	  .kind = KMETA_INT32,
	  .span = 1,
	  .flags = KMETA_FIELD_TAGGED,
	  .tag = 3,
	  .default_value = -1 },
	{ .name = "list",
	  .kind = KMETA_INT32,
	  .span = 1,
	  .flags = KMETA_FIELD_TAGGED | KMETA_FIELD_ARRAY,
	  .tag = 4 },
	{ .name = "texts",
	  .kind = KMETA_STRING,
	  .span = 1,
	  .flags = KMETA_FIELD_TAGGED | KMETA_FIELD_ARRAY,
	  .tag = 5 },
	{ .name = "maybe",
	  .kind = KMETA_STRING,
	  .span = 1,
	  .flags = KMETA_FIELD_TAGGED | KMETA_FIELD_NULLABLE,
	  .tag = 6 },
};

static const struct kmeta_schema tagged_schema = {
	.name = "LATER_RECORD", .flexible = true, .count = COUNT(tagged), .fields = tagged
};

/* Its tag section, and whether that tag holds the default of its field. */
static const struct {
	struct kmeta_bytes value;
	bool is_default;
} written[] = {
	{ BYTES("\1\0\0\1\0\1\1"), true },
	{ BYTES("\1\0\0\1\0\2\2a"), false },
	{ BYTES("\1\0\0\1\1\1\1"), true },
	{ BYTES("\1\0\0\1\1\2\2a"), false },
	{ BYTES("\1\0\0\1\2\1\0"), true },
	{ BYTES("\1\0\0\1\2\1\1"), false },
	{ BYTES("\1\0\0\1\3\4\xff\xff\xff\xff"), true },
	{ BYTES("\1\0\0\1\3\4\0\0\0\0"), false },
	{ BYTES("\1\0\0\1\4\1\1"), true },
	{ BYTES("\1\0\0\1\4\5\2\0\0\0\1"), false },
	{ BYTES("\1\0\0\1\5\1\1"), true },
	{ BYTES("\1\0\0\1\5\2\2\1"), false },
	{ BYTES("\1\0\0\1\6\1\1"), true },
	{ BYTES("\1\0\0\1\6\1\0"), false },
};

/* A default is marked where it was written, and left out when the record is written again. */
ROWS(tags, defaults, written)
ParameterizedTest(const size_t *row, tags, defaults, .timeout = 10)
{
	static const struct kmeta_bytes nothing = BYTES("\1\0\0\0");
	const struct kmeta_bytes value = written[*row].value;
	const struct kmeta_bytes again = written[*row].is_default ? nothing : value;
	struct kmeta_fields fields = { 0 };
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why = { 0 };

	cr_assert_eq(encode_reread(&tagged_schema, value, &fields, &why), KMETA_OK, "%s",
	             why.message);
	cr_assert_geq(fields.count, 1);
	cr_expect_eq(fields.at[0].schema, &tagged[value.data[4]]);
	cr_expect_eq(!!(fields.at[0].flags & KMETA_VALUE_DEFAULT), written[*row].is_default);
	cr_expect_eq(!!(fields.irregular & KMETA_IRREGULAR_DEFAULT), written[*row].is_default);
	encode_fields(&out, &tagged_schema, &fields);
	cr_assert_not(out.failed);
	cr_expect(same_bytes((struct kmeta_bytes){ (uint8_t *)out.at, out.size }, again));
	kmeta_buffer_release(&out);
	kmeta_fields_release(&fields);
}

/* A layout that has more than what was read writes defaults: a struct, arrays, null and not. */
Test(encode, what_a_later_layout_adds, .timeout = 10)
{
	static const struct kmeta_schema_field later[] = {
		{ .name = "inside", .kind = KMETA_STRUCT, .span = 3 },
		{ .name = "number", .kind = KMETA_INT16, .span = 1, .depth = 1 },
		{ .name = "text", .kind = KMETA_STRING, .span = 1, .depth = 1 },
		{ .name = "list", .kind = KMETA_INT32, .span = 1, .flags = KMETA_FIELD_ARRAY },
		{ .name = "maybe",
		  .kind = KMETA_INT32,
		  .span = 1,
		  .flags = KMETA_FIELD_ARRAY | KMETA_FIELD_NULLABLE },
		{ .name = "id", .kind = KMETA_UUID, .span = 1 },
	};
	static const struct kmeta_schema schema = {
		.name = "LATER_RECORD", .flexible = true, .count = COUNT(later), .fields = later
	};
	static const struct kmeta_bytes wanted = BYTES("\1\0\0"   /* frame, type, version */
	                                               "\0\0\1\0" /* the struct and its tags */
	                                               "\1\0"
	                                               "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	                                               "\0");
	struct kmeta_fields fields = { 0 };
	struct kmeta_buffer out = { 0 };
	struct kmeta_finding why;

	encode_fields(&out, &schema, &fields);
	cr_expect(same_bytes((struct kmeta_bytes){ (uint8_t *)out.at, out.size }, wanted));
	/* Read, and written again, it is the same. */
	cr_assert_eq(encode_reread(&schema, wanted, &fields, &why), KMETA_OK);
	cr_expect_eq(fields.count, COUNT(later));
	out.size = 0;
	encode_fields(&out, &schema, &fields);
	cr_expect(same_bytes((struct kmeta_bytes){ (uint8_t *)out.at, out.size }, wanted));
	kmeta_buffer_release(&out);
	kmeta_fields_release(&fields);
}

Test(decode, elements_without_end, .timeout = 30)
{
	enum { ELEMENTS = 3000000 };
	struct kmeta_fields fields = { 0 };
	struct made m = { 0 };

	/* CLIENT_QUOTA_RECORD: entities of an empty type and a null name. */
	put_head(&m, 14, 0);
	put_uvarint(&m, ELEMENTS + 1);
	for (int i = 0; i < ELEMENTS; i++)
		put_all(&m, BYTES("\x01\x00\x00"));
	cr_expect_eq(decode_bytes(made_bytes(&m), &fields), KMETA_DAMAGED);
	/* Not more entries than its bytes can hold, twice that for room to grow. */
	cr_expect_leq(fields.capacity, 2 * 3 * (size_t)ELEMENTS);
	/* With its other fields, it is a record like others. */
	put_all(&m, BYTES("\x01\0\0\0\0\0\0\0\0\0\0"));
	cr_expect_eq(decode_bytes(made_bytes(&m), &fields), KMETA_OK);
	cr_expect_gt(fields.count, 3 * (size_t)ELEMENTS);
	kmeta_fields_release(&fields);
	made_release(&m);
}

Test(decode, largest_string, .timeout = 10)
{
	for (size_t size = 32766; size <= 32768; size++) {
		struct kmeta_fields fields = { 0 };
		struct made m = { 0 };

		put_head(&m, 2, 0);
		put_uvarint(&m, size + 1);
		for (size_t i = 0; i < size; i++)
			put_byte(&m, 'x');
		put_all(&m, BYTES(ID "\0"));
		cr_expect_eq(decode_bytes(made_bytes(&m), &fields),
		             size <= 32767 ? KMETA_OK : KMETA_DAMAGED, "%zu", size);
		kmeta_fields_release(&fields);
		made_release(&m);
	}
}

Test(decode, booleans, .timeout = 10)
{
	/* CLIENT_QUOTA_RECORD of no entity, removed: any byte but 0 is true to Kafka. */
	static const char values[] = "\x01\x0e\x00\x01\x02k\x3f\xf8\0\0\0\0\0\0";

	for (int byte = 0; byte < 256; byte++) {
		struct kmeta_fields fields = { 0 };
		struct made m = { 0 };

		put(&m, values, sizeof(values) - 1);
		put_byte(&m, byte);
		put_byte(&m, 0);
		cr_assert_eq(decode_bytes(made_bytes(&m), &fields), KMETA_OK);
		cr_expect_eq(kmeta_fields_find(&fields, "remove")->value.integer, byte != 0);
		cr_expect_eq(kmeta_fields_find(&fields, "value")->value.real, 1.5);
		kmeta_fields_release(&fields);
		made_release(&m);
	}
}
