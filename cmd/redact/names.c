/* SPDX-License-Identifier: Apache-2.0 */
/* names.c: pseudonyms of the same size, by a key. */
#include <arpa/inet.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "redact.h"

const struct option_word name_classes[] = {
	[CLASS_TOPIC] = { "topic", "names of topics" },
	[CLASS_USER] = { "user", "users and principals" },
	[CLASS_GROUP] = { "group", "consumer and other groups" },
	[CLASS_CLIENT] = { "client", "client ids, and resources of client metrics" },
	[CLASS_HOST] = { "host", "hosts and addresses" },
	[CLASS_RACK] = { "rack", "racks of brokers" },
	[CLASS_LISTENER] = { "listener", "names of listeners" },
	[CLASS_TRANSACTION] = { "transaction", "names and ids of transactions" },
	[CLASS_VALUE] = { "value", "values of configurations" },
	{ "", NULL }
};

/* ---- what a name is like ---- */

/*
 * Names of one form have pseudonyms of that form, whatever class they are of, so that the same name
 * has the same one everywhere.
 */
enum form { FORM_PLAIN, FORM_DOTTED, FORM_IPV4, FORM_IPV6 };

static enum form form_of(enum name_class class, const uint8_t *at, size_t size)
{
	char text[INET6_ADDRSTRLEN + 1];
	struct in6_addr address;

	if (class != CLASS_HOST)
		return FORM_PLAIN;
	if (size < sizeof(text)) {
		memcpy(text, at, size);
		text[size] = '\0';
		if (strlen(text) == size && inet_pton(AF_INET, text, &address) == 1)
			return FORM_IPV4;
		if (strlen(text) == size && inet_pton(AF_INET6, text, &address) == 1)
			return FORM_IPV6;
	}
	return memchr(at, '.', size) ? FORM_DOTTED : FORM_PLAIN;
}

struct name {
	enum form form;
	enum name_class class;
	size_t size;
	const uint8_t *bytes;      /* what the trees compare: the name, or the pseudonym */
	uint8_t *name, *pseudonym; /* owned by the entry in the tree of names */
	struct name *before;       /* the name that came before it */
};

static int compare_names(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	if (x->form != y->form)
		return x->form < y->form ? -1 : 1;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return memcmp(x->bytes, y->bytes, x->size);
}

/* ---- bytes from the key ---- */

/* Fills "out" with bytes that follow from the key, a number and the name. */
static bool keyed_bytes(const struct names *n, uint32_t number, const uint8_t *name, size_t size,
                        uint8_t *out, size_t wanted)
{
	uint8_t block[EVP_MAX_MD_SIZE], first[EVP_MAX_MD_SIZE + 8] = { 0 };
	unsigned block_size = 0;

	/* The name goes in once; what is longer than a digest is made of that. */
	if (!HMAC(EVP_sha256(), n->key, (int)n->key_size, name, size, first + 8, &block_size))
		return false;
	memcpy(first, &number, sizeof(number));
	for (uint32_t i = 0; wanted; i++) {
		unsigned got = 0;
		size_t take;

		memcpy(first + 4, &i, sizeof(i));
		if (!HMAC(EVP_sha256(), n->key, (int)n->key_size, first, 8 + block_size, block,
		          &got))
			return false;
		take = wanted < got ? wanted : got;
		memcpy(out, block, take);
		out += take;
		wanted -= take;
	}
	return true;
}

/* ---- pseudonyms ---- */

/* Without vowels there are no words in them; topics, hosts and users may be called so. */
static const char letters[] = "bcdfghjklmnpqrstvwxz", digits[] = "0123456789abcdef",
		  plain[] = "bcdfghjklmnpqrstvwxz0123456789",
		  wide[] = "bcdfghjklmnpqrstvwxz0123456789BCDFGHJKLMNPQRSTVWXZaeiouyAEIOUY";

static void shape_plain(const uint8_t *name, uint8_t *at, size_t size, const char *alphabet)
{
	const size_t count = strlen(alphabet);

	(void)name;
	/* A name that begins with a letter is no number. */
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(i || alphabet != plain ? alphabet[at[i] % count]
		                                         : letters[at[i] % (sizeof(letters) - 1)]);
}

/* Each part of a host's name begins with a letter. */
static void shape_dotted(const uint8_t *name, uint8_t *at, size_t size)
{
	bool first = true;

	for (size_t i = 0; i < size; i++) {
		at[i] = (uint8_t)(name[i] == '.' ? '.'
		                  : first        ? letters[at[i] % (sizeof(letters) - 1)]
		                                 : plain[at[i] % (sizeof(plain) - 1)]);
		first = name[i] == '.';
	}
}

/* Each number has as many digits as before. */
static void shape_ipv4(const uint8_t *name, uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size;) {
		size_t width = 0;

		if (name[i] == '.') {
			at[i++] = '.';
			continue;
		}
		while (i + width < size && name[i + width] != '.')
			width++;
		/* 100 to 249, 10 to 99, 0 to 9. */
		if (width == 3)
			at[i] = (uint8_t)('1' + at[i] % 2);
		else
			at[i] = (uint8_t)('1' + at[i] % 9);
		if (width == 3)
			at[i + 1] = (uint8_t)('0' + at[i + 1] % 5);
		for (size_t k = width == 3 ? 2 : 1; k < width; k++)
			at[i + k] = (uint8_t)('0' + at[i + k] % 10);
		i += width;
	}
}

