/* SPDX-License-Identifier: Apache-2.0 */
/* message.c: the line that says what the browser did, or what is wrong. */
#include <stdarg.h>
#include <stdio.h>

#include "model.h"

static void set_message(struct model *m, bool is_error, const char *format, va_list arguments)
{
	vsnprintf(m->message, sizeof(m->message), format, arguments);
	m->is_error = is_error;
}

void model_say(struct model *m, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set_message(m, false, format, arguments);
	va_end(arguments);
}

void model_complain(struct model *m, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set_message(m, true, format, arguments);
	va_end(arguments);
}
