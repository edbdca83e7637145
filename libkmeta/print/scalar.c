/* SPDX-License-Identifier: Apache-2.0 */
/* scalar.c: prints single values as Kafka's JSON has them: strings, base64, doubles. */
#include "print/scalar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/wire.h"

/* ---- UTF-8 ---- */

static bool is_continuation(const uint8_t *at, size_t left, size_t i)
{
	return i < left && (at[i] & 0xc0) == 0x80;
}

static bool is_between(const uint8_t *at, size_t left, uint8_t low, uint8_t high)
{
	return left > 1 && at[1] >= low && at[1] <= high;
}

static size_t three_bytes(const uint8_t *at, size_t left, bool *valid)
{
	const uint8_t low = at[0] == 0xe0 ? 0xa0 : 0x80;

	if (!is_between(at, left, low, 0xbf))
		return 1;
	if (!is_continuation(at, left, 2))
		return 2;
	/* Java decodes an encoded surrogate as one ill-formed part. */
	*valid = at[0] != 0xed || at[1] < 0xa0;
	return 3;
}

static size_t four_bytes(const uint8_t *at, size_t left, bool *valid)
{
	const uint8_t low = at[0] == 0xf0 ? 0x90 : 0x80, high = at[0] == 0xf4 ? 0x8f : 0xbf;

	if (!is_between(at, left, low, high))
		return 1;
	for (size_t i = 2; i < 4; i++)
		if (!is_continuation(at, left, i))
			return i;
	*valid = true;
	return 4;
}

size_t utf8_step(const uint8_t *at, size_t left, bool *valid)
{
	*valid = false;
	if (at[0] < 0x80) {
		*valid = true;
		return 1;
	}
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 1;
	if (at[0] >= 0xf0)
		return four_bytes(at, left, valid);
	if (at[0] >= 0xe0)
		return three_bytes(at, left, valid);
	*valid = is_continuation(at, left, 1);
	return *valid ? 2 : 1;
}

/* ---- strings ---- */

/*
 * How a byte is printed inside quotes: 0 as it is, 1 as \u00XX, 2 after a check of the UTF-8, any
 * other as \ and that character.
 */
static const char escapes[256] = {
	[0x00] = 1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	'b',
	't',
	'n',
	1,
	'f',
	'r',
	1,
	1,
	[0x10] = 1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	['"'] = '"',
	['\\'] = '\\',
#define EIGHT 2, 2, 2, 2, 2, 2, 2, 2
	[0x80] = EIGHT,
	EIGHT,
	EIGHT,
	EIGHT,
	EIGHT,
	EIGHT,
	EIGHT,
	EIGHT,
	[0xc0] = EIGHT,
	EIGHT,
	EIGHT,
	EIGHT,
	EIGHT,
	EIGHT,
	EIGHT,
	EIGHT,
#undef EIGHT
};

static char *escape(char *at, uint8_t c)
{
	static const char hex[] = "0123456789ABCDEF";
	const char kind = escapes[c];

	*at++ = '\\';
	if (kind != 1) {
		*at++ = kind;
		return at;
	}
	memcpy(at, "u00", 3);
	at[3] = hex[c >> 4];
	at[4] = hex[c & 15];
	return at + 5;
}

static char *copy_character(char *out, const uint8_t **at, const uint8_t *end)
{
	bool valid;
	const size_t size = utf8_step(*at, (size_t)(end - *at), &valid);

	if (valid)
		memcpy(out, *at, size);
	else
		memcpy(out, "\xef\xbf\xbd", 3);
	*at += size;
	return out + (valid ? size : 3);
}

/*
 * A byte grows to six at most. Make room piece by piece, so that a long string does not need six
 * times its size.
 */
enum { PIECE = 4096 };

static void copy_text(struct kmeta_buffer *out, struct kmeta_bytes text, bool quoted)
{
	const uint8_t *at = text.data, *const end = text.data + text.size;

	while (at < end) {
		const uint8_t *const stop = end - at > PIECE ? at + PIECE : end;
		char *room = buffer_room(out, PIECE * 6 + 8);

		if (!room)
			return;
		while (at < stop) {
			const char kind = escapes[*at];

			if (!kind)
				*room++ = (char)*at++;
			else if (kind == 2)
				room = copy_character(room, &at, end);
			else if (quoted)
				room = escape(room, *at++);
			else
				*room++ = (char)*at++;
		}
		buffer_wrote(out, room);
	}
}

static size_t plain_prefix(struct kmeta_bytes text)
{
	size_t i = 0;

	while (i < text.size && !escapes[text.data[i]])
		i++;
	return i;
}

