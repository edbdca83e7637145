/* SPDX-License-Identifier: Apache-2.0 */
/* test_dialect.c: which release's layout a record is read by, by order or by what came before it.
 */
#include <kmeta.h>

#include "record/dialect.h"
#include "record/schema.h"

#include <string.h>

#include "rows.h"
#include "values.h"

/* ---- names of releases and levels ---- */

static const struct {
	const char *asked, *release; /* release NULL: there is none */
} releases[] = {
	{ "2.8", "2.8.2" },   { "2.8.2", "2.8.2" }, { "2.8.0", "2.8.2" }, { "3.2", "3.2.3" },
	{ "3.2.0", "3.2.3" }, { "3.2.3", "3.2.3" }, { "3.9", "3.9.2" },   { "3", "3.9.2" },
	{ "4.3", "4.3.1" },   { "4.3.1", "4.3.1" }, { "2.7", NULL },      { "2.9", NULL },
	{ "32", NULL },       { "9.9", NULL },      { "", NULL },         { "3.", NULL },
	{ ".2", NULL },       { "three", NULL },    { "AUTO", NULL },     { "3.2x", NULL },
	{ "3.2.x", NULL },    { "v3.2", NULL },     { "-3.2", NULL },     { " 3.2", NULL },
};

ROWS(dialect, release, releases)
ParameterizedTest(const size_t *row, dialect, release, .timeout = 10)
{
	const char *release = releases[*row].release;
	struct kmeta_dialect dialect = { .release = -7 };

	cr_expect_eq(kmeta_dialect_init(&dialect, releases[*row].asked), release != NULL, "'%s'",
	             releases[*row].asked);
	if (release)
		cr_expect_str_eq(kmeta_release_name((size_t)dialect.release), release);
	else
		cr_expect_eq(dialect.release, -7, "'%s' changed the dialect", releases[*row].asked);
}

Test(dialect, told_from_the_stream, .timeout = 10)
{
	struct kmeta_dialect a, b;

	cr_assert(kmeta_dialect_init(&a, NULL));
	cr_assert(kmeta_dialect_init(&b, "auto"));
	cr_expect_eq(a.release, -1);
	cr_expect_eq(b.release, -1);
}

Test(dialect, every_release_is_known_by_its_name, .timeout = 10)
{
	size_t count = 0;

	for (; kmeta_release_name(count); count++) {
		struct kmeta_dialect dialect;

		cr_assert(kmeta_dialect_init(&dialect, kmeta_release_name(count)));
		cr_expect_eq(dialect.release, (int)count);
	}
	cr_expect_geq(count, 16);
	cr_expect_str_eq(kmeta_release_name(0), "2.8.2");
	cr_expect_null(kmeta_release_name(count + 1));
	cr_expect_null(kmeta_release_name(SIZE_MAX));
}

static const struct {
	int64_t level;
	const char *name;
} levels[] = {
	{ 1, "3.0-IV1" },  { 2, "3.1-IV0" },  { 7, "3.3-IV3" },    { 14, "3.6-IV2" },
	{ 21, "3.9-IV0" }, { 25, "4.0-IV3" }, { 30, "4.3-IV0" },   { 0, NULL },
	{ -1, NULL },      { 1000, NULL },    { INT64_MAX, NULL }, { INT64_MIN, NULL },
};

ROWS(dialect, level, levels)
ParameterizedTest(const size_t *row, dialect, level, .timeout = 10)
{
	const char *name = kmeta_metadata_version_name(levels[*row].level);

	if (levels[*row].name)
		cr_expect(name && !strcmp(name, levels[*row].name), "%s", name);
	else
		cr_expect_null(name);
}

/* clang-format off */
static const struct {
	bool control;
	int32_t type;
	const char *name;
} types[] = {
	{ false, 0, "REGISTER_BROKER_RECORD" }, { false, 2, "TOPIC_RECORD" },
	{ false, 5, "PARTITION_CHANGE_RECORD" }, { false, 20, "NO_OP_RECORD" },
	{ false, 13, NULL }, { false, -1, NULL }, { false, 32767, NULL }, { false, INT32_MAX, NULL },
	{ true, 0, "ABORT" }, { true, 1, "COMMIT" }, { true, 2, "LEADER_CHANGE" }, { true, 3, "SNAPSHOT_HEADER" },
	{ true, 4, "SNAPSHOT_FOOTER" }, { true, 5, "KRAFT_VERSION" }, { true, 6, "KRAFT_VOTERS" },
	{ true, 7, NULL }, { true, -1, NULL }, { true, INT32_MIN, NULL },
};
/* clang-format on */

