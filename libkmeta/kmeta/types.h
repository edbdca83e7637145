/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmeta/types.h: the types of records by name, and what Kafka writes each of them for. Written by
 * tools/import-schema: do not edit.
 */
#ifndef KMETA_TYPES_H
#define KMETA_TYPES_H

/* Types of metadata records: the apiKey of Kafka's message definitions. */
enum kmeta_record_type {
	/* a broker started: its endpoints, features and log directories */
	KMETA_REGISTER_BROKER_RECORD = 0,

	/* an operator removed a broker */
	KMETA_UNREGISTER_BROKER_RECORD = 1,

	/* a topic was created: its name and id; its partitions follow */
	KMETA_TOPIC_RECORD = 2,

	/* a partition was created, or a snapshot holds it: all of its fields */
	KMETA_PARTITION_RECORD = 3,

	/* a setting of a topic, a broker, a group or clients; null removes it */
	KMETA_CONFIG_RECORD = 4,

	/* leader, ISR or replicas of a partition changed; only what changed */
	KMETA_PARTITION_CHANGE_RECORD = 5,

	/* never written, and replayed by no release */
	KMETA_ACCESS_CONTROL_RECORD = 6,

	/* a broker sends no heartbeat; replaced in 3.3 */
	KMETA_FENCE_BROKER_RECORD = 7,

	/* a broker caught up; replaced in 3.3 */
	KMETA_UNFENCE_BROKER_RECORD = 8,

	/* a topic was deleted, with its partitions and settings */
	KMETA_REMOVE_TOPIC_RECORD = 9,

	/* a delegation token was issued or renewed */
	KMETA_DELEGATION_TOKEN_RECORD = 10,

	/* a user's SCRAM credential was set */
	KMETA_USER_SCRAM_CREDENTIAL_RECORD = 11,

	/* the level of a feature was set, metadata.version among them */
	KMETA_FEATURE_LEVEL_RECORD = 12,

	/* a quota of a user, a client id or an ip was set or removed */
	KMETA_CLIENT_QUOTA_RECORD = 14,

	/* a broker took a block of producer ids */
	KMETA_PRODUCER_IDS_RECORD = 15,

	/* a feature was removed */
	KMETA_REMOVE_FEATURE_LEVEL_RECORD = 16,

	/* a broker was fenced, unfenced, is shutting down, or has other directories */
	KMETA_BROKER_REGISTRATION_CHANGE_RECORD = 17,

	/* an ACL was added */
	KMETA_ACCESS_CONTROL_ENTRY_RECORD = 18,

	/* an ACL was removed */
	KMETA_REMOVE_ACCESS_CONTROL_ENTRY_RECORD = 19,

	/* the active controller is alive; it changes nothing */
	KMETA_NO_OP_RECORD = 20,

	/* the migration from ZooKeeper went a step further */
	KMETA_ZK_MIGRATION_STATE_RECORD = 21,

	/* a user's SCRAM credential was removed */
	KMETA_REMOVE_USER_SCRAM_CREDENTIAL_RECORD = 22,

	/* related records follow, which take effect together (KIP-868) */
	KMETA_BEGIN_TRANSACTION_RECORD = 23,

	/* the records since the beginning take effect now */
	KMETA_END_TRANSACTION_RECORD = 24,

	/* the records since the beginning never take effect */
	KMETA_ABORT_TRANSACTION_RECORD = 25,

	/* a delegation token expired or was removed */
	KMETA_REMOVE_DELEGATION_TOKEN_RECORD = 26,

	/* a controller started: its endpoints and features */
	KMETA_REGISTER_CONTROLLER_RECORD = 27,

	/* the eligible leader replicas of a topic, or of all, were dropped */
	KMETA_CLEAR_ELR_RECORD = 28,

	/* an operator removed a controller */
	KMETA_UNREGISTER_CONTROLLER_RECORD = 29
};

/* Types of control records: Kafka's ControlRecordType. Release 2.8 wrote LEADER_CHANGE as 3. */
enum kmeta_control_type {
	/* a transaction of a producer ended; never in a metadata log */
	KMETA_CONTROL_ABORT = 0,

	/* a transaction of a producer ended; never in a metadata log */
	KMETA_CONTROL_COMMIT = 1,

	/* a controller won an election: the first record of its epoch */
	KMETA_CONTROL_LEADER_CHANGE = 2,

	/* the first record of a checkpoint */
	KMETA_CONTROL_SNAPSHOT_HEADER = 3,

	/* the last record of a checkpoint: without it the checkpoint is not whole */
	KMETA_CONTROL_SNAPSHOT_FOOTER = 4,

	/* the version of the quorum protocol; 1 allows voters to change (KIP-853) */
	KMETA_CONTROL_KRAFT_VERSION = 5,

	/* the voters of the quorum, with their directories and endpoints (KIP-853) */
	KMETA_CONTROL_KRAFT_VOTERS = 6
};

#endif
