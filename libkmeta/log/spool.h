/* SPDX-License-Identifier: Apache-2.0 */
/* spool.h: temporary files, and the content of a pipe or a compressed file in one. */
#ifndef KMETA_LOG_SPOOL_H
#define KMETA_LOG_SPOOL_H

#include "kmeta/log.h"

/* A temporary file without a name, in TMPDIR or /tmp. -1: errno says why not. */
int spool_new_file(void);

/* Writes all of it at a position. False: errno says why not. */
KMETA_CHECKED bool spool_write(int fd, const void *data, size_t size, int64_t at);

/*
 * Copies the decompressed content of a file, or of standard input for "-", to a temporary file
 * without a name, in TMPDIR or /tmp. "broken": the content could be read only in part, for the
 * reason "cause". The caller closes "fd" unless it is -1, even if the call fails. "member" as for
 * stream_open().
 */
KMETA_CHECKED enum kmeta_status spool_content(const char *name, bool member, int *fd, bool *broken,
                                              struct kmeta_finding *cause,
                                              struct kmeta_finding *why);

#endif