void scalar_string(struct kmeta_buffer *out, struct kmeta_bytes text)
{
	char *room = buffer_room(out, text.size + 2);

	if (!room)
		return;
	if (plain_prefix(text) == text.size) {
		*room++ = '"';
		memcpy(room, text.size ? text.data : (const uint8_t *)"", text.size);
		room[text.size] = '"';
		out->size += text.size + 2;
		return;
	}
	buffer_char(out, '"');
	copy_text(out, text, true);
	buffer_char(out, '"');
}

bool scalar_is_simple(struct kmeta_bytes text)
{
	bool simple = true;

	for (size_t i = 0; i < text.size; i++)
		simple &= text.data[i] > ' ' && text.data[i] < 0x7f && text.data[i] != '"' &&
		          text.data[i] != '\\';
	return simple;
}

void scalar_utf8(struct kmeta_buffer *out, struct kmeta_bytes text)
{
	copy_text(out, text, false);
}

/* ---- base64 ---- */

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static char *three_to_four(char *out, const uint8_t *at, const char *alphabet)
{
	const uint32_t bits = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];

	out[0] = alphabet[bits >> 18];
	out[1] = alphabet[bits >> 12 & 63];
	out[2] = alphabet[bits >> 6 & 63];
	out[3] = alphabet[bits & 63];
	return out + 4;
}

void kmeta_base64(struct kmeta_buffer *out, struct kmeta_bytes bytes)
{
	char *room = buffer_room(out, bytes.size / 3 * 4 + 4);
	const size_t rest = bytes.size % 3;
	uint8_t tail[3] = { 0 };
	size_t i;

	if (!room)
		return;
	for (i = 0; i + 3 <= bytes.size; i += 3)
		room = three_to_four(room, bytes.data + i, standard);
	if (rest) {
		memcpy(tail, bytes.data + i, rest);
		room = three_to_four(room, tail, standard);
		memset(room - (3 - rest), '=', 3 - rest);
	}
	buffer_wrote(out, room);
}

/* All pairs of two digits of the URL-safe alphabet. */
/* clang-format off */
#define PAIRS(a) \
	a "A" a "B" a "C" a "D" a "E" a "F" a "G" a "H" a "I" a "J" a "K" a "L" a "M" a "N" a "O" a "P" \
	a "Q" a "R" a "S" a "T" a "U" a "V" a "W" a "X" a "Y" a "Z" a "a" a "b" a "c" a "d" a "e" a "f" \
	a "g" a "h" a "i" a "j" a "k" a "l" a "m" a "n" a "o" a "p" a "q" a "r" a "s" a "t" a "u" a "v" \
	a "w" a "x" a "y" a "z" a "0" a "1" a "2" a "3" a "4" a "5" a "6" a "7" a "8" a "9" a "-" a "_"

static const char uuid_pairs[2 * 64 * 64 + 1] =
	PAIRS("A") PAIRS("B") PAIRS("C") PAIRS("D") PAIRS("E") PAIRS("F") PAIRS("G") PAIRS("H")
	PAIRS("I") PAIRS("J") PAIRS("K") PAIRS("L") PAIRS("M") PAIRS("N") PAIRS("O") PAIRS("P")
	PAIRS("Q") PAIRS("R") PAIRS("S") PAIRS("T") PAIRS("U") PAIRS("V") PAIRS("W") PAIRS("X")
	PAIRS("Y") PAIRS("Z") PAIRS("a") PAIRS("b") PAIRS("c") PAIRS("d") PAIRS("e") PAIRS("f")
	PAIRS("g") PAIRS("h") PAIRS("i") PAIRS("j") PAIRS("k") PAIRS("l") PAIRS("m") PAIRS("n")
	PAIRS("o") PAIRS("p") PAIRS("q") PAIRS("r") PAIRS("s") PAIRS("t") PAIRS("u") PAIRS("v")
	PAIRS("w") PAIRS("x") PAIRS("y") PAIRS("z") PAIRS("0") PAIRS("1") PAIRS("2") PAIRS("3")
	PAIRS("4") PAIRS("5") PAIRS("6") PAIRS("7") PAIRS("8") PAIRS("9") PAIRS("-") PAIRS("_");
/* clang-format on */

static inline void put_digit_pair(char *at, uint64_t twelve_bits)
{
	memcpy(at, uuid_pairs + 2 * (twelve_bits & 0xfff), 2);
}

