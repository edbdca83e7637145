/* SPDX-License-Identifier: Apache-2.0 */
/* settings.h: how a client logs in and encrypts, from the properties that Kafka's own tools take. */
#ifndef KMETA_NET_SETTINGS_H
#define KMETA_NET_SETTINGS_H

#include "kmeta/base.h"

/* All texts are owned, and NULL where nothing was said. */
struct client_settings {
	bool uses_tls, uses_login;
	bool any_name; /* ssl.endpoint.identification.algorithm is empty */

	char *protocol, *mechanism, *jaas, *name_check;
	char *username, *password, *by_token; /* of the login module */
	char *token_file;                     /* with the token of OAUTHBEARER */

	/* Of Kerberos' login module; the two flags are "true" or something else. */
	char *principal, *use_keytab, *keytab, *use_ticket_cache, *ticket_cache, *service;

	char *truststore, *truststore_password, *truststore_pem;
	char *keystore, *keystore_password, *key_pem, *chain_pem, *key_password;
};

/* Called with each property that may matter and is not understood; may be NULL. */
typedef void settings_note(void *context, const char *message);

/*
 * Reads the text of a file of properties, which is overwritten, and has a NUL behind its "size"
 * bytes. FAILED: a value cannot be used; "file" is only for the finding. What was read is to be
 * cleared in any case.
 */
KMETA_CHECKED enum kmeta_status settings_read(struct client_settings *settings, char *text,
                                              size_t size, const char *file, settings_note *note,
                                              void *context, struct kmeta_finding *why);

/* Overwrites and frees all. */
void settings_clear(struct client_settings *settings);

/* Overwrites a text and frees it; NULL is fine. */
void secret_free(char *text);

/* Reads a file that may hold secrets, with a NUL behind it; up to 4 MiB. */
KMETA_CHECKED enum kmeta_status secret_read(const char *path, char **text, size_t *size,
                                            struct kmeta_finding *why);

#endif
