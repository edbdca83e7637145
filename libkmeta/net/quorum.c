/* SPDX-License-Identifier: Apache-2.0 */
/* quorum.c: asking the leader of a quorum, whoever that is, and whatever happens meanwhile. */
#include "net/quorum.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding.h"
#include "base/options.h"
#include "net/errors.h"
#include "net/login.h"
#include "net/waiting.h"

enum {
	DEFAULT_TIMEOUT = 30000,
	DEAD_ROUNDS = 3, /* without any connection: nothing is there */
	SILENCE = 2000,
	FIRST_PAUSE = 100,
	LONGEST_PAUSE = 5000,
	BEHIND_ROUNDS = 6, /* in which all are behind: no restart explains that */
	AGAIN_LIMIT = 10
};

/* ---- what the caller is told ---- */

void quorum_note(struct kmeta_quorum *q, const char *format, ...)
{
	char text[sizeof(q->said)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (!strcmp(text, q->said))
		return;
	memcpy(q->said, text, sizeof(text));
	if (q->options.note)
		q->options.note(q->options.context, text);
}

struct kmeta_quorum_info kmeta_quorum_about(const struct kmeta_quorum *q)
{
	return (struct kmeta_quorum_info){ .cluster_id = q->cluster_id,
		                           .leader_address = q->at ? q->at->text : "",
		                           .leader = q->leader,
		                           .epoch = q->epoch,
		                           .high_watermark = q->high_watermark,
		                           .log_start = q->log_start };
}

const char *kmeta_quorum_address(const struct kmeta_quorum *q, size_t number)
{
	return number < q->endpoints.count ? q->endpoints.at[number].text : NULL;
}

/* ---- opening ---- */

/* A regular file can be read again for each connection; what a pipe gave has to be kept. */
static enum kmeta_status keep_properties(struct kmeta_quorum *q, struct kmeta_finding *why)
{
	struct stat st;

	if (!q->properties || (stat(q->properties, &st) == 0 && S_ISREG(st.st_mode)))
		return KMETA_OK;
	return secret_read(q->properties, &q->kept, &q->kept_size, why);
}

static enum kmeta_status read_client_properties(struct kmeta_quorum *q,
                                                struct client_settings *settings,
                                                struct kmeta_finding *why)
{
	char *text = NULL;
	size_t size = q->kept_size;
	enum kmeta_status status = KMETA_OK;

	*settings = (struct client_settings){ 0 };
	if (!q->properties)
		return KMETA_OK;
	if (q->kept) {
		text = malloc(size + 1);
		if (!text)
			return finding_memory(why);
		memcpy(text, q->kept, size + 1);
	} else {
		status = secret_read(q->properties, &text, &size, why);
	}
	if (status == KMETA_OK)
		status = settings_read(settings, text, size, q->properties,
		                       q->has_noted ? NULL : q->options.note, q->options.context,
		                       why);
	q->has_noted = true;
	if (text)
		explicit_bzero(text, size);
	free(text);
	return status;
}

/* Mistakes in the properties are said before anything is connected. */
static enum kmeta_status try_properties(struct kmeta_quorum *q, struct kmeta_finding *why)
{
	struct client_settings settings;
	const enum kmeta_status status = read_client_properties(q, &settings, why);

	settings_clear(&settings);
	return status;
}

static bool copy_option(char **to, const char **from)
{
	if (!*from)
		return true;
	*to = strdup(*from);
	*from = *to;
	return *to != NULL;
}

static enum kmeta_status prepare_quorum(struct kmeta_quorum *q, const char *addresses,
                                        const struct kmeta_quorum_options *options,
                                        struct kmeta_finding *why)
{
	enum kmeta_status status = options_take(&q->options, sizeof(q->options), options, why);

	if (status != KMETA_OK)
		return status;
	if (!q->options.timeout)
		q->options.timeout = DEFAULT_TIMEOUT;
	q->limits = (struct call_limits){ q->options.timeout, q->options.stop };
	q->leader = q->epoch = -1;
	q->high_watermark = q->log_start = -1;
	if (!copy_option(&q->properties, &q->options.properties) ||
	    !copy_option(&q->cluster_given, &q->options.cluster_id))
		return finding_memory(why);
	if (q->cluster_given)
		snprintf(q->cluster_id, sizeof(q->cluster_id), "%s", q->cluster_given);
	status = endpoints_parse(&q->endpoints, addresses, why);
	if (status == KMETA_OK)
		status = keep_properties(q, why);
	if (status == KMETA_OK)
		status = try_properties(q, why);
	return status;
}

enum kmeta_status kmeta_quorum_open(struct kmeta_quorum **quorum, const char *addresses,
                                    const struct kmeta_quorum_options *options,
                                    struct kmeta_finding *why)
{
	struct kmeta_quorum *q = calloc(1, sizeof(*q));
	enum kmeta_status status;

	if (!q)
		return finding_memory(why);
	status = prepare_quorum(q, addresses, options, why);
	if (status == KMETA_OK) {
		*quorum = q;
		return KMETA_OK;
	}
	/* The name of a file is that of the caller's options again. */
	if (why->file)
		why->file = options ? options->properties : NULL;
	kmeta_quorum_close(q);
	return status;
}

void kmeta_quorum_close(struct kmeta_quorum *q)
{
	if (!q)
		return;
	connection_close(q->connection);
	if (q->kept)
		explicit_bzero(q->kept, q->kept_size);
	free(q->kept);
	free(q->properties);
	free(q->cluster_given);
	free(q);
}

/* ---- connecting ---- */

/* Of releases before 3.7 the id is only known to be right, if one was given, as each request has it. */
static enum kmeta_status check_cluster(struct kmeta_quorum *q, struct kmeta_bytes id,
                                       struct kmeta_finding *why)
{
	char text[sizeof(q->cluster_id)];

	if (!id.size)
		return KMETA_OK;
	packet_text(text, sizeof(text), id);
	if (*q->cluster_id && strcmp(q->cluster_id, text) != 0)
		return finding_set(why, KMETA_OTHER_CLUSTER, "this is the cluster %s, not %s", text,
		                   q->cluster_id);
	memcpy(q->cluster_id, text, sizeof(text));
	return KMETA_OK;
}

static enum kmeta_status ask_cluster(struct kmeta_quorum *q, struct connection *c,
                                     struct kmeta_finding *why)
{
	struct cluster_response response;
	struct wire answer;
	enum kmeta_status status;

	if (connection_version(c, REQUEST_CLUSTER) < 0)
		return KMETA_OK;
	request_put_cluster(connection_begin(c, REQUEST_CLUSTER, 1));
	status = connection_call(c, 0, &answer, why);
	if (status != KMETA_OK)
		return status;
	response_cluster(&answer, &response);
	if (answer.fault)
		return connection_bad_response(c, &answer, why);
	/* A broker has no answer for controllers. */
	if (response.error)
		return KMETA_OK;
	endpoints_learn(&q->endpoints, &response.nodes);
	if (response.controller >= 0)
		q->leader = response.controller;
	return check_cluster(q, response.cluster_id, why);
}

/* A store or a token is named by the settings, which are cleared. */
static void name_file(const struct kmeta_quorum *q, struct kmeta_finding *why)
{
	char message[sizeof(why->message)];

	if (!why->file || why->file == q->properties)
		return;
	memcpy(message, why->message, sizeof(message));
	snprintf(why->message, sizeof(why->message), "%.200s: %.270s", why->file, message);
	why->file = NULL;
}

static enum kmeta_status quorum_connect(struct kmeta_quorum *q, struct endpoint *at,
                                        struct kmeta_finding *why)
{
	struct client_settings settings;
	struct connection *c = NULL;
	enum kmeta_status status = read_client_properties(q, &settings, why);

	if (status == KMETA_OK)
		status = connection_open(&c, at->host, at->port, &settings, &q->limits, why);
	if (status == KMETA_OK && settings.uses_login)
		status = login_run(c, at->host, &settings, why);
	if (status != KMETA_OK)
		name_file(q, why);
	settings_clear(&settings);
	if (status == KMETA_OK)
		status = connection_ask_versions(c, why);
	if (status == KMETA_OK)
		status = ask_cluster(q, c, why);
	if (status != KMETA_OK) {
		connection_close(c);
		return status;
	}
	q->ever_connected = true;
	q->connection = c;
	q->at = at;
	q->connections++;
	return KMETA_OK;
}

void quorum_drop(struct kmeta_quorum *q, const struct kmeta_finding *why)
{
	if (q->at)
		snprintf(q->at->reason, sizeof(q->at->reason), "%.250s", why->message);
	connection_close(q->connection);
	q->connection = NULL;
	q->records = (struct kmeta_bytes){ 0 };
	q->is_fresh = false;
}

/* ---- rounds: all controllers that are known, one after the other ---- */

static bool gives_up(const struct kmeta_quorum *q)
{
	if (q->options.endless && q->ever_led)
		return false;
	if (!q->ever_connected && q->rounds >= DEAD_ROUNDS)
		return true;
	return waiting_now() - q->failing_since >= q->options.timeout;
}

static enum kmeta_status end_round(struct kmeta_quorum *q, struct kmeta_finding *why)
{
	int64_t pause = (int64_t)FIRST_PAUSE << (q->rounds < 6 ? q->rounds : 6);
	char reasons[400];

	endpoints_put_reasons(&q->endpoints, reasons, sizeof(reasons));
	q->rounds++;
	if (q->rounds >= BEHIND_ROUNDS && endpoints_are_behind(&q->endpoints))
		return finding_set(why, KMETA_DIVERGING, "the quorum has lost the log: %s",
		                   reasons);
	if (gives_up(q))
		return finding_set(why, KMETA_CANNOT_CONNECT, "no controller leads: %s", reasons);
	/* What is over soon, or ends in a failure that says the same, needs no word. */
	if (q->ever_led || waiting_now() - q->failing_since >= SILENCE)
		quorum_note(q, "looking for the leader: %s", reasons);
	endpoints_retry(&q->endpoints);
	return waiting_pause(q->options.stop, pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE, why);
}

/* Trying again, or asking somebody else, would end in the same way. */
static bool ends_search(enum kmeta_code code)
{
	return code != KMETA_CANNOT_CONNECT && code != KMETA_BAD_RESPONSE;
}

static enum kmeta_status quorum_reach(struct kmeta_quorum *q, struct kmeta_finding *why)
{
	if (!q->failing_since)
		q->failing_since = waiting_now();
	for (;;) {
		struct endpoint *next = endpoints_next(&q->endpoints, q->leader);
		enum kmeta_status status;

		if (!next) {
			status = end_round(q, why);
			if (status != KMETA_OK)
				return status;
			continue;
		}
		next->tried = true;
		next->is_behind = false;
		status = quorum_connect(q, next, why);
		if (status == KMETA_OK)
			return KMETA_OK;
		if (ends_search(why->code)) {
			if (!why->file && why->code != KMETA_STOPPED)
				why->file = next->text;
			return KMETA_FAILED;
		}
		snprintf(next->reason, sizeof(next->reason), "%.250s", why->message);
	}
}

static void quorum_succeeds(struct kmeta_quorum *q)
{
	endpoints_retry(&q->endpoints);
	for (size_t i = 0; i < q->endpoints.count; i++)
		*q->endpoints.at[i].reason = '\0';
	q->ever_led = true;
	q->failing_since = 0;
	q->rounds = 0;
	if (q->leader >= 0)
		quorum_note(q, "%s leads: controller %d, epoch %d", q->at->text, q->leader,
		            q->epoch);
}

static bool has_expired(const struct kmeta_quorum *q)
{
	const int64_t end = q->connection ? connection_expires(q->connection) : 0;

	return end && waiting_now() >= end;
}

enum kmeta_status quorum_ask(struct kmeta_quorum *q, quorum_attempt *attempt, void *context,
                             struct kmeta_finding *why)
{
	unsigned again = 0;

	if (has_expired(q)) {
		connection_close(q->connection);
		q->connection = NULL;
	}
	for (;;) {
		enum kmeta_status status = q->connection ? KMETA_OK : quorum_reach(q, why);
		enum outcome outcome;

		if (status != KMETA_OK)
			return status;
		outcome = attempt(q, context, why);
		if (outcome == OUTCOME_DONE) {
			quorum_succeeds(q);
			return KMETA_OK;
		}
		if (outcome == OUTCOME_FINAL) {
			if (!why->file && why->code != KMETA_STOPPED)
				why->file = q->at->text;
			return KMETA_FAILED;
		}
		if (outcome == OUTCOME_AGAIN && ++again < AGAIN_LIMIT)
			continue;
		quorum_drop(q, why);
	}
}

/* ---- one request ---- */

/* What comes in too fast is paid for before the next request. */
static void note_rate(struct kmeta_quorum *q, size_t size)
{
	const int64_t now = waiting_now();

	if (!q->options.most_per_second)
		return;
	if (q->allowed_after < now)
		q->allowed_after = now;
	q->allowed_after += (int64_t)size * 1000 / q->options.most_per_second;
}

enum kmeta_status quorum_call(struct kmeta_quorum *q, int64_t wait, struct wire *answer,
                              struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	while (status == KMETA_OK && q->allowed_after > waiting_now())
		status = waiting_pause(q->options.stop, q->allowed_after - waiting_now(), why);
	if (status == KMETA_OK)
		status = connection_call(q->connection, wait, answer, why);
	if (status == KMETA_OK)
		note_rate(q, wire_left(answer));
	return status;
}

enum outcome quorum_judge_failure(const struct kmeta_finding *why)
{
	return ends_search(why->code) ? OUTCOME_FINAL : OUTCOME_BROKEN;
}

static enum outcome final(struct kmeta_finding *why, enum kmeta_code code, const char *text)
{
	finding_set(why, code, "%s", text);
	return OUTCOME_FINAL;
}

static enum outcome not_permitted(const struct kmeta_quorum *q, struct kmeta_finding *why)
{
	const char *principal = connection_principal(q->connection);

	finding_set(why, KMETA_ACCESS_REFUSED,
	            "%s lacks the permission CLUSTER_ACTION on the cluster: kafka-acls.sh "
	            "--bootstrap-server HOST:PORT --add --cluster --operation ClusterAction "
	            "--allow-principal '%s'",
	            principal, principal);
	return OUTCOME_FINAL;
}

static enum outcome not_leading(const struct kmeta_quorum *q, int16_t error,
                                struct kmeta_finding *why)
{
	bool is_known = q->leader < 0;

	for (size_t i = 0; i < q->endpoints.count; i++)
		is_known |= q->endpoints.at[i].node == q->leader;
	if (q->leader < 0)
		finding_set(why, KMETA_CANNOT_CONNECT, "it knows no leader");
	else
		finding_set(why, KMETA_CANNOT_CONNECT, "controller %d leads, not this one (%s)%s",
		            q->leader, server_error_name(error),
		            is_known ? "" : ", and its address is not known: name all controllers");
	return OUTCOME_ELSEWHERE;
}

enum outcome quorum_judge(struct kmeta_quorum *q, int16_t error, int32_t leader, int32_t epoch,
                          struct kmeta_finding *why)
{
	const bool is_newer = epoch > q->epoch;

	if (is_newer) {
		q->epoch = epoch;
		q->leader = leader;
	} else if (epoch == q->epoch && leader >= 0) {
		q->leader = leader;
	}
	switch (error) {
	case SERVER_OK:
		return OUTCOME_DONE;
	case SERVER_FENCED_EPOCH:
	case SERVER_UNKNOWN_EPOCH:
		if (is_newer) {
			finding_set(why, KMETA_CANNOT_CONNECT, "its epoch is %d", epoch);
			return OUTCOME_AGAIN;
		}
		if (error == SERVER_UNKNOWN_EPOCH && epoch >= 0) {
			finding_set(why, KMETA_CANNOT_CONNECT,
			            "its epoch is %d, below %d, which is known here: it is behind, "
			            "or the quorum has lost what was committed, or is another",
			            epoch, q->epoch);
			q->at->is_behind = true;
			return OUTCOME_ELSEWHERE;
		}
		return not_leading(q, error, why);
	case SERVER_NOT_LEADER:
		/* Who leads is not known by who told it before. */
		if (leader < 0)
			q->leader = -1;
		return not_leading(q, error, why);
	case SERVER_NOT_AUTHORIZED:
		return not_permitted(q, why);
	case SERVER_OTHER_CLUSTER:
		finding_set(why, KMETA_OTHER_CLUSTER,
		            "INCONSISTENT_CLUSTER_ID: this is another cluster than %s",
		            q->cluster_id);
		return OUTCOME_FINAL;
	case SERVER_UNKNOWN_TOPIC:
	case SERVER_NO_PARTITION:
		return final(why, KMETA_NOT_A_CONTROLLER,
		             "it does not know the metadata log: name the port of the "
		             "controller listener");
	case SERVER_BAD_VERSION:
	case SERVER_INVALID_REQUEST:
		finding_set(why, KMETA_BAD_RESPONSE, "it does not understand the request: %s",
		            server_error_name(error));
		return OUTCOME_FINAL;
	}
	finding_set(why, KMETA_CANNOT_CONNECT, "it cannot answer: %s (%d)",
	            server_error_name(error), error);
	return OUTCOME_ELSEWHERE;
}

/* ---- fetching ---- */

/* What one request asks for; small where the rate is. */
static int32_t fetch_size(const struct kmeta_quorum *q)
{
	enum { MOST = 1 << 20, LEAST = 1 << 14 };
	const int64_t rate = q->options.most_per_second;

	return !rate || rate > MOST ? MOST : rate < LEAST ? LEAST : (int32_t)rate;
}

static enum outcome fetch_attempt(struct kmeta_quorum *q, void *context, struct kmeta_finding *why)
{
	struct fetching *f = context;
	struct fetch_response *r = &f->response;
	const int16_t version = connection_version(q->connection, REQUEST_FETCH);
	struct fetch_request request = { .offset = f->offset,
		                         .last_epoch = f->last_epoch,
		                         .wait = (int32_t)f->wait,
		                         .most = f->only_one ? 1 : fetch_size(q),
		                         .cluster_id = *q->cluster_id ? q->cluster_id : NULL };
	struct wire answer;

	if (connection_version(q->connection, REQUEST_SNAPSHOT) < 0 || version < 0)
		return final(why, KMETA_NOT_A_CONTROLLER,
		             "this listener does not hand out the metadata log, so it is no "
		             "controller's: name the port of controller.listener.names");
	/* An epoch below that of the last record would make no sense to the server. */
	if (q->epoch < f->last_epoch)
		q->epoch = f->last_epoch;
	request.leader_epoch = q->epoch < 0 ? 0 : q->epoch;
	request_put_fetch(connection_begin(q->connection, REQUEST_FETCH, version), version,
	                  &request);
	if (quorum_call(q, f->wait, &answer, why) != KMETA_OK)
		return quorum_judge_failure(why);
	response_fetch(&answer, r);
	if (answer.fault) {
		connection_bad_response(q->connection, &answer, why);
		return OUTCOME_BROKEN;
	}
	endpoints_learn(&q->endpoints, &r->nodes);
	if (!r->error && r->leader < 0 && q->leader < 0)
		q->leader = q->at->node;
	return quorum_judge(q, r->error, r->leader, r->leader_epoch, why);
}

enum kmeta_status quorum_fetch(struct kmeta_quorum *q, struct fetching *f,
                               struct kmeta_finding *why)
{
	q->records = (struct kmeta_bytes){ 0 };
	return quorum_ask(q, fetch_attempt, f, why);
}
