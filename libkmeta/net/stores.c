/* SPDX-License-Identifier: Apache-2.0 */
/* stores.c: certificates and keys from PEM and PKCS12, for OpenSSL. */
#ifdef KMETA_WITH_TLS

#include "net/stores.h"

#include <ctype.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"

/* Key, own certificate and the others of a store. */
struct store {
	EVP_PKEY *key;
	X509 *own;
	STACK_OF(X509) * others;
};

static void store_release(struct store *s)
{
	EVP_PKEY_free(s->key);
	X509_free(s->own);
	sk_X509_pop_free(s->others, X509_free);
	*s = (struct store){ 0 };
}

static enum kmeta_status store_refuse(struct kmeta_finding *why, const char *file, const char *what)
{
	const unsigned long error = ERR_peek_last_error();
	const char *reason = error ? ERR_reason_error_string(error) : NULL;

	finding_set(why, KMETA_BAD_ARGUMENT, "%s%s%s", what, reason ? ": " : "",
	            reason ? reason : "");
	why->file = file;
	ERR_clear_error();
	return KMETA_FAILED;
}

/* ---- PEM ---- */

/*
 * A property holds PEM in one line, often: gives it back its lines. The result has room, as a line
 * break is added to 64 characters at most; NULL: no memory.
 */
static char *pem_with_lines(const char *text)
{
	enum { WIDTH = 64 };
	static const char dashes[] = "-----";
	char *out = malloc(strlen(text) * 2 + 16), *to = out;

	while (out && *text) {
		const char *begin = strstr(text, dashes);
		const char *end = begin ? strstr(begin + 5, dashes) : NULL;
		size_t column = 0;

		/* The lines before the next mark. */
		for (const char *at = text; *at && at != begin; at++) {
			if (isspace((unsigned char)*at))
				continue;
			*to++ = *at;
			if (++column % WIDTH == 0)
				*to++ = '\n';
		}
		if (!end)
			break;
		if (to > out && to[-1] != '\n')
			*to++ = '\n';
		memcpy(to, begin, (size_t)(end + 5 - begin));
		to += end + 5 - begin;
		*to++ = '\n';
		text = end + 5;
	}
	if (out)
		*to = '\0';
	return out;
}

static int give_password(char *at, int size, int writing, void *context)
{
	const char *password = context;
	const size_t length = password ? strlen(password) : 0;

	(void)writing;
	if (!password || length > (size_t)size)
		return -1;
	memcpy(at, password, length);
	return (int)length;
}

static void *borrowed(const char *text)
{
	return (void *)(uintptr_t)text;
}

/* All certificates of a text; the first is the own one if there is a key. */
static bool pem_certificates(struct store *s, const char *text)
{
	BIO *in = BIO_new_mem_buf(text, -1);
	X509 *certificate;

	s->others = s->others ? s->others : sk_X509_new_null();
	while (in && s->others && (certificate = PEM_read_bio_X509(in, NULL, give_password, NULL)))
		if (!sk_X509_push(s->others, certificate))
			X509_free(certificate);
	ERR_clear_error();
	BIO_free(in);
	return s->others && sk_X509_num(s->others) > 0;
}

static bool pem_key(struct store *s, const char *text, const char *password)
{
	BIO *in = BIO_new_mem_buf(text, -1);

	s->key = in ? PEM_read_bio_PrivateKey(in, NULL, give_password, borrowed(password)) : NULL;
	BIO_free(in);
	return s->key != NULL;
}

static enum kmeta_status read_pem(struct store *s, const char *keys, const char *certificates,
                                  const char *password, const char *file, struct kmeta_finding *why)
{
	if (!pem_certificates(s, certificates))
		return store_refuse(why, file, "there is no certificate in it");
	if (!keys)
		return KMETA_OK;
	if (!pem_key(s, keys, password))
		return store_refuse(why, file,
		                    password ? "cannot read the private key with ssl.key.password"
		                             : "cannot read the private key (ssl.key.password "
		                               "opens an encrypted one)");
	s->own = sk_X509_shift(s->others);
	return KMETA_OK;
}

static enum kmeta_status read_pem_texts(struct store *s, const char *keys, const char *certificates,
                                        const char *password, const char *name,
                                        struct kmeta_finding *why)
{
	char *key_lines = keys ? pem_with_lines(keys) : NULL;
	char *lines = pem_with_lines(certificates);
	enum kmeta_status status = lines && (!keys || key_lines)
	                                   ? read_pem(s, key_lines, lines, password, name, why)
	                                   : finding_memory(why);

	secret_free(key_lines);
	free(lines);
	return status;
}

/* ---- files ---- */

