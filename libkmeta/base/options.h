/* SPDX-License-Identifier: Apache-2.0 */
/* options.h: takes the options of a caller that was built with another release of the library. */
#ifndef KMETA_BASE_OPTIONS_H
#define KMETA_BASE_OPTIONS_H

#include "kmeta/base.h"

/*
 * Copies a struct of options, which begins with its own size in bytes, to "own" of "size" bytes.
 * What a caller of an older release does not have is zero. BAD_ARGUMENT: the caller set no size, or
 * uses a member that this release does not have. "given" NULL: all zero.
 */
KMETA_CHECKED enum kmeta_status options_take(void *own, size_t size, const void *given,
                                             struct kmeta_finding *why);

#endif
