/* SPDX-License-Identifier: Apache-2.0 */
/* dial.c: connects to a host and port. */
#include "net/dial.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/finding.h"

static enum kmeta_status dial_failed(struct kmeta_finding *why, int error)
{
	finding_set(why, KMETA_CANNOT_CONNECT, "cannot connect: %s", strerror(error));
	why->system_error = error;
	return KMETA_FAILED;
}

/* Waits for the end of a connect() that goes on. */
static enum kmeta_status finish_connect(int fd, const struct waiting *w, struct kmeta_finding *why)
{
	enum kmeta_status status = waiting_for(w, fd, POLLOUT, why);
	socklen_t size = sizeof(int);
	int error = 0;

	if (status != KMETA_OK)
		return status;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		error = errno;
	return error ? dial_failed(why, error) : KMETA_OK;
}

static enum kmeta_status dial_one(const struct addrinfo *at, const struct waiting *w, int *result,
                                  struct kmeta_finding *why)
{
	const int fd = socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
	                      at->ai_protocol);
	const int yes = 1;
	enum kmeta_status status = KMETA_OK;

	if (fd < 0)
		return dial_failed(why, errno);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));
	if (connect(fd, at->ai_addr, at->ai_addrlen) < 0)
		status =
			errno == EINPROGRESS ? finish_connect(fd, w, why) : dial_failed(why, errno);
	if (status == KMETA_OK)
		*result = fd;
	else
		close(fd);
	return status;
}

/* Each address gets its part of the time. */
static enum kmeta_status dial_each(const struct addrinfo *list, const struct waiting *w, int *fd,
                                   struct kmeta_finding *why)
{
	enum kmeta_status status = dial_failed(why, EADDRNOTAVAIL);
	int64_t left = 0;

	for (const struct addrinfo *at = list; at; at = at->ai_next)
		left++;
	for (const struct addrinfo *at = list; at; at = at->ai_next, left--) {
		const int64_t now = waiting_now();
		const struct waiting part = { .deadline = now + (w->deadline - now) / left,
			                      .stop = w->stop };

		status = dial_one(at, &part, fd, why);
		if (status == KMETA_OK || why->code == KMETA_STOPPED)
			break;
	}
	return status;
}

enum kmeta_status dial(const char *host, uint16_t port, const struct waiting *w, int *fd,
                       struct kmeta_finding *why)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
		                        .ai_socktype = SOCK_STREAM,
		                        .ai_flags = AI_NUMERICSERV };
	struct addrinfo *list = NULL;
	enum kmeta_status status;
	char service[8];
	int error;

	snprintf(service, sizeof(service), "%u", port);
	error = getaddrinfo(host, service, &hints, &list);
	/* The name is this host's own even where no file says so, as in a small container (RFC 6761). */
	if (error && !strcasecmp(host, "localhost"))
		error = getaddrinfo(NULL, service, &hints, &list);
	if (error)
		return finding_set(why, KMETA_CANNOT_CONNECT, "cannot find the host: %s",
		                   gai_strerror(error));
	status = dial_each(list, w, fd, why);
	freeaddrinfo(list);
	return status;
}
