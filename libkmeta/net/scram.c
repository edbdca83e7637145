/* SPDX-License-Identifier: Apache-2.0 */
/* scram.c: the client's side of SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677). */
#include "net/scram.h"

#include "base/finding.h"

#ifdef KMETA_WITH_TLS

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SALT_LIMIT = 1024, LEAST_ITERATIONS = 4096, MOST_ITERATIONS = 1000000 };

/* What the server's first message says. */
struct challenge {
	struct kmeta_bytes nonce;
	uint8_t salt[SALT_LIMIT];
	size_t salt_size;
	long iterations;
};

static enum kmeta_status scram_refuse(struct kmeta_finding *why, const char *what)
{
	return finding_set(why, KMETA_ACCESS_REFUSED, "SCRAM authentication failed: %s", what);
}

static const EVP_MD *digest_of(const struct scram *s)
{
	return !strcmp(s->mechanism, "SCRAM-SHA-512") ? EVP_sha512() : EVP_sha256();
}

enum kmeta_status scram_begin(struct scram *s, struct kmeta_finding *why)
{
	uint8_t random[SCRAM_NONCE / 4 * 3];

	if (RAND_bytes(random, sizeof(random)) != 1)
		return scram_refuse(why, "the system gives no random numbers");
	EVP_EncodeBlock((unsigned char *)s->nonce, random, sizeof(random));
	s->hash_size = (size_t)EVP_MD_get_size(digest_of(s));
	return KMETA_OK;
}

/* "=" and "," of a name have other meanings in a message. */
static void put_scram_name(struct kmeta_buffer *out, const char *name)
{
	for (; *name; name++)
		if (*name == '=' || *name == ',')
			kmeta_buffer_add(out, *name == '=' ? "=3D" : "=2C", 3);
		else
			kmeta_buffer_add(out, name, 1);
}

void scram_put_first(struct scram *s, struct kmeta_buffer *out)
{
	s->bare.size = 0;
	kmeta_buffer_add(&s->bare, "n=", 2);
	put_scram_name(&s->bare, s->username);
	kmeta_buffer_format(&s->bare, ",r=%s%s", s->nonce, s->by_token ? ",tokenauth=true" : "");
	kmeta_buffer_add(out, "n,,", 3);
	kmeta_buffer_add(out, s->bare.at, s->bare.size);
}

/* The value of the attribute at the front of a message, which is then stepped over. */
static bool take_attribute(struct kmeta_bytes *message, char *name, struct kmeta_bytes *value)
{
	const uint8_t *comma;

	if (message->size < 2 || message->data[1] != '=')
		return false;
	*name = (char)message->data[0];
	comma = memchr(message->data, ',', message->size);
	value->data = message->data + 2;
	value->size = (comma ? (size_t)(comma - message->data) : message->size) - 2;
	if (comma && value->data > comma)
		return false;
	message->size -= value->size + 2 + (comma != NULL);
	message->data += value->size + 2 + (comma != NULL);
	return true;
}

/* False: it is no base64, or too long. */
static bool take_base64(struct kmeta_bytes text, uint8_t *out, size_t room, size_t *size)
{
	int n;

	if (!text.size || text.size % 4 || text.size / 4 * 3 > room)
		return false;
	n = EVP_DecodeBlock(out, text.data, (int)text.size);
	if (n < 0)
		return false;
	*size = (size_t)n - (text.data[text.size - 1] == '=') -
	        (text.size > 1 && text.data[text.size - 2] == '=');
	return true;
}

static bool take_scram_number(struct kmeta_bytes text, long *number)
{
	char digits[12];

	if (!text.size || text.size >= sizeof(digits))
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	memcpy(digits, text.data, text.size);
	digits[text.size] = '\0';
	*number = strtol(digits, NULL, 10);
	return true;
}

static bool read_challenge(struct kmeta_bytes message, struct challenge *c)
{
	struct kmeta_bytes salt, iterations;
	char name;

	return take_attribute(&message, &name, &c->nonce) && name == 'r' &&
	       take_attribute(&message, &name, &salt) && name == 's' &&
	       take_base64(salt, c->salt, sizeof(c->salt), &c->salt_size) &&
	       take_attribute(&message, &name, &iterations) && name == 'i' &&
	       take_scram_number(iterations, &c->iterations);
}

static bool mac(const struct scram *s, const uint8_t *key, struct kmeta_bytes data, uint8_t *out)
{
	return HMAC(digest_of(s), key, (int)s->hash_size, data.data, data.size, out, NULL) != NULL;
}

static struct kmeta_bytes scram_text(const char *text)
{
	return (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) };
}

