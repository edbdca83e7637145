/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_nodes.h: compares the directories of several nodes: who they are, their logs, their states.
 */
#ifndef KMETA_CHECK_CHECK_NODES_H
#define KMETA_CHECK_CHECK_NODES_H

#include "base/findings.h"
#include "check/identity.h"
#include "kmeta/log.h"

/* An address with a log, not only a checkpoint. */
struct node {
	const char *address;
	struct kmeta_point until;
	const char *obstacle; /* why it cannot be compared with others; NULL: it can */
	struct identity identity;
	int64_t end;   /* behind its last batch, as far as it was compared; -1: it was not */
	bool is_apart; /* its log differs from that of another node */
};

/* Gets findings about an address; they are released when it returns. */
typedef void nodes_tell(void *context, const char *address, const struct findings *findings);

/*
 * Compares each node with each other one: two that differ may both agree with a third whose log is
 * shorter. The order of the nodes makes no difference to what is found; it is changed. FAILED: some
 * could not be compared, which was told as well, or memory ran out.
 */
KMETA_CHECKED enum kmeta_status check_nodes(struct node *nodes, size_t count, const char *dialect,
                                            nodes_tell *tell, void *context,
                                            struct kmeta_finding *why);

#endif
