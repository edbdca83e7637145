/* SPDX-License-Identifier: Apache-2.0 */
/* settings.c: how a client logs in and encrypts, from the properties that Kafka's own tools take. */
#include "net/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "net/jaas.h"
#include "net/properties.h"

/* Where the value of a property goes. */
static const struct {
	const char *name;
	size_t member;
} understood[] = {
#define MEMBER(member) offsetof(struct client_settings, member)
	{ "security.protocol", MEMBER(protocol) },
	{ "sasl.mechanism", MEMBER(mechanism) },
	{ "sasl.jaas.config", MEMBER(jaas) },
	{ "sasl.oauthbearer.token.endpoint.url", MEMBER(token_file) },
	{ "sasl.kerberos.service.name", MEMBER(service) },
	{ "ssl.truststore.location", MEMBER(truststore) },
	{ "ssl.truststore.password", MEMBER(truststore_password) },
	{ "ssl.truststore.certificates", MEMBER(truststore_pem) },
	{ "ssl.keystore.location", MEMBER(keystore) },
	{ "ssl.keystore.password", MEMBER(keystore_password) },
	{ "ssl.keystore.key", MEMBER(key_pem) },
	{ "ssl.keystore.certificate.chain", MEMBER(chain_pem) },
	{ "ssl.key.password", MEMBER(key_password) },
	{ "ssl.endpoint.identification.algorithm", MEMBER(name_check) },
};

/* Where the value of an option of the login module goes. */
static const struct {
	const char *name;
	size_t member;
} login_options[] = {
	{ "username", MEMBER(username) },
	{ "password", MEMBER(password) },
	{ "tokenauth", MEMBER(by_token) },
	{ "principal", MEMBER(principal) },
	{ "useKeyTab", MEMBER(use_keytab) },
	{ "keyTab", MEMBER(keytab) },
	{ "useTicketCache", MEMBER(use_ticket_cache) },
	{ "ticketCache", MEMBER(ticket_cache) },
	{ "serviceName", MEMBER(service) },
#undef MEMBER
};

/* Has no meaning beside what the content of the stores says, or is Java's own. */
static const char *const passed_over[] = {
	"ssl.truststore.type",
	"ssl.keystore.type",
	"ssl.protocol",
	"ssl.provider",
	"ssl.keymanager.algorithm",
	"ssl.trustmanager.algorithm",
	"sasl.kerberos.kinit.cmd",
	"sasl.kerberos.min.time.before.relogin",
	"sasl.kerberos.ticket.renew.jitter",
	"sasl.kerberos.ticket.renew.window.factor",
};

/* ---- secrets ---- */

enum { SECRET_ROOM = 4096 };

void secret_free(char *text)
{
	if (!text)
		return;
	explicit_bzero(text, strlen(text));
	free(text);
}

/* The service of Kerberos stands in both tables. */
static void secret_clear(char **text)
{
	secret_free(*text);
	*text = NULL;
}

static char **text_at(struct client_settings *settings, size_t member)
{
	return (char **)(void *)((char *)settings + member);
}

void settings_clear(struct client_settings *settings)
{
	for (size_t i = 0; i < sizeof(understood) / sizeof(understood[0]); i++)
		secret_clear(text_at(settings, understood[i].member));
	for (size_t i = 0; i < sizeof(login_options) / sizeof(login_options[0]); i++)
		secret_clear(text_at(settings, login_options[i].member));
	*settings = (struct client_settings){ 0 };
}

