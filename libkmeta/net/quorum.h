/* SPDX-License-Identifier: Apache-2.0 */
/* quorum.h: asking the leader of a quorum, whoever that is, and whatever happens meanwhile. */
#ifndef KMETA_NET_QUORUM_H
#define KMETA_NET_QUORUM_H

#include "kmeta/net.h"
#include "net/connection.h"
#include "net/endpoints.h"

struct kmeta_quorum {
	struct kmeta_quorum_options options; /* its strings are the two below */
	char *properties, *cluster_given;
	char *kept; /* the text of properties that cannot be read again */
	size_t kept_size;
	bool has_noted; /* the properties that are passed over */
	struct call_limits limits;

	char cluster_id[64];
	struct endpoints endpoints;
	int32_t leader, epoch;

	/* The connection to who leads, as far as is known. */
	struct connection *connection;
	struct endpoint *at;
	unsigned connections; /* how many there were */

	/* How the search for a leader goes. */
	bool ever_led;         /* a leader has answered */
	bool ever_connected;   /* to what speaks as Kafka does */
	int64_t failing_since; /* 0: it does not fail */
	unsigned rounds;
	char said[512];

	/* The stream of batches. */
	int64_t offset; /* wanted next */
	int32_t last_epoch;
	struct kmeta_bytes records; /* those left of the last response */
	bool is_fresh;              /* there was a response since the last END */
	bool has_given;             /* and a batch of it was of use */
	int64_t high_watermark, log_start;
	unsigned bad;          /* batches in a row that were wrong */
	int64_t allowed_after; /* when the next request may be sent */
};

/* How one try to ask something went. */
enum outcome {
	OUTCOME_DONE,
	OUTCOME_AGAIN,     /* the epoch is known now */
	OUTCOME_ELSEWHERE, /* it does not lead; the finding says so */
	OUTCOME_BROKEN,    /* the connection is of no use */
	OUTCOME_FINAL      /* trying again is of no use */
};

typedef enum outcome quorum_attempt(struct kmeta_quorum *q, void *context,
                                    struct kmeta_finding *why);

/* Tries until it is done, or there is no use going on. */
KMETA_CHECKED enum kmeta_status quorum_ask(struct kmeta_quorum *q, quorum_attempt *attempt,
                                           void *context, struct kmeta_finding *why);

/* Tells the caller, unless it was the last thing that was told. */
__attribute__((format(printf, 2, 3))) void quorum_note(struct kmeta_quorum *q, const char *format,
                                                       ...);

/* Ends a connection that is of no use, for the reason in "why". */
void quorum_drop(struct kmeta_quorum *q, const struct kmeta_finding *why);

/* Sends the request that was begun, not faster than the caller allows. */
KMETA_CHECKED enum kmeta_status quorum_call(struct kmeta_quorum *q, int64_t wait,
                                            struct wire *answer, struct kmeta_finding *why);

/* What an error means, with the leader that the response told of. DONE: there is none. */
enum outcome quorum_judge(struct kmeta_quorum *q, int16_t error, int32_t leader, int32_t epoch,
                          struct kmeta_finding *why);

/* What a call that failed means. */
enum outcome quorum_judge_failure(const struct kmeta_finding *why);

/* One fetch, from who leads. "records" of the response are valid until the next request. */
struct fetching {
	int64_t offset, wait;
	int32_t last_epoch;
	bool only_one; /* batch: it is not for the records */
	struct fetch_response response;
};
KMETA_CHECKED enum kmeta_status quorum_fetch(struct kmeta_quorum *q, struct fetching *f,
                                             struct kmeta_finding *why);

#endif
