/* SPDX-License-Identifier: Apache-2.0 */
/* jaas.h: the options of a login module, as sasl.jaas.config has them. */
#ifndef KMETA_NET_JAAS_H
#define KMETA_NET_JAAS_H

#include <stdbool.h>

/* A text that is decoded in place: `MODULE required name="value" ... ;`. */
struct jaas {
	char *at;
};

/* Steps over module and flag. False: there is none. */
bool jaas_begin(struct jaas *j, char *text);

/* The next option, NUL-terminated. False: there are no more. */
bool jaas_next(struct jaas *j, char **name, char **value);

#endif
