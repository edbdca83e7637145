/* SPDX-License-Identifier: Apache-2.0 */
/* message.h: the line that says what the browser did, or what is wrong. */
#ifndef BROWSE_MODEL_MESSAGE_H
#define BROWSE_MODEL_MESSAGE_H

struct model;

__attribute__((format(printf, 2, 3))) void model_say(struct model *m, const char *format, ...);
__attribute__((format(printf, 2, 3))) void model_complain(struct model *m, const char *format, ...);

#endif
