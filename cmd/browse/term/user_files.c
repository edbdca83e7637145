/* SPDX-License-Identifier: Apache-2.0 */
/* user_files.c: files of the user below the directories of the XDG specification. */
#include "user_files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

bool user_file_path(struct kmeta_buffer *path, const char *variable, const char *below_home,
                    const char *name)
{
	const char *directory = getenv(variable), *home = getenv("HOME");

	/* As the specification has it, a path that is not absolute does not count. */
	if (directory && *directory == '/')
		kmeta_buffer_format(path, "%s/kmeta%s", directory, name);
	else if (home && *home == '/')
		kmeta_buffer_format(path, "%s/%s/kmeta%s", home, below_home, name);
	kmeta_buffer_add(path, "", 1);
	return !path->failed && path->size > 1;
}

FILE *user_file_open(const char *path, struct stat *info)
{
	const int plain = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	FILE *file = NULL;

	*info = (struct stat){ 0 };
	if (plain >= 0 && fstat(plain, info) == 0 && S_ISREG(info->st_mode))
		file = fdopen(plain, "r");
	if (plain >= 0 && !file)
		close(plain);
	return file;
}