/* Reads up to "room" bytes; 0, or the errno. */
static int read_whole(int fd, char *at, size_t room, size_t *size)
{
	*size = 0;
	while (*size < room) {
		const ssize_t n = read(fd, at + *size, room - *size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (n == 0)
			return 0;
		*size += (size_t)n;
	}
	return EFBIG;
}

enum kmeta_status secret_read(const char *path, char **text, size_t *size,
                              struct kmeta_finding *why)
{
	enum { LIMIT = 4 << 20 };
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *all = fd >= 0 ? malloc(LIMIT) : NULL;
	int error = fd < 0 ? errno : ENOMEM;

	*size = 0;
	if (all)
		error = read_whole(fd, all, LIMIT, size);

	if (fd >= 0)
		close(fd);
	/* A block of the right size, so that nothing stays in a larger one. */
	*text = error ? NULL : malloc(*size + 1);
	if (*text) {
		memcpy(*text, all, *size);
		(*text)[*size] = '\0';
	} else if (!error) {
		error = ENOMEM;
	}
	if (all)
		explicit_bzero(all, *size);
	free(all);
	return error ? finding_system(why, path, error, "cannot read") : KMETA_OK;
}

/* ---- ${env:NAME} ---- */

static enum kmeta_status refuse_property(struct kmeta_finding *why, const char *file,
                                         const char *name, const char *what)
{
	finding_set(why, KMETA_BAD_ARGUMENT, "%s: %s", name, what);
	why->file = file;
	return KMETA_FAILED;
}

/* Appends the value of a variable whose reference begins at "at"; returns what is behind it. */
static const char *put_variable(struct kmeta_buffer *out, const char *at)
{
	const char *end = strchr(at, '}'), *value;
	char name[256];
	const size_t prefix = strlen("${env:");

	if (!end || strncmp(at, "${env:", prefix) != 0 ||
	    (size_t)(end - at) - prefix >= sizeof(name))
		return NULL;
	memcpy(name, at + prefix, (size_t)(end - at) - prefix);
	name[(size_t)(end - at) - prefix] = '\0';
	value = getenv(name);
	if (!value)
		return NULL;
	kmeta_buffer_add(out, value, strlen(value));
	return end + 1;
}

/* A value of its own with variables in their places. NULL: "problem" says why. */
static char *resolve(const char *value, const char **problem)
{
	struct kmeta_buffer out = { 0 };
	char *result = NULL;
	const char *at = value;

	*problem = NULL;
	/* Room from the begin, so that no part of a secret is left behind elsewhere. */
	buffer_room(&out, strlen(value) + SECRET_ROOM);
	while (at && *at) {
		const char *next = strstr(at, "${");

		kmeta_buffer_add(&out, at, next ? (size_t)(next - at) : strlen(at));
		at = next ? put_variable(&out, next) : NULL;
		if (next && !at)
			*problem = "only ${env:NAME} is understood, with a NAME that there is in "
				   "the environment";
	}
	kmeta_buffer_add(&out, "", 1);
	if (!*problem && !out.failed)
		result = strdup(out.at);
	if (!*problem && !result)
		*problem = "out of memory";
	if (out.at)
		explicit_bzero(out.at, out.size);
	kmeta_buffer_release(&out);
	return result;
}

/* ---- properties ---- */

static bool starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static void note_passed_over(const char *name, const char *file, settings_note *note, void *context)
{
	char shown[80], message[256];

	if (!note || !(starts_with(name, "ssl.") || starts_with(name, "sasl.")))
		return;
	for (size_t i = 0; i < sizeof(passed_over) / sizeof(passed_over[0]); i++)
		if (!strcmp(passed_over[i], name))
			return;
	for (size_t i = 0; i < sizeof(shown); i++) {
		shown[i] = name[i] >= 0x20 && name[i] < 0x7f ? name[i] : name[i] ? '?' : '\0';
		if (!name[i])
			break;
	}
	shown[sizeof(shown) - 1] = '\0';
	snprintf(message, sizeof(message), "%.120s: %s is passed over", file, shown);
	note(context, message);
}

static enum kmeta_status take_client_property(struct client_settings *settings,
                                              const struct property *property, const char *file,
                                              settings_note *note, void *context,
                                              struct kmeta_finding *why)
{
	for (size_t i = 0; i < sizeof(understood) / sizeof(understood[0]); i++) {
		char **member = text_at(settings, understood[i].member);
		const char *problem;

		if (strcmp(understood[i].name, property->name) != 0)
			continue;
		secret_free(*member);
		*member = resolve(property->value, &problem);
		return *member ? KMETA_OK : refuse_property(why, file, property->name, problem);
	}
	note_passed_over(property->name, file, note, context);
	return KMETA_OK;
}

static enum kmeta_status take_protocol(struct client_settings *settings, const char *file,
                                       struct kmeta_finding *why)
{
	static const struct {
		const char *name;
		bool tls, login;
	} protocols[] = { { "PLAINTEXT", false, false },
		          { "SSL", true, false },
		          { "SASL_PLAINTEXT", false, true },
		          { "SASL_SSL", true, true } };

	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		if (settings->protocol && strcasecmp(settings->protocol, protocols[i].name) != 0)
			continue;
		settings->uses_tls = protocols[i].tls;
		settings->uses_login = protocols[i].login;
		return KMETA_OK;
	}
	return refuse_property(why, file, "security.protocol",
	                       "it takes PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL");
}

