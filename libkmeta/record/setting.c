/* SPDX-License-Identifier: Apache-2.0 */
/* setting.c: finds settings by names that are almost theirs. */
#include <string.h>

#include "record/settings.h"

/* How many characters differ, up to 2. */
static int setting_distance(const char *known, struct kmeta_bytes name)
{
	int differences = 0;

	if (strlen(known) != name.size)
		return 2;
	for (size_t i = 0; i < name.size && differences < 2; i++)
		differences += (uint8_t)known[i] != name.data[i];
	return differences;
}

const char *setting_near(struct kmeta_bytes name)
{
	const char *near = NULL;

	for (size_t i = 0; i < setting_count; i++) {
		const int differences = setting_distance(setting_names[i], name);

		if (!differences)
			return NULL;
		if (differences == 1)
			near = setting_names[i];
	}
	return near;
}
