/* SPDX-License-Identifier: Apache-2.0 */
/* errors.h: the error codes of Kafka's protocol (class Errors) that a reader of a quorum meets. */
#ifndef KMETA_NET_ERRORS_H
#define KMETA_NET_ERRORS_H

#include <stdint.h>

enum server_error {
	SERVER_UNKNOWN = -1,
	SERVER_OK = 0,
	SERVER_NO_PARTITION = 3,
	SERVER_NOT_LEADER = 6,
	SERVER_NOT_AUTHORIZED = 31,
	SERVER_BAD_MECHANISM = 33,
	SERVER_BAD_STATE = 34,
	SERVER_BAD_VERSION = 35,
	SERVER_INVALID_REQUEST = 42,
	SERVER_LOGIN_FAILED = 58,
	SERVER_FENCED_EPOCH = 74,
	SERVER_UNKNOWN_EPOCH = 75,
	SERVER_NO_SNAPSHOT = 98,
	SERVER_BAD_POSITION = 99,
	SERVER_UNKNOWN_TOPIC = 100,
	SERVER_OTHER_CLUSTER = 104,
};

/* As "NOT_LEADER_OR_FOLLOWER"; "another error" for a code that is not in the table. */
const char *server_error_name(int16_t code);

#endif