/* ---- login ---- */

static bool keep_login_text(char **member, const char *text)
{
	secret_free(*member);
	*member = strdup(text);
	return *member != NULL;
}

static bool take_jaas_option(struct client_settings *settings, const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(login_options) / sizeof(login_options[0]); i++)
		if (!strcmp(name, login_options[i].name))
			return keep_login_text(text_at(settings, login_options[i].member), value);
	return true;
}

static enum kmeta_status take_jaas(struct client_settings *settings, const char *file,
                                   struct kmeta_finding *why)
{
	struct jaas jaas;
	char *name, *value;

	if (!settings->jaas)
		return KMETA_OK;
	if (!jaas_begin(&jaas, settings->jaas))
		return refuse_property(why, file, "sasl.jaas.config",
		                       "it is not of the form: MODULE required username=\"...\" "
		                       "password=\"...\";");
	while (jaas_next(&jaas, &name, &value))
		if (!take_jaas_option(settings, name, value))
			return finding_memory(why);
	return KMETA_OK;
}

static enum kmeta_status check_password(struct client_settings *settings, const char *file,
                                        struct kmeta_finding *why)
{
	return settings->username && settings->password
	               ? KMETA_OK
	               : refuse_property(why, file, "sasl.jaas.config",
	                                 "it has to name a username and a password");
}

static enum kmeta_status check_token_file(struct client_settings *settings, const char *file,
                                          struct kmeta_finding *why)
{
	static const char scheme[] = "file://";
	char *url = settings->token_file;

	if (!url || !starts_with(url, scheme) || url[sizeof(scheme) - 1] != '/')
		return refuse_property(why, file, "sasl.oauthbearer.token.endpoint.url",
		                       "it has to be file:///PATH of a file that holds the token");
	memmove(url, url + sizeof(scheme) - 1, strlen(url) - sizeof(scheme) + 2);
	return KMETA_OK;
}

static enum kmeta_status take_login(struct client_settings *settings, const char *file,
                                    struct kmeta_finding *why)
{
	static const struct {
		const char *mechanism;
		enum kmeta_status (*check)(struct client_settings *settings, const char *file,
		                           struct kmeta_finding *why);
	} mechanisms[] = { { "PLAIN", check_password },
		           { "SCRAM-SHA-256", check_password },
		           { "SCRAM-SHA-512", check_password },
		           { "OAUTHBEARER", check_token_file },
		           /* What its options do not name is what kinit left. */
		           { "GSSAPI", NULL } };
	enum kmeta_status status;

	if (!settings->uses_login)
		return KMETA_OK;
	status = take_jaas(settings, file, why);
	if (status != KMETA_OK)
		return status;
	/* The default of Kafka's clients. */
	if (!settings->mechanism && !keep_login_text(&settings->mechanism, "GSSAPI"))
		return finding_memory(why);
	for (size_t i = 0; i < sizeof(mechanisms) / sizeof(mechanisms[0]); i++)
		if (!strcmp(settings->mechanism, mechanisms[i].mechanism))
			return mechanisms[i].check ? mechanisms[i].check(settings, file, why)
			                           : KMETA_OK;
	return refuse_property(why, file, "sasl.mechanism",
	                       "it takes PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or "
	                       "GSSAPI");
}

enum kmeta_status settings_read(struct client_settings *settings, char *text, size_t size,
                                const char *file, settings_note *note, void *context,
                                struct kmeta_finding *why)
{
	struct properties all = properties_over(text, size);
	struct property property;
	enum kmeta_status status = KMETA_OK;

	*settings = (struct client_settings){ 0 };
	while (status == KMETA_OK && properties_next(&all, &property))
		status = take_client_property(settings, &property, file, note, context, why);
	if (status == KMETA_OK)
		status = take_protocol(settings, file, why);
	if (status == KMETA_OK)
		status = take_login(settings, file, why);
	settings->any_name = settings->name_check && !*settings->name_check;
	return status;
}