ROWS(dialect, type, types)
ParameterizedTest(const size_t *row, dialect, type, .timeout = 10)
{
	const char *name = kmeta_type_name(types[*row].control, types[*row].type);
	const struct kmeta_schema *schema =
		kmeta_schema_find(types[*row].control, types[*row].type, 0);

	if (types[*row].name) {
		cr_assert(name && schema);
		cr_expect_str_eq(name, types[*row].name);
		cr_expect_str_eq(schema->name, types[*row].name);
		cr_expect_null(kmeta_schema_find(types[*row].control, types[*row].type, -1));
		cr_expect_null(kmeta_schema_find(types[*row].control, types[*row].type, 99));
	} else {
		cr_expect_null(name);
		cr_expect_null(schema);
	}
}

/* ---- the tables themselves ---- */

static void expect_fields(const struct kmeta_schema *schema, size_t from, size_t end,
                          unsigned depth)
{
	for (size_t i = from; i < end; i += schema->fields[i].span) {
		const struct kmeta_schema_field *f = &schema->fields[i];
		const struct schema_key *key = schema_key(f);

		cr_assert(f->depth == depth && f->span >= 1 && i + f->span <= end, "%s.%s",
		          schema->name, f->name);
		cr_assert(key->size == strlen(f->name) + 4 && key->size <= sizeof(key->key));
		cr_assert(!memcmp(key->key, ",\"", 2) &&
		          !memcmp(key->key + 2, f->name, strlen(f->name)));
		cr_assert((f->span > 1) == (f->kind == KMETA_STRUCT));
		cr_assert(schema->flexible || !(f->flags & KMETA_FIELD_TAGGED));
		expect_fields(schema, i + 1, i + f->span, depth + 1);
	}
}

Test(tables, hold_together, .timeout = 10)
{
	for (int32_t type = 0; type < (int32_t)schema_metadata_count; type++) {
		for (int32_t version = 0; kmeta_schema_find(false, type, version); version++) {
			const struct kmeta_schema *s = kmeta_schema_find(false, type, version);
			int candidates = 0;

			for (; s; s = s->older, candidates++) {
				cr_assert(s->type == type && s->version == version && !s->control);
				cr_assert(s->first_release <= s->last_release);
				cr_assert(!s->older || s->older->last_release < s->first_release);
				expect_fields(s, 0, s->count, 0);
			}
			cr_assert_leq(candidates, DIALECT_CANDIDATES);
		}
	}
}

/* ---- one record after another ---- */

/*
 * A USER_SCRAM_CREDENTIAL_RECORD of 3.0 to 3.4, a name and an array, whose bytes 3.5's layout fits
 * as well; and what tells one from the other.
 */
#define EITHER                                    \
	BYTES("\x01\x0b\x00\x02u\x02\x02\x05\x03" \
	      "ab"                                \
	      "\x07\x05pqrs\x00\x00\x10\x00\x00\x00")
#define OLD_SCRAM                             \
	BYTES("\x01\x0b\x00\x02u\x02\x01\x05" \
	      "salt"                          \
	      "\x05pqrs\x00\x00\x10\x00\x00\x00")
#define OLD_FEATURE BYTES("\x01\x0c\x00\x02x\x00\x01\x00\x02\x00")
#define LEVEL_3_9   BYTES("\x01\x0c\x00\x11metadata.version\x00\x15\x00")
#define LEVEL_3_4   BYTES("\x01\x0c\x00\x11metadata.version\x00\x08\x00")
#define LEVEL_3_3   BYTES("\x01\x0c\x00\x11metadata.version\x00\x07\x00")
#define NO_LEVEL    BYTES("\x01\x0c\x00\x0ekraft.version\x00\x15\x00")
#define TOPIC       BYTES("\x01\x02\x00\x02t\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x00")

