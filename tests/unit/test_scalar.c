/* SPDX-License-Identifier: Apache-2.0 */
/* test_scalar.c: strings, base64, uuids and doubles as Kafka's own JSON has them. */
#include <kmeta.h>

#include "print/scalar.h"

#include <float.h>
#include <math.h>

#include "rows.h"

static bool is_text(const struct kmeta_buffer *out, const char *text)
{
	return out->size == strlen(text) && !memcmp(out->at, text, out->size);
}

/* ---- strings ---- */

#define FFFD "\xef\xbf\xbd"

/* What Java 17 makes of bytes, as seen in kafka-dump-log's output. */
/* clang-format off */
static const struct {
	const char *name;
	struct kmeta_bytes bytes;
	const char *text; /* without quotes */
} strings[] = {
	{ "nothing", BYTES(""), "" },
	{ "plain", BYTES("orders-1"), "orders-1" },
	{ "quote and backslash", BYTES("a\"b\\c"), "a\\\"b\\\\c" },
	{ "slash", BYTES("a/b"), "a/b" },
	{ "named controls", BYTES("\x08\x09\x0a\x0c\x0d"), "\\b\\t\\n\\f\\r" },
	{ "other controls", BYTES("\0\x01\x0b\x1f"), "\\u0000\\u0001\\u000B\\u001F" },
	{ "delete", BYTES("\x7f"), "\x7f" },
	{ "two bytes", BYTES("\xc2\x80\xc3\xa4\xdf\xbf"), "\xc2\x80\xc3\xa4\xdf\xbf" },
	{ "three bytes", BYTES("\xe0\xa0\x80\xea\xb2\xb0\xef\xbf\xbf"), "\xe0\xa0\x80\xea\xb2\xb0\xef\xbf\xbf" },
	{ "line separator", BYTES("\xe2\x80\xa8"), "\xe2\x80\xa8" },
	{ "four bytes", BYTES("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
	{ "lone continuation", BYTES("a\x80z"), "a" FFFD "z" },
	{ "two lone continuations", BYTES("\x80\xbf"), FFFD FFFD },
	{ "ff and fe", BYTES("\xff\xfe"), FFFD FFFD },
	{ "c0 80", BYTES("\xc0\x80"), FFFD FFFD },
	{ "c1 bf", BYTES("\xc1\xbf"), FFFD FFFD },
	{ "e0 80 80", BYTES("\xe0\x80\x80"), FFFD FFFD FFFD },
	{ "e0 9f bf", BYTES("\xe0\x9f\xbf"), FFFD FFFD FFFD },
	{ "f0 80 80 80", BYTES("\xf0\x80\x80\x80"), FFFD FFFD FFFD FFFD },
	{ "f0 8f bf bf", BYTES("\xf0\x8f\xbf\xbf"), FFFD FFFD FFFD FFFD },
	{ "f4 90 80 80", BYTES("\xf4\x90\x80\x80"), FFFD FFFD FFFD FFFD },
	{ "f5 80 80 80", BYTES("\xf5\x80\x80\x80"), FFFD FFFD FFFD FFFD },
	{ "surrogate", BYTES("\xed\xa0\x80z"), FFFD "z" },
	{ "last surrogate", BYTES("\xed\xbf\xbfz"), FFFD "z" },
	{ "pair of surrogates", BYTES("\xed\xa0\xbd\xed\xb8\x80"), FFFD FFFD },
	{ "surrogate cut", BYTES("\xed\xa0"), FFFD },
	{ "surrogate cut by a letter", BYTES("\xed\xa0z"), FFFD "z" },
	{ "last before the surrogates", BYTES("\xed\x9f\xbf"), "\xed\x9f\xbf" },
	{ "two bytes cut", BYTES("\xc3"), FFFD },
	{ "two bytes cut by a letter", BYTES("\xc3z"), FFFD "z" },
	{ "three bytes cut after one", BYTES("\xe2z"), FFFD "z" },
	{ "three bytes cut after two", BYTES("\xe2\x82z"), FFFD "z" },
	{ "three bytes at the end", BYTES("\xe2\x82"), FFFD },
	{ "four bytes cut after one", BYTES("\xf0z"), FFFD "z" },
	{ "four bytes cut after two", BYTES("\xf0\x9fz"), FFFD "z" },
	{ "four bytes cut after three", BYTES("\xf0\x9f\x98z"), FFFD "z" },
	{ "four bytes at the end", BYTES("\xf0\x9f\x98"), FFFD },
	{ "goes on at the byte that does not fit", BYTES("\xe2\x82\xc3\xa4"), FFFD "\xc3\xa4" },
};
/* clang-format on */

ROWS(scalar, string, strings)
ParameterizedTest(const size_t *row, scalar, string, .timeout = 10)
{
	const struct kmeta_bytes bytes = strings[*row].bytes;
	uint8_t *copy = malloc(bytes.size + !bytes.size);
	struct kmeta_buffer out = { 0 };

	memcpy(copy, bytes.data, bytes.size);
	scalar_string(&out, (struct kmeta_bytes){ copy, bytes.size });
	cr_expect(out.size == strlen(strings[*row].text) + 2 && out.at[0] == '"' &&
	                  out.at[out.size - 1] == '"' &&
	                  !memcmp(out.at + 1, strings[*row].text, out.size - 2),
	          "%s: %.*s", strings[*row].name, (int)out.size, out.at);
	kmeta_buffer_release(&out);
	free(copy);
}

/* Strings are written in pieces: what lies across their ends is whole. */
Test(scalar, long_strings, .timeout = 30)
{
	enum { CHARACTERS = 5000 };

	for (size_t shift = 0; shift < 4; shift++) {
		struct kmeta_buffer out = { 0 };
		struct made text = { 0 };

		put(&text, "xxx", shift);
		for (int i = 0; i < CHARACTERS; i++)
			put(&text, "\xf0\x9f\x98\x80", 4);
		scalar_string(&out, made_bytes(&text));
		cr_assert_eq(out.size, text.size + 2);
		cr_expect_arr_eq(out.at + 1, text.at, text.size);
		kmeta_buffer_release(&out);
		made_release(&text);
	}
}

Test(scalar, utf8_without_quotes, .timeout = 10)
{
	struct kmeta_buffer out = { 0 };

	scalar_utf8(&out, BYTES("a\"\n\xc3\xa4\xff"));
	cr_expect(is_text(&out, "a\"\n\xc3\xa4" FFFD));
	kmeta_buffer_release(&out);
}

/* ---- base64 and uuids ---- */

static const struct {
	struct kmeta_bytes bytes;
	const char *text;
} base64s[] = {
	{ BYTES(""), "" },
	{ BYTES("f"), "Zg==" },
	{ BYTES("fo"), "Zm8=" },
	{ BYTES("foo"), "Zm9v" },
	{ BYTES("foob"), "Zm9vYg==" },
	{ BYTES("fooba"), "Zm9vYmE=" },
	{ BYTES("foobar"), "Zm9vYmFy" },
	{ BYTES("\xfb\xff\xbf"), "+/+/" },
	{ BYTES("\xff"), "/w==" },
	{ BYTES("\0\0\0\0"), "AAAAAA==" },
};

ROWS(scalar, base64, base64s)
ParameterizedTest(const size_t *row, scalar, base64, .timeout = 10)
{
	struct kmeta_buffer out = { 0 };

	kmeta_base64(&out, base64s[*row].bytes);
	cr_expect(is_text(&out, base64s[*row].text), "%.*s", (int)out.size, out.at);
	kmeta_buffer_release(&out);
}

static const struct {
	const char bytes[17], *text;
} uuids[] = {
	{ "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "AAAAAAAAAAAAAAAAAAAAAA" },
	{ "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", "AAAAAAAAAAAAAAAAAAAAAQ" },
	{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	  "_____________________w" },
	{ "\xfb\xef\xbe\xfb\xef\xbe\xfb\xef\xbe\xfb\xef\xbe\xfb\xef\xbe\xfb", "--------------------"
	                                                                      "-w" },
};

ROWS(scalar, uuid, uuids)
ParameterizedTest(const size_t *row, scalar, uuid, .timeout = 10)
{
	char text[UUID_TEXT + 1] = "";
	uint8_t id[16];

	cr_expect_eq(uuid_print(text, (const uint8_t *)uuids[*row].bytes), text + UUID_TEXT);
	cr_expect_str_eq(text, uuids[*row].text);
	cr_assert(uuid_parse(text, UUID_TEXT, id));
	cr_expect_arr_eq(id, (const uint8_t *)uuids[*row].bytes, 16);
}

static const char *const bad_uuids[] = {
	"",
	"AAAAAAAAAAAAAAAAAAAAA",
	"AAAAAAAAAAAAAAAAAAAAAAA",
	"AAAAAAAAAAAAAAAAAAAAAB",
	"AAAAAAAAAAAAAAAAAAAA+Q",
	"AAAAAAAAAAAAAAAAAAAA/Q",
	"AAAAAAAAAAAAAAAAAAAA=Q",
	"AAAAAAAA-AAAA-AAAA-AAA ",
};

ROWS(scalar, bad_uuid, bad_uuids)
ParameterizedTest(const size_t *row, scalar, bad_uuid, .timeout = 10)
{
	uint8_t id[16];

	cr_expect(!uuid_parse(bad_uuids[*row], strlen(bad_uuids[*row]), id), "%s", bad_uuids[*row]);
}

/* ---- doubles ---- */

/* As JDK 17's Double.toString() prints them. */
/* clang-format off */
static const struct {
	double value;
	const char *text;
} doubles[] = {
	{ 0.0, "0.0" }, { -0.0, "-0.0" }, { 1, "1.0" }, { -1, "-1.0" }, { 33, "33.0" }, { 100, "100.0" },
	{ 0.1, "0.1" }, { 0.3, "0.3" }, { 1.5, "1.5" }, { -1.5, "-1.5" }, { 150.25, "150.25" },
	{ 123456.789, "123456.789" }, { 1048576.5, "1048576.5" }, { 2e6, "2000000.0" },
	{ 0.1 + 0.2, "0.30000000000000004" }, { 1.0 / 3, "0.3333333333333333" },
	/* plain from 0.001 to below 10^7 */
	{ 0.001, "0.001" }, { 0.002, "0.002" }, { 0.00123, "0.00123" }, { 0.0099, "0.0099" },
	{ 9.999e-4, "9.999E-4" }, { 1e-4, "1.0E-4" }, { 1.1e-5, "1.1E-5" },
	{ 9999999, "9999999.0" }, { 9999999.5, "9999999.5" }, { 1e7, "1.0E7" }, { 12345678, "1.2345678E7" },
	{ 1e10, "1.0E10" }, { 2147483647, "2.147483647E9" }, { 1e15, "1.0E15" },
	/* the edges */
	{ 4.9e-324, "4.9E-324" }, { 9.9e-324, "9.9E-324" }, { 1.5e-323, "1.5E-323" }, { 2e-323, "2.0E-323" },
	{ 2.2250738585072014e-308, "2.2250738585072014E-308" }, { DBL_MAX, "1.7976931348623157E308" },
	{ -DBL_MAX, "-1.7976931348623157E308" }, { 1e300, "1.0E300" },
	/* where the JDK takes the exact integer */
	{ 0x1p53 - 1, "9.007199254740991E15" }, { 0x1p53, "9.007199254740992E15" },
	{ 0x1p53 + 2, "9.007199254740994E15" }, { 1e16, "1.0E16" }, { 1e17, "1.0E17" },
	{ 0x1p57, "1.44115188075855872E17" }, { 0x1p58, "2.8823037615171174E17" },
	{ 0x1p60, "1.15292150460684698E18" }, { 0x1p61, "2.305843009213694E18" },
	{ 0x1p62, "4.6116860184273879E18" }, { -0x1p60, "-1.15292150460684698E18" }, { 1e18, "1.0E18" },
	{ 0x1p63, "9.223372036854776E18" },
	{ (double)NAN, "NaN" }, { -(double)NAN, "NaN" },
	{ (double)INFINITY, "Infinity" }, { -(double)INFINITY, "-Infinity" },
};
/* clang-format on */

ROWS(scalar, real, doubles)
ParameterizedTest(const size_t *row, scalar, real, .timeout = 10)
{
	struct kmeta_buffer out = { 0 };

	scalar_double(&out, doubles[*row].value);
	cr_expect(is_text(&out, doubles[*row].text), "%s: %.*s", doubles[*row].text, (int)out.size,
	          out.at);
	kmeta_buffer_release(&out);
}

/* Whatever the value, what is printed reads back as it. */
Test(scalar, reals_read_back, .timeout = 60)
{
	uint64_t state = 1;

	for (int i = 0; i < 50000; i++) {
		struct kmeta_buffer out = { 0 };
		double value;

		state = state * 6364136223846793005u + 1442695040888963407u;
		memcpy(&value, &state, sizeof(value));
		/* From 2^58 to 2^63 the JDK rounds digits off. */
		if (!isfinite(value) || (fabs(value) >= 0x1p58 && fabs(value) < 0x1p63))
			continue;
		scalar_double(&out, value);
		buffer_char(&out, '\0');
		cr_assert_eq(strtod(out.at, NULL), value, "%s is not %a", out.at, value);
		kmeta_buffer_release(&out);
	}
}
