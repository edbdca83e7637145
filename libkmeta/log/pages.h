/* SPDX-License-Identifier: Apache-2.0 */
/* pages.h: what an open address is. */
#ifndef KMETA_LOG_PAGES_H
#define KMETA_LOG_PAGES_H

#include "kmeta/log.h"

/* The directory that was opened; NULL: a file was. */
const char *pages_directory(const struct kmeta_pages *pages);

#endif
