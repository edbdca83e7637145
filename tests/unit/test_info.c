/* SPDX-License-Identifier: Apache-2.0 */
/* test_info.c: where two logs part, which is newer, and names of directories of partitions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <kmeta.h>

#include "check/info.h"
#include "rows.h"

TestSuite(info, .timeout = 10);

enum { MOST_EPOCHS = 4 };

/* Two logs as epochs with their first offsets, and their ends. */
static const struct {
	struct kmeta_info_epoch a[MOST_EPOCHS], b[MOST_EPOCHS];
	size_t a_count, b_count;
	int64_t a_end, b_end;
	int64_t common;
	int newer; /* a than b */
} logs[] = {
	/* The same; one behind; an epoch that only one has. */
	{ { { 1, 0 } }, { { 1, 0 } }, 1, 1, 10, 10, 10, 0 },
	{ { { 1, 0 } }, { { 1, 0 } }, 1, 1, 10, 7, 7, 1 },
	{ { { 1, 0 }, { 3, 10 } }, { { 1, 0 } }, 2, 1, 12, 10, 10, 1 },
	/* Both went on after epoch 1, under different leaders. */
	{ { { 1, 0 }, { 4, 16 } }, { { 1, 0 } }, 2, 1, 22, 26, 16, 1 },
	{ { { 1, 0 }, { 3, 5 } }, { { 1, 0 }, { 2, 8 } }, 2, 2, 9, 20, 5, 1 },
	{ { { 1, 0 }, { 2, 5 }, { 4, 9 } }, { { 1, 0 }, { 2, 5 }, { 3, 7 } }, 3, 3, 12, 20, 7, 1 },
	/* One begins behind the end of the other. */
	{ { { 2, 50 } }, { { 1, 0 }, { 2, 30 } }, 1, 2, 60, 40, 40, 1 },
	{ { { 5, 0 } }, { { 6, 0 } }, 1, 1, 10, 5, -1, -1 },
	{ { { 1, 0 } }, { { 0, 0 } }, 0, 0, -1, -1, -1, 0 },
};

ROWS(info, two_logs, logs)
ParameterizedTest(const size_t *row, info, two_logs)
{
	struct kmeta_info_epoch one[MOST_EPOCHS], other[MOST_EPOCHS];
	struct kmeta_info a = { .epochs = one,
		                .epochs_count = logs[*row].a_count,
		                .end_offset = logs[*row].a_end,
		                .last_epoch = -1 };
	struct kmeta_info b = { .epochs = other,
		                .epochs_count = logs[*row].b_count,
		                .end_offset = logs[*row].b_end,
		                .last_epoch = -1 };

	memcpy(one, logs[*row].a, sizeof(one));
	memcpy(other, logs[*row].b, sizeof(other));
	if (a.epochs_count)
		a.last_epoch = one[a.epochs_count - 1].epoch;
	if (b.epochs_count)
		b.last_epoch = other[b.epochs_count - 1].epoch;
	cr_expect_eq(kmeta_info_common(&a, &b), logs[*row].common);
	cr_expect_eq(kmeta_info_common(&b, &a), logs[*row].common);
	cr_expect_eq(kmeta_info_compare(&a, &b), logs[*row].newer);
	cr_expect_eq(kmeta_info_compare(&b, &a), -logs[*row].newer);
}

static const struct {
	const char *name, *topic;
	int32_t partition; /* -1: no partition's directory */
	enum kmeta_stray suffix;
} names[] = {
	{ "orders-0", "orders", 0, KMETA_STRAY_NONE },
	{ "a-b-12", "a-b", 12, KMETA_STRAY_NONE },
	{ "orders-0.0123456789abcdef-delete", "orders", 0, KMETA_STRAY_DELETED },
	{ "a.b-3.0123456789abcdef-future", "a.b", 3, KMETA_STRAY_FUTURE },
	{ "orders-7.0123456789abcdef-stray", "orders", 7, KMETA_STRAY_MARKED },
	{ "orders", "", -1, KMETA_STRAY_NONE },
	{ "orders-", "", -1, KMETA_STRAY_NONE },
	{ "-1", "", -1, KMETA_STRAY_NONE },
	{ "orders-x", "", -1, KMETA_STRAY_NONE },
	{ "orders-99999999999", "", -1, KMETA_STRAY_NONE },
	{ "-delete", "", -1, KMETA_STRAY_NONE },
	{ "x-delete", "", -1, KMETA_STRAY_NONE },
	{ "", "", -1, KMETA_STRAY_NONE },
};

ROWS(info, directory_names, names)
ParameterizedTest(const size_t *row, info, directory_names)
{
	struct info_name parts;
	const bool is = info_take_name(&parts, names[*row].name);

	cr_assert_eq(is, names[*row].partition >= 0, "%s", names[*row].name);
	if (!is)
		return;
	cr_expect_eq(parts.topic.size, strlen(names[*row].topic));
	cr_expect_eq(memcmp(parts.topic.data, names[*row].topic, parts.topic.size), 0);
	cr_expect_eq(parts.partition, names[*row].partition);
	cr_expect_eq(parts.suffix, names[*row].suffix);
}

static bool stop(void *context, int64_t done, int64_t total)
{
	(void)context;
	(void)done;
	(void)total;
	return false;
}

Test(info, options)
{
	const struct kmeta_info_options wrong = { .size = 1 },
					stopping = { .size = sizeof(stopping), .progress = stop };
	struct kmeta_info *info = NULL;
	struct kmeta_finding why;
	char path[4096];

	snprintf(path, sizeof(path), "%s/real/kraft-4.3-full/node-1", getenv("TESTDATA"));
	cr_expect_eq(kmeta_info_read(&info, path, &wrong, &why), KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_BAD_ARGUMENT);
	cr_expect_eq(kmeta_info_read(&info, path, &stopping, &why), KMETA_FAILED);
	cr_expect_eq(why.code, KMETA_STOPPED);
	cr_assert_eq(kmeta_info_read(&info, path, NULL, &why), KMETA_OK);
	cr_expect_eq(info->epochs_count, 3);
	cr_expect_eq(info->node_id, 1);
	kmeta_info_free(info);
	kmeta_info_free(NULL);
}
