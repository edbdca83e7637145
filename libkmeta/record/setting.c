/* SPDX-License-Identifier: Apache-2.0 */
/* setting.c: finds settings by their names, and by names that are almost theirs. */
#include <string.h>

#include "record/settings.h"

/* As strcmp(), with a name that may hold any bytes. */
static int compare_setting(const char *known, struct kmeta_bytes name)
{
	const size_t size = strlen(known), shorter = size < name.size ? size : name.size;
	const int order = shorter ? memcmp(known, name.data, shorter) : 0;

	return order ? order : (size > name.size) - (size < name.size);
}

const struct setting *setting_find(int64_t resource, struct kmeta_bytes name)
{
	size_t low = 0, high = settings_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare_setting(settings[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < settings_count && !compare_setting(settings[low].name, name); low++)
		if (settings[low].resource == resource)
			return &settings[low];
	return NULL;
}

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

	for (size_t i = 0; i < settings_count; i++) {
		const int differences = setting_distance(settings[i].name, name);

		if (!differences)
			return NULL;
		if (differences == 1)
			near = settings[i].name;
	}
	return near;
}
