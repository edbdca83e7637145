/* SPDX-License-Identifier: Apache-2.0 */
/* version.h: what --version says. */
#ifndef COMMON_VERSION_H
#define COMMON_VERSION_H

/* The commit that this build is of, or "unknown". The build makes it, by tools/commit. */
extern const char version_commit[];

/* Prints the command's version, the build's commit and codecs, and the releases that it knows. */
void version_print(const char *command);

#endif