/* The proof of the client, and the signature that the server has to send. */
static bool compute_proof(struct scram *s, const struct challenge *c,
                          struct kmeta_bytes signed_text, uint8_t *proof)
{
	uint8_t salted[SCRAM_HASH], key[SCRAM_HASH], stored[SCRAM_HASH], client[SCRAM_HASH];
	const bool done = PKCS5_PBKDF2_HMAC(s->password, (int)strlen(s->password), c->salt,
	                                    (int)c->salt_size, (int)c->iterations, digest_of(s),
	                                    (int)s->hash_size, salted) == 1 &&
	                  mac(s, salted, scram_text("Client Key"), client) &&
	                  EVP_Digest(client, s->hash_size, stored, NULL, digest_of(s), NULL) == 1 &&
	                  mac(s, stored, signed_text, proof) &&
	                  mac(s, salted, scram_text("Server Key"), key) &&
	                  mac(s, key, signed_text, s->signature);

	for (size_t i = 0; i < s->hash_size; i++)
		proof[i] ^= client[i];
	OPENSSL_cleanse(salted, sizeof(salted));
	OPENSSL_cleanse(key, sizeof(key));
	OPENSSL_cleanse(stored, sizeof(stored));
	OPENSSL_cleanse(client, sizeof(client));
	return done;
}

static bool put_answer(struct scram *s, const struct challenge *c, struct kmeta_bytes challenge,
                       struct kmeta_buffer *out)
{
	uint8_t proof[SCRAM_HASH] = { 0 };
	char encoded[SCRAM_HASH / 3 * 4 + 8];
	struct kmeta_buffer text = { 0 };
	const size_t start = out->size;
	bool done;

	kmeta_buffer_add(out, "c=biws,r=", 9);
	kmeta_buffer_add(out, c->nonce.data, c->nonce.size);
	kmeta_buffer_add(&text, s->bare.at, s->bare.size);
	kmeta_buffer_add(&text, ",", 1);
	kmeta_buffer_add(&text, challenge.data, challenge.size);
	kmeta_buffer_add(&text, ",", 1);
	kmeta_buffer_add(&text, out->at + start, out->size - start);
	done = !text.failed && !out->failed &&
	       compute_proof(s, c, kmeta_buffer_bytes(&text), proof);
	EVP_EncodeBlock((unsigned char *)encoded, proof, (int)s->hash_size);
	kmeta_buffer_format(out, ",p=%s", encoded);
	kmeta_buffer_release(&text);
	return done && !out->failed;
}

enum kmeta_status scram_answer(struct scram *s, struct kmeta_bytes challenge,
                               struct kmeta_buffer *out, struct kmeta_finding *why)
{
	struct challenge c;
	const size_t own = strlen(s->nonce);

	if (!read_challenge(challenge, &c))
		return scram_refuse(why, "the server's challenge makes no sense");
	if (c.nonce.size <= own || memcmp(c.nonce.data, s->nonce, own) != 0)
		return scram_refuse(why, "the server answers somebody else");
	if (c.iterations < LEAST_ITERATIONS || c.iterations > MOST_ITERATIONS)
		return scram_refuse(why, "the server asks for too few or too many iterations");
	return put_answer(s, &c, challenge, out) ? KMETA_OK : finding_memory(why);
}

enum kmeta_status scram_check(struct scram *s, struct kmeta_bytes final, struct kmeta_finding *why)
{
	uint8_t signature[SCRAM_HASH + 8];
	struct kmeta_bytes value;
	size_t size;
	char name;

	if (!take_attribute(&final, &name, &value))
		return scram_refuse(why, "the server's last message makes no sense");
	if (name == 'e')
		return scram_refuse(why, "the server refuses it");
	if (name != 'v' || !take_base64(value, signature, sizeof(signature), &size) ||
	    size != s->hash_size || CRYPTO_memcmp(signature, s->signature, size) != 0)
		return scram_refuse(why, "the server does not know the password");
	return KMETA_OK;
}

void scram_clear(struct scram *s)
{
	if (s->bare.at)
		OPENSSL_cleanse(s->bare.at, s->bare.size);
	kmeta_buffer_release(&s->bare);
	OPENSSL_cleanse(s->signature, sizeof(s->signature));
}

#else

enum kmeta_status scram_begin(struct scram *s, struct kmeta_finding *why)
{
	return finding_set(why, KMETA_BAD_ARGUMENT,
	                   "%s takes OpenSSL, which this build was made without", s->mechanism);
}

void scram_put_first(struct scram *s, struct kmeta_buffer *out)
{
	(void)s, (void)out;
}

enum kmeta_status scram_answer(struct scram *s, struct kmeta_bytes challenge,
                               struct kmeta_buffer *out, struct kmeta_finding *why)
{
	(void)challenge, (void)out;
	return scram_begin(s, why);
}

enum kmeta_status scram_check(struct scram *s, struct kmeta_bytes final, struct kmeta_finding *why)
{
	(void) final;
	return scram_begin(s, why);
}

void scram_clear(struct scram *s)
{
	(void)s;
}

#endif
