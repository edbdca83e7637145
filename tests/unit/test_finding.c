/* SPDX-License-Identifier: Apache-2.0 */
/* test_finding.c: the one list of what can be wrong, and buffers that fail once for all. */
#include <kmeta.h>

#include "base/finding.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>

#include "base/buffer.h"
#include "rows.h"

/* ---- codes ---- */

/* Names are promises: letters, digits and dashes, each once. */
Test(codes, are_named, .timeout = 10)
{
	for (int code = KMETA_SOUND + 1; code < KMETA_CODE_COUNT; code++) {
		const char *name = kmeta_code_name((enum kmeta_code)code);

		cr_assert(name && *name);
		for (const char *at = name; *at; at++)
			cr_assert(islower((unsigned char)*at) || isdigit((unsigned char)*at) ||
			                  *at == '-',
			          "%s", name);
		cr_assert_gt(strlen(kmeta_code_meaning((enum kmeta_code)code)), 10, "%s", name);
		for (int other = 0; other < code; other++)
			cr_assert_str_neq(name, kmeta_code_name((enum kmeta_code)other));
	}
}

Test(codes, outside_the_list, .timeout = 10)
{
	const enum kmeta_code outside[] = { KMETA_SOUND, KMETA_CODE_COUNT, (enum kmeta_code)9999 };

	for (size_t i = 0; i < COUNT(outside); i++) {
		cr_expect_str_eq(kmeta_code_name(outside[i]), "sound");
		cr_expect_str_eq(kmeta_code_meaning(outside[i]), "");
		cr_expect_eq(kmeta_code_severity(outside[i]), KMETA_NOTE);
	}
}

Test(finding, knows_no_place_at_first, .timeout = 10)
{
	struct kmeta_finding why;

	cr_expect_eq(finding_set(&why, KMETA_CRC_MISMATCH, "%d of %s", 3, "x"), KMETA_DAMAGED);
	cr_expect_eq(why.code, KMETA_CRC_MISMATCH);
	cr_expect(!why.file && why.position == -1 && why.size == -1 && why.offset == -1);
	cr_expect_str_eq(why.message, "3 of x");
	cr_expect_eq(finding_set(&why, KMETA_BAD_ARGUMENT, "no"), KMETA_FAILED);
}

Test(finding, long_messages_are_cut, .timeout = 10)
{
	struct kmeta_finding why;
	char text[1000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	finding_set(&why, KMETA_CRC_MISMATCH, "%s", text);
	cr_expect_eq(strlen(why.message), sizeof(why.message) - 1);
}

Test(finding, of_the_system, .timeout = 10)
{
	struct kmeta_finding why;

	cr_expect_eq(finding_system(&why, "file", ENOENT, "cannot open"), KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_CANNOT_READ);
	cr_expect_eq(why.system_error, ENOENT);
	cr_expect_str_eq(why.file, "file");
	cr_expect_str_eq(why.message, "cannot open: No such file or directory");
	cr_expect_eq(finding_system(&why, "file", ENOMEM, "cannot open"), KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_OUT_OF_MEMORY);
}

Test(library, version, .timeout = 10)
{
	int parts[3];

	cr_expect_eq(sscanf(kmeta_version(), "%d.%d.%d", &parts[0], &parts[1], &parts[2]), 3);
}

/* ---- buffers ---- */

Test(buffer, grows, .timeout = 10)
{
	struct kmeta_buffer b = { 0 };

	for (int i = 0; i < 100000; i++)
		buffer_char(&b, (char)('a' + i % 26));
	cr_expect(b.size == 100000 && !b.failed && b.capacity < 300000);
	for (int i = 0; i < 100000; i++)
		cr_assert_eq(b.at[i], (char)('a' + i % 26));
	kmeta_buffer_release(&b);
	cr_expect(!b.at && !b.size && !b.capacity);
	kmeta_buffer_release(&b);
}

/* What can never fit fails; from then on nothing is added, and nothing is lost. */
Test(buffer, fails_once, .timeout = 10)
{
	struct kmeta_buffer b = { 0 };

	buffer_text(&b, "kept");
	cr_expect_null(buffer_room(&b, SIZE_MAX - 4));
	cr_expect(b.failed);
	cr_expect_null(buffer_room(&b, b.capacity));
	buffer_add(&b, "a longer text than there is room for in any case", b.capacity + 1);
	buffer_integer(&b, 7);
	cr_expect(b.size >= 4 && !memcmp(b.at, "kept", 4));
	kmeta_buffer_release(&b);
}

static const struct {
	int64_t value;
	const char *text;
} integers[] = {
	{ 0, "0" },
	{ 7, "7" },
	{ 10, "10" },
	{ 99, "99" },
	{ 100, "100" },
	{ -1, "-1" },
	{ -100, "-100" },
	{ 1234567890, "1234567890" },
	{ INT64_MAX, "9223372036854775807" },
	{ INT64_MIN, "-9223372036854775808" },
};

ROWS(buffer, integer, integers)
ParameterizedTest(const size_t *row, buffer, integer, .timeout = 10)
{
	struct kmeta_buffer b = { 0 };

	buffer_integer(&b, integers[*row].value);
	cr_expect(b.size == strlen(integers[*row].text) &&
	          !memcmp(b.at, integers[*row].text, b.size));
	kmeta_buffer_release(&b);
}