/* clang-format off */
static const struct {
	const char *name, *release;
	struct kmeta_bytes before[3];
	struct kmeta_bytes value;
	const char *by; /* the first release of the layout that it has to be read by */
} streams[] = {
	{ "the newest that fits", NULL, { { 0 } }, EITHER, "3.5.2" },
	{ "an older one where the newest does not fit", NULL, { { 0 } }, OLD_SCRAM, "3.0.2" },
	{ "after what only an older one fits", NULL, { OLD_FEATURE }, EITHER, "3.0.2" },
	{ "after what both fit", NULL, { EITHER }, EITHER, "3.5.2" },
	{ "after what says nothing", NULL, { TOPIC, NO_LEVEL }, EITHER, "3.5.2" },
	{ "the older scram speaks for itself", NULL, { OLD_SCRAM }, EITHER, "3.0.2" },
	{ "after a level of a newer release", NULL, { LEVEL_3_9 }, EITHER, "3.5.2" },
	{ "an upgrade: older, then a newer level", NULL, { OLD_FEATURE, OLD_SCRAM, LEVEL_3_9 }, EITHER, "3.5.2" },
	{ "an upgrade that only the level tells of", NULL, { OLD_SCRAM, LEVEL_3_9 }, EITHER, "3.5.2" },
	{ "a level that is no upgrade", NULL, { OLD_SCRAM, LEVEL_3_3 }, EITHER, "3.0.2" },
	{ "a level of the very release", NULL, { OLD_SCRAM, LEVEL_3_4 }, EITHER, "3.0.2" },
	{ "the level of another feature", NULL, { OLD_SCRAM, NO_LEVEL }, EITHER, "3.0.2" },
	{ "a level of an older release does not exclude newer ones", NULL, { LEVEL_3_3 }, EITHER, "3.5.2" },
	{ "asked for 3.2", "3.2", { LEVEL_3_9 }, EITHER, "3.0.2" },
	{ "asked for 3.4", "3.4", { { 0 } }, EITHER, "3.0.2" },
	{ "asked for 3.5", "3.5", { OLD_FEATURE }, EITHER, "3.5.2" },
	{ "asked for 4.3, and it does not fit", "4.3", { { 0 } }, OLD_SCRAM, NULL },
	{ "asked for a release that has one layout only", "2.8", { { 0 } }, TOPIC, "3.0.2" },
};
/* clang-format on */

static enum kmeta_status decode(struct kmeta_dialect *dialect, struct kmeta_bytes value,
                                struct kmeta_fields *fields, struct kmeta_finding *why)
{
	const struct made whole = { .at = (uint8_t *)(uintptr_t)value.data, .size = value.size };
	const struct kmeta_record record = value_record(kmeta_schema_find(false, 2, 0), &whole);

	return kmeta_decode(dialect, &record, fields, why);
}

ROWS(dialect, stream, streams)
ParameterizedTest(const size_t *row, dialect, stream, .timeout = 10)
{
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why = { 0 };
	enum kmeta_status status;

	cr_assert(kmeta_dialect_init(&dialect, streams[*row].release));
	for (size_t i = 0; i < 3 && streams[*row].before[i].data; i++) {
		status = decode(&dialect, streams[*row].before[i], &fields, &why);
		cr_expect(status == KMETA_OK || streams[*row].release, "%s: %s", streams[*row].name,
		          why.message);
	}
	status = decode(&dialect, streams[*row].value, &fields, &why);
	cr_assert_eq(status, streams[*row].by ? KMETA_OK : KMETA_DAMAGED, "%s: %s",
	             streams[*row].name, why.message);
	if (streams[*row].by)
		cr_expect_str_eq(kmeta_release_name(fields.schema->first_release), streams[*row].by,
		                 "%s", streams[*row].name);
	kmeta_fields_release(&fields);
}

/* Control type 3 was a leader change in 2.8: told by its length, as it has no version. */
static const struct {
	struct kmeta_bytes value;
	const char *name;
} thirds[] = {
	{ BYTES("\0\0\0\0\0\0\0\0\0\x07\0"), "SNAPSHOT_HEADER" },
	{ BYTES("\0\0\0\x01\x02\0\0\0\x01\0\x01\0"), "LEADER_CHANGE" },
	{ BYTES("\0\0\0\x01\x02\0\0\0\x01\0\x02\0\0\0\x01\0\0"), "LEADER_CHANGE" },
};

ROWS(dialect, third_control, thirds)
ParameterizedTest(const size_t *row, dialect, third_control, .timeout = 10)
{
	const struct made value = { .at = (uint8_t *)(uintptr_t)thirds[*row].value.data,
		                    .size = thirds[*row].value.size };
	const struct kmeta_record record = value_record(kmeta_schema_find(true, 3, 0), &value);
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why = { 0 };

	cr_assert(kmeta_dialect_init(&dialect, NULL));
	cr_assert_eq(kmeta_decode(&dialect, &record, &fields, &why), KMETA_OK, "%s", why.message);
	cr_expect_str_eq(fields.schema->name, thirds[*row].name);
	kmeta_fields_release(&fields);
}
