/* SPDX-License-Identifier: Apache-2.0 */
/* test_near.c: which names are offered for a word that is none. */
#include "../../cmd/common/near.h"

#include <stdio.h>
#include <string.h>

#include "rows.h"

TestSuite(near, .timeout = 60);

static const char *const topics[] = { "orders",    "payments", "Payments-2", "order",  "bulk-00017",
	                              "bulk-0018", "invoices", "odd",        "a",      "ab",
	                              "abc",       "abcd",     "orders",     "ordres", "" };

static const struct {
	const char *word, *offered;
} cases[] = {
	{ "oders", "; did you mean orders, order or ordres?" },
	{ "odrers", "; did you mean orders, order or ordres?" },
	{ "ordes", "; did you mean orders, order or ordres?" },
	{ "ORDERS", "; did you mean orders, order or ordres?" },
	{ "paymnets", "; did you mean payments or Payments-2?" },
	{ "paym", "; did you mean payments or Payments-2?" },
	{ "invoic", "; did you mean invoices?" },
	{ "bulk-00018", "; did you mean bulk-00017 or bulk-0018?" },
	{ "ba", "; did you mean a or ab?" },
	{ "b", "" },
	{ "x", "" },
	{ "", "" },
	{ "shipments-of-tomorrow", "" },
};

ROWS(near, words, cases)

static void offer(const struct near *n, char *text, size_t size)
{
	struct kmeta_buffer out = { 0 };

	near_put(n, &out);
	snprintf(text, size, "%.*s", (int)out.size, out.at ? out.at : "");
	kmeta_buffer_release(&out);
}

ParameterizedTest(const size_t *row, near, words)
{
	const char *word = cases[*row].word;
	struct near n;
	char text[256];

	near_begin(&n, word, strlen(word));
	for (size_t i = 0; i < COUNT(topics); i++)
		near_add(&n, topics[i], strlen(topics[i]));
	offer(&n, text, sizeof(text));
	cr_assert_str_eq(text, cases[*row].offered);
}

/* The nearest of many are found, wherever they stand. */
Test(near, of_many)
{
	struct near n;
	char name[32], text[256];

	near_begin(&n, "topic-0500001x", 14);
	for (int i = 0; i < 1000000; i++) {
		snprintf(name, sizeof(name), "topic-%07d", i);
		near_add(&n, name, strlen(name));
	}
	offer(&n, text, sizeof(text));
	cr_assert_str_eq(text, "; did you mean topic-0500001, topic-0000001 or topic-0000010?");
}

Test(near, long_words_and_names)
{
	char longest[NEAR_BYTES - 1], longer[NEAR_BYTES + 50];
	struct near n;

	memset(longest, 'x', sizeof(longest));
	memset(longer, 'x', sizeof(longer));
	near_begin(&n, longest, sizeof(longest));
	near_add(&n, longest, sizeof(longest) - 1);
	near_add(&n, longer, sizeof(longer));
	near_add(&n, longer, NEAR_BYTES);
	cr_assert_eq(n.count, 1);
	near_begin(&n, longer, sizeof(longer));
	near_add(&n, longer, sizeof(longer));
	cr_assert_eq(n.count, 0);
}

Test(near, names_that_a_terminal_acts_on)
{
	struct near n;
	char text[256];

	near_begin(&n, "order", 5);
	near_add(&n, "ord\x1br", 5);
	offer(&n, text, sizeof(text));
	cr_assert_str_eq(text, "; did you mean ord?r?");
}
