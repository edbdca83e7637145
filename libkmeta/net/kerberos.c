/* SPDX-License-Identifier: Apache-2.0 */
/* kerberos.c: the client's side of GSSAPI with Kerberos 5 (RFC 4752), without a security layer. */
#include "net/kerberos.h"

#ifdef KMETA_WITH_SASL

#include <errno.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "net/packet.h"

enum { NO_SECURITY_LAYER = 1, LAYER_MESSAGE = 4 };

struct kerberos {
	gss_cred_id_t credential;
	gss_ctx_id_t context;
	gss_name_t service;
	bool proved;         /* both sides know each other; the layer is next */
	char principal[200]; /* empty while it is not known */
	char target[320];    /* "kafka@HOST", for messages */
};

static gss_buffer_desc gss_text(const char *text)
{
	return (gss_buffer_desc){ .length = strlen(text), .value = (void *)(uintptr_t)text };
}

/* Says what GSSAPI, and Kerberos below it, have to say. */
static enum kmeta_status refuse_ticket(struct kmeta_finding *why, OM_uint32 major, OM_uint32 minor,
                                       const char *failure, const char *name)
{
	const bool by_kerberos = minor != 0;
	gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
	OM_uint32 ignored, more = 0;
	char shown[300] = "";

	if (!GSS_ERROR(gss_display_status(&ignored, by_kerberos ? minor : major,
	                                  by_kerberos ? GSS_C_MECH_CODE : GSS_C_GSS_CODE,
	                                  GSS_C_NO_OID, &more, &text)))
		packet_text(shown, sizeof(shown),
		            (struct kmeta_bytes){ .data = text.value, .size = text.length });
	gss_release_buffer(&ignored, &text);
	return finding_set(why, KMETA_ACCESS_REFUSED, "Kerberos: %s %s: %s", failure, name, shown);
}

static bool is_set(const char *flag)
{
	return flag && !strcmp(flag, "true");
}

/* The key table of the settings; NULL: they want none. */
static const char *chosen_keytab(const struct client_settings *s)
{
	if (!is_set(s->use_keytab))
		return NULL;
	return s->keytab ? s->keytab : "/etc/krb5.keytab";
}

/* Kerberos would only say that there are no tickets. */
static enum kmeta_status check_keytab(const char *keytab, struct kmeta_finding *why)
{
	if (!keytab || access(keytab, R_OK) == 0)
		return KMETA_OK;
	return finding_set(why, KMETA_BAD_ARGUMENT, "cannot read the key table %s: %s", keytab,
	                   strerror(errno));
}

/* Where the tickets are, or the keys to get them by. */
static OM_uint32 acquire_tickets(struct kerberos *k, const struct client_settings *s,
                                 gss_name_t principal, OM_uint32 *minor)
{
	const char *keytab = chosen_keytab(s);
	const bool by_cache = is_set(s->use_ticket_cache);
	gss_key_value_element_desc places[2];
	gss_key_value_set_desc store = { .count = 0, .elements = places };

	if (keytab)
		places[store.count++] = (gss_key_value_element_desc){ "client_keytab", keytab };
	if (by_cache && s->ticket_cache)
		places[store.count++] = (gss_key_value_element_desc){ "ccache", s->ticket_cache };
	else if (keytab && !by_cache)
		places[store.count++] =
			(gss_key_value_element_desc){ "ccache", "MEMORY:kmeta-fetch" };
	return gss_acquire_cred_from(minor, principal, GSS_C_INDEFINITE, GSS_C_NO_OID_SET,
	                             GSS_C_INITIATE, &store, &k->credential, NULL, NULL);
}

/* Reads the principal from the credential. */
static void note_principal(struct kerberos *k)
{
	gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
	gss_name_t name = GSS_C_NO_NAME;
	OM_uint32 ignored;

	if (!GSS_ERROR(gss_inquire_cred(&ignored, k->credential, &name, NULL, NULL, NULL)) &&
	    !GSS_ERROR(gss_display_name(&ignored, name, &text, NULL)))
		packet_text(k->principal, sizeof(k->principal),
		            (struct kmeta_bytes){ .data = text.value, .size = text.length });
	gss_release_buffer(&ignored, &text);
	gss_release_name(&ignored, &name);
}

enum kmeta_status kerberos_begin(struct kerberos **kerberos, const struct client_settings *settings,
                                 const char *host, struct kmeta_finding *why)
{
	struct kerberos *k = calloc(1, sizeof(*k));
	gss_name_t principal = GSS_C_NO_NAME;
	gss_buffer_desc text;
	OM_uint32 major, minor, ignored;
	enum kmeta_status status;

	*kerberos = k;
	if (!k)
		return finding_memory(why);
	status = check_keytab(chosen_keytab(settings), why);
	if (status != KMETA_OK)
		return status;
	snprintf(k->target, sizeof(k->target), "%s@%s",
	         settings->service ? settings->service : "kafka", host);
	text = gss_text(k->target);
	major = gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &k->service);
	if (GSS_ERROR(major))
		return refuse_ticket(why, major, minor, "there is no service", k->target);
	if (settings->principal) {
		text = gss_text(settings->principal);
		major = gss_import_name(&minor, &text, GSS_KRB5_NT_PRINCIPAL_NAME, &principal);
		if (GSS_ERROR(major))
			return refuse_ticket(why, major, minor,
			                     "no such principal:", settings->principal);
	}
	major = acquire_tickets(k, settings, principal, &minor);
	gss_release_name(&ignored, &principal);
	if (GSS_ERROR(major))
		return refuse_ticket(why, major, minor, "no tickets (kinit gets some) of",
		                     settings->principal ? settings->principal : "this user");
	note_principal(k);
	return KMETA_OK;
}

