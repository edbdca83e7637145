/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_verify.c: takes its input for a segment, and verifies it by every check: as it is, and with
 * right checksums. Each finding must have its place inside the file, and none may be lost.
 */
#include <string.h>

#include <kmeta.h>

#include "input.h"

struct seen {
	int64_t size;
	int64_t count[KMETA_ERROR + 1];
};

static bool see(void *context, const struct kmeta_finding *finding)
{
	struct seen *seen = context;

	CHECK(finding->position <= seen->size);
	CHECK(memchr(finding->message, '\0', sizeof(finding->message)));
	seen->count[kmeta_code_severity(finding->code)]++;
	return true;
}

static void verify_file(const uint8_t *data, size_t size)
{
	static const struct kmeta_verify_options options = { .size = sizeof(options),
		                                             .findings_limit = 1000000 };
	struct seen seen = { .size = (int64_t)size };
	struct kmeta_verify_totals totals;
	struct kmeta_finding why;
	char path[32];
	const char *const addresses[] = { path };
	const int fd = file_of(data, size, path);

	CHECK(kmeta_verify(addresses, 1, &options, see, &seen, &totals, &why) == KMETA_OK);
	CHECK(totals.errors == seen.count[KMETA_ERROR]);
	CHECK(totals.warnings == seen.count[KMETA_WARNING]);
	CHECK(totals.notes == seen.count[KMETA_NOTE]);
	CHECK(totals.lost_bytes <= (int64_t)size);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_it_is_and_sealed(data, size, verify_file);
	return 0;
}
