/* SPDX-License-Identifier: Apache-2.0 */
/* findings.h: what is reported, as text. */
#ifndef KMETA_TEST_FINDINGS_H
#define KMETA_TEST_FINDINGS_H

#include <stdio.h>

#include <kmeta.h>

#include "rows.h"

/* "offset-gap@12 not-checked@9 ": codes, each with its offset, in the order of their reports. */
struct told {
	char text[4096];
	size_t size, count;
	struct kmeta_finding last; /* its file is not valid any more */
};

static inline bool note_finding(void *context, const struct kmeta_finding *finding)
{
	struct told *told = context;
	const int n = snprintf(told->text + told->size, sizeof(told->text) - told->size, "%s@%lld ",
	                       kmeta_code_name(finding->code), (long long)finding->offset);

	cr_assert(n > 0 && (size_t)n < sizeof(told->text) - told->size, "%s", told->text);
	told->size += (size_t)n;
	told->count++;
	told->last = *finding;
	told->last.file = NULL;
	return true;
}

#endif
