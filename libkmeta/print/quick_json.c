/* SPDX-License-Identifier: Apache-2.0 */
/* quick_json.c: prints the fields of the usual records as json.c does, from their bytes. */
#include "print/quick.h"
#include "print/scalar.h"
#include "record/schema.h"

static inline char *put_quoted_uuid(char *at, const uint8_t *uuid)
{
	*at = '"';
	at = uuid_print(at + 1, uuid);
	*at = '"';
	return at + 1;
}

/* Of int32 or uuids. The closing bracket replaces the last comma. */
static inline char *put_json_array(char *at, const struct scan_step *step,
                                   struct kmeta_bytes elements)
{
	const uint8_t *from = elements.data, *const end = from + elements.size;

	*at++ = '[';
	for (; from < end; from += step->size) {
		at = step->kind == KMETA_UUID ? put_quoted_uuid(at, from)
		                              : digits_small(at, (int32_t)wire_get32(from));
		*at++ = ',';
	}
	at -= elements.size != 0;
	*at = ']';
	return at + 1;
}

static inline char *put_json_value(char *at, const struct scan_step *step, struct kmeta_bytes value)
{
	if (step->form == SCAN_ARRAY)
		return put_json_array(at, step, value);
	if (step->form == SCAN_TEXT) {
		if (!scalar_is_simple(value))
			return NULL;
		*at = '"';
		memcpy(at + 1, value.data, value.size);
		at[value.size + 1] = '"';
		return at + value.size + 2;
	}
	if (step->kind == KMETA_UUID)
		return put_quoted_uuid(at, value.data);
	if (step->kind == KMETA_BOOL)
		return *value.data ? PUT(at, "true") : PUT(at, "false");
	return digits_small(at, scan_number(step, value.data));
}

/* Each key begins with a comma; the first one becomes the brace. */
char *quick_json(char *at, const struct scan_plan *plan, const struct scanned *scanned)
{
	char *const start = at;

	for (uint64_t left = scanned->present; left; left &= left - 1) {
		const size_t i = (size_t)__builtin_ctzll(left);
		const struct schema_key *key = schema_key(&plan->schema->fields[i]);

		/* A constant size, cut in three moves. */
		quick_copy(at, key->key, sizeof(key->key));
		at = put_json_value(at + key->size, &plan->steps[i], scanned->values[i]);
		if (!at)
			return NULL;
	}
	*start = '{';
	at += at == start;
	*at = '}';
	return at + 1;
}

bool quick_json_says(const struct scan_plan *plan, struct kmeta_bytes part)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct schema_key *key = schema_key(&plan->schema->fields[i]);

		if (memmem(key->key, key->size, part.data, part.size))
			return true;
	}
	return memmem("true", 4, part.data, part.size) || memmem("false", 5, part.data, part.size);
}
