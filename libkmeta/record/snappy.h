/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snappy.h: the functions of libsnappy, found when a batch needs them. It is C++, and loading C++'s
 * runtime would take as long as all else at the start of a command.
 */
#ifndef KMETA_RECORD_SNAPPY_H
#define KMETA_RECORD_SNAPPY_H

#include <snappy-c.h>

#include "kmeta/base.h"

struct snappy {
	__typeof__(snappy_uncompressed_length) *uncompressed_length;
	__typeof__(snappy_validate_compressed_buffer) *validate;
	__typeof__(snappy_uncompress) *uncompress;
	__typeof__(snappy_max_compressed_length) *max_compressed_length;
	__typeof__(snappy_compress) *compress;
};

/* FAILED with BAD_CODEC: the library is not installed here. */
KMETA_CHECKED enum kmeta_status snappy_find(struct snappy *snappy, struct kmeta_finding *why);

#endif
