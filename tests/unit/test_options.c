/* SPDX-License-Identifier: Apache-2.0 */
/* test_options.c: programs built with an older or newer release pass options of another size. */
#include <kmeta.h>

#include "base/options.h"

#include <criterion/criterion.h>
#include <string.h>

struct today {
	size_t size;
	int first, second;
};

struct tomorrow {
	struct today today;
	int third;
};

static enum kmeta_status take(struct today *own, const void *given)
{
	struct kmeta_finding why = { 0 };
	enum kmeta_status status;

	memset(own, 0xff, sizeof(*own));
	status = options_take(own, sizeof(*own), given, &why);
	cr_expect(status == KMETA_OK || why.code == KMETA_BAD_ARGUMENT);
	return status;
}

Test(options, same_release, .timeout = 5)
{
	const struct today given = { .size = sizeof(given), .first = 1, .second = 2 };
	struct today own;

	cr_assert(take(&own, &given) == KMETA_OK && own.first == 1 && own.second == 2);
	cr_assert(take(&own, NULL) == KMETA_OK && own.first == 0 && own.second == 0);
}

/* What the older program does not know is zero. */
Test(options, older_program, .timeout = 5)
{
	const struct today given = { .size = offsetof(struct today, second),
		                     .first = 1,
		                     .second = 2 };
	struct today own;

	cr_assert(take(&own, &given) == KMETA_OK && own.first == 1 && own.second == 0);
}

/* What the newer program leaves alone is no obstacle; what it asks for is. */
Test(options, newer_program, .timeout = 5)
{
	struct tomorrow given = { .today = { .size = sizeof(given), .first = 1 } };
	struct today own;

	cr_assert(take(&own, &given) == KMETA_OK && own.first == 1);
	given.third = 3;
	cr_assert(take(&own, &given) == KMETA_FAILED);
}

Test(options, without_a_size, .timeout = 5)
{
	const struct today given = { .first = 1 };
	const struct kmeta_load_options load = { .strict = true };
	struct kmeta_source *source = NULL;
	struct kmeta_image *image = NULL;
	struct kmeta_finding why = { 0 };
	struct today own;

	cr_assert(take(&own, &given) == KMETA_FAILED);
	cr_assert(kmeta_image_load(&image, "/dev/null", (struct kmeta_point){ 0 }, &load, &why) ==
	                  KMETA_FAILED &&
	          why.code == KMETA_BAD_ARGUMENT && strstr(why.message, "size"));
	cr_assert(kmeta_source_open(&source, "/dev/null",
	                            &(struct kmeta_source_options){ .reverse = true },
	                            &why) == KMETA_FAILED &&
	          why.code == KMETA_BAD_ARGUMENT);
}