/* 128 bits are ten pairs of digits and eight bits: five pairs, four bits from both halves, ... */
char *uuid_print(char *at, const uint8_t uuid[16])
{
	const uint64_t high = wire_get64(uuid), low = wire_get64(uuid + 8);

	for (int i = 0; i < 5; i++)
		put_digit_pair(at + 2 * i, high >> (52 - 12 * i));
	put_digit_pair(at + 10, high << 8 | low >> 56);
	for (int i = 0; i < 4; i++)
		put_digit_pair(at + 12 + 2 * i, low >> (44 - 12 * i));
	put_digit_pair(at + 20, low << 4);
	return at + UUID_TEXT;
}

bool uuid_parse(const char *text, size_t size, uint8_t uuid[16])
{
	uint32_t bits = 0;
	int have = 0, n = 0;

	if (size != UUID_TEXT)
		return false;
	for (size_t i = 0; i < size; i++) {
		const char *digit = memchr(url_safe, text[i], 64);

		if (!digit)
			return false;
		bits = bits << 6 | (uint32_t)(digit - url_safe);
		have += 6;
		if (have >= 8 && n < 16) {
			have -= 8;
			uuid[n++] = (uint8_t)(bits >> have);
		}
	}
	return !(bits & 15);
}

/* ---- doubles ---- */

/* Digits and decimal exponent of d1.d2d3.. x 10^exponent. */
struct decimal {
	char digits[24];
	int count, exponent;
};

static void trim_zeros(struct decimal *d)
{
	while (d->count > 1 && d->digits[d->count - 1] == '0')
		d->count--;
}

/* Ask for two digits at least: where one is exact, the second is 0 and is dropped. */
static void shortest(struct decimal *d, double value)
{
	char text[40];

	for (int precision = 1; precision <= 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	d->count = 0;
	for (const char *at = text; *at != 'e'; at++)
		if (*at != '.')
			d->digits[d->count++] = *at;
	d->exponent = atoi(strchr(text, 'e') + 1);
	trim_zeros(d);
}

/*
 * From 2^53 to 2^63 the JDK prints the exact integer, with some digits rounded off by the binary
 * exponent.
 */
static void whole(struct decimal *d, double value)
{
	const int dropped = value < 0x1p58 ? 0 : value < 0x1p61 ? 1 : 2;
	const uint64_t unit = dropped == 0 ? 1 : dropped == 1 ? 10 : 100;
	const uint64_t integer = ((uint64_t)value + unit / 2) / unit;
	const char *end = digits_unsigned(d->digits, integer);

	d->count = (int)(end - d->digits);
	d->exponent = d->count - 1 + dropped;
	trim_zeros(d);
}

static void add_digits(struct kmeta_buffer *out, const struct decimal *d, int from, int to)
{
	for (int i = from; i < to; i++)
		buffer_char(out, i < 0 || i >= d->count ? '0' : d->digits[i]);
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

void scalar_double(struct kmeta_buffer *out, double value)
{
	const double size = fabs(value);
	struct decimal d;

	if (isnan(value)) {
		buffer_text(out, "NaN");
		return;
	}
	if (signbit(value))
		buffer_char(out, '-');
	if (isinf(value) || size == 0) {
		buffer_text(out, isinf(value) ? "Infinity" : "0.0");
		return;
	}
	if (size >= 0x1p53 && size < 0x1p63)
		whole(&d, size);
	else
		shortest(&d, size);
	if (size >= 1e-3 && size < 1e7) {
		const int point = d.exponent + 1;

		add_digits(out, &d, point < 1 ? point - 1 : 0, point);
		buffer_char(out, '.');
		add_digits(out, &d, point, larger(d.count, point + 1));
		return;
	}
	add_digits(out, &d, 0, 1);
	buffer_char(out, '.');
	add_digits(out, &d, 1, larger(d.count, 2));
	buffer_char(out, 'E');
	buffer_integer(out, d.exponent);
}

/* ---- words of a shell ---- */

static bool is_unquoted(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("._-/:@+,%", c);
}

void kmeta_shell_word(struct kmeta_buffer *out, struct kmeta_bytes word)
{
	bool plain = word.size > 0;

	for (size_t i = 0; i < word.size && plain; i++)
		plain = word.data[i] && is_unquoted(word.data[i]);
	if (plain) {
		buffer_add(out, word.data, word.size);
		return;
	}
	buffer_char(out, '\'');
	for (size_t i = 0; i < word.size; i++)
		if (word.data[i] == '\'')
			buffer_text(out, "'\\''");
		else if (word.data[i] >= ' ' && word.data[i] != 0x7f)
			buffer_char(out, (char)word.data[i]);
		else
			buffer_char(out, '?');
	buffer_char(out, '\'');
}
