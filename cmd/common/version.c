/* SPDX-License-Identifier: Apache-2.0 */
/* version.c: what --version says. */
#include "version.h"

#include <stdio.h>

#include <kmeta.h>

void version_print(const char *command)
{
	const char *newest = kmeta_release_name(0);

	printf("%s %s\ncommit %s, codecs", command, kmeta_version(), version_commit);
	for (unsigned codec = KMETA_GZIP; codec <= KMETA_ZSTD; codec++)
		if (kmeta_codec_is_built(codec))
			printf(" %s", kmeta_codec_name(codec));
	for (size_t i = 0; kmeta_release_name(i); i++)
		newest = kmeta_release_name(i);
	printf(", Kafka %s to %s\n", kmeta_release_name(0), newest);
}
