/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c: finds the values of the usual records without decoding them. */
#include "record/scan.h"

#include "record/dialect.h"
#include "record/schema.h"

enum { STRING_LIMIT = 32767 /* Kafka's own */ };

/* ---- plans ---- */

static bool step_make(struct scan_step *step, const struct kmeta_schema_field *field)
{
	const bool is_array = field->flags & KMETA_FIELD_ARRAY;
	const bool is_text = field->kind == KMETA_STRING;

	if (field->kind == KMETA_STRUCT || field->kind == KMETA_FLOAT64 ||
	    field->kind == KMETA_BYTES || field->role == KMETA_ROLE_SECRET ||
	    (is_array && field->kind != KMETA_INT32 && field->kind != KMETA_UUID))
		return false;
	*step = (struct scan_step){ .form = is_array  ? SCAN_ARRAY
		                            : is_text ? SCAN_TEXT
		                                      : SCAN_FIXED,
		                    .size = (uint8_t)schema_size(field->kind),
		                    .kind = field->kind,
		                    .is_tagged = field->flags & KMETA_FIELD_TAGGED,
		                    .defaults_to_null = field->flags & KMETA_FIELD_DEFAULT_NULL,
		                    .tag = field->tag,
		                    .default_value = field->default_value };
	return true;
}

/* A CONFIG_RECORD may be a secret by its name; a FEATURE_LEVEL_RECORD tells the dialect something. */
static bool is_scanned(const struct kmeta_dialect *dialect, const struct kmeta_record *record,
                       const struct kmeta_schema *schema)
{
	return schema->flexible && schema->count <= SCAN_FIELDS && !record->control &&
	       record->type != KMETA_CONFIG_RECORD && record->type != KMETA_FEATURE_LEVEL_RECORD &&
	       schema == kmeta_schema_find(false, record->type, record->version) &&
	       schema->first_release <= dialect->lowest && dialect->lowest <= dialect->highest;
}

void scan_plan_make(struct scan_plan *plan, const struct kmeta_dialect *dialect,
                    const struct kmeta_record *record)
{
	const struct kmeta_schema *candidates[DIALECT_CANDIDATES];

	*plan = (struct scan_plan){ .dialect = *dialect };
	if (record->control || record->frame > 1 ||
	    !dialect_candidates(dialect, record, candidates) ||
	    !is_scanned(dialect, record, candidates[0]))
		return;
	for (size_t i = 0; i < candidates[0]->count; i++) {
		if (!step_make(&plan->steps[i], &candidates[0]->fields[i]))
			return;
		if (!plan->steps[i].is_tagged)
			plan->untagged |= (uint64_t)1 << i;
	}
	plan->count = (uint8_t)candidates[0]->count;
	plan->schema = candidates[0];
}

/* ---- values: each function returns the end of what it took, or NULL if that is not usual ---- */

/* A number of one or two bytes, as nearly all are. */
static inline const uint8_t *take_small(const uint8_t *at, const uint8_t *end, size_t *number)
{
	if (at == end)
		return NULL;
	if (*at < 0x80) {
		*number = *at;
		return at + 1;
	}
	if (end - at < 2 || at[1] >= 0x80)
		return NULL;
	*number = (at[0] & 0x7fu) | (size_t)at[1] << 7;
	return at + 2;
}

static inline const uint8_t *scan_value(const struct scan_step *step, const uint8_t *at,
                                        const uint8_t *end, struct kmeta_bytes *value)
{
	size_t size = step->size;

	if (step->form != SCAN_FIXED) {
		at = take_small(at, end, &size);
		/* 0 is null. */
		if (!at || !size)
			return NULL;
		size = (size - 1) * (step->form == SCAN_ARRAY ? step->size : 1);
		if (step->kind == KMETA_STRING && size > STRING_LIMIT)
			return NULL;
	} else if (step->kind == KMETA_BOOL && at<end && * at> 1) {
		return NULL;
	}
	if (size > (size_t)(end - at))
		return NULL;
	*value = (struct kmeta_bytes){ at, size };
	return at + size;
}

/* Kafka never writes a tagged field that holds its default. */
static bool holds_default(const struct scan_step *step, struct kmeta_bytes value)
{
	if (step->defaults_to_null)
		return false;
	if (step->form != SCAN_FIXED)
		return !value.size;
	return step->kind != KMETA_UUID && scan_number(step, value.data) == step->default_value;
}

static bool scan_tags(const struct scan_plan *plan, const uint8_t *at, const uint8_t *end,
                      struct scanned *scanned)
{
	size_t count, step = 0;

	at = take_small(at, end, &count);
	for (; at && count; count--) {
		size_t tag, size;
		const uint8_t *stop;

		at = take_small(at, end, &tag);
		at = at ? take_small(at, end, &size) : NULL;
		if (!at || size > (size_t)(end - at))
			return false;
		/* Usually tags come in the order of the schema. */
		while (step < plan->count &&
		       !(plan->steps[step].is_tagged && plan->steps[step].tag == tag))
			step++;
		if (step == plan->count)
			return false;
		stop = at + size;
		at = scan_value(&plan->steps[step], at, stop, &scanned->values[step]);
		if (at != stop || holds_default(&plan->steps[step], scanned->values[step]))
			return false;
		scanned->present |= (uint64_t)1 << step++;
	}
	return at == end;
}

bool scan_record(const struct scan_plan *plan, const struct kmeta_record *record,
                 struct scanned *scanned)
{
	const uint8_t *at = record->value.data + record->body;
	const uint8_t *const end = record->value.data + record->value.size;

	scanned->present = plan->untagged;
	for (uint64_t left = plan->untagged; left; left &= left - 1) {
		const size_t step = (size_t)__builtin_ctzll(left);

		at = scan_value(&plan->steps[step], at, end, &scanned->values[step]);
		if (!at)
			return false;
	}
	if (at < end && *at == 0)
		return at + 1 == end;
	return scan_tags(plan, at, end, scanned);
}
