/* SPDX-License-Identifier: Apache-2.0 */
/* identity.h: who a directory says it is, by the meta.properties above it (Kafka's MetaProperties). */
#ifndef KMETA_CHECK_IDENTITY_H
#define KMETA_CHECK_IDENTITY_H

#include "check/properties.h"

struct identity {
	char *path;      /* of meta.properties; NULL: there is none that can be read */
	bool is_missing; /* there is none */
	struct properties says;
};

/* The metadata directory in a log directory, which it may be itself. NULL: out of memory. */
char *identity_metadata(const char *directory);

/* The path of a file beside a metadata directory. NULL: out of memory. */
char *identity_beside(const char *directory, const char *name);

/* Reads it beside a metadata directory. False: out of memory. Release it in any case. */
KMETA_CHECKED bool identity_read(struct identity *identity, const char *directory);

void identity_release(struct identity *identity);

#endif
