/* SPDX-License-Identifier: Apache-2.0 */
/* endpoints.c: where controllers are. */
#include "net/endpoints.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/finding.h"

/* ---- what the caller names ---- */

static enum kmeta_status refuse_address(struct kmeta_finding *why, const char *text, size_t size)
{
	char shown[80];

	packet_text(shown, sizeof(shown), (struct kmeta_bytes){ (const uint8_t *)text, size });
	return finding_set(why, KMETA_BAD_ARGUMENT,
	                   "'%s' is no address of a controller: it takes HOST:PORT", shown);
}

static bool is_host(const uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i] <= 0x20 || at[i] >= 0x7f || at[i] == '[' || at[i] == ']')
			return false;
	return size && size < ENDPOINT_HOST;
}

static struct endpoint *add_endpoint(struct endpoints *e, const char *host, size_t size,
                                     uint16_t port)
{
	struct endpoint *new = &e->at[e->count];

	if (e->count == ENDPOINTS)
		return NULL;
	*new = (struct endpoint){ .port = port, .node = -1 };
	memcpy(new->host, host, size);
	snprintf(new->text, sizeof(new->text), memchr(host, ':', size) ? "[%s]:%u" : "%s:%u",
	         new->host, port);
	e->count++;
	return new;
}

static bool parse_port(const char *at, const char *end, uint16_t *port)
{
	long number = 0;

	if (at == end || end - at > 5)
		return false;
	for (; at < end; at++) {
		if (*at < '0' || *at > '9')
			return false;
		number = number * 10 + (*at - '0');
	}
	*port = (uint16_t)number;
	return number > 0 && number <= UINT16_MAX;
}

static enum kmeta_status parse_one(struct endpoints *e, const char *at, size_t size,
                                   struct kmeta_finding *why)
{
	const char *end = at + size, *colon = memrchr(at, ':', size), *host = at;
	size_t host_size = colon ? (size_t)(colon - at) : 0;
	uint16_t port;

	if (host_size > 2 && *at == '[' && colon[-1] == ']') {
		host++;
		host_size -= 2;
	} else if (colon && memchr(at, ':', host_size)) {
		return refuse_address(why, at, size);
	}
	if (!colon || !is_host((const uint8_t *)host, host_size) ||
	    !parse_port(colon + 1, end, &port))
		return refuse_address(why, at, size);
	return add_endpoint(e, host, host_size, port)
	               ? KMETA_OK
	               : finding_set(why, KMETA_BAD_ARGUMENT, "more than %d addresses",
	                             (int)ENDPOINTS);
}

enum kmeta_status endpoints_parse(struct endpoints *e, const char *addresses,
                                  struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	e->count = 0;
	while (status == KMETA_OK && addresses) {
		const size_t size = strcspn(addresses, ",");

		status = parse_one(e, addresses, size, why);
		addresses = addresses[size] ? addresses + size + 1 : NULL;
	}
	return status;
}

/* ---- what servers tell ---- */

static struct endpoint *find_endpoint(struct endpoints *e, const struct server_node *node)
{
	for (size_t i = 0; i < e->count; i++)
		if (e->at[i].port == node->port && strlen(e->at[i].host) == node->host.size &&
		    !memcmp(e->at[i].host, node->host.data, node->host.size))
			return &e->at[i];
	return NULL;
}

void endpoints_learn(struct endpoints *e, const struct server_nodes *nodes)
{
	for (size_t i = 0; i < nodes->count; i++) {
		const struct server_node *node = &nodes->at[i];
		struct endpoint *known;

		if (node->port <= 0 || node->port > UINT16_MAX ||
		    !is_host(node->host.data, node->host.size))
			continue;
		known = find_endpoint(e, node);
		if (!known)
			known = add_endpoint(e, (const char *)node->host.data, node->host.size,
			                     (uint16_t)node->port);
		if (!known)
			continue;
		/* A node that moved is no more where it was. */
		for (size_t k = 0; k < e->count; k++)
			if (e->at[k].node == node->id)
				e->at[k].node = -1;
		known->node = node->id;
	}
}

/* ---- rounds ---- */

struct endpoint *endpoints_next(struct endpoints *e, int32_t leader)
{
	struct endpoint *next = NULL;

	for (size_t i = e->count; i-- > 0;) {
		if (e->at[i].tried)
			continue;
		if (leader >= 0 && e->at[i].node == leader)
			return &e->at[i];
		next = &e->at[i];
	}
	return next;
}

void endpoints_retry(struct endpoints *e)
{
	for (size_t i = 0; i < e->count; i++)
		e->at[i].tried = false;
}

bool endpoints_are_behind(const struct endpoints *e)
{
	size_t behind = 0;

	for (size_t i = 0; i < e->count; i++)
		behind += e->at[i].is_behind;
	return behind == e->count;
}

void endpoints_put_reasons(const struct endpoints *e, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < e->count && used < size; i++) {
		if (!*e->at[i].reason)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s: %s", used ? "; " : "",
		                         e->at[i].text, e->at[i].reason);
	}
}
