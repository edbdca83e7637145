/* SPDX-License-Identifier: Apache-2.0 */
/* snappy.c: finds the functions of libsnappy when a batch needs them. */
#ifdef KMETA_WITH_SNAPPY
#include "record/snappy.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "base/finding.h"

#ifdef KMETA_STATIC

enum kmeta_status snappy_find(struct snappy *snappy, struct kmeta_finding *why)
{
	(void)why;
	*snappy =
		(struct snappy){ snappy_uncompressed_length, snappy_validate_compressed_buffer,
		                 snappy_uncompress, snappy_max_compressed_length, snappy_compress };
	return KMETA_OK;
}

#else

static const struct {
	const char *name;
	size_t member;
} functions[] = {
	{ "snappy_uncompressed_length", offsetof(struct snappy, uncompressed_length) },
	{ "snappy_validate_compressed_buffer", offsetof(struct snappy, validate) },
	{ "snappy_uncompress", offsetof(struct snappy, uncompress) },
	{ "snappy_max_compressed_length", offsetof(struct snappy, max_compressed_length) },
	{ "snappy_compress", offsetof(struct snappy, compress) },
};

enum kmeta_status snappy_find(struct snappy *snappy, struct kmeta_finding *why)
{
	/* It stays loaded, so that the next batch finds it at once. */
	void *library = dlopen("libsnappy.so.1", RTLD_NOW | RTLD_NODELETE);
	bool complete = library != NULL;

	for (size_t i = 0; complete && i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *function = dlsym(library, functions[i].name);

		memcpy((char *)snappy + functions[i].member, &function, sizeof(function));
		complete = function != NULL;
	}
	if (library)
		dlclose(library);
	return complete ? KMETA_OK
	                : finding_set(why, KMETA_BAD_CODEC,
	                              "compressed with snappy, and libsnappy.so.1 (Debian's "
	                              "libsnappy1v5) is not installed");
}

#endif
#endif