static enum kmeta_status read_pkcs12(struct store *s, const char *data, size_t size,
                                     const char *password, const char *file,
                                     struct kmeta_finding *why)
{
	const unsigned char *at = (const unsigned char *)data;
	PKCS12 *store = d2i_PKCS12(NULL, &at, (long)size);
	bool done;

	if (!store)
		return store_refuse(why, file, "it is neither PEM nor PKCS12");
	done = PKCS12_parse(store, password ? password : "", &s->key, &s->own, &s->others) == 1;
	PKCS12_free(store);
	return done ? KMETA_OK : store_refuse(why, file, "cannot open it with its password");
}

/* A store of the kinds that only Java reads. */
static bool is_java_store(const char *data, size_t size)
{
	static const uint8_t magics[2][4] = { { 0xfe, 0xed, 0xfe, 0xed },
		                              { 0xce, 0xce, 0xce, 0xce } };

	return size >= 4 && (!memcmp(data, magics[0], 4) || !memcmp(data, magics[1], 4));
}

/* "has_key": the file holds the key as well. */
static enum kmeta_status read_store(struct store *s, const char *file, const char *password,
                                    const char *key_password, bool has_key,
                                    struct kmeta_finding *why)
{
	char *data;
	size_t size;
	enum kmeta_status status = secret_read(file, &data, &size, why);

	if (status != KMETA_OK)
		return status;
	if (is_java_store(data, size)) {
		finding_set(why, KMETA_BAD_ARGUMENT,
		            "it is a JKS store, which only Java reads; convert it: keytool "
		            "-importkeystore -srckeystore %.100s -destkeystore %.100s.p12 "
		            "-deststoretype PKCS12",
		            file, file);
		why->file = file;
		status = KMETA_FAILED;
	} else if (memmem(data, size, "-----BEGIN", 10)) {
		status = read_pem(s, has_key ? data : NULL, data, key_password, file, why);
	} else {
		status = read_pkcs12(s, data, size, password, file, why);
	}
	explicit_bzero(data, size);
	free(data);
	return status;
}

/* ---- into the context ---- */

static bool trust_certificate(X509_STORE *trusted, X509 *certificate)
{
	return !certificate || X509_STORE_add_cert(trusted, certificate) == 1;
}

enum kmeta_status stores_load_trust(SSL_CTX *context, const struct client_settings *settings,
                                    struct kmeta_finding *why)
{
	struct store s = { 0 };
	X509_STORE *trusted = SSL_CTX_get_cert_store(context);
	enum kmeta_status status;
	bool done;

	if (settings->truststore_pem)
		status = read_pem_texts(&s, NULL, settings->truststore_pem, NULL,
		                        "ssl.truststore.certificates", why);
	else if (settings->truststore)
		status = read_store(&s, settings->truststore, settings->truststore_password, NULL,
		                    false, why);
	else
		return SSL_CTX_set_default_verify_paths(context) == 1 ? KMETA_OK
		                                                      : finding_memory(why);
	done = status == KMETA_OK && trust_certificate(trusted, s.own);
	for (int i = 0; done && s.others && i < sk_X509_num(s.others); i++)
		done = trust_certificate(trusted, sk_X509_value(s.others, i));
	if (status == KMETA_OK && (!done || (!s.own && !s.others)))
		status = store_refuse(why, settings->truststore, "there is no certificate in it");
	store_release(&s);
	return status;
}

static bool use_key(SSL_CTX *context, const struct store *s)
{
	bool done = s->own && s->key && SSL_CTX_use_certificate(context, s->own) == 1 &&
	            SSL_CTX_use_PrivateKey(context, s->key) == 1;

	for (int i = 0; done && s->others && i < sk_X509_num(s->others); i++)
		done = SSL_CTX_add1_chain_cert(context, sk_X509_value(s->others, i)) == 1;
	return done && SSL_CTX_check_private_key(context) == 1;
}

enum kmeta_status stores_load_key(SSL_CTX *context, const struct client_settings *settings,
                                  struct kmeta_finding *why)
{
	struct store s = { 0 };
	enum kmeta_status status;

	if (settings->key_pem && settings->chain_pem)
		status = read_pem_texts(&s, settings->key_pem, settings->chain_pem,
		                        settings->key_password, "ssl.keystore.key", why);
	else if (settings->keystore)
		status = read_store(&s, settings->keystore, settings->keystore_password,
		                    settings->key_password, true, why);
	else
		return KMETA_OK;
	if (status == KMETA_OK && !use_key(context, &s))
		status = store_refuse(why, settings->keystore,
		                      "it has no private key with its certificate");
	store_release(&s);
	return status;
}

#else

typedef int stores_are_left_out; /* a file may not be empty */

#endif