void kerberos_end(struct kerberos *k)
{
	OM_uint32 ignored;

	if (!k)
		return;
	gss_delete_sec_context(&ignored, &k->context, GSS_C_NO_BUFFER);
	gss_release_cred(&ignored, &k->credential);
	gss_release_name(&ignored, &k->service);
	free(k);
}

const char *kerberos_principal(const struct kerberos *k)
{
	return k->principal;
}

/* Shows the ticket, and reads the server's proof that it is the service. */
static enum kmeta_status prove(struct kerberos *k, gss_buffer_desc *challenge,
                               struct kmeta_buffer *out, struct kmeta_finding *why)
{
	gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor, ignored;
	const OM_uint32 major = gss_init_sec_context(
		&minor, k->credential, &k->context, k->service, GSS_C_NO_OID,
		GSS_C_MUTUAL_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_INTEG_FLAG, 0,
		GSS_C_NO_CHANNEL_BINDINGS, challenge, NULL, &token, NULL, NULL);

	kmeta_buffer_add(out, token.value, token.length);
	gss_release_buffer(&ignored, &token);
	if (GSS_ERROR(major))
		return refuse_ticket(why, major, minor, "no login at", k->target);
	k->proved = major == GSS_S_COMPLETE;
	return KMETA_OK;
}

/* The server offers security layers and a size; the client takes none, and asks to be itself. */
static enum kmeta_status choose_layer(struct kerberos *k, gss_buffer_desc *challenge,
                                      struct kmeta_buffer *out, struct kmeta_finding *why)
{
	static const char none[LAYER_MESSAGE] = { NO_SECURITY_LAYER };
	gss_buffer_desc offer = GSS_C_EMPTY_BUFFER, token = GSS_C_EMPTY_BUFFER;
	gss_buffer_desc choice = { .length = sizeof(none), .value = (void *)(uintptr_t)none };
	OM_uint32 minor, ignored, major;
	bool can_do_without;

	major = gss_unwrap(&minor, k->context, challenge, &offer, NULL, NULL);
	if (GSS_ERROR(major))
		return refuse_ticket(why, major, minor, "cannot read the offer of", k->target);
	can_do_without = offer.length == LAYER_MESSAGE &&
	                 (((const uint8_t *)offer.value)[0] & NO_SECURITY_LAYER);
	gss_release_buffer(&ignored, &offer);
	if (!can_do_without)
		return finding_set(why, KMETA_ACCESS_REFUSED,
		                   "Kerberos: %s wants a security layer, which Kafka has not",
		                   k->target);
	major = gss_wrap(&minor, k->context, 0, GSS_C_QOP_DEFAULT, &choice, NULL, &token);
	kmeta_buffer_add(out, token.value, token.length);
	gss_release_buffer(&ignored, &token);
	if (GSS_ERROR(major))
		return refuse_ticket(why, major, minor, "no login at", k->target);
	return KMETA_OK;
}

enum kmeta_status kerberos_step(struct kerberos *k, struct kmeta_bytes challenge,
                                struct kmeta_buffer *out, bool *last, struct kmeta_finding *why)
{
	gss_buffer_desc token = { .length = challenge.size,
		                  .value = (void *)(uintptr_t)challenge.data };

	*last = k->proved;
	return k->proved ? choose_layer(k, &token, out, why) : prove(k, &token, out, why);
}

#else

#include "base/finding.h"

enum kmeta_status kerberos_begin(struct kerberos **kerberos, const struct client_settings *settings,
                                 const char *host, struct kmeta_finding *why)
{
	(void)settings, (void)host;
	*kerberos = NULL;
	return finding_set(why, KMETA_BAD_ARGUMENT,
	                   "GSSAPI takes MIT Kerberos, which this build was made without");
}

void kerberos_end(struct kerberos *k)
{
	(void)k;
}

const char *kerberos_principal(const struct kerberos *k)
{
	(void)k;
	return "";
}

enum kmeta_status kerberos_step(struct kerberos *k, struct kmeta_bytes challenge,
                                struct kmeta_buffer *out, bool *last, struct kmeta_finding *why)
{
	(void)k, (void)challenge, (void)out;
	*last = true;
	return finding_set(why, KMETA_BAD_ARGUMENT, "this build was made without Kerberos");
}

#endif
