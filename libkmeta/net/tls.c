/* SPDX-License-Identifier: Apache-2.0 */
/* tls.c: TLS 1.2 and 1.3 over a descriptor that never blocks, by OpenSSL. */
#include "net/tls.h"

#include "base/finding.h"

#ifdef KMETA_WITH_TLS

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/stores.h"

struct tls {
	SSL_CTX *context;
	BIO_METHOD *method;
	SSL *ssl;
};

/* ---- the socket: OpenSSL's own write would raise SIGPIPE ---- */

static int descriptor_of(BIO *bio)
{
	return (int)(intptr_t)BIO_get_data(bio);
}

static int socket_read(BIO *bio, char *at, int size)
{
	ssize_t n;

	BIO_clear_retry_flags(bio);
	do
		n = recv(descriptor_of(bio), at, (size_t)size, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		BIO_set_retry_read(bio);
	return (int)n;
}

static int socket_write(BIO *bio, const char *at, int size)
{
	ssize_t n;

	BIO_clear_retry_flags(bio);
	do
		n = send(descriptor_of(bio), at, (size_t)size, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		BIO_set_retry_write(bio);
	return (int)n;
}

static long socket_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio, (void)number, (void)pointer;
	return command == BIO_CTRL_FLUSH;
}

static BIO *socket_bio(struct tls *tls, int fd)
{
	BIO *bio;

	tls->method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "kmeta");
	if (!tls->method || !BIO_meth_set_read(tls->method, socket_read) ||
	    !BIO_meth_set_write(tls->method, socket_write) ||
	    !BIO_meth_set_ctrl(tls->method, socket_control))
		return NULL;
	bio = BIO_new(tls->method);
	if (bio) {
		BIO_set_data(bio, (void *)(intptr_t)fd);
		BIO_set_init(bio, 1);
	}
	return bio;
}

/* ---- failures ---- */

/* The alerts by which a server refuses a certificate, or misses one. */
static bool is_certificate_alert(unsigned long error)
{
	switch (ERR_GET_REASON(error)) {
	case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
	case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
	case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
		return ERR_GET_LIB(error) == ERR_LIB_SSL;
	}
	return false;
}

static enum kmeta_status certificate_refused(struct kmeta_finding *why, const char *reason)
{
	return finding_set(why, KMETA_ACCESS_REFUSED,
	                   "the server does not accept the client's certificate: %s",
	                   reason ? reason : "no reason");
}

enum kmeta_status tls_failure(const struct tls *fresh, struct kmeta_finding *why)
{
	const unsigned long error = ERR_peek_last_error();
	const char *reason = error ? ERR_reason_error_string(error) : NULL;

	ERR_clear_error();
	/* With TLS 1.3 the server looks at the certificate after the handshake. */
	if (error && is_certificate_alert(error))
		return certificate_refused(why, reason);
	/* It may have closed the connection before its word about the certificate was read. */
	if (!reason && fresh)
		return finding_set(
			why, KMETA_CANNOT_CONNECT,
			"TLS: the connection was closed after the handshake (the server may "
			"want %sa login: security.protocol)",
			SSL_get_certificate(fresh->ssl)
				? ""
				: "a client's certificate: ssl.keystore.location; or ");
	return finding_set(why, KMETA_CANNOT_CONNECT, "TLS: %s",
	                   reason ? reason : "the connection was closed");
}

static enum kmeta_status handshake_failure(const struct tls *tls, const char *host,
                                           struct kmeta_finding *why)
{
	const unsigned long error = ERR_peek_last_error();
	const long verified = SSL_get_verify_result(tls->ssl);
	const char *reason = error ? ERR_reason_error_string(error) : NULL;

	ERR_clear_error();
	if (verified != X509_V_OK)
		return finding_set(why, KMETA_ACCESS_REFUSED,
		                   "the server's certificate is not accepted for %.100s: %s%s",
		                   host, X509_verify_cert_error_string(verified),
		                   verified == X509_V_ERR_HOSTNAME_MISMATCH ||
		                                   verified == X509_V_ERR_IP_ADDRESS_MISMATCH
		                           ? " (an empty ssl.endpoint.identification.algorithm "
		                             "passes over that)"
		                           : "");
	if (error && is_certificate_alert(error))
		return certificate_refused(why, reason);
	return finding_set(why, KMETA_CANNOT_CONNECT,
	                   "no TLS handshake: %s (the listener may be without TLS: "
	                   "security.protocol=PLAINTEXT or SASL_PLAINTEXT)",
	                   reason ? reason : "the connection was closed");
}

/* ---- opening ---- */

static bool check_the_name(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *parameters = SSL_get0_param(ssl);
	unsigned char address[16];

	if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(parameters, host) == 1;
	return SSL_set1_host(ssl, host) == 1;
}

