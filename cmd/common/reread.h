/* SPDX-License-Identifier: Apache-2.0 */
/* reread.h: verifies what was written before it gets its name. */
#ifndef COMMON_REREAD_H
#define COMMON_REREAD_H

#include <kmeta.h>

struct common;

/*
 * Makes checks (KMETA_CHECK_ bits) of an address in a place. FAILED: there is an error, or it cannot
 * be read; "why" names the place as the user does.
 */
enum kmeta_status reread_verify(struct common *c, const char *address, const char *shown,
                                unsigned checks, struct kmeta_finding *why);

#endif
