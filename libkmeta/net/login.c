/* SPDX-License-Identifier: Apache-2.0 */
/* login.c: SASL: PLAIN (RFC 4616), SCRAM (RFC 5802), OAUTHBEARER (RFC 7628), GSSAPI (RFC 4752). */
#include "net/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "net/errors.h"
#include "net/kerberos.h"
#include "net/scram.h"

enum { MESSAGE_ROOM = 16384 };

/* A login under way. */
struct login {
	struct connection *connection;
	const struct client_settings *settings;
	const char *host;
	struct kmeta_buffer message; /* the next one of ours; it is overwritten at the end */
};

static enum kmeta_status shake_hands_for_login(struct login *l, struct kmeta_finding *why)
{
	struct handshake_response response;
	enum kmeta_status status;
	struct wire answer;

	request_put_handshake(connection_begin(l->connection, REQUEST_LOGIN_HANDSHAKE, 1),
	                      l->settings->mechanism);
	status = connection_call(l->connection, 0, &answer, why);
	if (status != KMETA_OK)
		return status;
	response_handshake(&answer, &response);
	if (answer.fault)
		return connection_bad_response(l->connection, &answer, why);
	if (response.error == SERVER_BAD_STATE)
		return finding_set(why, KMETA_ACCESS_REFUSED,
		                   "the listener wants no login: security.protocol=%s",
		                   l->settings->uses_tls ? "SSL" : "PLAINTEXT");
	if (response.error)
		return finding_set(why, KMETA_ACCESS_REFUSED,
		                   "the server does not take sasl.mechanism=%s but %s",
		                   l->settings->mechanism,
		                   *response.mechanisms ? response.mechanisms : "none");
	return KMETA_OK;
}

/* Sends the message, which is then empty, and gives what the server says to it. */
static enum kmeta_status login_step(struct login *l, struct kmeta_bytes *token,
                                    struct kmeta_finding *why)
{
	struct login_response response;
	enum kmeta_status status;
	struct wire answer;
	char text[200];

	if (l->message.failed)
		return finding_memory(why);
	request_put_login_step(connection_begin(l->connection, REQUEST_LOGIN_STEP, 2),
	                       kmeta_buffer_bytes(&l->message));
	l->message.size = 0;
	status = connection_call(l->connection, 0, &answer, why);
	if (status != KMETA_OK)
		return status;
	response_login(&answer, &response);
	if (answer.fault)
		return connection_bad_response(l->connection, &answer, why);
	if (response.error) {
		packet_text(text, sizeof(text), response.message);
		return finding_set(why, KMETA_ACCESS_REFUSED, "authentication failed (%s, %s)%s%s",
		                   l->settings->mechanism, connection_principal(l->connection),
		                   *text ? ": " : "", text);
	}
	connection_set_lifetime(l->connection, response.lifetime);
	*token = response.token;
	return KMETA_OK;
}

static enum kmeta_status login_plain(struct login *l, struct kmeta_finding *why)
{
	const struct client_settings *s = l->settings;
	struct kmeta_bytes ignored;

	kmeta_buffer_add(&l->message, "", 1);
	kmeta_buffer_add(&l->message, s->username, strlen(s->username) + 1);
	kmeta_buffer_add(&l->message, s->password, strlen(s->password));
	return login_step(l, &ignored, why);
}

static enum kmeta_status login_scram(struct login *l, struct kmeta_finding *why)
{
	const struct client_settings *s = l->settings;
	struct scram scram = { .mechanism = s->mechanism,
		               .username = s->username,
		               .password = s->password,
		               .by_token = s->by_token && !strcmp(s->by_token, "true") };
	enum kmeta_status status = scram_begin(&scram, why);
	struct kmeta_bytes token;

	if (status == KMETA_OK) {
		scram_put_first(&scram, &l->message);
		status = login_step(l, &token, why);
	}
	if (status == KMETA_OK)
		status = scram_answer(&scram, token, &l->message, why);
	if (status == KMETA_OK)
		status = login_step(l, &token, why);
	if (status == KMETA_OK)
		status = scram_check(&scram, token, why);
	scram_clear(&scram);
	return status;
}

static enum kmeta_status login_bearer(struct login *l, struct kmeta_finding *why)
{
	struct kmeta_bytes answer;
	enum kmeta_status status;
	char *token;
	size_t size;

	status = secret_read(l->settings->token_file, &token, &size, why);
	if (status != KMETA_OK)
		return status;
	while (size && strchr(" \t\r\n", token[size - 1]))
		token[--size] = '\0';
	kmeta_buffer_format(&l->message, "n,,\001auth=Bearer %s\001\001", token);
	secret_free(token);
	status = login_step(l, &answer, why);
	/* An answer that is not empty says why not, and wants to be acknowledged. */
	if (status == KMETA_OK && answer.size) {
		kmeta_buffer_add(&l->message, "\001", 1);
		status = login_step(l, &answer, why);
	}
	return status;
}

/* The server knows "alice/host@REALM" as alice, unless sasl.kerberos.principal.to.local.rules says else. */
static void set_local_name(struct connection *c, const char *principal)
{
	char name[200];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(principal, "/@"), principal);
	connection_set_principal(c, name);
}

static enum kmeta_status login_kerberos(struct login *l, struct kmeta_finding *why)
{
	struct kmeta_bytes challenge = { 0 };
	struct kerberos *kerberos;
	enum kmeta_status status = kerberos_begin(&kerberos, l->settings, l->host, why);
	bool last = false;

	if (status == KMETA_OK && *kerberos_principal(kerberos))
		connection_set_principal(l->connection, kerberos_principal(kerberos));
	while (status == KMETA_OK && !last) {
		status = kerberos_step(kerberos, challenge, &l->message, &last, why);
		if (status == KMETA_OK)
			status = login_step(l, &challenge, why);
	}
	if (status == KMETA_OK)
		set_local_name(l->connection, kerberos_principal(kerberos));
	kerberos_end(kerberos);
	return status;
}

enum kmeta_status login_run(struct connection *c, const char *host,
                            const struct client_settings *settings, struct kmeta_finding *why)
{
	static const struct {
		const char *mechanism;
		enum kmeta_status (*run)(struct login *l, struct kmeta_finding *why);
	} logins[] = { { "PLAIN", login_plain },
		       { "SCRAM-SHA-256", login_scram },
		       { "SCRAM-SHA-512", login_scram },
		       { "OAUTHBEARER", login_bearer },
		       { "GSSAPI", login_kerberos } };
	struct login l = { .connection = c, .settings = settings, .host = host };
	enum kmeta_status status = shake_hands_for_login(&l, why);

	/* Neither of the two moves while it holds a secret. */
	buffer_room(&l.message, MESSAGE_ROOM);
	if (settings->username)
		connection_set_principal(c, settings->username);
	else
		connection_set_principal(c, "NAME-IN-THE-TOKEN");
	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]) && status == KMETA_OK; i++)
		if (!strcmp(settings->mechanism, logins[i].mechanism)) {
			status = logins[i].run(&l, why);
			break;
		}
	if (l.message.at)
		explicit_bzero(l.message.at, l.message.capacity);
	kmeta_buffer_release(&l.message);
	connection_forget(c);
	return status;
}