static enum kmeta_status prepare(struct tls *tls, int fd, const char *host,
                                 const struct client_settings *settings, struct kmeta_finding *why)
{
	enum kmeta_status status;
	BIO *bio;

	ERR_clear_error();
	tls->context = SSL_CTX_new(TLS_client_method());
	if (!tls->context || !SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION))
		return tls_failure(NULL, why);
	SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(tls->context,
	                 SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	status = stores_load_trust(tls->context, settings, why);
	if (status == KMETA_OK)
		status = stores_load_key(tls->context, settings, why);
	if (status != KMETA_OK)
		return status;
	tls->ssl = SSL_new(tls->context);
	bio = tls->ssl ? socket_bio(tls, fd) : NULL;
	if (!bio)
		return finding_memory(why);
	SSL_set_bio(tls->ssl, bio, bio);
	if (!strchr(host, ':') && !SSL_set_tlsext_host_name(tls->ssl, host))
		return tls_failure(NULL, why);
	if (!settings->any_name && !check_the_name(tls->ssl, host))
		return tls_failure(NULL, why);
	return KMETA_OK;
}

static short events_wanted(int error)
{
	return error == SSL_ERROR_WANT_READ ? POLLIN : error == SSL_ERROR_WANT_WRITE ? POLLOUT : 0;
}

static enum kmeta_status shake_hands(struct tls *tls, int fd, const char *host,
                                     const struct waiting *w, struct kmeta_finding *why)
{
	for (;;) {
		const int n = SSL_connect(tls->ssl);
		short events;
		enum kmeta_status status;

		if (n == 1)
			return KMETA_OK;
		events = events_wanted(SSL_get_error(tls->ssl, n));
		if (!events)
			return handshake_failure(tls, host, why);
		status = waiting_for(w, fd, events, why);
		if (status != KMETA_OK)
			return status;
	}
}

enum kmeta_status tls_open(struct tls **result, int fd, const char *host,
                           const struct client_settings *settings, const struct waiting *w,
                           struct kmeta_finding *why)
{
	struct tls *tls = calloc(1, sizeof(*tls));
	enum kmeta_status status =
		tls ? prepare(tls, fd, host, settings, why) : finding_memory(why);

	if (status == KMETA_OK)
		status = shake_hands(tls, fd, host, w, why);
	if (status == KMETA_OK)
		*result = tls;
	else
		tls_close(tls);
	return status;
}

/* ---- reading and writing ---- */

static ssize_t result_of(struct tls *tls, int n, short *events)
{
	const int error = n > 0 ? SSL_ERROR_NONE : SSL_get_error(tls->ssl, n);

	if (error == SSL_ERROR_NONE)
		return n;
	if (error == SSL_ERROR_ZERO_RETURN)
		return 0;
	*events = events_wanted(error);
	errno = *events ? EAGAIN : EIO;
	return -1;
}

static int bounded(size_t size)
{
	enum { MOST = 1 << 20 };

	return size > MOST ? MOST : (int)size;
}

ssize_t tls_read(struct tls *tls, void *at, size_t size, short *events)
{
	ERR_clear_error();
	return result_of(tls, SSL_read(tls->ssl, at, bounded(size)), events);
}

ssize_t tls_write(struct tls *tls, const void *at, size_t size, short *events)
{
	ERR_clear_error();
	return result_of(tls, SSL_write(tls->ssl, at, bounded(size)), events);
}

void tls_subject(const struct tls *tls, char *text, size_t size)
{
	X509 *own = SSL_get_certificate(tls->ssl);
	BIO *out = own ? BIO_new(BIO_s_mem()) : NULL;
	int n = 0;

	if (out && X509_NAME_print_ex(out, X509_get_subject_name(own), 0, XN_FLAG_RFC2253) >= 0)
		n = BIO_read(out, text, (int)size - 1);
	text[n > 0 ? n : 0] = '\0';
	BIO_free(out);
}

void tls_close(struct tls *tls)
{
	if (!tls)
		return;
	SSL_free(tls->ssl);
	BIO_meth_free(tls->method);
	SSL_CTX_free(tls->context);
	free(tls);
}

#else

enum kmeta_status tls_open(struct tls **tls, int fd, const char *host,
                           const struct client_settings *settings, const struct waiting *w,
                           struct kmeta_finding *why)
{
	(void)tls, (void)fd, (void)host, (void)settings, (void)w;
	return finding_set(why, KMETA_BAD_ARGUMENT,
	                   "TLS takes OpenSSL, which this build was made "
	                   "without");
}

ssize_t tls_read(struct tls *tls, void *at, size_t size, short *events)
{
	(void)tls, (void)at, (void)size, (void)events;
	return 0;
}

ssize_t tls_write(struct tls *tls, const void *at, size_t size, short *events)
{
	(void)tls, (void)at, (void)size, (void)events;
	return 0;
}

enum kmeta_status tls_failure(const struct tls *fresh, struct kmeta_finding *why)
{
	(void)fresh;
	return finding_set(why, KMETA_CANNOT_CONNECT, "TLS: left out of this build");
}

void tls_subject(const struct tls *tls, char *text, size_t size)
{
	(void)tls, (void)size;
	*text = '\0';
}

void tls_close(struct tls *tls)
{
	(void)tls;
}

#endif
