/* SPDX-License-Identifier: Apache-2.0 */
/* connection.c: one connection to a server: requests, and their responses whole or not at all. */
#include "net/connection.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/finding.h"
#include "net/dial.h"
#include "net/tls.h"

struct connection {
	int fd;
	struct tls *tls; /* NULL: plaintext */
	struct call_limits limits;
	struct server_versions versions;
	char principal[256];
	int64_t expires;

	enum request_kind kind; /* of the request under way */
	int32_t correlation;
	struct kmeta_buffer request;
	uint8_t *response;
	size_t response_room;
	bool has_answered;
};

/* ---- opening and closing ---- */

void connection_set_principal(struct connection *c, const char *name)
{
	snprintf(c->principal, sizeof(c->principal), "User:%s", name);
}

const char *connection_principal(const struct connection *c)
{
	return c->principal;
}

void connection_set_lifetime(struct connection *c, int64_t milliseconds)
{
	/* Before the end, as a request behind it costs the connection. */
	if (milliseconds > 0 && milliseconds < INT64_MAX / 16)
		c->expires = waiting_now() + milliseconds * 4 / 5;
}

int64_t connection_expires(const struct connection *c)
{
	return c->expires;
}

static enum kmeta_status connection_encrypt(struct connection *c, const char *host,
                                            const struct client_settings *settings,
                                            const struct waiting *w, struct kmeta_finding *why)
{
	char subject[200];
	const enum kmeta_status status = tls_open(&c->tls, c->fd, host, settings, w, why);

	if (status != KMETA_OK)
		return status;
	tls_subject(c->tls, subject, sizeof(subject));
	if (*subject)
		connection_set_principal(c, subject);
	return KMETA_OK;
}

enum kmeta_status connection_open(struct connection **result, const char *host, uint16_t port,
                                  const struct client_settings *settings,
                                  const struct call_limits *limits, struct kmeta_finding *why)
{
	const struct waiting w = { .deadline = waiting_now() + limits->timeout,
		                   .stop = limits->stop };
	struct connection *c = calloc(1, sizeof(*c));
	enum kmeta_status status;

	if (!c)
		return finding_memory(why);
	c->limits = *limits;
	c->fd = -1;
	connection_set_principal(c, "ANONYMOUS");
	status = dial(host, port, &w, &c->fd, why);
	if (status == KMETA_OK && settings->uses_tls)
		status = connection_encrypt(c, host, settings, &w, why);
	if (status == KMETA_OK)
		*result = c;
	else
		connection_close(c);
	return status;
}

void connection_forget(struct connection *c)
{
	if (c->request.at)
		explicit_bzero(c->request.at, c->request.capacity);
	if (c->response)
		explicit_bzero(c->response, c->response_room);
}

void connection_close(struct connection *c)
{
	if (!c)
		return;
	tls_close(c->tls);
	if (c->fd >= 0)
		close(c->fd);
	kmeta_buffer_release(&c->request);
	free(c->response);
	free(c);
}

/* ---- bytes ---- */

static ssize_t plain_read(const struct connection *c, void *at, size_t size, short *events)
{
	ssize_t n;

	do
		n = recv(c->fd, at, size, 0);
	while (n < 0 && errno == EINTR);
	*events = n < 0 && errno == EAGAIN ? POLLIN : 0;
	return n;
}

