/* SPDX-License-Identifier: Apache-2.0 */
/* scram.h: the client's side of SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677). */
#ifndef KMETA_NET_SCRAM_H
#define KMETA_NET_SCRAM_H

#include "kmeta/base.h"

enum { SCRAM_NONCE = 32, SCRAM_HASH = 64 };

struct scram {
	const char *mechanism, *username, *password;
	bool by_token;                 /* of a delegation token (KIP-48) */
	char nonce[SCRAM_NONCE + 1];   /* printable */
	struct kmeta_buffer bare;      /* the first message without its header */
	uint8_t signature[SCRAM_HASH]; /* that proves the server to know the password */
	size_t hash_size;
};

/* Chooses a nonce. Mechanism, name and password are borrowed. FAILED: no randomness, or this build
 * has no OpenSSL. */
KMETA_CHECKED enum kmeta_status scram_begin(struct scram *s, struct kmeta_finding *why);

/* Appends the client's messages; takes the server's. FAILED with ACCESS_REFUSED: it makes no sense,
 * or the server does not know the password. */
void scram_put_first(struct scram *s, struct kmeta_buffer *out);
KMETA_CHECKED enum kmeta_status scram_answer(struct scram *s, struct kmeta_bytes challenge,
                                             struct kmeta_buffer *out, struct kmeta_finding *why);
KMETA_CHECKED enum kmeta_status scram_check(struct scram *s, struct kmeta_bytes final,
                                            struct kmeta_finding *why);

/* Overwrites and frees what it holds. */
void scram_clear(struct scram *s);

#endif
