/* SPDX-License-Identifier: Apache-2.0 */
/* secret.c: decides which configs are sensitive, by name, and which records hold credentials. */
#include "print/secret.h"

#include <string.h>

#include "record/kind.h"

/*
 * Parts of the names of sensitive configs. Each of Kafka's own definitions of type PASSWORD
 * (ssl.key.password, sasl.jaas.config, ssl.keystore.key, ...) holds one, with or without a
 * listener's prefix, and so do those of common plugins.
 */
static const char *const sensitive[] = {
	"password",
	"secret",
	"passphrase",
	"credential",
	"jaas.config",
	"ssl.keystore.key",
	"ssl.keystore.certificate.chain",
	"ssl.truststore.certificates",
	"master.key",
	"private.key",
	"privatekey",
	"api.key",
	"apikey",
	"access.key",
	"auth.token",
	"bearer.token",
	"basic.auth",
	"user.info",
};

/* A location is not a secret, only the content there. */
static const char *const plain_endings[] = { ".location", ".type", ".algorithm", ".provider",
	                                     ".class" };

static char lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool has_part_at(struct kmeta_bytes name, size_t at, const char *part)
{
	for (size_t i = 0; part[i]; i++)
		if (at + i >= name.size || lower(name.data[at + i]) != part[i])
			return false;
	return true;
}

static bool ends_plainly(struct kmeta_bytes name)
{
	for (size_t i = 0; i < sizeof(plain_endings) / sizeof(plain_endings[0]); i++) {
		const size_t size = strlen(plain_endings[i]);

		if (name.size >= size && has_part_at(name, name.size - size, plain_endings[i]))
			return true;
	}
	return false;
}

static bool is_sensitive(struct kmeta_bytes name)
{
	if (ends_plainly(name))
		return false;
	for (size_t at = 0; at < name.size; at++)
		for (size_t i = 0; i < sizeof(sensitive) / sizeof(sensitive[0]); i++)
			if (has_part_at(name, at, sensitive[i]))
				return true;
	return false;
}

bool secret_is_config(const struct kmeta_fields *fields)
{
	const struct kmeta_field *name;

	if (fields->schema->control || fields->schema->type != KMETA_CONFIG_RECORD)
		return false;
	name = kmeta_fields_find(fields, "name");
	return !name || is_sensitive(name->value.bytes);
}

bool secret_is_raw(const struct kmeta_batch *batch, const struct kmeta_record *record)
{
	const struct record_kind *kind = record_kind(record->control, record->type);

	return !batch->valid || (kind && kind->holds_secrets);
}