static void shape_ipv6(const uint8_t *name, uint8_t *at, size_t size)
{
	const uint8_t *colon = memchr(name, '.', size) ? name + size : NULL;
	size_t ipv4 = size;

	/* An IPv4 address at its end stays one. */
	while (colon && colon > name && colon[-1] != ':')
		colon--;
	if (colon)
		ipv4 = (size_t)(colon - name);
	for (size_t i = 0; i < ipv4; i++)
		at[i] = (uint8_t)(name[i] == ':' ? ':' : digits[1 + at[i] % 15]);
	if (ipv4 < size)
		shape_ipv4(name + ipv4, at + ipv4, size - ipv4);
}

static void shape(enum form form, const uint8_t *name, uint8_t *at, size_t size, bool is_late)
{
	switch (form) {
	case FORM_PLAIN:
		shape_plain(name, at, size, is_late ? wide : plain);
		break;
	case FORM_DOTTED:
		shape_dotted(name, at, size);
		break;
	case FORM_IPV4:
		shape_ipv4(name, at, size);
		break;
	case FORM_IPV6:
		shape_ipv6(name, at, size);
		break;
	}
}

/* Short names run out of what they could be called: the first tries keep to the better letters. */
static bool make_pseudonym(struct names *n, struct name *name)
{
	enum { TRIES = 2000, BETTER = 200 };

	for (uint32_t i = 0; i < TRIES; i++) {
		struct name wanted = *name;

		if (!keyed_bytes(n, i, name->name, name->size, name->pseudonym, name->size)) {
			n->fault = "the key cannot be used";
			return false;
		}
		shape(name->form, name->name, name->pseudonym, name->size, i >= BETTER);
		wanted.bytes = name->pseudonym;
		if (tfind(&wanted, &n->by_pseudonym, compare_names) ||
		    tfind(&wanted, &n->by_name, compare_names) ||
		    !memcmp(name->name, name->pseudonym, name->size))
			continue;
		return true;
	}
	n->fault = "there are more names of this length than pseudonyms";
	return false;
}

static void free_name(void *at)
{
	struct name *name = at;

	if (!name)
		return;
	free(name->name);
	free(name->pseudonym);
	free(name);
}

/* The same pseudonym in the tree by pseudonyms; it owns nothing. */
static bool note_pseudonym(struct names *n, const struct name *name)
{
	struct name *taken = malloc(sizeof(*taken));

	if (!taken)
		return false;
	*taken = *name;
	taken->bytes = name->pseudonym;
	if (tsearch(taken, &n->by_pseudonym, compare_names))
		return true;
	free(taken);
	return false;
}

static struct name *new_pseudonym(struct names *n, const struct name *wanted)
{
	struct name *name = malloc(sizeof(*name));

	if (!name)
		return NULL;
	*name = *wanted;
	name->name = malloc(wanted->size);
	name->pseudonym = malloc(wanted->size);
	if (name->name && name->pseudonym) {
		memcpy(name->name, wanted->bytes, wanted->size);
		name->bytes = name->name;
		if (make_pseudonym(n, name) && note_pseudonym(n, name) &&
		    tsearch(name, &n->by_name, compare_names)) {
			name->before = n->last;
			n->last = name;
			return name;
		}
	}
	n->fault = n->fault ? n->fault : "out of memory";
	free_name(name);
	return NULL;
}

bool names_replace(struct names *n, enum name_class class, uint8_t *at, size_t size)
{
	const struct name wanted = {
		.form = form_of(class, at, size), .class = class, .size = size, .bytes = at
	};
	struct name *const *found, *name;

	if (!size)
		return true;
	found = tfind(&wanted, &n->by_name, compare_names);
	name = found ? *found : new_pseudonym(n, &wanted);
	if (!name)
		return false;
	n->distinct[class] += !found;
	n->places[class]++;
	memcpy(at, name->pseudonym, size);
	return true;
}

bool names_replace_bytes(struct names *n, enum name_class class, uint8_t *at, size_t size)
{
	enum { NUMBER = 0x5ec };
	uint8_t *bytes = malloc(size + !size);
	const bool made = bytes && keyed_bytes(n, NUMBER, at, size, bytes, size);

	if (made && size)
		memcpy(at, bytes, size);
	if (!made)
		n->fault = "out of memory";
	n->places[class] += size > 0;
	free(bytes);
	return made;
}

/* ---- all of them ---- */

void names_each(const struct names *n, name_seen *seen, void *context)
{
	for (const struct name *name = n->last; name; name = name->before)
		seen(context, name->class, (struct kmeta_bytes){ name->name, name->size },
		     (struct kmeta_bytes){ name->pseudonym, name->size });
}

void names_release(struct names *n)
{
	tdestroy(n->by_pseudonym, free);
	tdestroy(n->by_name, free_name);
	if (n->key)
		OPENSSL_cleanse(n->key, n->key_size);
	free(n->key);
}
