/* SPDX-License-Identifier: Apache-2.0 */
/* user_files.h: files of the user below the directories of the XDG specification. */
#ifndef BROWSE_TERM_USER_FILES_H
#define BROWSE_TERM_USER_FILES_H

#include <kmeta.h>
#include <stdio.h>
#include <sys/stat.h>

/*
 * Appends the path of a file, NUL-terminated: below the directory that the variable names, or below the
 * home directory. False: there is no such place, or no memory.
 */
bool user_file_path(struct kmeta_buffer *path, const char *variable, const char *below_home,
                    const char *name);

/*
 * Opens a plain file for reading. NULL: errno says why, unless "info" was filled in and says that it is
 * no plain file, as a pipe, which would be waited for.
 */
FILE *user_file_open(const char *path, struct stat *info);

#endif
