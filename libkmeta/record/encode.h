/* SPDX-License-Identifier: Apache-2.0 */
/* encode.h: turns fields back into the bytes of a record of any version. */
#ifndef KMETA_RECORD_ENCODE_H
#define KMETA_RECORD_ENCODE_H

#include "kmeta/record.h"

/*
 * Appends the value of a metadata record, with its frame, in the layout "schema". Fields are taken
 * by name from "fields", which may be of another version or release: a missing one gets its
 * default, one that "schema" does not have is left out. The buffer's "failed" tells whether memory
 * ran out.
 */
void encode_fields(struct kmeta_buffer *out, const struct kmeta_schema *schema,
                   const struct kmeta_fields *fields);

/* The same without the frame: as the value of a control record is, which begins with its version. */
void encode_body(struct kmeta_buffer *out, const struct kmeta_schema *schema,
                 const struct kmeta_fields *fields);

/* Decodes a value that encode_fields() wrote. The fields borrow its bytes. */
KMETA_CHECKED enum kmeta_status encode_reread(const struct kmeta_schema *schema,
                                              struct kmeta_bytes value, struct kmeta_fields *fields,
                                              struct kmeta_finding *why);

#endif
