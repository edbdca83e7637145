/* SPDX-License-Identifier: Apache-2.0 */
/* reread.c: verifies what was written before it gets its name. */
#include "reread.h"

#include "command.h"

/* The first error that is found. */
struct reread {
	struct kmeta_finding first;
	bool failed;
};

static bool reread_report(void *context, const struct kmeta_finding *finding)
{
	struct reread *r = context;

	if (!r->failed && kmeta_code_severity(finding->code) == KMETA_ERROR) {
		r->first = *finding;
		r->failed = true;
	}
	return true;
}

static void reread_progress(void *context, int64_t done, int64_t total)
{
	common_progress(context, done, total);
}

enum kmeta_status reread_verify(struct common *c, const char *address, const char *shown,
                                unsigned checks, struct kmeta_finding *why)
{
	const struct kmeta_verify_options options = { .size = sizeof(options),
		                                      .checks = checks,
		                                      .dialect = c->dialect,
		                                      .progress = reread_progress,
		                                      .context = c };
	struct reread reread = { .failed = false };
	struct kmeta_verify_totals totals;
	enum kmeta_status status =
		kmeta_verify(&address, 1, &options, reread_report, &reread, &totals, why);

	if (status == KMETA_OK && !reread.failed)
		return KMETA_OK;
	if (status == KMETA_OK)
		*why = reread.first;
	why->file = shown;
	return KMETA_FAILED;
}
