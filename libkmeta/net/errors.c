/* SPDX-License-Identifier: Apache-2.0 */
/* errors.c: the error codes of Kafka's protocol (class Errors). */
#include "net/errors.h"

#include <stddef.h>

static const struct {
	int16_t code;
	const char *name;
} server_errors[] = {
	{ -1, "UNKNOWN_SERVER_ERROR" },
	{ 0, "NONE" },
	{ 1, "OFFSET_OUT_OF_RANGE" },
	{ 2, "CORRUPT_MESSAGE" },
	{ 3, "UNKNOWN_TOPIC_OR_PARTITION" },
	{ 6, "NOT_LEADER_OR_FOLLOWER" },
	{ 7, "REQUEST_TIMED_OUT" },
	{ 8, "BROKER_NOT_AVAILABLE" },
	{ 29, "TOPIC_AUTHORIZATION_FAILED" },
	{ 31, "CLUSTER_AUTHORIZATION_FAILED" },
	{ 33, "UNSUPPORTED_SASL_MECHANISM" },
	{ 34, "ILLEGAL_SASL_STATE" },
	{ 35, "UNSUPPORTED_VERSION" },
	{ 41, "NOT_CONTROLLER" },
	{ 42, "INVALID_REQUEST" },
	{ 56, "KAFKA_STORAGE_ERROR" },
	{ 58, "SASL_AUTHENTICATION_FAILED" },
	{ 74, "FENCED_LEADER_EPOCH" },
	{ 75, "UNKNOWN_LEADER_EPOCH" },
	{ 94, "INCONSISTENT_VOTER_SET" },
	{ 98, "SNAPSHOT_NOT_FOUND" },
	{ 99, "POSITION_OUT_OF_RANGE" },
	{ 100, "UNKNOWN_TOPIC_ID" },
	{ 104, "INCONSISTENT_CLUSTER_ID" },
	{ 114, "MISMATCHED_ENDPOINT_TYPE" },
	{ 115, "UNSUPPORTED_ENDPOINT_TYPE" },
};

const char *server_error_name(int16_t code)
{
	for (size_t i = 0; i < sizeof(server_errors) / sizeof(server_errors[0]); i++)
		if (server_errors[i].code == code)
			return server_errors[i].name;
	return "another error";
}
