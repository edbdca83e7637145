/* SPDX-License-Identifier: Apache-2.0 */
/* properties.h: what meta.properties says of a log directory (Kafka's MetaProperties). */
#ifndef KMETA_CHECK_PROPERTIES_H
#define KMETA_CHECK_PROPERTIES_H

#include "check/side_text.h"

/* Values as text are cut to fit; "" where there is none. */
struct properties {
	int32_t version; /* -1: none, or no number */
	bool has_node_id, has_cluster_id, has_directory_id;
	int32_t node; /* node.id, or broker.id of a broker under ZooKeeper; -1: none, or no number */
	char node_id[24], cluster_id[128], directory_id[24];
};

void properties_take(struct properties *properties, const struct side_text *text);

#endif
