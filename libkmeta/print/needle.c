/* SPDX-License-Identifier: Apache-2.0 */
/* needle.c: looks in the bytes of records for what their lines would have to hold. */
#include "print/needle.h"

#include <ctype.h>
#include <string.h>

/* Fewer characters are in too many ids by chance. */
enum { SHORTEST = 5, LONGEST_ID = 22, DIGIT_BITS = 6, BYTE_BITS = 8 };

static bool is_word_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool needle_has(char c)
{
	return is_word_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/* Times have single letters, numbers none. */
static bool part_is_telling(const char *at, size_t size)
{
	for (size_t i = 1; i < size && size >= SHORTEST; i++)
		if (is_word_letter(at[i - 1]) && is_word_letter(at[i]))
			return true;
	return false;
}

/* ---- bytes ---- */

/* How rare a byte is in metadata, roughly: larger is rarer. */
static unsigned rarity(uint8_t byte)
{
	static const char common[] = "etaoinsrhldcu";
	const char *at;

	if (byte < ' ' || byte == UINT8_MAX)
		return 0;
	if (byte >= 0x80)
		return 4;
	at = memchr(common, byte, sizeof(common) - 1);
	if (at)
		return 1;
	return isdigit(byte) ? 1 : islower(byte) ? 2 : 3;
}

static void choose_rare(struct needle_bytes *n)
{
	n->rare = 0;
	for (size_t i = 1; i < n->size; i++)
		if (rarity(n->at[i]) > rarity(n->at[n->rare]))
			n->rare = i;
}

bool needle_is_in(const struct needle_bytes *needle, struct kmeta_bytes bytes)
{
	const uint8_t *at, *end;

	if (bytes.size < needle->size)
		return false;
	at = bytes.data + needle->rare;
	end = at + (bytes.size - needle->size) + 1;
	while (at < end &&
	       (at = memchr(at, needle->at[needle->rare], (size_t)(end - at))) != NULL) {
		if (!memcmp(at - needle->rare, needle->at, needle->size))
			return true;
		at++;
	}
	return false;
}

bool needle_may_be_in(const struct needle *needle, struct kmeta_bytes bytes)
{
	if (needle_is_in(&needle->text, bytes))
		return true;
	for (size_t i = 0; i < needle->phases_count; i++)
		if (needle_is_in(&needle->phases[i], bytes))
			return true;
	return false;
}

/* ---- ids: 22 digits of base64, each six bits ---- */

static unsigned digit_of(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *at = memchr(digits, c, sizeof(digits) - 1);

	return at ? (unsigned)(at - digits) : UINT8_MAX;
}

/* The bytes that are whole within the digits, the first of which is digit "phase" of four. */
static void make_phase(struct needle_bytes *n, const char *digits, size_t count, size_t phase)
{
	const size_t first = (phase * DIGIT_BITS + BYTE_BITS - 1) / BYTE_BITS;
	const size_t end = (phase + count) * DIGIT_BITS / BYTE_BITS;

	n->size = end - first;
	for (size_t byte = first; byte < end; byte++) {
		unsigned value = 0;

		for (size_t bit = byte * BYTE_BITS; bit < (byte + 1) * BYTE_BITS; bit++) {
			const size_t digit = bit / DIGIT_BITS - phase;
			const size_t shift = DIGIT_BITS - 1 - bit % DIGIT_BITS;

			value = value << 1 | (digit_of(digits[digit]) >> shift & 1);
		}
		n->at[byte - first] = (uint8_t)value;
	}
	choose_rare(n);
}

static bool may_be_id(const char *at, size_t size)
{
	return size <= LONGEST_ID && !memchr(at, '.', size);
}

/* ---- needles ---- */

bool needle_make(struct needle *needle, const char *word)
{
	const char *best = NULL;
	size_t best_size = 0;

	while (*word) {
		size_t size = 0;

		while (needle_has(word[size]))
			size++;
		if (size > best_size && part_is_telling(word, size)) {
			best = word;
			best_size = size;
		}
		word += size ? size : 1;
	}
	*needle = (struct needle){ 0 };
	/* A part of a part would still be telling enough, but nobody searches for so long a name. */
	if (!best || best_size > NEEDLE_LIMIT)
		return false;
	memcpy(needle->text.at, best, best_size);
	needle->text.size = best_size;
	choose_rare(&needle->text);
	for (size_t phase = 0; phase < NEEDLE_PHASES && may_be_id(best, best_size); phase++)
		make_phase(&needle->phases[needle->phases_count++], best, best_size, phase);
	return true;
}
