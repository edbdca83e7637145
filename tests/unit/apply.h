/* SPDX-License-Identifier: Apache-2.0 */
/* apply.h: applies a record that a test makes to a state. */
#ifndef KMETA_TEST_APPLY_H
#define KMETA_TEST_APPLY_H

#include <criterion/criterion.h>

#include <kmeta.h>

#include "make.h"

/* Applies a metadata record whose type and version take a byte each, and releases its value. */
static inline void apply_value(struct kmeta_image *image, struct made *value)
{
	static const struct kmeta_batch batch = { .file = "made.log" };
	const struct kmeta_record record = { .frame = 1,
		                             .type = value->at[1],
		                             .version = value->at[2],
		                             .body = 3,
		                             .value = made_bytes(value) };
	struct kmeta_dialect dialect;
	struct kmeta_fields fields = { 0 };
	struct kmeta_finding why;

	cr_assert(kmeta_dialect_init(&dialect, NULL));
	cr_assert_eq(kmeta_decode(&dialect, &record, &fields, &why), KMETA_OK, "%s", why.message);
	cr_assert_eq(kmeta_image_apply(image, &batch, &record, &fields, NULL, NULL, &why),
	             KMETA_OK);
	kmeta_fields_release(&fields);
	made_release(value);
}

#endif
