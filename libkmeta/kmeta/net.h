/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/net.h: the metadata log of a live quorum, as a stream of batches and checkpoints.
 *
 * A client without an id may fetch the metadata log from the leader's controller listener, byte for
 * byte (KIP-595, KIP-630), from release 3.3 on. A program that counts the committed batches of a
 * quorum:
 *
 *	static int count_batches(const char *addresses)
 *	{
 *		struct kmeta_quorum *quorum;
 *		struct kmeta_checkpoint_id from;
 *		struct kmeta_batch batch;
 *		struct kmeta_finding why;
 *		enum kmeta_status status;
 *		int count = 0;
 *
 *		if (kmeta_quorum_open(&quorum, addresses, NULL, &why) != KMETA_OK)
 *			return -1;
 *		status = kmeta_quorum_begin(quorum, false, &from, &why);
 *		if (status == KMETA_OK)
 *			kmeta_quorum_seek(quorum, from.end_offset, from.epoch);
 *		while (status == KMETA_OK &&
 *		       (status = kmeta_quorum_next(quorum, 0, &batch, NULL, &why)) == KMETA_OK)
 *			count++;
 *		kmeta_quorum_close(quorum);
 *		return status == KMETA_END ? count : -1;
 *	}
 *
 * What a server sends is not trusted: lengths and counts are bounded, and a batch is returned only
 * if its checksum is right and its offset is the next. The quorum does not notice the client: its
 * replica id is -1, and it has one request under way at a time. Errors of the network are tried
 * again with growing pauses; a login, certificate or permission that was refused is not.
 */
#ifndef KMETA_NET_H
#define KMETA_NET_H

#include <kmeta/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A quorum that is read. Opaque; close it with kmeta_quorum_close(). */
struct kmeta_quorum;

/* How to read a quorum. Set "size" to sizeof the struct and leave the rest zero for plaintext. */
struct kmeta_quorum_options {
	/* sizeof(struct kmeta_quorum_options) */
	size_t size;

	/*
	 * A file of properties as Kafka's own tools take it by --command-config: security.protocol,
	 * sasl.mechanism, sasl.jaas.config, ssl.truststore.*, ssl.keystore.* and so on. Values may
	 * hold ${env:NAME}. A regular file is read again for each connection, and its secrets are
	 * overwritten once that stands; what a pipe held is kept until the quorum is closed. NULL:
	 * plaintext.
	 */
	const char *properties;

	/* The id that the cluster has to have, as Kafka prints it. NULL: any, but always the same. */
	const char *cluster_id;

	/*
	 * Milliseconds that a server has to connect or to answer, and in which a leader has to be
	 * found. 0: 30000. The system's own search for a host's name may take longer.
	 */
	int64_t timeout;

	/* Bytes a second that are fetched at most. 0: no limit. */
	int64_t most_per_second;

	/*
	 * Look for a leader without end, once there was one: for a program that follows a quorum
	 * through restarts.
	 */
	bool endless;

	/* A descriptor above 0 that becomes readable when all has to stop. 0: none. */
	int stop;

	/*
	 * Called with a line of text when the leader is found, lost or another one, and with what
	 * the properties have that is passed over. May be NULL.
	 */
	void (*note)(void *context, const char *message);

	/* Passed to "note". */
	void *context;
};

/*
 * Opens a quorum by the addresses of controllers, HOST:PORT or [ADDRESS]:PORT, between commas: those
 * of controller.listener.names. One is enough from release 3.7 on. It reads the properties, and does
 * not connect yet. Strings are copied.
 *
 * OK: "quorum" is set, and the caller closes it. FAILED: KMETA_BAD_ARGUMENT for an address or a
 * property, KMETA_CANNOT_READ, KMETA_OUT_OF_MEMORY.
 */
KMETA_CHECKED enum kmeta_status kmeta_quorum_open(struct kmeta_quorum **quorum,
                                                  const char *addresses,
                                                  const struct kmeta_quorum_options *options,
                                                  struct kmeta_finding *why);

/* Closes all connections, overwrites secrets, and frees the object. NULL is fine. */
KMETA_API void kmeta_quorum_close(struct kmeta_quorum *quorum);

/*
 * What is known of the quorum so far: unknown numbers are -1, unknown texts empty. The texts belong
 * to the quorum and are valid until the next call on it.
 */
struct kmeta_quorum_info {
	const char *cluster_id; /* releases before 3.7 do not tell it: that of the options */
	const char *leader_address;
	int32_t leader, epoch;
	int64_t high_watermark; /* the offset behind the last committed record */
	int64_t log_start;      /* the first offset that the leader still has */
};

KMETA_API struct kmeta_quorum_info kmeta_quorum_about(const struct kmeta_quorum *quorum);

