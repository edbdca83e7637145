/* SPDX-License-Identifier: Apache-2.0 */
/* properties.h: reads what java.util.Properties reads. */
#ifndef KMETA_NET_PROPERTIES_H
#define KMETA_NET_PROPERTIES_H

#include <stdbool.h>
#include <stddef.h>

/* A text that is decoded in place, one property after the other. It has to end with a NUL. */
struct properties {
	char *at, *end;
};

struct property {
	char *name, *value; /* inside of the text, NUL-terminated */
};

/* "size" is without the NUL. */
struct properties properties_over(char *text, size_t size);

/* False: there are no more. */
bool properties_next(struct properties *p, struct property *property);

#endif
