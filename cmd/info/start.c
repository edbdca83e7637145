/* SPDX-License-Identifier: Apache-2.0 */
/* start.c: which releases of Kafka start on a directory, as kmeta-verify judges it. */
#include "info.h"

bool info_judge_start(const struct info *i, const struct kmeta_info *info,
                      struct kmeta_verify_totals *totals)
{
	const struct kmeta_verify_options options = { .size = sizeof(options),
		                                      .checks = KMETA_CHECK_START,
		                                      .dialect = i->common.dialect };
	const char *const address = info->address;
	struct kmeta_finding ignored; /* what cannot be read has been said */

	return info->kind == KMETA_INFO_METADATA &&
	       kmeta_verify(&address, 1, &options, NULL, NULL, totals, &ignored) == KMETA_OK &&
	       totals->judged && (!totals->first_release || !totals->unknown_states);
}