/*
 * Returns the address HOST:PORT of a controller that is known, from 0 on: those that were named, then
 * those that the servers told. NULL: there are no more. Valid until the next call on the quorum.
 */
KMETA_API const char *kmeta_quorum_address(const struct kmeta_quorum *quorum, size_t number);

/* A checkpoint: the state made by all records below an offset, the last of which has the epoch. */
struct kmeta_checkpoint_id {
	int64_t end_offset; /* 0: there is none, the log begins with the cluster */
	int32_t epoch;
};

/*
 * Says which checkpoint to begin with: the oldest one behind which the leader has all of its log,
 * or with "newest" the newest one. A leader whose log begins at 0 does not tell of checkpoints.
 *
 * OK: "from" is set. FAILED: KMETA_CANNOT_CONNECT, KMETA_NOT_A_CONTROLLER, KMETA_ACCESS_REFUSED,
 * KMETA_OTHER_CLUSTER, KMETA_BAD_RESPONSE, KMETA_STOPPED and so on.
 */
KMETA_CHECKED enum kmeta_status kmeta_quorum_begin(struct kmeta_quorum *quorum, bool newest,
                                                   struct kmeta_checkpoint_id *from,
                                                   struct kmeta_finding *why);

/*
 * A function that takes a piece of a checkpoint, from its begin on. A piece with position 0 begins
 * again, when the connection broke. Return false to stop: the call then fails with KMETA_STOPPED.
 */
typedef bool kmeta_checkpoint_write(void *context, int64_t position, struct kmeta_bytes bytes,
                                    int64_t total);

/*
 * Fetches a checkpoint that kmeta_quorum_begin() told of, byte for byte. Its content is not
 * checked: read it with kmeta_source_open().
 *
 * OK: all of it was written. END: the leader does not have it any more. FAILED: as above.
 */
KMETA_CHECKED enum kmeta_status kmeta_quorum_checkpoint(struct kmeta_quorum *quorum,
                                                        struct kmeta_checkpoint_id id,
                                                        kmeta_checkpoint_write *write,
                                                        void *context, struct kmeta_finding *why);

/*
 * Sets where kmeta_quorum_next() goes on: the offset wanted, and the epoch of the record before it,
 * which is that of the checkpoint that ends there, or 0 at offset 0. It does not connect.
 */
KMETA_API void kmeta_quorum_seek(struct kmeta_quorum *quorum, int64_t offset, int32_t last_epoch);

/*
 * Returns the next committed batch: never one above the high watermark, as another leader may write
 * something else there. "wait" is how many milliseconds it may wait for one, 0 to end at the high
 * watermark. "bytes", unless NULL, is set to the batch as it is in the leader's log. The batch and
 * its bytes are valid until the next call. Its records are not decompressed: Kafka does not compress
 * its metadata log.
 *
 * OK: there is one. END: there is none yet. FAILED: KMETA_DIVERGING or KMETA_LOG_GONE if the
 * position is not in the log, KMETA_CRC_MISMATCH if a batch was wrong again and again, or as above.
 */
KMETA_CHECKED enum kmeta_status kmeta_quorum_next(struct kmeta_quorum *quorum, int64_t wait,
                                                  struct kmeta_batch *batch,
                                                  struct kmeta_bytes *bytes,
                                                  struct kmeta_finding *why);

/* A voter or an observer of the quorum. */
struct kmeta_quorum_replica {
	int32_t id;
	bool is_voter;
	uint8_t directory[16]; /* all zero: unknown, as before release 3.9 */
	int64_t end_offset;    /* of its log, as the leader knows it; -1: unknown */

	/*
	 * Milliseconds since 1970 by the leader's clock, when it last fetched, and when it last had
	 * all of the log. -1: unknown.
	 */
	int64_t last_fetch, last_caught_up;

	/* "CONTROLLER://host:9093", several between commas; empty: unknown. */
	char endpoints[512];
};

/* A quorum as its leader sees it (DescribeQuorum, KIP-595, KIP-836, KIP-853). */
struct kmeta_quorum_status {
	char cluster_id[64]; /* empty: unknown */
	int32_t leader, epoch;
	int64_t high_watermark;
	int64_t leader_time; /* the leader's clock, milliseconds since 1970; -1: unknown */
	struct kmeta_quorum_replica *replicas; /* voters first */
	size_t count;
};

/*
 * Asks the leader how its quorum is. A broker's listener answers as well.
 *
 * OK: "status" is set, and the caller releases it. FAILED: as above.
 */
KMETA_CHECKED enum kmeta_status kmeta_quorum_describe(struct kmeta_quorum *quorum,
                                                      struct kmeta_quorum_status *status,
                                                      struct kmeta_finding *why);

/* Frees what a status holds, and sets it to { 0 }. */
KMETA_API void kmeta_quorum_status_release(struct kmeta_quorum_status *status);

#ifdef __cplusplus
}
#endif

#endif
