/* SPDX-License-Identifier: Apache-2.0 */
/* identity.h: who a directory says it is, by the meta.properties above it (Kafka's MetaProperties). */
#ifndef KMETA_CHECK_IDENTITY_H
#define KMETA_CHECK_IDENTITY_H

#include "kmeta/base.h"

struct identity {
	char *path;      /* of meta.properties; NULL: there is none that can be read */
	bool is_missing; /* there is none */
	char cluster_id[128], node_id[16], directory_id[32]; /* "": it has none */
};

/* Reads it beside a metadata directory. False: out of memory. Release it in any case. */
KMETA_CHECKED bool identity_read(struct identity *identity, const char *directory);

/* Its node id; -1: it has none. */
int32_t identity_node(const struct identity *identity);
void identity_release(struct identity *identity);

#endif
