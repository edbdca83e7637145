/* SPDX-License-Identifier: Apache-2.0 */
/* test_progress.c: long work asks whether to go on, and stops when it is told to. */
#include <limits.h>
#include <stdio.h>

#include <kmeta.h>

#include "rows.h"

TestSuite(progress, .timeout = 60);

/* Says yes so many times. */
struct patience {
	long left, asked;
	int64_t done, total; /* as last told */
};

static bool go_on(void *context, int64_t done, int64_t total)
{
	struct patience *p = context;

	p->done = done;
	p->total = total;
	p->asked++;
	return p->left-- > 0;
}

static bool see_event(void *context, const struct kmeta_event *event)
{
	(void)context;
	(void)event;
	return true;
}

static const char *a_log(void)
{
	static char path[600];

	snprintf(path, sizeof(path), "%s/real/kraft-4.3-full/node-1/__cluster_metadata-0",
	         getenv("TESTDATA"));
	return path;
}

static enum kmeta_status load(struct patience *patience, struct kmeta_finding *why)
{
	const struct kmeta_load_options options = {
		.size = sizeof(options), .from_log = true, .progress = go_on, .context = patience
	};
	struct kmeta_image *image = NULL;
	const enum kmeta_status status =
		kmeta_image_load(&image, a_log(), (struct kmeta_point){ 0 }, &options, why);

	if (status == KMETA_OK)
		kmeta_image_free(image);
	return status;
}

static enum kmeta_status tell(struct patience *patience, struct kmeta_finding *why)
{
	static const char *const targets[] = { "orders" };
	const struct kmeta_history_options options = { .size = sizeof(options),
		                                       .targets = targets,
		                                       .targets_count = 1,
		                                       .seen = see_event,
		                                       .progress = go_on,
		                                       .context = patience };
	struct kmeta_history_span span;

	return kmeta_history(a_log(), &options, &span, why);
}

static enum kmeta_status count(struct patience *patience, struct kmeta_finding *why)
{
	const struct kmeta_stat_options options = { .size = sizeof(options),
		                                    .progress = go_on,
		                                    .context = patience };
	struct kmeta_stats *stats = NULL;
	const enum kmeta_status status = kmeta_stat(&stats, a_log(), &options, why);

	if (status == KMETA_OK)
		kmeta_stats_free(stats);
	return status;
}

static const struct {
	const char *name;
	enum kmeta_status (*work)(struct patience *patience, struct kmeta_finding *why);
} works[] = {
	{ "kmeta_image_load", load },
	{ "kmeta_history", tell },
	{ "kmeta_stat", count },
};

ROWS(progress, stops_when_told, works)
ParameterizedTest(const size_t *row, progress, stops_when_told)
{
	struct kmeta_finding why = { 0 };
	struct patience endless = { .left = LONG_MAX };

	cr_assert_eq(works[*row].work(&endless, &why), KMETA_OK, "%s: %s", works[*row].name,
	             why.message);
	cr_assert_gt(endless.asked, 1, "%s", works[*row].name);
	cr_expect_gt(endless.done, 0);
	cr_expect_leq(endless.done, endless.total);
	/* At once, in the middle, and at the last question. */
	for (int i = 0; i < 3; i++) {
		const long left = i * (endless.asked - 1) / 2;
		struct patience short_lived = { .left = left };

		cr_expect_eq(works[*row].work(&short_lived, &why), KMETA_FAILED, "%s after %ld",
		             works[*row].name, left);
		cr_expect_eq(why.code, KMETA_STOPPED, "%s after %ld: %s", works[*row].name, left,
		             why.message);
		/* It is not asked again. */
		cr_expect_eq(short_lived.asked, left + 1, "%s after %ld", works[*row].name, left);
	}
}
