/* SPDX-License-Identifier: Apache-2.0 */
/* options.c: takes the options of a caller that was built with another release of the library. */
#include "base/options.h"

#include <string.h>

#include "base/finding.h"

static bool is_all_zero(const uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

enum kmeta_status options_take(void *own, size_t size, const void *given, struct kmeta_finding *why)
{
	size_t given_size = size;

	memset(own, 0, size);
	if (!given)
		return KMETA_OK;
	memcpy(&given_size, given, sizeof(given_size));
	if (given_size < sizeof(given_size))
		return finding_set(why, KMETA_BAD_ARGUMENT,
		                   "the options have no size: set \"size\" to sizeof the struct");
	if (given_size > size && !is_all_zero((const uint8_t *)given + size, given_size - size))
		return finding_set(
			why, KMETA_BAD_ARGUMENT,
			"the options ask for what release %s of the library does not have",
			kmeta_version());
	memcpy(own, given, given_size < size ? given_size : size);
	return KMETA_OK;
}