static ssize_t plain_write(const struct connection *c, const void *at, size_t size, short *events)
{
	ssize_t n;

	do
		n = send(c->fd, at, size, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	*events = n < 0 && errno == EAGAIN ? POLLOUT : 0;
	return n;
}

/* After a read or write that gave nothing. */
static enum kmeta_status transfer_failed(const struct connection *c, ssize_t n,
                                         struct kmeta_finding *why)
{
	if (c->tls && (n < 0 || !c->has_answered))
		return tls_failure(c->has_answered ? NULL : c->tls, why);
	if (n < 0 && errno != ECONNRESET && errno != EPIPE)
		return finding_set(why, KMETA_CANNOT_CONNECT, "the connection broke: %s",
		                   strerror(errno));
	if (c->has_answered)
		return finding_set(why, KMETA_CANNOT_CONNECT, "the server closed the connection");
	return finding_set(why, KMETA_CANNOT_CONNECT,
	                   "the server closed the connection without an answer (the listener may "
	                   "want TLS or a login: security.protocol)");
}

/* A read or write that wants to wait names "events" of poll(); any other that gave nothing failed. */
static enum kmeta_status wait_or_fail(const struct connection *c, ssize_t n, short events,
                                      const struct waiting *w, struct kmeta_finding *why)
{
	return events ? waiting_for(w, c->fd, events, why) : transfer_failed(c, n, why);
}

static enum kmeta_status send_all(struct connection *c, const struct waiting *w,
                                  struct kmeta_finding *why)
{
	const char *at = c->request.at;
	size_t left = c->request.size;

	while (left) {
		short events = 0;
		const ssize_t n = c->tls ? tls_write(c->tls, at, left, &events)
		                         : plain_write(c, at, left, &events);

		if (n > 0) {
			at += n;
			left -= (size_t)n;
		} else {
			const enum kmeta_status status = wait_or_fail(c, n, events, w, why);

			if (status != KMETA_OK)
				return status;
		}
	}
	return KMETA_OK;
}

static enum kmeta_status receive(struct connection *c, uint8_t *at, size_t size,
                                 const struct waiting *w, struct kmeta_finding *why)
{
	while (size) {
		short events = 0;
		const ssize_t n = c->tls ? tls_read(c->tls, at, size, &events)
		                         : plain_read(c, at, size, &events);

		if (n > 0) {
			at += n;
			size -= (size_t)n;
		} else {
			const enum kmeta_status status = wait_or_fail(c, n, events, w, why);

			if (status != KMETA_OK)
				return status;
		}
	}
	return KMETA_OK;
}

/* ---- requests and responses ---- */

struct kmeta_buffer *connection_begin(struct connection *c, enum request_kind kind, int16_t version)
{
	c->kind = kind;
	c->correlation++;
	request_begin(&c->request, kind, version, c->correlation);
	return &c->request;
}

enum kmeta_status connection_bad_response(const struct connection *c, const struct wire *answer,
                                          struct kmeta_finding *why)
{
	return finding_set(why, KMETA_BAD_RESPONSE, "the response to %s cannot be read: %s",
	                   request_forms[c->kind].name,
	                   answer->fault ? answer->fault : "it does not fit the request");
}

/* The first bytes of an alert or of HTTP make a length that no response has. */
static enum kmeta_status bad_size(const uint8_t first[4], struct kmeta_finding *why)
{
	enum { TLS_ALERT = 0x15 };

	if (first[0] == TLS_ALERT && first[1] == 3)
		return finding_set(why, KMETA_CANNOT_CONNECT,
		                   "the listener speaks TLS: security.protocol=SSL or SASL_SSL");
	return finding_set(why, KMETA_BAD_RESPONSE,
	                   "a response of %d bytes makes no sense: this is no listener of Kafka's, "
	                   "or it wants TLS",
	                   (int)(int32_t)wire_get32(first));
}

/* Room grows as bytes come, whatever the length claims. */
static enum kmeta_status receive_body(struct connection *c, size_t size, const struct waiting *w,
                                      struct kmeta_finding *why)
{
	enum { STEP = 1 << 20 };
	size_t done = 0;

	while (done < size) {
		const size_t step = size - done < STEP ? size - done : STEP;
		enum kmeta_status status;

		if (c->response_room < done + step) {
			uint8_t *more = realloc(c->response, done + step);

			if (!more)
				return finding_memory(why);
			c->response = more;
			c->response_room = done + step;
		}
		status = receive(c, c->response + done, step, w, why);
		if (status != KMETA_OK)
			return status;
		done += step;
	}
	return KMETA_OK;
}

static enum kmeta_status receive_response(struct connection *c, const struct waiting *w,
                                          size_t *size, struct kmeta_finding *why)
{
	const size_t limit = c->kind == REQUEST_FETCH || c->kind == REQUEST_SNAPSHOT
	                             ? (size_t)RESPONSE_LIMIT
	                             : (size_t)SMALL_RESPONSE_LIMIT;
	enum { SMALLEST = 4 };
	uint8_t first[4];
	enum kmeta_status status = receive(c, first, sizeof(first), w, why);

	if (status != KMETA_OK)
		return status;
	*size = wire_get32(first);
	if (*size < SMALLEST || *size > limit)
		return bad_size(first, why);
	return receive_body(c, *size, w, why);
}

enum kmeta_status connection_call(struct connection *c, int64_t extra, struct wire *answer,
                                  struct kmeta_finding *why)
{
	const struct waiting w = { .deadline = waiting_now() + c->limits.timeout + extra,
		                   .stop = c->limits.stop };
	enum kmeta_status status;
	size_t size;

	request_end(&c->request);
	if (c->request.failed)
		return finding_memory(why);
	status = send_all(c, &w, why);
	if (status == KMETA_OK)
		status = receive_response(c, &w, &size, why);
	if (status != KMETA_OK)
		return status;
	*answer = wire_over(c->response, size);
	if (wire_int32(answer) != c->correlation)
		return finding_set(why, KMETA_BAD_RESPONSE, "the response answers another request");
	if (request_forms[c->kind].flexible_answer)
		packet_skip_tags(answer);
	if (answer->fault)
		return connection_bad_response(c, answer, why);
	c->has_answered = true;
	return KMETA_OK;
}

enum kmeta_status connection_ask_versions(struct connection *c, struct kmeta_finding *why)
{
	struct kmeta_buffer *body = connection_begin(c, REQUEST_API_VERSIONS, 3);
	enum kmeta_status status;
	struct wire answer;
	int16_t error;

	request_put_api_versions(body);
	status = connection_call(c, 0, &answer, why);
	if (status != KMETA_OK)
		return status;
	response_versions(&answer, &c->versions, &error);
	if (answer.fault)
		return connection_bad_response(c, &answer, why);
	if (error)
		return finding_set(why, KMETA_BAD_RESPONSE,
		                   "the server does not say which requests it knows: error %d",
		                   error);
	/* The next request may be the one that a login is missed for. */
	c->has_answered = false;
	return KMETA_OK;
}

int16_t connection_version(const struct connection *c, enum request_kind kind)
{
	const struct request_form *form = &request_forms[kind];
	const struct version_range *theirs = &c->versions.of[kind];
	const int16_t version = theirs->highest < form->newest ? theirs->highest : form->newest;

	return version >= form->oldest && version >= theirs->lowest ? version : -1;
}
